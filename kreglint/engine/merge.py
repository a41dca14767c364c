"""One finding from what a rule says of several versions of Keras."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.engine.subject import subject
from kreglint.engine.wording import sentence
from kreglint.outcomes import Outcome
from kreglint.records import record, replace
from kreglint.rules.names import Names
from kreglint.versions import Version


@record()
class Merged:
    """A finding with the majors of Keras in which it holds; its message tells what each target does."""

    finding: Finding
    severity: Severity
    majors: tuple[int, ...]


def merge(
    found: Iterable[tuple[Version, Finding]],
    targets: Sequence[Version],
    severity: Severity,
    ranges: Sequence[str] = (),
    names: Names | None = None,
) -> list[Merged]:
    """Merge a rule's findings, each with its version, that have the same span, message and meaning.

    Only what holds in one of `targets` is kept, and is an error only where it is one in all of them. `ranges` are
    the versions that the rule speaks of together, for the message. A fix may write only what `names` has.
    """
    groups: dict[object, dict[Version, Finding]] = {}
    for version, finding in found:
        held = groups.setdefault((finding.span, finding.message, finding.meant), {})
        held[version] = _together(held[version], finding) if version in held else finding
    return [
        _merged(held, targets, severity, ranges, names)
        for held in groups.values()
        if any(version in targets for version in held)
    ]


def _together(first: Finding, second: Finding) -> Finding:
    """Two findings of one version at one place, as of two layers that are given the same dict."""
    if first == second:
        return first
    related = tuple(dict.fromkeys((*first.related, *second.related)))
    return replace(first, related=related, fix=_common_fix((first.fix, second.fix)))


def _merged(
    held: dict[Version, Finding],
    targets: Sequence[Version],
    severity: Severity,
    ranges: Sequence[str],
    names: Names | None,
) -> Merged:
    aimed = {version: held[version] for version in targets if version in held}
    severities = [finding.severity or severity for finding in aimed.values()]
    worst = max(severities, key=lambda each: each.rank)
    if len(aimed) < len(targets) or any(each is not Severity.ERROR for each in severities):
        worst = min(worst, Severity.WARNING, key=lambda each: each.rank)
    first = next(iter(aimed.values()))
    finding = replace(
        first,
        message=sentence(first.message, first.meant, _outcomes(aimed, targets, ranges)),
        fix=_writable(_common_fix([f.fix for f in aimed.values()]), names),
    )
    return Merged(finding, worst, tuple(sorted({version.major for version in held})))


def _common_fix(fixes: Sequence[Fix | None]) -> Fix | None:
    """Return the fix on which all agree, as safe as the least safe of them, or None if they differ."""
    first = fixes[0]
    if first is None or any(fix is None or fix.edits != first.edits for fix in fixes):
        return None
    return max((fix for fix in fixes if fix is not None), key=lambda fix: list(Safety).index(fix.safety))


def _writable(fix: Fix | None, names: Names | None) -> Fix | None:
    """Return the fix, unless it writes a name that some version lacks which the file may run on."""
    if fix is None or fix.uses is None or names is None or names.has(fix.uses):
        return fix
    return None


def _outcomes(
    aimed: dict[Version, Finding], targets: Sequence[Version], ranges: Sequence[str]
) -> list[tuple[str, Outcome]]:
    """Return what each target does, after the name of all that do the same."""
    versions_by_outcome: dict[Outcome, list[Version]] = {}
    for version, finding in sorted(aimed.items(), key=lambda pair: pair[0]):
        if finding.outcome is not None:
            versions_by_outcome.setdefault(finding.outcome, []).append(version)
    return [(subject(versions, targets, ranges), outcome) for outcome, versions in versions_by_outcome.items()]
