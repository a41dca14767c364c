"""Values: from an expression to what it is known to be."""

import math

import pytest

from kreglint.facts.values import (
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Provenance,
    Sequence,
    Symbol,
    Unknown,
    Value,
)
from tests.analysis.reading import PRELUDE, Because, Call, Default, OneOfThese, facts, given, layers, of_l2, plain


def value(body: str) -> Value:
    argument = layers(body)[-1].keyword("kernel_regularizer")
    assert argument is not None
    return argument.value


def of(expression: str) -> object:
    return given(f"Dense(4, kernel_regularizer={expression})\n")


class TestConstants:
    @pytest.mark.parametrize(
        "code",
        (
            "1|0x10|1_000|0.5|.5|1e-4|2j|True|False|None|'l2'|b'l2'|r'\\d'|'l' '2'|'''l2'''|u'l2'|('l2')|b'l' b'2'|"
            "'l' f'2'|f'l\\x32'"
        ).split("|"),
    )
    def test_a_literal_is_its_value(self, code):
        assert of(code) == eval(code)

    def test_true_is_no_one(self):
        assert of("True") is True

    @pytest.mark.parametrize(
        "code",
        "-0.1|+1|not 1|~1|1 + 2|1 - 2|2 * 3|1 / 4|7 // 2|7 % 4|2 ** 8|10 ** -4|2 ** 0.5|-(1 + 2)|True + 1".split("|"),
    )
    def test_arithmetic_is_done(self, code):
        assert of(code) == eval(code)

    def test_a_bool_is_inverted_without_a_warning(self):
        assert of("~True") == -2

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("1 / 0", "arithmetic that fails"),
            ("0 ** -1", "arithmetic that fails"),
            ("1e308 ** 2", "arithmetic that fails"),
            ("~1.5", "arithmetic that fails"),
            ("-'a'", "arithmetic on something other than numbers"),
            ("'a' * 3", "a computed value"),
            ("'a' + 1", "a computed value"),
            ("'" + "a" * 600 + "' + '" + "b" * 600 + "'", "a very long string"),
            ("1 << 2", "a computed value"),
            ("1 @ 2", "a computed value"),
            ("1 < outside.x < 3", "a comparison"),
            ("1 in (outside.x, 2)", "a comparison"),
            ("x[0]", "'x' is not defined in this file"),
            ("(1, 2)[5]", "an item that is not there"),
            ("(1, 2)[0:1]", "a slice"),
            ("...", "a computed value"),
            ("f'{0.1:.3f}'", "an f-string with a format"),
            ("f'{0.1!r}'", "an f-string with a format"),
            ("f'{outside}'", "a computed value"),
            (r"'\x'", "a literal that Python rejects"),
            (r"'\N{no such}'", "a literal that Python rejects"),
        ],
    )
    def test_what_is_not_worked_out_says_why(self, code, reason):
        assert of(code) == Because(reason)

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("10 ** 10 ** 10", "a very large power"),
            ("10 ** 10 ** 3", "a very large power"),
            ("2 ** 1000 ** 1000", "a very large power"),
            ("0x" + "f" * 900 + " * 2", "a very large number"),
            ("1" * 5_000, "a very long number"),
            ("9" * 200_000, "a very long number"),
        ],
    )
    def test_a_huge_number_costs_nothing(self, code, reason):
        assert of(code) == Because(reason)

    def test_a_long_string_is_read(self):
        assert of(f"'{'l' * 100_000}'") == "l" * 100_000

    def test_an_escape_that_python_warns_of_is_read_in_silence(self):
        assert of(r"'\d'") == r"\d"

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("float('1e-3')", 0.001),
            ("float(1)", 1.0),
            ("int(2.7)", 2),
            ("float(True)", 1.0),
            ("float('1e400')", math.inf),
        ],
    )
    def test_a_conversion_is_done(self, code, expected):
        found = of(code)
        assert (found, type(found)) == (expected, type(expected))

    @pytest.mark.parametrize("code", ["float('ridge')", "int('1.5')", "int(1e400)", "float(0x" + "f" * 900 + ")"])
    def test_a_conversion_that_fails_says_so(self, code):
        assert of(code) == Because("a conversion that fails")

    @pytest.mark.parametrize("code", ["float()", "float(*x)", "round('0.1')", "str(1)"])
    def test_other_builtins_are_not_followed(self, code):
        assert of(code) == Because(f"returned by '{code.partition('(')[0]}'")

    def test_a_float_of_the_files_own_is_not_pythons(self):
        assert given("def float(x):\n    return 3\nDense(4, kernel_regularizer=float('1'))\n") == 3


