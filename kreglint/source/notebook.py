"""Jupyter notebooks, nbformat 3 and 4: their cells, and edits of these that leave every other byte of the JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from json import JSONDecodeError
from typing import Any, NamedTuple

from kreglint.diagnostics import Edit
from kreglint.records import record
from kreglint.source.blocks import lines_of
from kreglint.source.text import UndecodableError

_BLANK = re.compile(r"[ \t\r\n]*")
_CHARACTER = re.compile(  # one of the text, as JSON may write it
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_COUNTED = ("code", "markdown", "heading")
_LANGUAGES = (("language_info", "name"), ("kernelspec", "language"), ("jupytext", "main_language"))
_KERNEL_OF_R = "ir"
_decode = json.JSONDecoder().raw_decode


class _Value(NamedTuple):
    """A JSON value and where it stands."""

    value: Any
    start: int
    end: int


@record()
class Cell:
    """A code cell: its number, counted over code and markdown cells from 1, and its text.

    `code_number` counts the code cells alone. `strings` are where the text stands in the JSON: one string, or one for
    each line.
    """

    number: int
    code_number: int
    text: str
    strings: tuple[_Value, ...]
    is_list: bool

    @property
    def starts(self) -> tuple[int, ...]:
        """Where in the JSON each row of the text begins, by the string that it is in."""
        found: list[int] = []
        begins = True
        for string in self.strings:
            for line in lines_of(string.value):
                found += [string.start] if begins else []
                begins = line.endswith(("\n", "\r"))
        return tuple(found)


class Notebook:
    """The code cells of a notebook that are in Python, in order."""

    def __init__(self, content: str) -> None:
        """Raises UndecodableError for what is not the JSON of a notebook."""
        self._content = content
        try:
            notebook = _notebook(content)
            self.kernel = _kernel(notebook.value)
            self.cells = tuple(_code_cells(content, notebook))
        except JSONDecodeError as error:
            raise _no_notebook(error.lineno, error.colno, f"it is no JSON: {error.msg}") from error
        except RecursionError as error:
            raise _no_notebook(1, 1, "its JSON is nested too deeply") from error

    def edited(self, edits: Mapping[int, Sequence[Edit]]) -> str:
        """Return the JSON with some cells edited, by number; the edits of a cell are sorted and do not touch."""
        pieces, end = [], 0
        for cell in self.cells:
            if cell.number in edits:
                pieces += [self._content[end : cell.strings[0].start], self._written(cell, edits[cell.number])]
                end = cell.strings[-1].end
        return "".join((*pieces, self._content[end:]))

    def _written(self, cell: Cell, edits: Sequence[Edit]) -> str:
        """Return what stands from the first of the cell's strings to the last, after edits."""
        content = self._content
        written = [content[string.start + 1 : string.end - 1] for string in cell.strings]
        lines = list(_edited(written, edits, ascii_only=content.isascii()))
        if not cell.is_list:
            return f'"{"".join(text for _, text in lines)}"'
        pieces: list[str] = []
        for (before, _), (index, text) in zip([(-1, ""), *lines], lines, strict=False):
            pieces += [self._separator(cell, before, index) if pieces else "", f'"{text}"']
        return "".join(pieces)

    def _separator(self, cell: Cell, before: int, index: int) -> str:
        """Return what parts two lines: what stood before the second, or what parts other lines where it is new."""
        if index > before:
            return self._between(cell, index)
        pattern = next((other for other in (cell, *self.cells) if other.is_list and len(other.strings) > 1), None)
        if pattern is not None:
            return self._between(pattern, 1)
        bracket = self._content.rfind("[", 0, cell.strings[0].start)
        return "," + self._content[bracket + 1 : cell.strings[0].start]

    def _between(self, cell: Cell, index: int) -> str:
        return self._content[cell.strings[index - 1].end : cell.strings[index].start]


def _no_notebook(row: int, column: int, reason: str) -> UndecodableError:
    return UndecodableError(row, column, f"cannot be read as a notebook: {reason}")


def _edited(strings: Sequence[str], edits: Sequence[Edit], *, ascii_only: bool) -> Iterator[tuple[int, str]]:
    """Yield the strings after edits, each with the index of the one that it comes from, all as JSON writes them."""
    insertions = {edit.span.start: edit.content for edit in edits}
    deleted = {offset for edit in edits for offset in range(edit.span.start, edit.span.end)}
    last = len(strings) - 1
    current, offset = "", 0
    for index, string in enumerate(strings):
        is_whole = not (string or current)  # an empty string stays
        for written in _CHARACTER.findall(string):
            *lines, current = _joined(current, insertions.pop(offset, ""), ascii_only=ascii_only)
            yield from ((index, line) for line in lines)
            is_kept = offset not in deleted
            is_whole = is_kept and (index < last or written == "\\n")
            current += written if is_kept else ""
            offset += 1
        if is_whole:
            yield index, current
            current = ""
    lines = _joined(current, "".join(insertions.values()), ascii_only=ascii_only)
    yield from ((last, line) for line in lines if line)


