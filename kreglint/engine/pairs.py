"""Notebooks that are kept in two files, as jupytext does: what both have is told once, of the one that comes first.

Files are read for it only where two that may be one notebook have something in common.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kreglint.diagnostics import Diagnostic, Location
from kreglint.engine.files import FileReport
from kreglint.records import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.inventory import LayerEntry
    from kreglint.source.jupytext import Header

_CONFIGURATIONS = ("jupytext.toml", ".jupytext.toml", "pyproject.toml")
_HEAD = 20_000  # bytes of a text that may have a header
_NOWHERE = Location(0, 0)


def told_once(reports: Iterable[FileReport]) -> Iterator[FileReport]:
    """Yield the reports; what an earlier one of the same notebook tells is left out.

    Two findings are the same if their code, message and text are. Where a file has three of them and the other two,
    one is left.
    """
    earlier: dict[str, list[_Told]] = {}
    for report in reports:
        told = _Told(report.filename, Counter(map(_known_by, _all(report))))
        if not told.keys:
            yield report
            continue
        same_name = earlier.setdefault(_name(report.filename), [])
        known: Counter[object] = Counter()
        for other in same_name:
            common = told.keys & other.keys
            if common and _are_one_notebook(other.filename, report.filename):
                known |= common
        same_name.append(told)
        yield _without(report, known) if known else report


@record()
class _Told:
    filename: str
    keys: Counter[object]


def _all(report: FileReport) -> Iterator[Diagnostic | LayerEntry]:
    yield from report.diagnostics
    yield from report.suppressed
    yield from report.layers


def _without(report: FileReport, known: Counter[object]) -> FileReport:
    def is_new(each: Diagnostic | LayerEntry) -> bool:
        key = _known_by(each)
        known[key] -= 1
        return known[key] < 0

    return replace(
        report,
        diagnostics=tuple(filter(is_new, report.diagnostics)),
        suppressed=tuple(filter(is_new, report.suppressed)),
        layers=tuple(filter(is_new, report.layers)),
    )


def _known_by(each: Diagnostic | LayerEntry) -> object:
    """Return what is the same of a finding, or of a layer, in all files of a notebook."""
    if isinstance(each, Diagnostic):
        return each.code, each.message, tuple(map(_uncommented, each.source_lines)), each.suppressed
    regularizers = tuple(
        replace(
            regularizer,
            location=_NOWHERE,
            end_location=_NOWHERE,
            origin=(),
            effects=(),  # of the versions that a file may run on, which one of the two may not tell
            alternatives=tuple(replace(value, location=_NOWHERE) for value in regularizer.alternatives),
        )
        for regularizer in each.regularizers
    )
    return each.entry, each.layer, each.canonical, each.name, each.scope, regularizers


def _uncommented(line: str) -> str:
    """Return a line without its margin, and without the comment sign that jupytext puts before a magic."""
    line = line.strip()
    return line[1:].lstrip() if line.startswith(("# %", "#%")) else line


def _name(filename: str) -> str:
    """Return what the names of all files of a notebook share: `nb` of `nb.pct.py` and `_nb.py`."""
    return os.path.basename(filename).lstrip("_").partition(".")[0]  # noqa: PTH119  # of every file that has findings


def _are_one_notebook(first: str, second: str) -> bool:
    from kreglint.source.jupytext import are_paired, lie_together

    one, other = (Path(os.path.abspath(each)).as_posix() for each in (first, second))  # noqa: PTH100  # links stay
    headers = [header for each in (first, second) if (header := _header(each)) is not None]
    if headers and lie_together(one, other):
        return True
    formats = {header.formats for header in headers if header.formats} or {_configured(one)}
    return any(are_paired(one, other, each) for each in formats)


def _header(filename: str) -> Header | None:
    from kreglint.source.jupytext import told_in
    from kreglint.source.kinds import is_notebook

    try:
        with Path(filename).open("rb") as file:
            content = file.read(-1 if is_notebook(filename) else _HEAD)
    except OSError:
        return None
    return told_in(content.decode("utf-8", "replace"), filename)


def _configured(filename: str) -> str:
    """Return the formats that the closest configuration of jupytext names, from a file's folder upward."""
    from kreglint.source.jupytext import configured_formats

    for folder in Path(filename).parents:
        for name in _CONFIGURATIONS:
            try:
                content = (folder / name).read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            formats = configured_formats(content, of_project=name == _CONFIGURATIONS[-1])
            if formats:
                return formats
    return ""
