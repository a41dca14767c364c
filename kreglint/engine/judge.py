"""The stage that runs the rules: what each sees in each version of Keras, and which of them failed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from kreglint.catalog.model import load
from kreglint.diagnostics import Finding
from kreglint.engine.case import Case
from kreglint.engine.guard import CrashError, attempt
from kreglint.engine.reading import Reading
from kreglint.engine.remark import Remark
from kreglint.engine.selected import codes_to_ask
from kreglint.engine.targets import targets
from kreglint.records import record
from kreglint.rules import RULES
from kreglint.rules.base import Context, Rule
from kreglint.rules.names import Names
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.versions import MAJORS, Version, newest

_NEWEST = tuple(map(newest, MAJORS))


@record()
class Verdict:
    """What a rule found, which is something, each finding with its version.

    `asked` are the versions that the file may run on, and `names` has what a fix may write in all of them.
    """

    rule: type[Rule]
    asked: tuple[Version, ...]
    found: list[tuple[Version, Finding]]
    names: Names


def judge(read: Reading, case: Case) -> tuple[list[Verdict], list[Remark]]:
    """Ask the rules for every version that the file may run on: what they found, and what is said of those that failed.

    Where comments are judged by what they suppress, every rule is asked.
    """
    verdicts: list[Verdict] = []
    crashes: list[Remark] = []
    if read.facts is None:
        return verdicts, crashes
    aims = targets(read.facts, case.settings, read.source, case.run)
    codes = codes_to_ask(case.selected, read.comments)
    contexts: dict[Version, Context] = {}
    names = Names(map(load, aims.spelled))
    among = cache(partial(_among, contexts))
    for rule in RULES:
        if rule.code not in codes:
            continue
        asked = aims.of(rule)
        for version in {*asked, *_NEWEST} - contexts.keys():
            contexts[version] = Context(load(version), read.facts, case.settings.max_lambda, version, names)
        try:
            found = attempt(f"rule {rule.code}", partial(_findings, rule, among(asked)))
        except CrashError as error:
            crashes.append(Remark(CrashedRule, str(error), about=rule.code))
        else:
            verdicts += (Verdict(rule, asked, found, names),) if found else ()
    return verdicts, crashes


def _among(contexts: Mapping[Version, Context], asked: tuple[Version, ...]) -> dict[Version, Context]:
    """Return the versions to ask a rule for, and the newest of other majors: a finding names the majors affected."""
    majors = {version.major for version in asked}
    others = [version for version in _NEWEST if version.major not in majors]
    return {version: contexts[version] for version in sorted({*asked, *others})}


def _findings(rule: type[Rule], contexts: Mapping[Version, Context]) -> list[tuple[Version, Finding]]:
    return [
        (version, finding)
        for version, context in contexts.items()
        for finding in rule().check_file(context)
        if not context.facts.expected.expects(finding)
    ]
