"""What a call of a function of the user's own gives back."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.analysis.reading import Because, Default, OneOfThese, given, of_l2


def returned(function: str, call: str) -> object:
    """What a layer is given by a call of a function."""
    return given(f"{dedent(function)}\nDense(4, kernel_regularizer={call})\n")


class TestReturns:
    def test_a_helper_without_parameters(self):
        assert returned("def reg():\n    return l2(0.1)", "reg()") == of_l2(0.1)

    def test_a_lambda(self):
        assert returned("reg = lambda decay: l2(decay)", "reg(0.1)") == of_l2(0.1)

    def test_a_lambda_called_where_it_stands(self):
        assert returned("", "(lambda: l2(0.1))()") == of_l2(0.1)

    def test_a_function_without_return_gives_none(self):
        assert returned("def reg():\n    l2(0.1)", "reg()") is None

    def test_a_bare_return_gives_none(self):
        assert returned("def reg():\n    return", "reg()") is None

    def test_a_local_name(self):
        assert returned("def reg():\n    found = l2(0.1)\n    return found", "reg()") == of_l2(0.1)

    def test_a_helper_of_a_helper(self):
        helpers = "def decay():\n    return 0.1\ndef reg():\n    return l2(decay())"
        assert returned(helpers, "reg()") == of_l2(0.1)

    def test_a_function_made_by_a_function_keeps_its_arguments(self):
        maker = "def maker(decay):\n    def reg():\n        return l2(decay)\n    return reg\n"
        assert returned(f"{maker}a = maker(0.1)\nb = maker(0.2)", "a()") == of_l2(0.1)

    def test_functions_made_with_different_arguments_are_different(self):
        maker = "def maker(decay):\n    return lambda: l2(decay)\n"
        both = f"{maker}made = maker(0.1) if outside.flag else maker(0.2)"
        assert returned(both, "made()") == OneOfThese({of_l2(0.1), of_l2(0.2)})


class TestArguments:
    def test_by_position(self):
        assert returned("def reg(decay):\n    return l2(decay)", "reg(0.1)") == of_l2(0.1)

    def test_by_keyword(self):
        assert returned("def reg(decay):\n    return l2(decay)", "reg(decay=0.1)") == of_l2(0.1)

    def test_each_call_has_its_own(self):
        function = "def reg(decay):\n    return l2(decay)\nother = reg(0.2)"
        assert returned(function, "reg(0.1)") == of_l2(0.1)

    def test_a_default_that_a_call_leaves_is_exact_in_that_call(self):
        assert returned("def reg(decay=0.1):\n    return l2(decay)", "reg()") == of_l2(0.1)

    def test_a_default_of_the_function_around_stays_a_default(self):
        body = (
            "def reg(decay):\n    return l2(decay)\ndef build(decay=0.1):\n    Dense(4, kernel_regularizer=reg(decay))"
        )
        assert given(body) == of_l2(Default(0.1))

    @pytest.mark.parametrize("call", ["reg(*outside.args)", "reg(**outside.kwargs)", "reg()", "reg(1, 2)", "reg(x=1)"])
    def test_arguments_that_are_not_known_or_do_not_fit(self, call):
        reason = Because("returned by 'reg', whose arguments are not all known")
        assert returned("def reg(decay):\n    return l2(decay)", call) == reason


class TestConditions:
    CHOICE = """
        def reg(kind, decay=None):
            if decay is None:
                return None
            if kind == 'l1':
                return l1(decay)
            elif kind == 'l2':
                return l2(decay)
            return kind
    """

    @pytest.mark.parametrize(
        ("call", "expected"),
        [("reg('l2', 0.1)", of_l2(0.1)), ("reg('l2')", None), ("reg('other', 0.1)", "other")],
    )
    def test_returns_that_a_call_cannot_reach_do_not_count(self, call, expected):
        assert returned(self.CHOICE, call) == expected

    def test_a_condition_that_is_not_known_leaves_both(self):
        function = "def reg():\n    if outside.flag:\n        return l2(0.1)\n    return None"
        assert returned(function, "reg()") == OneOfThese({of_l2(0.1), None})

    @pytest.mark.parametrize("statement", ["for _ in outside.x:", "while outside.x:", "with outside.x:"])
    def test_a_return_that_may_not_be_reached_leaves_the_end(self, statement):
        function = f"def reg():\n    {statement}\n        return l2(0.1)"
        assert returned(function, "reg()") == OneOfThese({of_l2(0.1), None})

    @pytest.mark.parametrize(("decay", "expected"), [("0.1", of_l2(0.1)), ("None", None), ("0", None)])
    def test_a_conditional_expression(self, decay, expected):
        assert returned("def reg(decay):\n    return l2(decay) if decay else None", f"reg({decay})") == expected


class TestBounds:
    def test_recursion_without_end_is_not_followed_for_ever(self):
        assert isinstance(returned("def reg(x):\n    return reg(x)", "reg(1)"), Because)

    def test_recursion_with_an_end(self):
        function = "def reg(n):\n    if n == 0:\n        return l2(0.1)\n    return reg(n - 1)"
        assert returned(function, "reg(3)") == of_l2(0.1)

    def test_a_tree_of_calls_is_cut_off(self):
        functions = "\n".join(f"def f{i}(x):\n    return f{i + 1}(x + 1) + f{i + 1}(x + 2)" for i in range(7))
        functions += "\ndef f7(x):\n    return f8(x) + f8(x + 1)\ndef f8(x):\n    return x"
        assert isinstance(returned(functions, "f0(1)"), Because)

    @pytest.mark.parametrize("function", ["def reg():\n    yield l2(0.1)", "async def reg():\n    return l2(0.1)"])
    def test_what_is_made_step_by_step(self, function):
        assert returned(function, "reg()") == Because("made by 'reg', step by step")

    def test_a_decorated_function(self):
        assert returned("@outside.cache\ndef reg():\n    return l2(0.1)", "reg()") == Because("'reg' is decorated")


class TestRest:
    """`*args` and `**kwargs`, handed on."""

    MAKE = "def reg(decay, kind=0.5):\n    return l2(decay)\n"

    def test_positions_that_are_handed_on(self):
        assert returned(self.MAKE + "def make(*args):\n    return reg(*args)", "make(0.1)") == of_l2(0.1)

    def test_positions_after_others(self):
        program = self.MAKE + "def make(units, *args, **kwargs):\n    return reg(*args, **kwargs)"
        assert returned(program, "make(4, 0.1, kind=2)") == of_l2(0.1)

    def test_a_tuple_that_is_unpacked(self):
        assert returned(self.MAKE + "both = (0.1, 0.2)", "reg(*both)") == of_l2(0.1)

    def test_positions_that_are_not_known(self):
        assert isinstance(returned(self.MAKE, "reg(*outside.both())"), Because)

    def test_positions_that_do_not_matter(self):
        program = "def make(*args, **kwargs):\n    return l2(kwargs['decay'])"
        assert returned(program, "make(*outside.both(), decay=0.1)") == of_l2(0.1)

    def test_keywords_that_are_there_only_on_some_ways(self):
        program = "def make(**kwargs):\n    kwargs.setdefault('kernel_regularizer', l2(0.1))\n"
        program += "    return kwargs['kernel_regularizer']\n"
        program += "options = {'kernel_regularizer': l2(0.2)} if outside.flag else {}"
        assert isinstance(returned(program, "make(**options)"), Because)
