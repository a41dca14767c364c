"""One file: from its source to diagnostics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from kreglint.catalog.model import load
from kreglint.diagnostics import Diagnostic, Finding, Location, Suppression
from kreglint.engine.concern import is_concerned, is_python
from kreglint.engine.guard import CrashError, attempt
from kreglint.engine.merge import Merged, merge
from kreglint.engine.place import Placer, placed_at
from kreglint.engine.reading import UnreadableError, read
from kreglint.engine.targets import Targets, targets
from kreglint.engine.unused_noqa import unused_noqa
from kreglint.facts.file import FileFacts
from kreglint.rules import RULES
from kreglint.rules.base import Context, Rule
from kreglint.rules.names import Names
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.settings.schema import Settings
from kreglint.settings.selection import fixable, ignored_for, resolve
from kreglint.source.noqa import Suppressions, suppressions
from kreglint.source.text import Source
from kreglint.versions import MAJORS, Version, newest

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project

_EVERY_CODE = frozenset(rule.code for rule in RULES)


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
    selected = rules_on(filename, settings)
    if not is_concerned(data, filename, settings, project) and (
        UnreadableFile.code not in selected or is_python(data, filename)
    ):
        return []
    try:
        source, facts = read(data, filename, settings, project, wanted=_read_by(selected))
    except (UnreadableError, CrashError) as error:
        return [diagnostic for diagnostic in not_checked(filename, error) if diagnostic.code in selected]
    comments = suppressions(source)
    if comments.file_ignored:
        return []
    aims = targets(facts, settings, source.text, filename if project is not None else None)
    found = _diagnostics(source, facts, selected, settings, aims)
    if comments.directives and UnusedNoqa.code in selected:
        every = _diagnostics(source, facts, _EVERY_CODE, settings, aims)
        found = [*found, *unused_noqa(source, comments, every, settings)]
        found.sort(key=lambda diagnostic: (diagnostic.location, diagnostic.code))
    marked = [_marked(diagnostic, comments) for diagnostic in found]
    return _localised(marked, source, selected) if source.parts or source.refused else marked


def _marked(diagnostic: Diagnostic, comments: Suppressions) -> Diagnostic:
    if comments.suppresses(diagnostic.code, diagnostic.noqa_rows):
        return replace(diagnostic, suppressed=Suppression.NOQA)
    return diagnostic


def _localised(found: list[Diagnostic], source: Source, selected: frozenset[str]) -> list[Diagnostic]:
    """The findings in a notebook or a Markdown file, where they stand, with the cells that cannot be parsed."""
    from kreglint.engine.localise import Localiser

    where = Localiser(source)
    unreadable = unreadable_cells(source) if UnreadableFile.code in selected else ()
    return sorted((*map(where.diagnostic, found), *unreadable), key=lambda d: (d.cell or 0, d.location, d.code))


def unreadable_cells(source: Source) -> Iterator[Diagnostic]:
    """KRG900 for each cell that cannot be parsed. A block of a text is often no whole program, so nothing of these."""
    seen: Counter[str] = Counter()
    for refused in source.refused:
        if refused.cell is not None:
            seen[refused.line] += 1
            known_by = f"{refused.line}\0{seen[refused.line]}"
            message = f"this cell {refused.reason}"
            about = placed_at(UnreadableFile, source.path, refused.location, message, refused.line, known_by=known_by)
            yield replace(about, cell=refused.cell)


def not_checked(filename: str, error: UnreadableError | CrashError) -> list[Diagnostic]:
    """What is said of a file that could not be judged at all; nothing where it asks to be left alone."""
    if isinstance(error, CrashError):
        return [placed_at(CrashedRule, filename, Location(1, 1), str(error))]
    if error.source is not None and suppressions(error.source).file_ignored:
        return []
    return [placed_at(UnreadableFile, filename, error.location, f"this file {error.reason}", error.line)]


def rules_on(filename: str, settings: Settings) -> frozenset[str]:
    """The codes to report in one file."""
    selected = selected_rules(settings)
    return selected - ignored_for(filename, settings, selected)


@cache
def selected_rules(settings: Settings) -> frozenset[str]:
    """The codes to report. Raises SettingsError for a selector that names no rule."""
    return resolve(settings, {rule.code: rule.default for rule in RULES})


@cache
def _read_by(selected: frozenset[str]) -> frozenset[str]:
    """The facts that rules read, of those that are worked out only for them; to say which comments are unused, all."""
    codes = _EVERY_CODE if UnusedNoqa.code in selected else selected
    return frozenset(name for rule in RULES if rule.code in codes for name in rule.reads)


def _diagnostics(
    source: Source, facts: FileFacts, selected: frozenset[str], settings: Settings, aims: Targets
) -> list[Diagnostic]:
    contexts: dict[Version, Context] = {}
    names = Names(map(load, aims.spelled))
    judged: list[tuple[type[Rule], Merged]] = []
    crashed: list[Diagnostic] = []
    for rule in RULES:
        if rule.code not in selected:
            continue
        asked = aims.of(rule)
        for version in {*asked, *map(newest, MAJORS)} - contexts.keys():
            contexts[version] = Context(load(version), facts, settings.max_lambda, version, names)
        try:
            found = attempt(f"rule {rule.code}", partial(_findings, rule, _among(contexts, asked)))
        except CrashError as error:
            crashed.append(placed_at(CrashedRule, source.path, Location(1, 1), str(error)))
        else:
            judged += ((rule, merged) for merged in merge(found, asked, rule.severity, rule.ranges, names))
    judged.sort(key=lambda pair: (pair[1].finding.span, pair[0].code, pair[1].finding.message))
    placer = Placer(source, facts.statements, settings.root)
    mendable = fixable(settings, selected)
    placed = [placer.diagnostic(rule, merged, offer_fix=rule.code in mendable) for rule, merged in judged]
    return placed + (crashed if CrashedRule.code in selected else [])


def _among(contexts: Mapping[Version, Context], asked: tuple[Version, ...]) -> dict[Version, Context]:
    """The versions to ask a rule for, and of the other majors the newest: a finding tells in which majors it holds."""
    majors = {version.major for version in asked}
    others = [newest(major) for major in MAJORS if major not in majors]
    return {version: contexts[version] for version in sorted({*asked, *others})}


def _findings(rule: type[Rule], contexts: Mapping[Version, Context]) -> list[tuple[Version, Finding]]:
    return [(version, finding) for version, context in contexts.items() for finding in rule().check_file(context)]
