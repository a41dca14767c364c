"""Notebooks that jupytext keeps as texts: what their headers say, and which files are one notebook.

A header is YAML between two rules, behind comment signs in a script. Only what jupytext writes itself is read of it.
"""

from __future__ import annotations

import json
import posixpath
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import NamedTuple

from kreglint.records import record
from kreglint.source.kinds import is_notebook

_RULE = "---"
_KEY = "jupytext"
_OLD_KEYS = ("jupytext_formats", "jupytext_format_version")  # before jupytext 0.8
_COMMENT_MAGICS = ("percent", "light", "nomarker", "bare", "sphinx", "rmarkdown")  # formats that do it by themselves
_LONGEST = 200  # lines that a header may have
_IN_CONFIGURATION = ("formats", "default_jupytext_formats")


@record()
class Header:
    """What a notebook says of jupytext: the files that it is kept as, as jupytext names them, if it says so.

    `form` is the format of a text, and `comments_magics`: what only IPython reads stands in comments.
    """

    formats: str = ""
    form: str = ""
    comments_magics: bool = False


def told_in(content: str, filename: str) -> Header | None:
    """Return what a file says of jupytext, whatever it is."""
    return header_of_notebook(content) if is_notebook(filename) else header_of(content)


def header_of(text: str) -> Header | None:
    """Return what the header of a script or a Markdown file says of jupytext; None if it has no such header."""
    if _KEY not in text[:10_000]:
        return None
    keys = dict(_keys(_yaml(text)))
    if _KEY not in keys and not any(key in keys for key in _OLD_KEYS):
        return None
    formats = keys.get("formats", keys.get(_OLD_KEYS[0], ""))
    form = keys.get("format_name", "")
    by_default = "true" if form in _COMMENT_MAGICS else ""
    return Header(formats, form, comments_magics=keys.get("comment_magics", by_default) == "true")


def header_of_notebook(content: str) -> Header | None:
    """Return what the metadata of a notebook says of jupytext; None if that is nothing."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return None
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    if not isinstance(metadata, dict) or not any(key in metadata for key in (_KEY, *_OLD_KEYS)):
        return None
    told = metadata.get(_KEY)
    formats = told.get("formats") if isinstance(told, dict) else metadata.get(_OLD_KEYS[0])
    return Header(formats if isinstance(formats, str) else "")


def configured_formats(content: str, *, of_project: bool) -> str:
    """Return the formats that a configuration of jupytext names, or a `pyproject.toml`; empty if it names none."""
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        table = toml.loads(content)
    except ValueError:
        return ""
    for key in ("tool", _KEY) if of_project else ():
        table = table.get(key) if isinstance(table, dict) else None
    formats = next((table[key] for key in _IN_CONFIGURATION if key in table), "") if isinstance(table, dict) else ""
    if isinstance(formats, dict):
        return ",".join(f"{prefix.rstrip('/')}///{form}" for prefix, form in formats.items())
    return formats if isinstance(formats, str) else ""


def lie_together(first: str, second: str) -> bool:
    """True if two files are named as one notebook in two formats in one folder: `nb.ipynb` and `nb.py` or `nb.pct.py`.

    A second ending is only that of a text.
    """
    one, other = PurePosixPath(first), PurePosixPath(second)
    if one.parent != other.parent or one.suffix == other.suffix:
        return False
    shorter, longer = sorted((one, other), key=lambda path: len(path.stem))
    return one.stem == other.stem or (shorter.stem == PurePosixPath(longer.stem).stem and not is_notebook(longer.name))


def are_paired(first: str, second: str, formats: str) -> bool:
    """True if two files, by their absolute paths, are one notebook that is kept in these formats."""
    forms = [_form(entry.strip()) for entry in formats.split(",") if entry.strip()]
    return second in _others(first, forms) or first in _others(second, forms)


class _Form(NamedTuple):
    """One of the formats: `root//folder/prefix/suffix.extension`, all but the last as may be."""

    root: tuple[str, ...]
    folder: tuple[str, ...]
    prefix: str
    ending: str

    def bases(self, path: str) -> Iterator[_Base]:
        """Yield what all files of a notebook share, if this is the one in this format."""
        *folders, name = path.split("/")
        if not (name.startswith(self.prefix) and name.endswith(self.ending)) or ".." in self.folder:
            return
        stem = name[len(self.prefix) : len(name) - len(self.ending)]
        inner = len(folders) - len(self.folder)
        if not stem or inner < 0 or tuple(folders[inner:]) != self.folder:
            return
        above = tuple(folders[:inner])
        if not self.root:
            yield _Base(None, above, stem)
        for place in range(len(above) if self.root else 0):
            below = place + len(self.root)
            if above[place:below] == self.root:
                yield _Base(above[:place], above[below:], stem)

    def path(self, base: _Base) -> str | None:
        """Return the path of a notebook in this format."""
        if (base.above is None) != (not self.root):
            return None
        folders = (*(base.above or ()), *self.root, *base.folders, *self.folder)
        return posixpath.normpath("/".join((*folders, f"{self.prefix}{base.stem}{self.ending}")))


class _Base(NamedTuple):
    """A notebook's name in any format, and its folders; `above` are those above the root that a format names."""

    above: tuple[str, ...] | None
    folders: tuple[str, ...]
    stem: str


def _form(entry: str) -> _Form:
    place, _, name = entry.partition(":")[0].rpartition("/")
    root, _, rest = place.rpartition("//")
    folder, _, prefix = rest.rpartition("/")
    name = "py" if name == "auto" else name
    return _Form(_parts(root), _parts(folder), prefix, name if "." in name else f".{name}")


def _parts(folder: str) -> tuple[str, ...]:
    return tuple(part for part in folder.split("/") if part not in ("", "."))


def _others(path: str, forms: Iterable[_Form]) -> set[str | None]:
    forms = list(forms)
    return {other.path(base) for form in forms for base in form.bases(path) for other in forms}


def _yaml(text: str) -> Iterator[str]:
    """Yield the lines of a header, without comment signs; none where a text does not begin with one."""
    comment: str | None = None
    for line in text.removeprefix("\ufeff").splitlines()[:_LONGEST]:
        if comment is not None:
            if line.rstrip() == comment + _RULE:
                return
            yield line.removeprefix(comment).rstrip()
        elif line.rstrip() in (_RULE, f"# {_RULE}"):
            comment = line[: line.index(_RULE)]
        elif line.strip() and not line.startswith(("#!", "# -*-", "# coding", "# vim", "<!--")):
            return


def _keys(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the keys that are jupytext's, with their values: its own, and what stands below it."""
    inside: int | None = None
    for line in lines:
        written, _, value = line.strip().partition(":")
        margin = len(line) - len(line.lstrip())
        if inside is not None and line.strip() and margin <= inside:
            inside = None
        if written == _KEY:
            inside = margin
        if inside is not None or written in _OLD_KEYS:
            yield written, value.strip().strip("'\"")
