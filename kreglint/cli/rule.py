"""`kreglint rule`."""

from __future__ import annotations

import argparse

from kreglint.cli.errors import UsageError, nearest
from kreglint.cli.options import rule_parser
from kreglint.cli.stream import write
from kreglint.rules.base import Rule

_LOOK_LIKE_DIGITS = str.maketrans("OIL", "011")


def run(arguments: list[str]) -> int:
    """Explain a rule, or list all. Raises UsageError for a rule that there is not."""
    _, named = rule_parser().parse(arguments, argparse.Namespace())
    if len(named) > 1:
        raise UsageError(f"expected one rule, received {' '.join(named)}")
    from kreglint.rules import RULES
    from kreglint.rules.explain import listing, page

    write([page(_rule(named[0], RULES)) if named else listing(RULES)])
    return 0


def _rule(word: str, rules: tuple[type[Rule], ...]) -> type[Rule]:
    for rule in rules:
        if word.upper() == rule.code or word.lower() == rule.name:
            return rule
    codes, names = tuple(rule.code for rule in rules), tuple(rule.name for rule in rules)
    hint = nearest(word.upper()[:3] + word.upper()[3:].translate(_LOOK_LIKE_DIGITS), codes) or nearest(
        word.lower(), names
    )
    raise UsageError(f"unknown rule {word!r}{hint}")
