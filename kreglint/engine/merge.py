"""One finding from what a rule says of several versions of Keras."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kreglint.diagnostics import Finding, Fix, Safety, Severity


@dataclass(frozen=True, slots=True)
class Merged:
    """A finding with the majors of Keras in which it holds; its message tells what each target does."""

    finding: Finding
    severity: Severity
    majors: tuple[int, ...]


def merge(
    found: Iterable[tuple[int, Finding]], targets: Sequence[int], severity: Severity, *, certain: bool
) -> list[Merged]:
    """Merge a rule's findings, each with its major, that have the same span and message.

    Only what holds in one of `targets` is kept. Where the target is not `certain`, what holds in only some of
    them is at most a warning.
    """
    groups: dict[object, list[tuple[int, Finding]]] = {}
    for major, finding in found:
        groups.setdefault((finding.span, finding.message), []).append((major, finding))
    return [
        _merged(group, targets, severity, certain=certain)
        for group in groups.values()
        if any(major in targets for major, _ in group)
    ]


def _merged(group: list[tuple[int, Finding]], targets: Sequence[int], severity: Severity, *, certain: bool) -> Merged:
    held = dict(group)
    aimed = {major: finding for major, finding in held.items() if major in targets}
    worst = max((finding.severity or severity for finding in aimed.values()), key=lambda s: s.rank)
    if not certain and len(aimed) < len(targets):
        worst = min(worst, Severity.WARNING, key=lambda s: s.rank)
    first = next(iter(aimed.values()))
    finding = replace(
        first, message=_sentence(first.message, _outcomes(aimed)), fix=_common_fix([f.fix for f in aimed.values()])
    )
    return Merged(finding, worst, tuple(sorted(held)))


def _common_fix(fixes: Sequence[Fix | None]) -> Fix | None:
    """The fix on which all agree, as safe as the least safe of them; None where they differ."""
    first = fixes[0]
    if first is None or any(fix is None or fix.edits != first.edits for fix in fixes):
        return None
    return max((fix for fix in fixes if fix is not None), key=lambda fix: list(Safety).index(fix.safety))


def _outcomes(aimed: dict[int, Finding]) -> str:
    """What each target does, one clause for all that do the same; empty where nothing is to be said."""
    majors_by_outcome: dict[str, list[int]] = {}
    for major, finding in sorted(aimed.items()):
        if finding.outcome:
            majors_by_outcome.setdefault(finding.outcome, []).append(major)
    clauses = [f"{_subject(majors)} {outcome}" for outcome, majors in majors_by_outcome.items()]
    return "; ".join(clauses)


def _sentence(message: str, outcomes: str) -> str:
    if not outcomes:
        return message
    return f"{message} {outcomes}" if message.endswith("?") else f"{message}: {outcomes}"


def _subject(majors: list[int]) -> str:
    return "Keras" if len(majors) > 1 else f"Keras {majors[0]}"
