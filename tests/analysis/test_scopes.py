"""Scopes: which binding a name has at the moment at which it is read."""

import pytest

from tests.analysis.reading import Because, Default, OneOfThese, given, layers, of_l2

USE = "Dense(4, kernel_regularizer=l2(w))\n"


def factor(body: str) -> object:
    """λ in `l2(w)` at the last layer, where branches may give several."""
    found = given(body)
    if isinstance(found, OneOfThese):
        return OneOfThese(way.arguments[0] for way in found)
    return found.arguments[0]


class TestShadowing:
    def test_a_parameter_named_l2_is_not_the_regularizer(self):
        body = "def build(l2):\n    Dense(4, kernel_regularizer=l2(0.1))\n"
        assert given(body) == Because("returned by 'l2'")

    def test_a_local_named_l2_is_not_the_regularizer(self):
        body = "def build():\n    l2 = 0.1\n    Dense(4, kernel_regularizer=l2)\n"
        assert given(body) == 0.1

    def test_a_local_shadows_before_it_is_assigned_too(self):
        body = "w = 0.1\ndef build():\n    Dense(4, kernel_regularizer=l2(w))\n    w = 0.2\n"
        assert factor(body) == Because("'w' is not yet assigned here")

    def test_a_class_named_dense_is_not_the_layer(self):
        assert layers("class Dense:\n    pass\nDense(4, kernel_regularizer='l2')\n") == []

    def test_a_function_named_dense_is_not_the_layer(self):
        assert layers("def Dense(*a, **k):\n    pass\nDense(4, kernel_regularizer='l2')\n") == []

    def test_the_target_of_a_comprehension_shadows_in_it(self):
        assert factor("w = 0.1\n[Dense(4, kernel_regularizer=l2(w)) for w in x]\n") == Because("set by a loop")
        assert factor("w = 0.1\n[Dense(4, kernel_regularizer=l2(w)) for w in (0.2, 0.3)]\n") == OneOfThese([0.2, 0.3])

    def test_the_target_of_a_comprehension_does_not_leak(self):
        assert factor("w = 0.1\n[w for w in x]\n" + USE) == 0.1

    def test_a_parameter_of_a_lambda_shadows_in_it(self):
        body = "w = 0.1\nf = lambda w: Dense(4, kernel_regularizer=l2(w))\n"
        assert factor(body) == Because("parameter 'w' has no default")

    def test_the_starred_parameters_shadow(self):
        body = "w = 0.1\ndef f(*w):\n    " + USE
        assert factor(body) == Because("the function's *args")

    def test_a_type_parameter_shadows(self):
        body = "w = 0.1\ndef f[w]():\n    " + USE
        assert factor(body) == Because("a type parameter")


class TestOrder:
    def test_the_last_assignment_before_counts(self):
        assert factor("w = 0.1\nw = 0.2\n" + USE + "w = 0.3\n") == 0.2

    def test_a_value_is_read_when_it_is_assigned(self):
        assert factor("v = 0.1\nw = v\nv = 0.2\n" + USE) == 0.1

    def test_a_value_may_be_made_from_its_own_name(self):
        assert factor("w = 0.1\nw = w * 2\n" + USE) == 0.2

    def test_all_targets_of_one_assignment_get_what_was_before_it(self):
        assert factor("w = 0.1\nw = v = w\nw = v\n" + USE) == 0.1

    def test_names_may_be_swapped(self):
        assert factor("v, w = 0.1, 0.2\nv, w = w, v\n" + USE) == 0.1

    @pytest.mark.parametrize(("step", "expected"), [("*= 2", 0.2), ("/= 2", 0.05), ("+= 1", 1.1), ("**= 1", 0.1)])
    def test_an_augmented_assignment(self, step, expected):
        assert factor(f"w = 0.1\nw {step}\n" + USE) == expected

    def test_an_augmented_assignment_of_something_else(self):
        assert factor("w = 0.1\nw *= outside.x\n" + USE) == Because("changed by an augmented assignment")

    def test_an_augmented_assignment_in_a_loop(self):
        assert isinstance(factor("w = 0.1\nfor _ in outside.x:\n    w *= 2\n" + USE), Because)

    def test_a_deleted_name_has_no_value(self):
        assert factor("w = 0.1\ndel w\n" + USE) == Because("deleted")

    def test_a_name_may_be_bound_anew_after_a_del(self):
        assert factor("w = 0.1\ndel w\nw = 0.2\n" + USE) == 0.2

    def test_an_annotated_assignment_binds(self):
        assert factor("w: float = 0.1\n" + USE) == 0.1

    def test_an_annotation_alone_binds_nothing(self):
        assert factor("w = 0.1\nw: float\n" + USE) == 0.1

    def test_a_type_alias_binds(self):
        assert factor("w = 0.1\ntype w = int\n" + USE) == Because("a type alias")


