from __future__ import annotations

import pytest

from kreglint.rules import RULES


@pytest.mark.parametrize("word", ["KRG302", "krg302", "inert-identifier", "Inert-Identifier"])
def test_a_rule_is_named_by_its_code_or_its_name(kreglint, word):
    run = kreglint("rule", word)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("# inert-identifier (KRG302)\n")


def test_without_a_code_all_rules_are_listed(kreglint):
    run = kreglint("rule")
    assert run.returncode == 0
    assert [line.split()[:2] for line in run.stdout.splitlines()] == [[rule.code, rule.name] for rule in RULES]
