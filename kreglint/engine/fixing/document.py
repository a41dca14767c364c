"""What is fixed: the content of a file, as texts that edits apply to, and as what is to be written back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from kreglint.diagnostics import Edit
from kreglint.engine.compose import utf8_text
from kreglint.source.kinds import is_composed, is_notebook
from kreglint.source.notebook import Notebook
from kreglint.source.text import MARKED, Source, decode, from_text

Content = str | bytes


class NotReversibleError(Exception):
    """A file whose text, encoded again, is not what it was read from, so that no edit can leave the rest alone."""

    def __init__(self, filename: str, encoding: str) -> None:
        super().__init__(filename, encoding)
        self.filename = filename
        self.encoding = encoding

    def __str__(self) -> str:
        return f"{self.filename}: cannot be fixed: {self.encoding} text does not encode to the bytes it was read from"


class Document(Protocol):
    def source(self, cell: int | None) -> Source:
        """Return the text that edits in a cell of a notebook apply to; None: of the file itself."""

    def edited(self, edits: Mapping[int | None, Sequence[Edit]]) -> Content:
        """Return the content with edits in some of its cells, which are sorted and do not touch; the rest as it was."""


class Script:
    """A Python file, or a Markdown file: rows and columns are the file's own."""

    def __init__(self, content: Content, filename: str) -> None:
        """Raises NotReversibleError or UndecodableError."""
        self._is_text = isinstance(content, str)
        self._source = _source(content, filename)
        if self._encode(self._source.text) != content:
            raise NotReversibleError(filename, self._source.encoding)

    def source(self, cell: int | None) -> Source:
        return self._source

    def edited(self, edits: Mapping[int | None, Sequence[Edit]]) -> Content:
        pieces, end = [], 0
        for edit in edits.get(None, ()):
            pieces += [self._source.text[end : edit.span.start], edit.content]
            end = edit.span.end
        return self._encode("".join((*pieces, self._source.text[end:])))

    def _encode(self, text: str) -> Content:
        if not self._is_text:
            return text.encode(self._source.encoding)
        return f"\ufeff{text}" if self._source.encoding == MARKED else text


class NotebookDocument:
    """A notebook: rows and columns are those of its cells."""

    def __init__(self, content: Content) -> None:
        """Raises UndecodableError."""
        self._is_text = isinstance(content, str)
        self._notebook = Notebook(utf8_text(content))
        self._sources = {cell.number: Source("", cell.text) for cell in self._notebook.cells}

    def source(self, cell: int | None) -> Source:
        return self._sources[cell or 0]

    def edited(self, edits: Mapping[int | None, Sequence[Edit]]) -> Content:
        text = self._notebook.edited({cell or 0: wanted for cell, wanted in edits.items()})
        return text if self._is_text else text.encode("utf-8")


def document(content: Content, filename: str) -> Document:
    """Return what the content of a file is, by its name. Raises as the kinds of documents do."""
    return NotebookDocument(content) if is_notebook(filename) else Script(content, filename)


def _source(content: Content, filename: str) -> Source:
    if is_composed(filename):
        return from_text(utf8_text(content), filename)
    return from_text(content, filename) if isinstance(content, str) else decode(content, filename)