class TestBranches:
    def test_both_ways_of_an_if_are_left_open(self):
        assert factor("if c:\n    w = 0.1\nelse:\n    w = 0.2\n" + USE) == OneOfThese([0.1, 0.2])

    def test_an_if_without_else_leaves_the_older_value_open(self):
        assert factor("w = 0.1\nif c:\n    w = 0.2\n" + USE) == OneOfThese([0.1, 0.2])

    def test_each_elif_is_a_way(self):
        body = "if a:\n    w = 0.1\nelif b:\n    w = 0.2\nelse:\n    w = 0.3\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2, 0.3])

    def test_ways_that_agree_are_one(self):
        assert factor("if c:\n    w = 0.1\nelse:\n    w = 0.1\n" + USE) == 0.1

    def test_within_a_branch_its_own_value_counts(self):
        assert factor("w = 0.1\nif c:\n    w = 0.2\n    " + USE) == 0.2

    def test_in_the_other_branch_it_does_not(self):
        assert factor("w = 0.1\nif c:\n    w = 0.2\nelse:\n    " + USE) == 0.1

    def test_a_name_bound_in_one_branch_alone_has_that_value_where_it_is_used(self):
        assert factor("if c:\n    w = 0.1\n" + USE) == 0.1

    @pytest.mark.parametrize("leave", ["return", "raise ValueError"])
    def test_a_branch_that_leaves_does_not_count_after_it(self, leave):
        body = f"def f(c):\n    w = 0.1\n    if c:\n        w = 0.2\n        {leave}\n    " + USE
        assert factor(body) == 0.1

    def test_each_case_of_a_match_is_a_way_and_none_of_them_too(self):
        body = "w = 0.1\nmatch x:\n    case 1:\n        w = 0.2\n    case 2:\n        w = 0.3\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2, 0.3])

    @pytest.mark.parametrize("pattern", ["w", "[w, *_]", "[*w]", "{'a': w}", "{**w}", "K(w)", "K(x=w)", "1 | 2 as w"])
    def test_a_pattern_binds(self, pattern):
        assert factor(f"match x:\n    case {pattern}:\n        {USE}") == Because("bound by a match pattern")

    def test_a_pattern_whose_guard_fails_has_bound_its_names(self):
        assert factor("w = 0.1\nmatch x:\n    case w if c:\n        pass\n" + USE) == Because(
            "bound by a match pattern"
        )

    def test_many_branches_are_given_up(self):
        body = "".join(f"if c{n}:\n    w = {n}\n" for n in range(40))
        assert given(body + "Dense(4, kernel_regularizer=w)\n") == Because("bound in too many places to follow")


