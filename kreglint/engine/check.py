"""One file: from its content to diagnostics, through the stages read, judge, merge, place and suppress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kreglint.diagnostics import Diagnostic, Location
from kreglint.engine.case import Case, case_of
from kreglint.engine.concern import is_concerned
from kreglint.engine.judge import Verdict, judge
from kreglint.engine.merge import Merged, merge
from kreglint.engine.outcome import Outcome
from kreglint.engine.place import Placed, Placer
from kreglint.engine.reading import Reading, further_readings, reading
from kreglint.engine.selected import facts_read, mended_rules, rules_on
from kreglint.engine.suppress import suppress
from kreglint.rules.base import Rule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed
from kreglint.source.python import is_python

if TYPE_CHECKING:
    from kreglint.engine.run import Run


def check(
    data: str | bytes,
    filename: str,
    settings: Settings,
    run: Run | None = None,
    *,
    honour_noqa: bool = True,
    is_parsed: bool = False,
) -> list[Diagnostic]:
    """Lint one file's content, in the order of the file; without a run nothing beside the file is read.

    `is_parsed`: it is known that Python parses it.
    """
    found, _ = judged(data, filename, settings, run, is_parsed=is_parsed)
    return [diagnostic for diagnostic in found if not (honour_noqa and diagnostic.suppressed)]


def judged(
    data: str | bytes, filename: str, settings: Settings, run: Run | None = None, *, is_parsed: bool = False
) -> Outcome:
    """Return what `check` finds, and what comments suppress, which is marked so."""
    case = case_of(data, filename, settings, run, rules_on(filename, settings))
    is_to_be_read = _concerns_us(case) or (not is_parsed and _may_be_no_python(case))
    found = sorted(_through_the_stages(case), key=_place) if is_to_be_read else []
    return Outcome(tuple(found), case.project.asked if case.project is not None else None)


def _concerns_us(case: Case) -> bool:
    return is_concerned(case.data, case.filename, case.settings, case.project)


def _may_be_no_python(case: Case) -> bool:
    """True if it may have to be told that a file is no program."""
    return UnreadableFile.code in case.selected and (is_composed(case.filename) or not is_python(case.data))


class _Staged(NamedTuple):
    """A program of a file, with what was found in it and is not yet suppressed."""

    read: Reading
    placer: Placer
    placed: list[Placed]


def _through_the_stages(case: Case) -> list[Diagnostic]:
    wanted = facts_read(case.selected)
    read = reading(case, wanted)
    if read.comments.file_ignored:
        return []
    seen: Counter[str] = Counter()
    own = _staged(read, case, seen)
    further = [
        _staged(each, case, seen) for each in further_readings(read, case, wanted) if not each.comments.file_ignored
    ]
    in_docstrings = [placed for each in further if each.read.source.context for placed in each.placed]
    found = suppress(own.placed, read, own.placer, case.selected, beside=in_docstrings)
    for each in further:
        found += suppress(each.placed, each.read, each.placer, case.selected)
    return found


def _staged(read: Reading, case: Case, seen: Counter[str]) -> _Staged:
    verdicts, crashes = judge(read, case)
    placer = Placer(read.source, read.facts.statements if read.facts is not None else (), case.settings.root, seen)
    mendable = mended_rules(case.settings, case.selected)
    found = _merged(verdicts, read.source.context)
    placed = [placer.finding(rule, merged, offer_fix=rule.code in mendable) for rule, merged in found]
    placed += map(placer.remark, (*read.remarks, *crashes))
    return _Staged(read, placer, placed)


def _merged(verdicts: Iterable[Verdict], context: int) -> list[tuple[type[Rule], Merged]]:
    """Return the findings of all rules, each for all versions together, in the order of the program.

    Nothing is told of the program that this one begins with.
    """
    found = [
        (each.rule, merged)
        for each in verdicts
        for merged in merge(each.found, each.asked, each.rule.severity, each.rule.ranges, each.names)
        if merged.finding.span.start >= context
    ]
    return sorted(found, key=lambda pair: (pair[1].finding.span, pair[0].code, pair[1].finding.message))


def _place(found: Diagnostic) -> tuple[int, Location, Location, str]:
    return found.cell or 0, found.location, found.end_location, found.code
