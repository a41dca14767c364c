"""Diagnostics and edits in the words of the Language Server Protocol (3.17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from kreglint.diagnostics import Diagnostic, Location, PlacedEdit, Related, Severity
from kreglint.output.links import rule_page
from kreglint.server.shown import Part, Shown
from kreglint.source.text import Source

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


class Wording:
    """Says what is found in a file as the client counts: rows from 0, columns in the units agreed on."""

    __slots__ = ("_codec", "_shown")

    def __init__(self, shown: Shown, codec: PositionCodec) -> None:
        self._shown = shown
        self._codec = codec

    def diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        return types.Diagnostic(
            range=self.range(self._shown.parts[found.cell], found.location, found.end_location),
            message=found.message,
            severity=_SEVERITIES[found.severity],
            code=found.code,
            code_description=types.CodeDescription(rule_page(found.code)),
            source="kreglint",
            related_information=[self._related(each) for each in found.related] or None,
        )

    def range(self, part: Part, start: Location, end: Location) -> types.Range:
        return types.Range(self._position(part.source, start), self._position(part.source, end))

    def edits(self, edits: Iterable[PlacedEdit]) -> list[types.TextDocumentEdit]:
        """Return the edits of a fix, document by document."""
        by_cell: dict[int | None, list[types.TextEdit]] = {}
        for edit in edits:
            where = self.range(self._shown.parts[edit.cell], edit.location, edit.end_location)
            by_cell.setdefault(edit.cell, []).append(types.TextEdit(where, edit.content))
        return [self.document_edit(cell, edits) for cell, edits in by_cell.items()]

    def document_edit(self, cell: int | None, edits: list[types.TextEdit]) -> types.TextDocumentEdit:
        part = self._shown.parts[cell]
        return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), edits)

    def _related(self, place: Related) -> types.DiagnosticRelatedInformation:
        if place.filename == self._shown.filename:
            part = self._shown.parts[place.cell]
            where = types.Location(part.uri, self.range(part, place.location, place.end_location))
        else:  # a file that is not read here: its columns may be off by characters that take two units
            uri = from_fs_path(str(Path(place.filename).absolute()))
            ends = (types.Position(row - 1, column - 1) for row, column in (place.location, place.end_location))
            where = types.Location(uri, types.Range(*ends))
        return types.DiagnosticRelatedInformation(where, place.message)

    def _position(self, source: Source, place: Location) -> types.Position:
        before = source.line(place.row)[: place.column - 1]
        return types.Position(place.row - 1, self._codec.client_num_units(before))


def line_edits(before: str, after: str) -> Iterator[types.TextEdit]:
    """Yield what makes one text of another, in whole lines."""
    old, new = list(Source("", before).lines()), list(Source("", after).lines())
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            where = types.Range(types.Position(start, 0), types.Position(end, 0))
            yield types.TextEdit(where, "".join(new[new_start:new_end]))