class TestNames:
    def test_a_name_leads_to_its_value(self):
        assert given("WEIGHT_DECAY = 5e-4\nDense(4, kernel_regularizer=l2(WEIGHT_DECAY))\n") == of_l2(5e-4)

    def test_a_name_that_nothing_binds(self):
        assert of("reg") == Because("'reg' is not defined in this file")

    def test_an_attribute_of_an_object(self):
        assert of("self.reg") == Because("an attribute of 'self'")

    def test_an_attribute_of_an_expression(self):
        assert of("f().reg") == Because("an attribute of an expression")

    def test_an_imported_name_is_a_symbol(self):
        symbol = value("Dense(4, kernel_regularizer=outside.reg)\n")
        assert isinstance(symbol, Symbol)
        assert (symbol.path, symbol.canonical) == ("outside.reg", None)

    def test_a_regularizer_that_is_not_called_is_a_symbol_of_keras(self):
        symbol = value("Dense(4, kernel_regularizer=l2)\n")
        assert isinstance(symbol, Symbol)
        assert symbol.canonical == "keras.regularizers.l2"

    def test_a_symbol_that_may_be_none_is_one_of_both(self):
        found = value(
            "reg = None\nif c:\n    from keras.regularizers import l2 as reg\nDense(4, kernel_regularizer=reg)\n"
        )
        assert isinstance(found, OneOf)
        assert {type(way) for way in found.alternatives} == {Const, Symbol}

    def test_a_chain_of_names_is_followed(self):
        body = "v0 = 0.1\n" + "".join(f"v{n + 1} = v{n}\n" for n in range(20))
        assert given(body + "Dense(4, kernel_regularizer=l2(v20))\n") == of_l2(0.1)

    @pytest.mark.parametrize("body", ["reg = reg\n", "a = reg\nreg = a\n"])
    def test_a_name_made_from_nothing_but_itself(self, body):
        assert isinstance(value(f"def f():\n    global reg, a\n{body}Dense(4, kernel_regularizer=reg)\n"), Unknown)

    def test_names_that_are_made_from_each_other_in_a_loop(self):
        body = "for _ in x:\n    a = b\n    b = a\nDense(4, kernel_regularizer=a)\n"
        assert isinstance(value(body), Unknown)

    def test_names_that_are_made_from_each_other_in_functions(self):
        body = "def f():\n    global a\n    a = b\ndef g():\n    global b\n    b = a\nDense(4, kernel_regularizer=a)\n"
        assert isinstance(value(body), Unknown)

    def test_the_places_that_a_value_came_through_are_told_nearest_first(self):
        body = "a = 0.1\nb = a\nDense(4, kernel_regularizer=b)\n"
        source = PRELUDE + body
        assert [source[p.span.start : p.span.end] for p in value(body).origin] == ["b = a", "a = 0.1"]

    def test_a_default_is_told_as_the_place(self):
        body = "def f(reg='l2'):\n    Dense(4, kernel_regularizer=reg)\n"
        (place,) = value(body).origin
        assert place.is_default
        assert (PRELUDE + body)[place.span.start : place.span.end] == "'l2'"


