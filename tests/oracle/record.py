"""Writes the record that the docs quote, what Keras did with examples: `python -m tests.oracle.record [CODE ...]`."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kreglint.diagnostics import Safety
from kreglint.rules import RULES
from kreglint.rules.base import Rule
from kreglint.rules.examples import Penalty
from kreglint.rules.prelude import shown
from kreglint.rules.record import PATH
from kreglint.versions import MAJORS, Version
from tests.oracle.cases import NEWEST, Case, cases, fault_of_case, fault_of_offer
from tests.oracle.claims import measured
from tests.oracle.fixes import safety
from tests.oracle.outcomes import Failure, Observation, same_penalty
from tests.oracle.process import Oracle

COMMAND = "python -m tests.oracle.record"
_DIGITS = 6

Entry = dict[str, Any]
Examples = Mapping[str, Mapping[str, Entry]]
SafetyOf = Callable[[Case], Safety | None]


def record(rules: Iterable[type[Rule]], oracle: Oracle, safety_of: SafetyOf) -> dict[str, Any]:
    """The whole record, in the order of the rules and their examples."""
    found: dict[str, dict[str, Entry]] = {}
    for case in cases(rules):
        examples = found.setdefault(case.rule.code, {})
        examples.setdefault(shown(case.example.code), {})[str(case.major)] = entry(case, oracle, safety_of(case))
        if case.fixed is not None:
            after = entry_of(measured(case.claim, case.observed_fixed(oracle)))
            examples.setdefault(case.fixed, {}).setdefault(str(case.major), after)
    return {"keras": {str(major): oracle.version(major) for major in MAJORS}, "rules": found}


def entry(case: Case, oracle: Oracle, fix: Safety | None = None) -> Entry:
    """What the record says of an example in one major; `fix` is the safety of its fix there."""
    formula = case.claim.formula if isinstance(case.claim, Penalty) else None
    found = entry_of(measured(case.claim, case.observed(oracle)), formula)
    return found if fix is None else found | {"fix": fix.value}


def entry_of(seen: Observation, formula: str | None = None) -> Entry:
    if isinstance(seen, Failure):
        return {"outcome": seen.words(), "stage": seen.stage, "exception": seen.exception}
    penalty = None if seen.penalty is None else f"{seen.penalty:.{_DIGITS}g}"
    return {"outcome": seen.words(formula), "penalty": penalty, "terms": seen.terms}


def disagreements(recorded: Examples, now: Examples) -> list[str]:
    """How the record of a rule differs from what was observed now, a line for each example and major."""
    keys = sorted({(code, major) for examples in (recorded, now) for code in examples for major in examples[code]})
    return [
        f"{code!r} on Keras {major}: the record says {_told(was)}, now {_told(does)}; renew it with: {COMMAND}"
        for code, major in keys
        if not _agree(was := recorded.get(code, {}).get(major), does := now.get(code, {}).get(major))
    ]


def _told(entry: Entry | None) -> str:
    if entry is None:
        return "nothing"
    return repr(entry["outcome"]) + (f" with a fix that is {entry['fix']}" if "fix" in entry else "")


def _agree(recorded: Entry | None, now: Entry | None) -> bool:
    if recorded is None or now is None:
        return False
    for key in ("stage", "exception", "terms", "fix"):
        if recorded.get(key) != now.get(key):
            return False
    one, other = recorded.get("penalty"), now.get("penalty")
    if one is None or other is None:
        return one is other
    return same_penalty(float(one), float(other))


def faults(
    rules: Iterable[type[Rule]],
    oracle: Oracle,
    safety_of: SafetyOf,
    versions: Sequence[Version] = NEWEST,
    backend: str = "tensorflow",
) -> list[str]:
    """What Keras does not bear out, a line for each claim and fix: nothing of it belongs in a record."""
    found = []
    for case in cases(rules, versions, backend):
        offered = safety_of(case)
        told = [fault_of_case(case, oracle)]
        told += [fault_of_offer(case, oracle, offered)] if offered is not None else []
        found += [f"{case}: {wrong}" for wrong in told if wrong]
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def renewed(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the rules of a newer one in the place of its own, in the order of the rules."""
    rules = {**before["rules"], **now["rules"]}
    return {**now, "rules": {rule.code: rules[rule.code] for rule in RULES if rule.code in rules}}


def main(codes: Sequence[str]) -> int:
    """Renew the record of the rules with these codes, or of all."""
    asked = [rule for rule in RULES if not codes or rule.code in codes]
    oracle = Oracle()
    try:
        wrong = faults(asked, oracle, safety)
        if not wrong:
            before = json.loads(PATH.read_text(encoding="utf-8")) if codes else {"rules": {}}
            write(PATH, renewed(before, record(asked, oracle, safety)))
    finally:
        oracle.close()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
