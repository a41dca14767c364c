"""Quoted source: lines behind a gutter of row numbers, with carets under the span."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Diagnostic
from kreglint.output.colour import Palette, Style
from kreglint.output.width import display_width, visible
from kreglint.records import record

_MOST_LINES = 5
_LINES_BEFORE_GAP = 2


@record()
class Gutter:
    """The margin at the left of a quotation, as wide as its largest row number."""

    width: int
    palette: Palette

    def numbered(self, row: int, text: str) -> str:
        return self._line(f"{row:>{self.width}} |", text)

    def blank(self, text: str = "") -> str:
        return self._line(" " * self.width + " |", text)

    def note(self, text: str) -> str:
        return self._line(" " * self.width + " =", text)

    def _line(self, margin: str, text: str) -> str:
        return f"{self.palette.paint(margin, 'blue')} {text}".rstrip()


def gutter(diagnostic: Diagnostic, palette: Palette) -> Gutter:
    last_row = diagnostic.location.row + max(len(diagnostic.source_lines) - 1, 0)
    return Gutter(len(str(last_row)), palette)


def quotation(diagnostic: Diagnostic, margin: Gutter, style: Style) -> Iterator[str]:
    """Yield the lines of the span with marks under it; nothing where the source is not known."""
    if not diagnostic.source_lines:
        return
    yield margin.blank()
    if len(diagnostic.source_lines) == 1:
        yield from _one_line(diagnostic, margin, style)
    else:
        yield from _several_lines(diagnostic, margin, style)


def _one_line(diagnostic: Diagnostic, margin: Gutter, style: Style) -> Iterator[str]:
    line = diagnostic.source_lines[0]
    start, end = diagnostic.location.column - 1, diagnostic.end_location.column - 1
    carets = "^" * max(display_width(visible(line[start:end])), 1)
    yield margin.numbered(diagnostic.location.row, visible(line))
    yield margin.blank(" " * _width_up_to(line, start) + margin.palette.paint(carets, style))


def _several_lines(diagnostic: Diagnostic, margin: Gutter, style: Style) -> Iterator[str]:
    paint = margin.palette.paint
    first, *rest = diagnostic.source_lines
    row, start = diagnostic.location.row, diagnostic.location.column - 1
    if first[:start].strip():
        yield margin.numbered(row, f"  {visible(first)}")
        yield margin.blank(paint(f" {'_' * (_width_up_to(first, start) + 1)}^", style))
    else:
        yield margin.numbered(row, f"{paint('/', style)} {visible(first)}")
    yield from _following_lines(rest, row + 1, margin, style)
    last_character = max(diagnostic.end_location.column - 2, 0)
    yield margin.blank(paint(f"|{'_' * (_width_up_to(rest[-1], last_character) + 1)}^", style))


def _following_lines(lines: list[str], row: int, margin: Gutter, style: Style) -> Iterator[str]:
    gap = range(_LINES_BEFORE_GAP, len(lines) - 1) if len(lines) >= _MOST_LINES else range(0)
    for index, line in enumerate(lines):
        if index in gap:
            if index == gap.start:
                yield margin.palette.paint("...", "blue")
            continue
        yield margin.numbered(row + index, f"{margin.palette.paint('|', style)} {visible(line)}")


def _width_up_to(line: str, column: int) -> int:
    return display_width(visible(line[:column]))
