"""The stage that suppresses: it marks what comments keep from being reported, and tells of comments that do nothing."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.diagnostics import Diagnostic, Suppression
from kreglint.engine.place import Placed, Placer
from kreglint.engine.reading import Reading
from kreglint.engine.unused_noqa import unused_noqa
from kreglint.records import replace
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.source.noqa import Suppressions


def suppress(
    placed: Sequence[Placed],
    read: Reading,
    placer: Placer,
    selected: frozenset[str],
    beside: Sequence[Placed] = (),
) -> list[Diagnostic]:
    """Return what is found by the rules that are selected; what a comment suppresses is marked so.

    `beside`: what else is found in the file that its comments may suppress.
    """
    if UnusedNoqa.code in selected:
        unused = unused_noqa(read.source, read.comments, (*placed, *beside))
        placed = [*placed, *(placer.comment(UnusedNoqa, merged) for merged in unused)]
    return [_mark_suppressed(each, read.comments) for each in placed if each.codes <= selected]


def _mark_suppressed(placed: Placed, comments: Suppressions) -> Diagnostic:
    if comments.suppresses(placed.diagnostic.code, placed.rows):
        return replace(placed.diagnostic, suppressed=Suppression.NOQA)
    return placed.diagnostic