class TestLoops:
    @pytest.mark.parametrize(
        "head",
        [
            "for w in [0.1, 0.2]:",
            "for w in {0.1, 0.2}:",
            "WS = (0.1, 0.2)\nfor w in WS:",
            "WS = [0.1, 0.2]\nfor w in WS:",
            "for n, w in [(1, 0.1), (2, 0.2)]:",
            "for n, (w, _) in ((1, (0.1, 5)), (2, (0.2, 5))):",
            "for n, w in enumerate((0.1, 0.2)):",
            "for n, w in zip((1, 2), (0.1, 0.2)):",
            "for w in sorted([0.2, 0.1]):",
            "for w in reversed([0.2, 0.1]):",
            "for w in list((0.1, 0.2)):",
            "for n, w in {'a': 0.1, 'b': 0.2}.items():",
            "for w in {'a': 0.1, 'b': 0.2}.values():",
            "for w in {0.1: 'a', 0.2: 'b'}:",
            "WS = {'a': 0.1, 'b': 0.2}\nfor n, w in WS.items():",
            "for n in range(1, 3):\n    w = 0.1 * n\n    if True:",
        ],
    )
    def test_the_target_of_a_for_is_any_of_the_items(self, head):
        indent = " " * (len(head.splitlines()[-1]) - len(head.splitlines()[-1].lstrip()) + 4)
        assert factor(f"{head}\n{indent}{USE}") == OneOfThese([0.1, 0.2])

    def test_one_item_is_the_one(self):
        assert factor("for w in (0.1,):\n    " + USE) == 0.1

    @pytest.mark.parametrize(
        "head",
        [
            "for w in outside.x:",
            "for w in range(10 ** 10):",
            "WS = [0.1]\nWS.append(0.2)\nfor w in WS:",
            "for w in (*outside.x, 0.1):",
            "for d in [{'w': 0.1}]:\n  outside.f(d)\n  w = d['w']\n  if w:",
            "WS = [{'w': 0.1}]\nfor d in WS:\n  d['w'] = 0.2\nfor d in WS:\n  w = d['w']\n  if w:",
        ],
    )
    def test_items_that_are_not_known(self, head):
        indent = " " * (len(head.splitlines()[-1]) - len(head.splitlines()[-1].lstrip()) + 4)
        assert isinstance(factor(f"{head}\n{indent}{USE}"), Because)

    def test_after_the_loop_it_is_what_it_was_or_any_item(self):
        assert factor("w = 0.3\nfor w in (0.1, 0.2):\n    pass\n" + USE) == OneOfThese([0.3, 0.1, 0.2])

    def test_a_loop_may_not_run(self):
        assert factor("w = 0.1\nfor _ in x:\n    w = 0.2\n" + USE) == OneOfThese([0.1, 0.2])

    @pytest.mark.parametrize("head", ["for _ in x:", "while c:"])
    def test_what_a_turn_binds_at_its_end_is_there_at_the_next_head(self, head):
        assert factor(f"w = 0.1\n{head}\n    {USE}    w = 0.2\n") == OneOfThese([0.1, 0.2])

    def test_what_a_turn_binds_before_the_use_counts_alone(self):
        assert factor("w = 0.1\nfor _ in x:\n    w = 0.2\n    " + USE) == 0.2

    def test_the_test_of_a_while_sees_what_its_turns_bind(self):
        body = "w = 0.1\nwhile Dense(4, kernel_regularizer=l2(w)):\n    w = 0.2\n"
        assert factor(body) == OneOfThese([0.1, 0.2])

    def test_an_outer_loop_comes_round_to_an_inner_one(self):
        body = "w = 0.1\nfor a in x:\n    for b in y:\n        Dense(4, kernel_regularizer=l2(w))\n    w = 0.2\n"
        assert factor(body) == OneOfThese([0.1, 0.2])

    def test_a_branch_in_a_loop_sees_what_a_later_statement_binds(self):
        body = """
            w = 0.1
            for _ in x:
                if c:
                    w = 0.3
                else:
                    Dense(4, kernel_regularizer=l2(w))
                w = 0.2
        """
        assert {0.1, 0.2} <= factor(body)

    @pytest.mark.parametrize("leave", ["break", "continue"])
    def test_a_way_out_of_a_turn_keeps_its_value(self, leave):
        body = f"w = 0.1\nfor _ in x:\n    if c:\n        w = 0.2\n        {leave}\n    w = 0.3\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2, 0.3])

    def test_a_break_passes_by_the_else(self):
        body = "w = 0.1\nfor _ in x:\n    if c:\n        break\nelse:\n    w = 0.2\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2])


