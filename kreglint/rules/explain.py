"""Explains rules in Markdown: what `kreglint rule` prints and what docs/rules/ holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Good
from kreglint.rules.prelude import shown
from kreglint.rules.record import Record, committed


def page(rule: type[Rule], record: Record | None = None) -> str:
    """Return a rule's page; `record` is what Keras did with its examples, by default the committed one."""
    known = committed() if record is None else record
    parts = [f"# {rule.name} ({rule.code})", _headline(rule, known), rule.explanation()]
    bad = [_bad(rule, each, known) for each in rule.examples() if isinstance(each, Bad)]
    good = [_example(rule, each.code, known) for each in rule.examples() if isinstance(each, Good)]
    if bad:
        parts += ["## Bad", *bad]
    if good:
        parts += ["## Good", *good]
    return "\n\n".join(parts) + "\n"


def listing(rules: Iterable[type[Rule]]) -> str:
    """Return one line for each rule: code, name, severity, on or opt-in, summary."""
    rows = [(rule.code, rule.name, rule.severity.value, on_or_opt_in(rule), summary(rule)) for rule in rules]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def summary(rule: type[Rule]) -> str:
    """Return the first paragraph of a rule's text, on one line."""
    return " ".join(rule.explanation().partition("\n\n")[0].split())


def on_or_opt_in(rule: type[Rule]) -> str:
    return "on" if rule.default else "opt-in"


def fix(rule: type[Rule], record: Record) -> str:
    """Return whether the rule has a fix, and how safe it is: "no fix", "safe fix", "safe or unsafe fix"."""
    if not any(isinstance(example, Bad) and example.fixed is not None for example in rule.examples()):
        return "no fix"
    safeties = " or ".join(safety.value for safety in record.fixes(rule.code))
    return f"{safeties} fix".lstrip()


def _headline(rule: type[Rule], record: Record) -> str:
    default = "on by default" if rule.default else "opt-in"
    return f"{rule.severity.value.capitalize()} · {default} · {fix(rule, record)} · since {rule.since}"


def _bad(rule: type[Rule], example: Bad, record: Record) -> str:
    text = _example(rule, example.code, record)
    if example.fixed is None:
        return text
    if example.fixed2 is None:
        return f"{text}\n\nAfter the fix:\n\n{_example(rule, example.fixed, record)}"
    older, newer = _example(rule, example.fixed2, record), _example(rule, example.fixed, record)
    return f"{text}\n\nAfter the fix for Keras 2:\n\n{older}\n\nAfter the fix for Keras 3:\n\n{newer}"


def _example(rule: type[Rule], code: str, record: Record) -> str:
    example = shown(code)
    block = f"```python\n{example.rstrip()}\n```"
    outcomes = "\n".join(_outcomes(rule, example, record))
    return f"{block}\n\n{outcomes}" if outcomes else block


def _outcomes(rule: type[Rule], code: str, record: Record) -> Iterator[str]:
    for outcome in record.outcomes(rule.code, code):
        yield f"- {outcome.keras}: {_literal(outcome.words)}"


def _literal(words: str) -> str:
    """Words of Keras as Markdown shows them unchanged: `*`, `_` and `<` in them are no markup."""
    fence = "``" if "`" in words else "`"
    blank = " " if "`" in words else ""
    return f"{fence}{blank}{words}{blank}{fence}"
