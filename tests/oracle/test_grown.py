"""A fix does to a program in any layout what its safety promises, asked of real Keras.

Each example with a fix is written in a random layout (parentheses, commas, line ends, comments in the gaps, quotes),
fixed, and run before and after: a safe fix leaves the penalty or brings back that of Keras 2, an unsafe one changes
it, and what is fixed runs. The penalty after is that of the example's own fixed code.
"""

from random import Random

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.rules import RULES
from kreglint.rules.prelude import program, shown
from tests.engine.fixing.growing import dressed
from tests.engine.fixing.test_fixes import applying, settings_for
from tests.laws import examples
from tests.oracle.cases import Case, cases
from tests.oracle.claims import fault_of_fix
from tests.oracle.outcomes import Failure, Working, same_penalty

pytestmark = pytest.mark.oracle

GROWN = [
    case
    for case in cases(RULES)
    if case.fixed is not None
    if "#" not in case.example.code  # a comment ends a line, so nothing grows around it
    if case.version in applying(case.rule.code, case.example)
]


@pytest.mark.parametrize("seed", range(examples(1)))
@pytest.mark.parametrize("case", GROWN, ids=str)
def test_the_fix_of_a_program_in_another_layout_keeps_its_promise(case, seed, oracle):
    before = program(dressed(shown(case.example.code), Random(f"{case} {seed}"))).text
    how = settings_for(case.rule.code, case.version)
    [offered] = {d.fix.safety for d in check_source(before, "example.py", how) if d.code == case.rule.code and d.fix}
    after, remaining = fix_source(before, "example.py", how, unsafe=True)
    assert [d.code for d in remaining if d.code == case.rule.code] == []
    older = oracle.observe(2, before) if case.major == 3 else None
    done = oracle.observe(case.major, after)
    wrong = fault_of_fix(offered, oracle.observe(case.major, before), done, older)
    assert wrong is None, f"{wrong}\n{before}\n→ {after}"
    assert is_same(done, case, oracle), f"{done.words()}\n{before}\n→ {after}"


def is_same(done: Working | Failure, case: Case, oracle) -> bool:
    """Whether Keras did what it does with the fixed code of the example."""
    plain = case.observed_fixed(oracle)
    if isinstance(done, Failure) or isinstance(plain, Failure):
        return isinstance(done, Failure) and isinstance(plain, Failure) and done.exception == plain.exception
    if done.penalty is None or plain.penalty is None:
        return done.penalty is plain.penalty
    return (done.terms, done.trained) == (plain.terms, plain.trained) and same_penalty(done.penalty, plain.penalty)