class TestTry:
    def test_a_body_may_have_stopped_before_it_bound(self):
        body = "w = 0.1\ntry:\n    w = 0.2\nexcept E:\n    pass\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2])

    def test_a_handler_may_come_from_any_state_of_the_body(self):
        body = "w = 0.1\ntry:\n    if c:\n        w = 0.2\n        f()\n        w = 0.3\nexcept E:\n    " + USE
        assert factor(body) == OneOfThese([0.1, 0.2, 0.3])

    def test_a_handler_that_leaves_does_not_count_after_it(self):
        assert factor("try:\n    w = 0.1\nexcept E:\n    raise\n" + USE) == 0.1

    def test_the_else_follows_the_body(self):
        assert factor("try:\n    w = 0.1\nexcept E:\n    pass\nelse:\n    " + USE) == 0.1

    def test_a_finally_may_come_from_any_state(self):
        body = "w = 0.1\ntry:\n    w = 0.2\n    f()\n    w = 0.3\nfinally:\n    " + USE
        assert factor(body) == OneOfThese([0.1, 0.2, 0.3])

    def test_after_a_finally_only_the_end_counts(self):
        assert factor("w = 0.1\ntry:\n    w = 0.2\nfinally:\n    f()\n" + USE) == 0.2

    def test_what_a_finally_binds_counts_after_it(self):
        assert factor("w = 0.1\ntry:\n    w = 0.2\nfinally:\n    w = 0.3\n" + USE) == 0.3

    def test_a_caught_exception_is_not_followed(self):
        assert factor("try:\n    f()\nexcept E as w:\n    " + USE) == Because("a caught exception")

    def test_a_with_may_swallow_an_exception(self):
        body = "w = 0.1\nwith suppress(E):\n    w = 0.2\n    f()\n    w = 0.3\n"
        assert factor(body + USE) == OneOfThese([0.1, 0.2, 0.3])

    def test_a_with_that_returns_may_yet_lead_on(self):
        body = "def f():\n    w = 0.1\n    if c:\n        with s(E):\n            w = 0.2\n            return g()\n    "
        assert factor(body + USE) == OneOfThese([0.1, 0.2])

    def test_in_a_with_its_own_value_counts(self):
        assert factor("w = 0.1\nwith strategy.scope():\n    w = 0.2\n    " + USE) == 0.2

    def test_what_a_with_gives_is_not_followed(self):
        assert factor("with f() as w:\n    " + USE) == Because("bound by a with statement")


class TestFunctions:
    def test_a_function_reads_a_constant_of_the_module(self):
        assert factor("w = 0.1\ndef f():\n    " + USE) == 0.1

    def test_a_constant_may_be_assigned_after_the_function(self):
        assert factor("def f():\n    " + USE + "w = 0.1\n") == 0.1

    def test_a_constant_that_is_assigned_more_than_once_is_left_open(self):
        assert factor("w = 0.1\ndef f():\n    " + USE + "w = 0.2\n") == OneOfThese([0.1, 0.2])

    def test_what_was_assigned_before_the_function_and_replaced_does_not_count(self):
        assert factor("w = 0.1\nw = 0.2\ndef f():\n    " + USE) == 0.2

    def test_a_lambda_reads_its_names_when_it_is_called(self):
        body = "w = 0.1\nf = lambda: Dense(4, kernel_regularizer=l2(w))\nw = 0.2\n"
        assert factor(body) == OneOfThese([0.1, 0.2])

    def test_a_generator_expression_reads_its_names_when_it_is_run(self):
        body = "w = 0.1\nf = (Dense(4, kernel_regularizer=l2(w)) for _ in x)\nw = 0.2\n"
        assert factor(body) == OneOfThese([0.1, 0.2])

    def test_a_list_comprehension_reads_its_names_at_once(self):
        assert factor("w = 0.1\n[Dense(4, kernel_regularizer=l2(w)) for _ in x]\nw = 0.2\n") == 0.1

    def test_an_inner_function_reads_the_outer_ones_names(self):
        assert factor("w = 0.1\ndef f():\n    w = 0.2\n    def g():\n        " + USE) == 0.2

    def test_a_default_is_what_a_parameter_is_unless_a_caller_says_otherwise(self):
        assert factor("def f(w=0.1):\n    " + USE) == Default(0.1)

    def test_a_default_is_evaluated_where_the_function_is_defined(self):
        assert factor("v = 0.1\ndef f(w=v):\n    " + USE + "v = 0.2\n") == Default(0.1)

    @pytest.mark.parametrize("parameters", ["w=0.1, /", "*, w=0.1", "a, w=0.1", "w: float = 0.1"])
    def test_every_kind_of_parameter_may_have_one(self, parameters):
        assert factor(f"def f({parameters}):\n    " + USE) == Default(0.1)

    def test_a_lambda_may_have_one(self):
        assert factor("f = lambda w=0.1: Dense(4, kernel_regularizer=l2(w))\n") == Default(0.1)

    def test_a_parameter_without_a_default_is_not_known(self):
        assert factor("def f(w):\n    " + USE) == Because("parameter 'w' has no default")

    def test_a_parameter_that_is_replaced_is_no_default(self):
        assert factor("def f(w=0.1):\n    w = 0.2\n    " + USE) == 0.2

    def test_a_parameter_that_may_be_replaced_is_either(self):
        assert factor("def f(w=0.1):\n    if c:\n        w = 0.2\n    " + USE) == OneOfThese([Default(0.1), 0.2])

    def test_a_default_of_branches_may_be_overridden_in_each(self):
        body = "v = 0.1 if c else 0.2\ndef f(w=v):\n    " + USE
        assert factor(body) == OneOfThese([Default(0.1), Default(0.2)])

    def test_a_default_and_an_equal_value_are_no_more_certain_than_the_default(self):
        assert factor("def f(w=0.1):\n    if c:\n        w = 0.1\n    " + USE) == Default(0.1)


