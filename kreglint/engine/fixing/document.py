"""What is fixed: the content of a file, as texts that edits apply to, and as what is to be written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kreglint.source.text import MARKED, Source, decode, from_text

Content = str | bytes


class NotReversibleError(Exception):
    """A file whose text, encoded again, is not what it was read from, so that no edit can leave the rest alone."""

    def __init__(self, filename: str, encoding: str) -> None:
        super().__init__(f"{filename}: cannot be fixed: {encoding} text does not encode to the bytes it was read from")


class Document(Protocol):
    def source(self, cell: int | None) -> Source:
        """The text that edits in a cell of a notebook apply to; None: of the file itself."""

    def with_texts(self, texts: Mapping[int | None, str]) -> Content:
        """The content with these texts in place of its own, everything else as it was."""


class Script:
    """A Python file, or any other text in which rows and columns are the file's own."""

    def __init__(self, content: Content, filename: str) -> None:
        """Raises NotReversibleError or UndecodableError."""
        self._is_text = isinstance(content, str)
        self._source = from_text(content, filename) if isinstance(content, str) else decode(content, filename)
        if self._written(self._source.text) != content:
            raise NotReversibleError(filename, self._source.encoding)

    def source(self, cell: int | None) -> Source:
        return self._source

    def with_texts(self, texts: Mapping[int | None, str]) -> Content:
        return self._written(texts[None])

    def _written(self, text: str) -> Content:
        if not self._is_text:
            return text.encode(self._source.encoding)
        return f"\ufeff{text}" if self._source.encoding == MARKED else text


def document(content: Content, filename: str) -> Document:
    """What the content of a file is, by its name. Raises as the kinds of documents do."""
    return Script(content, filename)
