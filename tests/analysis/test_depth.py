"""Deep programs: a result, a value that is not known, or one error; never a crash."""

import sys
import threading

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.nesting import nesting_depth, with_room
from tests.analysis.reading import PRELUDE, Because, given

CALL = "Dense(4, kernel_regularizer={})\n"


class TestNestingDepth:
    @pytest.mark.parametrize(
        ("text", "depth"),
        [
            ("", 0),
            ("f(x)", 1),
            ("f(x)[0](1)", 1),
            ("f([{0: (1)}])", 4),
            ("f(\n  g(\n", 2),
            (")))(", 1),
            ("'((('", 0),
            ('"((("', 0),
            ("'''(((\n((('''", 0),
            ('"""((\'"(("""', 0),
            ("# (((\nf(x)", 1),
            (r"'\'((' + f(x)", 1),
            ("'unclosed ((\nf(x)", 1),
            ("'''unclosed ((\nf(x)", 0),
            ("# ((\rf(x)", 1),
        ],
    )
    def test_brackets_that_are_open_at_once(self, text, depth):
        assert nesting_depth(text) == depth


class TestBracketsThatPythonRefuses:
    @pytest.mark.parametrize(
        ("opened", "closed"), [("(", ")"), ("[", "]"), ("f(", ")"), ("{0:", "}"), ("f(lambda: ", ")")]
    )
    @pytest.mark.parametrize("times", [300, 1_000, 30_000])
    def test_it_is_one_error(self, opened, closed, times):
        with pytest.raises(UnparsableError) as caught:
            analyse("import keras\nx = " + opened * times + "1" + closed * times + "\n")
        assert (caught.value.row, caught.value.reason) == (2, "too many nested parentheses")

    def test_that_are_never_closed(self):
        with pytest.raises(UnparsableError):
            analyse("(" * 100_000)


class TestDeepPrograms:
    @pytest.mark.parametrize(
        "expression",
        [
            "(" * 150 + "0.1" + ")" * 150,
            "f(" * 150 + "1" + ")" * 150,
            "[" * 150 + "]" * 150,
            " + ".join(["1"] * 1_000),
            " or ".join(["x"] * 1_000),
            " ** ".join(["1"] * 1_000),
            "not " * 1_000 + "x",
            "- " * 1_000 + "1",
            "x" + ".y" * 1_000,
            "x" + "[0]" * 1_000,
            "x" + "()" * 500,
            " if c else ".join(["x"] * 1_000),
            "lambda: " * 500 + "1",
            "(" + "'a' " * 1_000 + ")",
        ],
    )
    def test_a_deep_expression_stops_nothing(self, expression):
        source = PRELUDE + CALL.format(expression) + CALL.format("l2(0.1)")
        assert len(analyse(source).layers) == 2

    def test_a_sum_of_a_thousand_is_given_up(self):
        assert given(CALL.format(" + ".join(["1"] * 1_000))) == Because("too deeply nested")

    def test_five_hundred_elifs(self):
        ways = "".join(f"elif c{n}:\n    w = {n}\n" for n in range(500))
        assert given("if c:\n    w = 0\n" + ways + CALL.format("w")) == Because("bound in too many places to follow")

    def test_ninety_nested_blocks(self):
        blocks = "".join("  " * n + "if c:\n" for n in range(90))
        assert given(blocks + "  " * 90 + CALL.format("0.1")) == 0.1

    def test_ninety_nested_functions(self):
        blocks = "".join("  " * n + "def f():\n" for n in range(90))
        assert given("w = 0.1\n" + blocks + "  " * 90 + CALL.format("w")) == 0.1

    def test_the_recursion_limit_is_as_it_was(self):
        before = sys.getrecursionlimit(), threading.stack_size()
        analyse("x = " + " + ".join(["1"] * 1_000) + "\n")
        assert (sys.getrecursionlimit(), threading.stack_size()) == before


class TestRoom:
    def test_it_gives_what_the_work_gives(self):
        assert with_room(lambda: 42) == 42

    def test_it_raises_what_the_work_raises(self):
        def fail() -> None:
            raise UnparsableError(1, 2, "why")

        with pytest.raises(UnparsableError):
            with_room(fail)

    def test_it_lets_work_recurse_as_deeply_as_asked(self):
        def descend(levels: int) -> int:
            return 0 if levels == 0 else 1 + descend(levels - 1)

        assert with_room(lambda: descend(20_000), depth=30_000) == 20_000