def _joined(current: str, content: str, *, ascii_only: bool) -> list[str]:
    """Return the lines that a string and a content make together; what follows on the last goes on there."""
    lines = [current]
    for line in content.splitlines(keepends=True):
        lines[-1] += json.dumps(line, ensure_ascii=ascii_only)[1:-1]
        lines += [""] if line.endswith("\n") else []
    return lines


def _notebook(content: str) -> _Value:
    notebook = _value(content, 1 if content.startswith("\ufeff") else 0)
    rest = _blank_end(content, notebook.end)
    if rest < len(content):
        raise JSONDecodeError("Extra data", content, rest)
    return notebook


def _kernel(notebook: object) -> str:
    """Return the names of a notebook's kernel, for people and for Jupyter; empty where it has none."""
    metadata = notebook.get("metadata") if isinstance(notebook, dict) else None
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    names = (kernel.get(key) for key in ("display_name", "name")) if isinstance(kernel, dict) else ()
    return " ".join(name for name in names if isinstance(name, str))


def _code_cells(content: str, notebook: _Value) -> Iterator[Cell]:
    number = code_number = 0
    for members in _cells(content, notebook):
        kind = members["cell_type"].value if "cell_type" in members else None
        number += kind in _COUNTED
        code_number += kind == "code"
        source = members.get("source") or members.get("input")
        if kind == "code" and source is not None and _is_python(members):
            strings = tuple(_items(content, source)) if isinstance(source.value, list) else (source,)
            if strings and all(isinstance(string.value, str) for string in strings):
                text = "".join(string.value for string in strings)
                yield Cell(number, code_number, text, strings, isinstance(source.value, list))


def _cells(content: str, notebook: _Value) -> Iterator[dict[str, _Value]]:
    """Yield the members of each cell; none where the notebook is in another language."""
    if not isinstance(notebook.value, dict):
        raise _no_notebook(1, 1, f"expected a JSON object, received {type(notebook.value).__name__}")
    top = dict(_members(content, notebook))
    if _language(notebook.value.get("metadata")) != "python":
        return
    sheets = _items(content, top["worksheets"]) if "worksheets" in top else iter([notebook])
    for sheet in sheets:
        cells = dict(_members(content, sheet)).get("cells")
        if cells is None or not isinstance(cells.value, list):
            raise _no_notebook(1, 1, "expected a list of cells, received none")
        for cell in _items(content, cells):
            yield dict(_members(content, cell))


def _language(metadata: object) -> str:
    """Return the language that a notebook's metadata names; Python where it names none."""
    for key, name in _LANGUAGES:
        part = metadata.get(key) if isinstance(metadata, dict) else None
        language = part.get(name) if isinstance(part, dict) else None
        if isinstance(language, str):
            return language.lower()
    return "python" if _kernel_name(metadata) != _KERNEL_OF_R else "r"


def _kernel_name(metadata: object) -> object:
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    return kernel.get("name") if isinstance(kernel, dict) else None


def _is_python(members: Mapping[str, _Value]) -> bool:
    """True if a cell is in Python: nbformat 3 says it of each, and editors with several languages do in metadata."""
    metadata = members["metadata"].value if "metadata" in members else None
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = editor.get("languageId") if isinstance(editor, dict) else None
    if "language" in members:
        language = members["language"].value
    return not isinstance(language, str) or language.lower() == "python"


def _members(content: str, container: _Value) -> Iterator[tuple[str, _Value]]:
    """Yield the members of a JSON object, the last of each key counting; none of anything else."""
    place = _blank_end(content, container.start + 1)
    while isinstance(container.value, dict) and content[place] != "}":
        key = _value(content, place)
        value = _value(content, _blank_end(content, key.end) + 1)
        yield key.value, value
        place = _next(content, value.end)


def _items(content: str, container: _Value) -> Iterator[_Value]:
    place = _blank_end(content, container.start + 1)
    while isinstance(container.value, list) and content[place] != "]":
        value = _value(content, place)
        yield value
        place = _next(content, value.end)


def _value(content: str, place: int) -> _Value:
    start = _blank_end(content, place)
    value, end = _decode(content, start)
    return _Value(value, start, end)


def _next(content: str, end: int) -> int:
    """Return where the next key or item begins, or the bracket that ends the container."""
    place = _blank_end(content, end)
    return _blank_end(content, place + 1) if content[place] == "," else place


def _blank_end(content: str, place: int) -> int:
    blank = _BLANK.match(content, place)
    return blank.end() if blank is not None else place
