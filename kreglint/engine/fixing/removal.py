"""Taking an argument out of a call: its comma and its own line go with it, comments around it stay."""

from __future__ import annotations

from kreglint.analysis.syntax.writing.listing import Gap, Item
from kreglint.analysis.syntax.writing.read import written_call
from kreglint.diagnostics import Edit, Removal, Span


def removal_edits(removal: Removal, text: str) -> tuple[Edit, ...] | None:
    """Return the edits that take an argument out, or None if how the call is written is not known."""
    items = written_call(text, removal.call) or ()
    index = next((index for index, item in enumerate(items) if item.place == removal.span), None)
    if index is None:
        return None
    cuts = _cuts(items[index], items[index - 1] if index else None, is_last=index == len(items) - 1)
    return tuple(Edit(cut, "") for cut in cuts)


def _cuts(item: Item, previous: Item | None, *, is_last: bool) -> tuple[Span, ...]:
    """Return what is cut out of the text, of the many ways in which an argument and its comma stand on their lines."""
    place, comma, before, after, behind = item
    comma_is_below = comma is not None and bool(after.line_ends)
    if previous is None and is_last and not (before.comments or after.comments or behind.comments):
        return (Span(before.start, behind.end),)
    if before.line_ends and item.line_end.line_ends and not comma_is_below:
        return (*(_comma_before(previous) if comma is None else ()), _own_line(item, item.line_end))
    if previous is not None and previous.after.line_ends and not before.line_ends and _ends_line(after):
        return (Span(previous.after.line_ends[-1].end, after.line_ends[0].end),)  # the line of the comma before it
    if comma_is_below and _ends_line(behind):
        shared = Span(before.start, place.end)
        above = _own_line(item, after) if before.line_ends else shared
        return (above, Span(after.line_ends[-1].end, behind.line_ends[0].end))
    if after.comments or (is_last and before.comments):
        return (*(_comma_before(previous) if comma is None else (comma,)), place)
    return (_last_within_a_line(item, previous) if is_last else _within_a_line(item, previous),)


def _ends_line(gap: Gap) -> bool:
    """True if nothing but blanks follows on the line."""
    return bool(gap.line_ends) and gap.comment is None


def _own_line(item: Item, rest: Gap) -> Span:
    """All of its line, which ends in `rest`; a comment at the end stays on the line."""
    if rest.comment is not None:
        return Span(item.place.start, rest.comment.start)
    return Span(item.before.line_ends[-1].end, rest.line_ends[0].end)


def _comma_before(previous: Item | None) -> tuple[Span, ...]:
    return (previous.comma,) if previous is not None and previous.comma is not None else ()


def _last_within_a_line(item: Item, previous: Item | None) -> Span:
    if previous is None or previous.comma is None:
        return Span(item.place.start, item.behind.start)
    if item.comma is None:
        return Span(previous.comma.start, item.place.end)
    return Span(item.before.start, item.behind.start)


def _within_a_line(item: Item, previous: Item | None) -> Span:
    """Up to the next argument; where that is on another line, the blanks before it in place of those behind."""
    place, before, behind = item.place, item.before, item.behind
    begins_call = previous is None and not behind.comments and before.start == before.end
    if begins_call or not item.line_end.line_ends:
        return Span(place.start, behind.end)
    return Span(place.start if before.line_ends else before.start, behind.start)