class TestUnpacking:
    @pytest.mark.parametrize(
        "body",
        [
            "a, w = 0.2, 0.1",
            "(a, w) = (0.2, 0.1)",
            "[a, w] = [0.2, 0.1]",
            "a, w = [0.2, 0.1]",
            "both = (0.2, 0.1)\na, w = both",
            "(w,) = (0.1,)",
        ],
    )
    def test_a_display_is_taken_apart(self, body):
        assert given(body + "\nDense(4, kernel_regularizer=l2(w))\n") == of_l2(0.1)

    @pytest.mark.parametrize(
        "body",
        [
            "a, w = {0.2, 0.1}",
            "both = [0.2, 0.1]\na, w = {*both}",
            "a, w = f()",
            "a, w = '01'",
            "a, w = (0.2, *x)",
        ],
    )
    def test_what_has_no_certain_order_or_may_have_changed_is_not(self, body):
        reason = "unpacked from something that is not a plain list or tuple"
        assert given(body + "\nDense(4, kernel_regularizer=w)\n") == Because(reason)

    @pytest.mark.parametrize(
        "body",
        [
            "(b, w), a = (0.2, 0.1), 0.3",
            "[b, [w, c]] = [0.2, [0.1, 0.3]]",
            "*a, w = 0.3, 0.2, 0.1",
            "w, *a = 0.1, 0.2, 0.3",
            "a, *b, w, c = 0.2, 0.3, 0.3, 0.1, 0.4",
            "*a, w = 0.2, 0.1",
            "*a, b = 0.3, 0.1, 0.2\nw = a[1]",
            "a, *(b, w) = 0.3, 0.2, 0.1",
            "(a, w) = b = 0.2, 0.1",
            "both = [0.2, 0.1]\na, w = both",
            "both = (0.2, 0.1)\na, w = both",
            "def f():\n    return 0.2, 0.1\na, w = f()",
            "base = (0.2,)\na, w = (*base, 0.1)",
            "a, w = (0.2,) + (0.1,)",
            "d = {'a': 0.2, 'b': 0.1}\n(_, a), (_, w) = d.items()",
            "a, w = d = [0.2, 0.1]",
        ],
    )
    def test_starred_and_nested_targets(self, body):
        assert given(body + "\nDense(4, kernel_regularizer=w)\n") == 0.1

    def test_attributes_are_targets_too(self):
        body = (
            "class N:\n    def __init__(self):\n        self.a, (self.w, *_) = 0.2, (0.1, 0.3)\n"
            "    def f(self):\n        Dense(4, kernel_regularizer=self.w)\n"
        )
        assert given(body) == 0.1

    @pytest.mark.parametrize(
        "body",
        [
            "both = [0.2, 0.1]\nboth.reverse()\na, w = both",
            "both = [0.2, 0.1]\noutside.f(both)\na, w = both",
            "both = [0.2]\nboth.append(0.3)\na, w = (*both, 0.1)",
            "both = [0.2]\nboth[0] = 0.3\nw, = both",
            "both = other = [0.2]\nother[0] = 0.3\nw, = both",
            "def f(p=[0.2]):\n    w, = p\n    Dense(4, kernel_regularizer=w)\n    p[0] = 0.3\nw = g()",
        ],
    )
    def test_a_list_that_may_have_changed_is_not_followed(self, body):
        for layer in layers(body + "\nDense(4, kernel_regularizer=w)\n"):
            assert isinstance(plain(layer.arguments[1].value), Because)


class TestConditionals:
    def test_both_ways_are_left_open(self):
        assert of("0.1 if c else 0.2") == OneOfThese([0.1, 0.2])

    def test_ways_that_agree_are_one(self):
        assert of("0.1 if c else 0.1") == 0.1

    def test_one_that_is_not_known_makes_it_unknown(self):
        assert of("0.1 if c else f()") == Because("returned by 'f'")

    def test_a_call_is_made_with_each(self):
        assert of("l2(0.1 if c else 0.2)") == OneOfThese([of_l2(0.1), of_l2(0.2)])

    def test_too_many_combinations_are_given_up(self):
        ways = " if c else ".join(str(n) for n in range(5))
        assert of(f"outside.f({ways}, {ways})") == Because("too many combinations of branches")

    def test_too_many_values_are_given_up(self):
        assert of(" if c else ".join(str(n) for n in range(50))) == Because("one of very many values")