class TestGlobalAndNonlocal:
    def test_a_global_that_a_function_sets_is_not_followed(self):
        body = "w = 0.1\ndef f():\n    global w\n    w = 0.2\nf()\n"
        assert factor(body + USE) == Because("'w' is also set from a function")

    def test_nor_where_the_module_sets_it_after_the_function(self):
        body = "def f():\n    global w\n    w = 0.2\nw = 0.1\nf()\n"
        assert factor(body + USE) == Because("'w' is also set from a function")

    def test_a_global_that_is_only_read_has_the_modules_value(self):
        assert factor("w = 0.1\ndef f():\n    global w\n    " + USE) == 0.1

    @pytest.mark.parametrize(
        "statement",
        ["w += 1", "del w", "import w", "for w in x: pass", "def w(): pass", "class w: pass", "f(w := 1)"],
    )
    def test_every_kind_of_binding_sets_it(self, statement):
        body = f"w = 0.1\ndef f():\n    global w\n    {statement}\n"
        assert factor(body + USE) == Because("'w' is also set from a function")

    def test_a_nonlocal_that_an_inner_function_sets_is_not_followed(self):
        body = "def f():\n    w = 0.1\n    def g():\n        nonlocal w\n        w = 0.2\n    g()\n    " + USE
        assert factor(body) == Because("'w' is also set from a function")

    def test_nor_where_the_outer_function_sets_it_after_the_inner_one(self):
        body = "def f():\n    def g():\n        nonlocal w\n        w = 0.2\n    w = 0.1\n    g()\n    " + USE
        assert factor(body) == Because("'w' is also set from a function")


