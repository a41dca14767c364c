"""What an editor shows of a file: its content, and the documents that this is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from lsprotocol.types import NotebookCellKind, NotebookDocument
from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument

from kreglint.records import record
from kreglint.source.kinds import is_composed
from kreglint.source.text import Source

_SUFFIXES = {"python": ".py", "markdown": ".md"}


@record()
class Part:
    """A document of the editor's: a whole file, or a cell of a notebook."""

    uri: str
    version: int | None
    source: Source


@record()
class Shown:
    """A file as an editor shows it.

    `content` is what the file would hold, of a notebook the JSON. `parts` are its documents: by the number of their
    cell, counted over code and markdown cells from 1, or None for a file that is one document.
    """

    uri: str
    filename: str
    content: str
    on_disk: bool
    parts: Mapping[int | None, Part]


def shown_file(document: TextDocument) -> Shown | None:
    """Return a file that is one document; None where it is in a language with no Python in it."""
    suffix = _SUFFIXES.get(document.language_id or "python")
    if suffix is None:
        return None
    filename, on_disk = _named(document.uri, suffix)
    return Shown(document.uri, filename, document.source, on_disk, {None: _part(document)})


def shown_notebook(notebook: NotebookDocument, document_of: Callable[[str], TextDocument]) -> Shown:
    """Return a notebook.

    `document_of` gives the document of a cell's URI. Cells in other languages have no Python in them.
    """
    filename, on_disk = _named(notebook.uri, ".ipynb")
    documents = [document_of(cell.document) for cell in notebook.cells]
    is_code = [cell.kind == NotebookCellKind.Code for cell in notebook.cells]
    cells = [_cell(document, is_code=code) for document, code in zip(documents, is_code, strict=True)]
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    parts: dict[int | None, Part] = {number: _part(document) for number, document in enumerate(documents, start=1)}
    return Shown(notebook.uri, filename, content, on_disk, parts)


def _cell(document: TextDocument, *, is_code: bool) -> dict[str, object]:
    is_python = is_code and document.language_id == "python"
    return {"cell_type": "code" if is_python else "markdown", "metadata": {}, "source": document.source}


def _part(document: TextDocument) -> Part:
    return Part(document.uri, document.version, Source("", document.source))


def _named(uri: str, suffix: str) -> tuple[str, bool]:
    """Return the name of a file, whose end says what is in it, and whether it is one on this machine's disk."""
    path = to_fs_path(uri) if uri_scheme(uri) == "file" else None
    name = path or uri
    return (name if suffix == ".py" or is_composed(name) else name + suffix), path is not None
