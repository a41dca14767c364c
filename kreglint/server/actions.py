"""What an editor offers to do about findings: their fixes, and comments that suppress them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from kreglint.diagnostics import Diagnostic, Edit, PlacedFix, Safety
from kreglint.engine.add_noqa import can_be_suppressed, comments
from kreglint.engine.fixing.run import fix_content
from kreglint.records import record
from kreglint.server.check import settings_of
from kreglint.server.desk import Checked
from kreglint.server.protocol import line_edits
from kreglint.server.shown import Part

_QUICK_FIX = types.CodeActionKind.QuickFix.value
_FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.kreglint"
KINDS = (_QUICK_FIX, _FIX_ALL)


@record()
class Offer:
    """Something to do: the edits, and the finding that they are about; None where they are about all."""

    title: str
    kind: str
    edits: list[types.TextDocumentEdit]
    about: types.Diagnostic | None = None
    is_preferred: bool = False


def offers(checked: Checked, cell: int | None, where: types.Range, asked: Sequence[str] | None) -> Iterator[Offer]:
    """Yield what can be done about the findings in a range.

    `asked` are the kinds of action wanted, None for quick fixes.

    Raises SettingsError, NotReversibleError or EndlessFixesError where fixes cannot be applied.
    """
    if asked is None or _is_among(_QUICK_FIX, asked):
        here = [found for found in checked.found if _is_at(found, checked, cell, where)]
        for found in here:
            if found.fix is not None and found.fix.safety is not Safety.DISPLAY:
                yield _fix(found, found.fix, checked)
        yield from (_suppression(found, checked) for found in here if can_be_suppressed(found))
    if asked is not None and _is_among(_FIX_ALL, asked) and cell is None:
        yield from _every_safe_fix(checked)


def _fix(found: Diagnostic, fix: PlacedFix, checked: Checked) -> Offer:
    is_safe = fix.safety is Safety.SAFE
    title = f"{found.code}: {fix.message}{'' if is_safe else ' (unsafe: the penalty changes)'}"
    about = checked.wording.diagnostic(found)
    return Offer(title, _QUICK_FIX, checked.wording.edits(fix.edits), about, is_preferred=is_safe)


def _suppression(found: Diagnostic, checked: Checked) -> Offer:
    shown = checked.shown
    edits = [
        checked.wording.document_edit(cell, [_worded(edit, shown.parts[cell], checked) for edit in of_cell])
        for cell, of_cell in comments(shown.content, shown.filename, [found]).items()
    ]
    return Offer(f"{found.code}: Suppress with a comment", _QUICK_FIX, edits, checked.wording.diagnostic(found))


def _every_safe_fix(checked: Checked) -> Iterator[Offer]:
    shown, run = checked.shown, checked.run
    settings = settings_of(shown, run)
    fixed = fix_content(shown.content, shown.filename, settings, unsafe=False, run=run if shown.on_disk else None)
    edits = list(line_edits(shown.content, str(fixed.content)))
    if edits:
        yield Offer("Apply the safe fixes of kreglint", _FIX_ALL, [checked.wording.document_edit(None, edits)])


def _is_at(found: Diagnostic, checked: Checked, cell: int | None, where: types.Range) -> bool:
    if found.cell != cell:
        return False
    place = checked.wording.range(checked.shown.parts[cell], found.location, found.end_location)
    return place.start <= where.end and where.start <= place.end


def _is_among(kind: str, asked: Sequence[str]) -> bool:
    """True if a kind is asked for, by itself or by one that it is a part of, as `source` has `source.fixAll`."""
    return any(kind == wanted or kind.startswith(f"{wanted}.") or not wanted for wanted in map(_name, asked))


def _name(kind: str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _worded(edit: Edit, part: Part, checked: Checked) -> types.TextEdit:
    start, end = part.source.location(edit.span.start), part.source.location(edit.span.end)
    return types.TextEdit(checked.wording.range(part, start, end), edit.content)