class TestClasses:
    def test_a_class_body_sees_its_own_names(self):
        assert factor("w = 0.1\nclass K:\n    w = 0.2\n    " + USE) == 0.2

    def test_a_method_does_not_see_them(self):
        assert factor("w = 0.1\nclass K:\n    w = 0.2\n    def f(self):\n        " + USE) == 0.1

    def test_nor_does_a_comprehension(self):
        assert factor("w = 0.1\nclass K:\n    w = 0.2\n    [Dense(4, kernel_regularizer=l2(w)) for _ in x]\n") == 0.1

    def test_but_its_first_iterable_does(self):
        body = "w = 0.1\nclass K:\n    w = 0.2\n    [0 for _ in Dense(4, kernel_regularizer=l2(w))]\n"
        assert factor(body) == 0.2

    def test_before_its_own_binding_a_class_body_sees_the_outer_one(self):
        assert factor("w = 0.1\nclass K:\n    Dense(4, kernel_regularizer=l2(w))\n    w = 0.2\n") == 0.1

    def test_a_name_that_the_class_may_not_have_bound_may_be_the_outer_one(self):
        assert factor("w = 0.1\nclass K:\n    if c:\n        w = 0.2\n    " + USE) == OneOfThese([0.1, 0.2])

    def test_a_name_that_the_class_binds_is_looked_for_in_the_module_past_a_function(self):
        body = f"w = 0.1\ndef f():\n    w = 0.2\n    class K:\n        {USE}        w = 3\n"
        assert factor(body) == 0.1

    def test_one_that_it_does_not_bind_is_the_functions(self):
        body = "w = 0.1\ndef f():\n    w = 0.2\n    class K:\n        Dense(4, kernel_regularizer=l2(w))\n"
        assert factor(body) == 0.2

    def test_the_names_of_a_class_do_not_leak(self):
        assert factor("w = 0.1\nclass K:\n    w = 0.2\n" + USE) == 0.1


class TestWalrus:
    def test_it_binds(self):
        assert factor("if (w := 0.1):\n    " + USE) == 0.1

    def test_it_may_be_passed_by(self):
        assert factor("w = 0.1\nx = c and (w := 0.2)\n" + USE) == OneOfThese([0.1, 0.2])

    def test_it_binds_around_a_comprehension(self):
        assert factor("w = 0.1\n[0 for _ in x if (w := 0.2)]\n" + USE) == OneOfThese([0.1, 0.2])

    def test_what_stands_in_the_same_statement_may_see_either(self):
        assert factor("w = 0.1\nDense((w := 4), kernel_regularizer=l2(w))\n") == OneOfThese([0.1, 4])

    def test_it_may_bind_a_parameter_of_a_lambda_anew(self):
        body = "f = lambda w=0.1: Dense((w := 4), kernel_regularizer=l2(w))\n"
        assert factor(body) == OneOfThese([Default(0.1), 4])

    def test_its_value_is_that_of_the_expression(self):
        assert given("Dense(4, kernel_regularizer=(w := l2(0.1)))\n") == of_l2(0.1)

    def test_a_dict_that_it_names_may_be_changed_by_the_name(self):
        body = "f((d := {'w': 0.1}), d.clear())\nDense(4, kernel_regularizer=(d := {'w': 0.1}))\n"
        assert isinstance(given(body), Because)


class TestStars:
    def test_a_star_of_another_module_may_replace_a_value(self):
        body = "w = 0.1\nfrom mylib import *\n"
        assert factor(body + USE) == Because("'w' may be replaced by one of 'mylib'")

    def test_a_star_of_keras_does_not(self):
        assert factor("w = 0.1\nfrom keras.layers import *\n" + USE) == 0.1

    def test_a_value_that_is_set_after_the_star_holds(self):
        assert factor("from mylib import *\nw = 0.1\n" + USE) == 0.1

    def test_a_name_that_the_file_may_not_have_bound_may_come_from_the_star(self):
        body = "from mylib import *\nif c:\n    w = 0.1\n"
        assert factor(body + USE) == Because("'w' may come from 'mylib'")

    def test_a_star_may_bring_the_regularizer(self):
        assert given("from keras.regularizers import *\nDense(4, kernel_regularizer=l2(0.1))\n") == of_l2(0.1)


class TestQualifiedNames:
    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ("{}", "<module>"),
            ("def build():\n    {}", "build"),
            ("class Net:\n    {}", "Net"),
            ("class Net:\n    def build(self):\n        {}", "Net.build"),
            ("def outer():\n    def inner():\n        {}", "outer.inner"),
            ("def build():\n    f = lambda: {}", "build"),
            ("def build():\n    f = [{} for _ in x]", "build"),
            ("def build():\n    f = ({} for _ in x)", "build"),
        ],
    )
    def test_a_call_tells_the_definition_that_it_stands_in(self, body, name):
        assert layers(body.format("Dense(4)") + "\n")[-1].scope == name
