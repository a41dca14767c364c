"""One file: from its content to diagnostics, through the stages read, judge, merge, place and suppress."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kreglint.diagnostics import Diagnostic, Location
from kreglint.engine.case import Case
from kreglint.engine.concern import is_concerned, is_python
from kreglint.engine.judge import Verdict, judge
from kreglint.engine.merge import Merged, merge
from kreglint.engine.place import Placer
from kreglint.engine.reading import reading
from kreglint.engine.selected import facts_read, rules_on
from kreglint.engine.suppress import suppress
from kreglint.rules.base import Rule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.settings.schema import Settings
from kreglint.settings.selection import fixable

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project


def check(
    data: str | bytes,
    filename: str,
    settings: Settings,
    project: Project | None = None,
    *,
    honour_noqa: bool = True,
) -> list[Diagnostic]:
    """Lint one file's content, in the order of the file; what it imports is looked for in the project."""
    found = judged(data, filename, settings, project)
    return [diagnostic for diagnostic in found if not (honour_noqa and diagnostic.suppressed)]


def judged(data: str | bytes, filename: str, settings: Settings, project: Project | None = None) -> list[Diagnostic]:
    """What `check` finds, and what comments suppress, which is marked so."""
    case = Case(data, filename, settings, rules_on(filename, settings), project)
    return sorted(_through_the_stages(case), key=_place) if _is_to_be_read(case) else []


def _is_to_be_read(case: Case) -> bool:
    """Whether there may be something to say of a file: of its program, or that it is none."""
    if is_concerned(case.data, case.filename, case.settings, case.project):
        return True
    return UnreadableFile.code in case.selected and not is_python(case.data, case.filename)


def _through_the_stages(case: Case) -> list[Diagnostic]:
    read = reading(case, facts_read(case.selected))
    if read.comments.file_ignored:
        return []
    verdicts, crashes = judge(read, case)
    placer = Placer(read.source, read.facts.statements if read.facts is not None else (), case.settings.root)
    mendable = fixable(case.settings, case.selected)
    placed = [placer.finding(rule, merged, offer_fix=rule.code in mendable) for rule, merged in _merged(verdicts)]
    placed += map(placer.remark, (*read.remarks, *crashes))
    return suppress(placed, read, placer, case.selected)


def _merged(verdicts: Iterable[Verdict]) -> list[tuple[type[Rule], Merged]]:
    """The findings of all rules, each for all versions together, in the order of the program."""
    found = [
        (each.rule, merged)
        for each in verdicts
        for merged in merge(each.found, each.asked, each.rule.severity, each.rule.ranges, each.names)
    ]
    return sorted(found, key=lambda pair: (pair[1].finding.span, pair[0].code, pair[1].finding.message))


def _place(found: Diagnostic) -> tuple[int, Location, Location, str]:
    return found.cell or 0, found.location, found.end_location, found.code