class TestChanging:
    def test_a_dict_under_a_name_may_be_changed(self):
        body = "reg = {'class_name': 'L2'}\nreg['class_name'] = 'L1'\nkeep(reg)\nDense(4, kernel_regularizer=reg)\n"
        assert given(body) == Because("'reg' is a dict that is handed on, where it may be changed")

    def test_a_dict_as_a_default_may_be_changed(self):
        body = "def f(reg={}):\n    keep(reg)\n    Dense(4, kernel_regularizer=reg)\n"
        assert given(body) == Because("'reg' is a dict that is handed on, where it may be changed")

    def test_a_list_under_a_name_stays_a_list_of_what_is_not_known(self):
        found = value("reg = [0.1]\nkeep(reg)\nDense(4, kernel_regularizer=reg)\n")
        assert isinstance(found, Sequence)
        assert found.kind == "list"
        assert isinstance(found.items[0], Unknown)

    def test_a_regularizer_whose_factor_is_set_later(self):
        body = "reg = l2(0.1)\nreg.l2 = 0.2\nDense(4, kernel_regularizer=reg)\n"
        assert given(body) == Because("a 'l2' is set after construction in this file")

    def test_a_factor_of_an_object_of_the_files_own_does_not_matter(self):
        body = "reg = l2(0.1)\nclass K:\n    def f(self):\n        self.l2 = 1\nDense(4, kernel_regularizer=reg)\n"
        assert given(body) == of_l2(0.1)


class TestDisplaysAndDicts:
    @pytest.mark.parametrize(("code", "kind"), [("[l2(0.1)]", "list"), ("(l2(0.1),)", "tuple"), ("{0.1}", "set")])
    def test_a_display_is_a_sequence(self, code, kind):
        found = value(f"Dense(4, kernel_regularizer={code})\n")
        assert isinstance(found, Sequence)
        assert (found.kind, len(found.items)) == (kind, 1)

    def test_a_display_that_unpacks_is_not_followed(self):
        assert of("[*x]") == Because("unpacks something else")

    @pytest.mark.parametrize("code", ["{'a': 1, 'b': 2}", "dict(a=1, b=2)", "{'a': 0, 'a': 1, 'b': 2}"])
    def test_a_dict_is_a_mapping(self, code):
        found = value(f"Dense(4, kernel_regularizer={code})\n")
        assert isinstance(found, Mapping)
        entries = [found.get("a"), found.get("b")]
        assert [entry.value for entry in entries if isinstance(entry, Const)] == [1, 2]
        assert found.complete

    @pytest.mark.parametrize("code", ["{'a': 1, **x}", "{f(): 1}"])
    def test_a_dict_with_unknown_keys_is_not_complete(self, code):
        found = value(f"Dense(4, kernel_regularizer={code})\n")
        assert isinstance(found, Mapping)
        assert not found.complete


class TestCalls:
    def test_a_call_of_an_imported_name_is_kept(self):
        assert of("outside.reg(0.1, x=2)") == Call("outside.reg", (0.1, 2))

    def test_an_argument_may_be_a_default(self):
        assert given("def f(w=0.1):\n    Dense(4, kernel_regularizer=l2(w))\n") == of_l2(Default(0.1))

    def test_a_call_of_anything_else_is_not_followed(self):
        assert of("f()()") == Because("returned by a call")

    @pytest.mark.parametrize(
        ("definition", "expression", "kind"),
        [
            ("def reg(w): return 0", "reg", "function"),
            ("class Reg: pass", "Reg", "class"),
            ("class Reg: pass", "Reg()", "instance"),
            ("", "lambda w: 0", "lambda"),
            ("@tf.keras.utils.register_keras_serializable('p')\nclass Reg: pass", "Reg()", "instance"),
        ],
    )
    def test_what_the_file_defines_is_a_function(self, definition, expression, kind):
        found = value(f"{definition}\nDense(4, kernel_regularizer={expression})\n")
        assert isinstance(found, Function)
        assert (found.kind, found.provenance) == (kind, Provenance.EXACT)

    @pytest.mark.parametrize(
        ("definition", "expression"),
        [("def reg(w): return 0", "reg"), ("class reg: pass", "reg"), ("class reg: pass", "reg()")],
    )
    def test_what_is_decorated_may_be_something_else(self, definition, expression):
        assert given(f"@f\n{definition}\nDense(4, kernel_regularizer={expression})\n") == Because("'reg' is decorated")

    def test_the_callee_and_the_call_have_their_places(self):
        found = value("Dense(4, kernel_regularizer=outside.l2 (0.1))\n")
        source = PRELUDE + "Dense(4, kernel_regularizer=outside.l2 (0.1))\n"
        assert isinstance(found, Construct)
        assert source[found.span.start : found.span.end] == "outside.l2 (0.1)"
        assert source[found.callee_span.start : found.callee_span.end] == "outside.l2"


