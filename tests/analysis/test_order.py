"""What is found does not depend on the order in which things are asked, whatever bounds and circles are met."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.analysis import bounds
from kreglint.analysis.libraries.known import LIBRARY
from kreglint.analysis.semantic.program import read_program
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.interpreter import interpreter
from kreglint.analysis.values.memory import Memory
from kreglint.analysis.values.own_values import OwnValue
from kreglint.analysis.values.session import Session
from tests.analysis.programs import program
from tests.analysis.reading import given as value_of


def plain(part: object) -> object:
    """A value without the bodies of functions and classes, which are the same only within one analysis."""
    if isinstance(part, OwnValue):
        return part.name, part.kind, part.provenance, part.span
    if is_dataclass(part):
        return type(part), *(plain(getattr(part, each.name)) for each in fields(part))
    return tuple(map(plain, part)) if isinstance(part, tuple) else part


def answers(text: str, order: list[int]) -> dict[int, object]:
    """The arguments of the calls in a program, which are asked for in an order of their indices."""
    module = Session(None, interpreter(LIBRARY)).start(read_program(text, "example.py"))
    sites = module.found.calls
    found = {}
    for index in order:
        site = sites[index % len(sites)]
        found[index % len(sites)] = plain(arguments_of(site.node, module.of(site)))
    return found


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
@settings(max_examples=25, derandomize=True)
def test_random_programs(seed, random):
    """Half of what these programs have are circles, so that they pass the bound on what may be worked out anew."""
    text = program(seed).source
    count = len(read_program(text, "example.py").found.calls)
    shuffled = list(range(count))
    random.shuffle(shuffled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "ANEW", sys.maxsize)
        assert answers(text, shuffled) == answers(text, list(range(count)))


CHAIN = "x0 = 0.1\n" + "".join(f"x{n} = x{n - 1}\n" for n in range(1, 101))
SEVERAL = {
    "one that is too far": (CHAIN, ["x45", "x100", "x55", "x70"]),
    "functions that call one another": (
        "def a(n):\n    return b(n)\ndef b(n):\n    return a(n) if n else 0.1\ndef c(n):\n    return a(n - 1)\n",
        ["a(2)", "b(2)", "c(3)", "b(0)", "a(0)"],
    ),
    "a dict that changes in a loop": (
        "d = {'a': 0.1}\ne = d['a']\nfor n in range(3):\n    d['b'] = d['a']\n    d['a'] = d.get('b')\n",
        ["d['a']", "d['b']", "e"],
    ),
    "conditions on conditions": (
        "".join(f"if not c{n - 1}:\n    c{n} = False\nelse:\n    c{n} = c{n - 1}\n" for n in range(1, 9)).replace(
            "not c0", "c0", 1
        ),
        ["c2", "c8", "c5", "c7"],
    ),
    "many calls": (
        "".join(f"def {f}(n):\n    return {g}(n) + {g}(n)\n" for f, g in ("fg", "gh", "hi"))
        + "def i(n):\n    return n\n",
        ["i(0.1)", "f(0.1) + f(0.1) + f(0.1)", "h(0.1)", "f(0.1)"],
    ),
}


@pytest.mark.parametrize(("before", "asked"), SEVERAL.values(), ids=SEVERAL)
def test_independent_statements_may_be_swapped(before, asked):
    alone = {each: value_of(f"c0 = True\n{before}Dense(4, kernel_regularizer={each})\n") for each in asked}
    for order in permutations(asked):
        text = f"c0 = True\n{before}" + "".join(f"Dense(4, kernel_regularizer={each})\n" for each in order)
        assert value_of(text) == alone[order[-1]]


class TestMemory:
    def test_in_a_large_circle_answers_are_kept_in_the_end(self):
        answered, asked = Memory(), []

        def circle(n: int) -> int:
            asked.append(n)
            return answered.ask((n + 1) % 100, 0, lambda: circle(n + 1))

        for n in range(500):
            answered.ask(n % 100, 0, lambda n=n: circle(n))
        assert bounds.ANEW <= len(asked) <= 2 * bounds.ANEW

    def test_an_answer_is_worked_out_once(self):
        answered, asked = Memory(), []
        assert [answered.ask("key", 0, lambda: asked.append(1) or 5) for _ in range(3)] == [5, 5, 5]
        assert asked == [1]

    def test_what_leads_back_to_itself_is_not_kept(self):
        answered, asked = Memory(), []

        def work() -> int:
            asked.append(1)
            return answered.ask("key", 7, work) + 1

        assert [answered.ask("key", 7, work) for _ in range(2)] == [8, 8]
        assert asked == [1, 1]

    @pytest.mark.parametrize("first", [0, 30, bounds.STEPS - 1, bounds.STEPS, 90])
    def test_bounds_are_counted_from_the_question_on(self, first):
        answered = Memory()

        def far(n: int) -> int:
            if not answered.may_step():
                return -1_000
            return answered.ask(n, 0, lambda: far(n - 1) + 1 if n else 0, steps=1)

        alone = Memory()
        answered.ask("other", 0, lambda: far(first))
        found = answered.ask("whole", 0, lambda: far(2 * bounds.STEPS))
        answered = alone
        assert found == answered.ask("whole", 0, lambda: far(2 * bounds.STEPS)) < 0

    def test_what_is_apart_is_a_question_of_its_own(self):
        answered = Memory()

        def work() -> bool:
            while answered.may_call():
                pass
            with answered.apart():
                return answered.ask("inner", False, answered.may_call)

        assert answered.ask("outer", False, work)