class TestArguments:
    CALL = "Dense(4, *a, 'relu', kernel_regularizer = (l2(0.1)), **k)\n"

    def test_each_is_told_as_it_stands(self):
        (layer,) = layers(self.CALL)
        assert [(a.star, a.keyword, a.source) for a in layer.arguments] == [
            ("", None, "4"),
            ("*", None, "a"),
            ("", None, "'relu'"),
            ("", "kernel_regularizer", "l2(0.1)"),
            ("**", None, "k"),
        ]

    def test_only_those_before_a_star_have_a_certain_index(self):
        (layer,) = layers(self.CALL)
        assert [a.source for a in layer.positional] == ["4"]

    def test_a_star_is_told(self):
        (layer,) = layers(self.CALL)
        assert layer.has_star


class TestBounds:
    """Programs that grow without bound when they are worked out naively."""

    @pytest.mark.parametrize(
        "step", ["x + x", "(x, x)", "[x, x]", "{'x': x, 'y': x}", "outside.f(x, x)", "x if c else -x"]
    )
    def test_a_value_that_doubles_at_each_step(self, step):
        body = "x = 1\n" + f"x = {step}\n" * 100 + "Dense(4, kernel_regularizer=l2(x))\n"
        assert len(layers(body)) == 1

    @pytest.mark.parametrize("step", ["x + x", "outside.f(x, x)"])
    def test_and_is_asked_for_at_each_step(self, step):
        body = "x = 1\n" + f"x = {step}\nDense(4, kernel_regularizer=l2(x))\n" * 100
        assert len(layers(body)) == 100

    def test_a_name_in_many_branches_that_are_each_asked_for(self):
        body = "".join(f"if c{n}:\n    x = {n}\nDense(4, kernel_regularizer=x)\n" for n in range(200))
        assert given(body) == Because("bound in too many places to follow")

    def test_a_long_chain_of_names(self):
        body = "x0 = 0.1\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(1000))
        assert given(body + "Dense(4, kernel_regularizer=x1000)\n") == Because("too deeply nested")

    def test_a_long_chain_of_aliases(self):
        body = "import keras\nx0 = keras.layers\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(1000))
        (layer,) = facts(body + "x1000.Dense(4, kernel_regularizer='l2')\n").layers
        assert layer.layer is None


def test_or_gives_what_stands_in_for_none():
    assert given("x = None\nDense(1, kernel_regularizer=x or 0.1)") == 0.1


def test_or_gives_a_left_side_that_counts_as_true():
    assert given("x = 0.2\nDense(1, kernel_regularizer=x or 0.1)") == 0.2


def test_or_on_a_default_is_no_surer_than_the_default():
    assert given("def make(x=None):\n    Dense(1, kernel_regularizer=x or 0.1)\n") == Default(0.1)


def test_and_gives_the_right_side_of_what_counts_as_true():
    assert given("x = 0.2\nDense(1, kernel_regularizer=x and l2(x))") == of_l2(0.2)


def test_or_on_what_is_not_known():
    assert given("Dense(1, kernel_regularizer=outside.x() or 0.1)") == Because(
        "by the truth of something that is not known"
    )


def test_or_on_one_of_two_values_may_be_either():
    body = "x = None if outside.flag() else 0.2\nDense(1, kernel_regularizer=x or 0.1)"
    assert given(body) == OneOfThese({0.1, 0.2})


def test_getattr_with_a_plain_name_is_an_attribute():
    assert given('from keras import regularizers\nDense(1, kernel_regularizer=getattr(regularizers, "l2")(0.1))') == (
        of_l2(0.1)
    )


def test_getattr_of_the_files_own_is_not_pythons():
    body = "from keras import regularizers\ndef getattr(a, b): return outside.reg\n"
    body += "Dense(1, kernel_regularizer=getattr(regularizers, 'l2'))"
    with pytest.raises(TypeError):  # a symbol of another module, not `l2`
        given(body)
