"""Dicts: what is put into them, taken out of them, and unpacked into a layer."""

from __future__ import annotations

import pytest

from kreglint.facts.values import Provenance
from tests.analysis.reading import Because, Call, Default, OneOfThese, given, layers, of_l2, plain

REG = "kernel_regularizer"
SHARED = Because("a dict within a dict that is used elsewhere too")


class TestUnpacking:
    @pytest.mark.parametrize(
        "steps",
        [
            "d = {'kernel_regularizer': l2(0.1)}",
            "d = dict(kernel_regularizer=l2(0.1))",
            "d = {}\nd['kernel_regularizer'] = l2(0.1)",
            "d = {}\nd.update(kernel_regularizer=l2(0.1))",
            "d = {}\nd.update({'kernel_regularizer': l2(0.1)})",
            "d = {}\nd.setdefault('kernel_regularizer', l2(0.1))",
            "base = {'kernel_regularizer': l2(0.1)}\nd = {**base, 'padding': 'same'}",
            "base = {'kernel_regularizer': l2(0.1)}\nd = base.copy()\nbase.clear()",
            "base = {'kernel_regularizer': l2(0.3)}\nd = dict(base, kernel_regularizer=l2(0.1))",
            "def options():\n    d = {}\n    d['kernel_regularizer'] = l2(0.1)\n    return d\nd = options()",
        ],
    )
    def test_a_dict_that_is_known(self, steps):
        assert given(f"{steps}\nDense(4, **d)\n") == of_l2(0.1)

    def test_a_display_in_the_call(self):
        assert given("Dense(4, **{'kernel_regularizer': l2(0.1)})\n") == of_l2(0.1)

    def test_a_dict_that_is_known_whole_brings_nothing_else(self):
        (layer,) = layers("d = {'kernel_regularizer': l2(0.1)}\nDense(4, **d)\n")
        assert not layer.has_star
        assert layer.keyword(REG).inherited

    def test_an_unknown_part_leaves_what_is_written_after_it(self):
        (layer,) = layers("d = {**outside.more, 'kernel_regularizer': l2(0.1)}\nDense(4, **d)\n")
        assert layer.has_star
        assert plain(layer.keyword(REG).value) == of_l2(0.1)

    @pytest.mark.parametrize(
        "steps",
        [
            "d = {'kernel_regularizer': l2(0.1), **outside.more}",
            "d = {'kernel_regularizer': l2(0.1)}\nd.update(outside.more)",
            "d = {'kernel_regularizer': l2(0.1)}\nd[outside.key] = 1",
            "d = {'kernel_regularizer': l2(0.1)}\noutside.change(d)",
            "d = {'kernel_regularizer': l2(0.1)}\ne = d\ne.clear()",
            "d = e = {'kernel_regularizer': l2(0.1)}\ne.clear()",
            "d = {'kernel_regularizer': l2(0.1)}\ndef clear():\n    d.clear()",
            "d = {'kernel_regularizer': l2(0.1)}\nfor _ in outside.x:\n    d.update(d)",
        ],
    )
    def test_a_dict_that_may_be_changed_is_not_known(self, steps):
        (layer,) = layers(f"{steps}\nDense(4, **d)\n")
        assert layer.has_star
        assert layer.keyword(REG) is None

    def test_a_branch_that_sets_it_or_not(self):
        body = "d = {}\nif outside.flag:\n    d['kernel_regularizer'] = l2(0.1)\nDense(4, **d)\n"
        assert given(body) == OneOfThese({of_l2(0.1), None})


class TestReading:
    @pytest.mark.parametrize(
        "expression",
        ["d['decay']", "d.get('decay')", "d.get('decay', 1)", "d.pop('decay')", "d.setdefault('decay', 1)"],
    )
    def test_an_entry(self, expression):
        assert given(f"d = {{'decay': 0.1}}\nDense(4, kernel_regularizer=l2({expression}))\n") == of_l2(0.1)

    @pytest.mark.parametrize("expression", ["d.get('decay', 0.1)", "d.pop('decay', 0.1)", "d.setdefault('decay', 0.1)"])
    def test_a_default_where_there_is_no_entry(self, expression):
        assert given(f"d = {{}}\nDense(4, kernel_regularizer=l2({expression}))\n") == of_l2(0.1)

    def test_an_entry_that_is_not_there(self):
        assert given("d = {}\nDense(4, kernel_regularizer=d['decay'])\n") == Because("an entry that is not known")

    def test_pop_gives_what_was_there_before(self):
        assert given("d = {'r': l2(0.1)}\nreg = d.pop('r')\nDense(4, kernel_regularizer=reg)\n") == of_l2(0.1)

    def test_an_item_of_a_tuple(self):
        assert given("t = (l2(0.1), None)\nDense(4, kernel_regularizer=t[0])\n") == of_l2(0.1)

    def test_a_dict_kept_in_an_attribute(self):
        body = "class Net:\n    def __init__(self):\n        self.d = {'r': l2(0.1)}\n"
        body += "    def build(self):\n        Dense(4, kernel_regularizer=self.d['r'])\n"
        assert given(body) == of_l2(0.1)

    @pytest.mark.parametrize(
        "step",
        [
            "self.d['r'] = l2(0.2)",
            "self.d.update(r=l2(0.2))",
            "outside.change(self.d)",
            "d = self.d",
            "getattr(self, 'd')",
            "getattr(self, outside.name)",
            "setattr(self, 'd', {})",
        ],
    )
    def test_a_dict_kept_in_an_attribute_that_may_be_changed(self, step):
        body = "class Net:\n    def __init__(self):\n        self.d = {'r': l2(0.1)}\n"
        body += f"    def change(self):\n        {step}\n"
        body += "    def build(self):\n        Dense(4, kernel_regularizer=self.d['r'])\n"
        assert isinstance(given(body), Because)


class TestKeywordsOfAFunction:
    def test_without_callers_a_set_default_is_a_default(self):
        body = "def block(**kw):\n    kw.setdefault('kernel_regularizer', l2(0.1))\n    Dense(4, **kw)\n"
        assert given(body) == Default(of_l2(0.1))

    def test_without_callers_what_update_may_replace_is_a_default(self):
        body = (
            "def dark(*args, **kw):\n    d = {'kernel_regularizer': l2(0.1)}\n    d.update(kw)\n    Dense(*args, **d)\n"
        )
        value = layers(body)[0].keyword(REG).value
        assert value.provenance is Provenance.DEFAULT

    def test_what_a_caller_passes(self):
        body = "def block(**kw):\n    Dense(4, **kw)\nblock(kernel_regularizer=l2(0.1))\n"
        (layer,) = layers(body)
        assert layer.keyword(REG).value.provenance is Provenance.CALLERS
        assert not layer.has_star

    def test_a_caller_that_passes_none_of_it_leaves_no_regularizer(self):
        body = "def block(**kw):\n    Dense(4, **kw)\nblock(kernel_regularizer=l2(0.1))\nblock()\n"
        (layer,) = layers(body)
        value = layer.keyword(REG).value
        assert value.provenance is Provenance.CALLERS
        assert [type(way).__name__ for way in value.alternatives] == ["Construct", "Const"]

    def test_keywords_of_parameters_are_not_among_them(self):
        body = "def block(units, **kw):\n    Dense(units, **kw)\nblock(4, kernel_regularizer=l2(0.1))\n"
        (layer,) = layers(body)
        assert [argument.keyword for argument in layer.arguments] == [None, None, REG]

    def test_through_two_wrappers(self):
        body = "def inner(**kw):\n    Dense(4, **kw)\ndef outer(**kw):\n    inner(**kw)\n"
        (layer,) = layers(f"{body}outer(kernel_regularizer=l2(0.1))\n")
        assert layer.keyword(REG).value.provenance is Provenance.CALLERS


class TestPartial:
    HEAD = "from functools import partial\n"

    def test_a_layer(self):
        assert given(f"{self.HEAD}dense = partial(Dense, kernel_regularizer=l2(0.1))\ndense(4)\n") == of_l2(0.1)

    def test_the_call_wins(self):
        body = f"{self.HEAD}dense = partial(Dense, kernel_regularizer=l2(0.1))\ndense(4, kernel_regularizer=None)\n"
        assert given(body) is None

    def test_a_partial_of_a_partial(self):
        body = f"{self.HEAD}a = partial(Dense, kernel_regularizer=l2(0.1))\nb = partial(a, activation='relu')\nb(4)\n"
        assert given(body) == of_l2(0.1)

    def test_a_regularizer(self):
        body = f"{self.HEAD}reg = partial(l2, 0.1)\nDense(4, kernel_regularizer=reg())\n"
        assert given(body) == of_l2(0.1)

    def test_a_function_of_the_file(self):
        body = f"{self.HEAD}def make(a, b):\n    return l2(b)\nreg = partial(make, 1)\n"
        assert given(f"{body}Dense(4, kernel_regularizer=reg(0.1))\n") == of_l2(0.1)

    def test_arguments_that_are_not_known(self):
        assert layers(f"{self.HEAD}dense = partial(Dense, **outside.x)\ndense(4)\n") == []


class TestDictsWithinDicts:
    HELD = "d = {'model': {'head': {'decay': 0.1}}, 'decay': 3}\n"
    READ = "Dense(4, kernel_regularizer=l2(d['model']['head']['decay']))\n"

    @pytest.mark.parametrize(
        "expression",
        [
            "d['model']['head']['decay']",
            "d.get('model')['head'].get('decay')",
            "d.get('model', {}).get('head', {}).get('decay', 1)",
        ],
    )
    def test_an_entry(self, expression):
        assert given(f"{self.HELD}Dense(4, kernel_regularizer=l2({expression}))\n") == of_l2(0.1)

    def test_one_that_is_unpacked_into_a_layer(self):
        assert given("d = {'dense': {'kernel_regularizer': l2(0.1)}}\nDense(4, **d['dense'])\n") == of_l2(0.1)

    @pytest.mark.parametrize(
        "steps",
        [
            "d['decay'] = 4",
            "other = d['decay']",
            "print(d)",
            "if 'model' in d: pass",
            "e = {'model': {}}\ne['model']['head'] = 5",
        ],
    )
    def test_steps_that_leave_it_as_it_is(self, steps):
        assert given(f"{self.HELD}{steps}\n{self.READ}") == of_l2(0.1)

    @pytest.mark.parametrize(
        "steps",
        [
            "d['model']['head']['decay'] = 5",
            "d['model']['head'].update(decay=5)",
            "d.get('model')['head'] = {}",
            "d.setdefault('model', {})['head'] = {}",
            "head = d['model']['head']\nhead['decay'] = 5",
            "head = other = d['model']['head']",
            "e = d.copy()",
            "e = dict(d)",
            "e = {**d}",
            "e = {}\ne.update(d)",
            "for part in d.values():\n    part.clear()",
            "outside.change(d['model'])",
            "outside.change(d[outside.key])",
            "outside.change(**d)",
            "def clear():\n    del d['model']['head']",
        ],
    )
    def test_steps_after_which_it_may_be_another(self, steps):
        assert given(f"{self.HELD}{steps}\n{self.READ}") == Call("keras.regularizers.l2", (SHARED,))

    def test_a_dict_in_a_dict_in_an_attribute(self):
        body = "class Net:\n    D = {'head': {'decay': 0.1}}\nDense(4, kernel_regularizer=l2(Net.D['head']['decay']))\n"
        assert given(body) == Call("keras.regularizers.l2", (0.1,))

    @pytest.mark.parametrize(
        "step",
        [
            "head = Net.D['head']",
            "Net.D['head']['decay'] = 0.2",
            "Net().D['head'].update(decay=0.2)",
            "for head in Net.D.values():\n    head.clear()",
            "outside.f(Net.D['head'])",
            "outside.f({**Net.D})",
            "outside.f(Net.D.items())",
            "outside.f(dict(Net.D))",
            "outside.f(Net.D.get('head'))",
        ],
    )
    def test_a_dict_in_a_dict_in_an_attribute_that_may_be_changed(self, step):
        body = f"class Net:\n    D = {{'head': {{'decay': 0.1}}}}\n{step}\n"
        assert given(body + "Dense(4, kernel_regularizer=l2(Net.D['head']['decay']))\n") == of_l2(SHARED)


def test_a_parameter_that_another_function_of_the_same_name_hands_on():
    other = "def g(**kw):\n    outside.f(kw)\n"
    body = "def f(**kw):\n    kw.setdefault('w', 0.1)\n    Dense(4, kernel_regularizer=kw['w'])\n"
    assert given(other + body) == Default(0.1)


class TestFurtherNames:
    """Names that a dict, or one within it, gets by an assignment or as a parameter."""

    D = "d = {'a': {'w': 0.1}}\n"
    USE = "Dense(4, kernel_regularizer={})\n"

    @pytest.mark.parametrize(
        ("body", "read"),
        [
            ("e = d['a']\n", "e['w']"),
            ("e = d['a']\n", "d['a']['w']"),
            ("e = d\n", "e['a']['w']"),
            ("e = d\nf = e['a']\n", "f['w']"),
            ("e: dict = d['a']\n", "e['w']"),
            ("def f(p):\n    return p['w']\n", "f(d['a'])"),
            ("def f(p):\n    return l2(p['a']['w'])\n", "f(p=d).l2 if 0 else d['a']['w']"),
            ("def f(p):\n    q = p['a']\n    return q['w']\n", "f(d)"),
            ("def g(q):\n    return q['w']\ndef f(p):\n    return g(p['a'])\n", "f(d)"),
        ],
    )
    def test_that_only_read(self, body, read):
        assert given(self.D + body + self.USE.format(read)) == 0.1

    @pytest.mark.parametrize(
        "body",
        [
            "e = d['a']\ne['w'] = 0.2\n",
            "e = d\ne['a']['w'] = 0.2\n",
            "e = d\nd['a'] = {}\n",
            "e = d['a']\nf = e\nf.clear()\n",
            "e = d['a']\noutside.f(e)\n",
            "e = d\nheld = [e]\n",
            "def f(p):\n    p['w'] = 0.2\nf(d['a'])\n",
            "def f(p):\n    p['a'].clear()\nf(d)\n",
            "def f(p):\n    return p\nf(d['a'])['w'] = 0.2\n",
            "def f(p):\n    q = p\n    return q\nf(d['a'])['w'] = 0.2\n",
            "def g(q):\n    q.pop('w')\ndef f(p):\n    g(p)\nf(d['a'])\n",
            "def f(p):\n    for q in p.values():\n        q.clear()\nf(d)\n",
            "def f(p, **kw):\n    kw['q'].clear()\nf(1, q=d['a'])\n",
            "class N:\n    def __init__(self, p):\n        self.p = p\nN(d['a'])\n",
            "@outside.wrap\ndef f(p):\n    pass\nf(d['a'])\n",
        ],
    )
    def test_that_may_change_it(self, body):
        assert isinstance(given(self.D + body + self.USE.format("d['a']['w']")), Because)

    def test_a_parameter_of_a_function_that_is_called_with_a_dict(self):
        body = "def f(p):\n    Dense(4, kernel_regularizer=p['w'])\nf(d['a'])\n"
        value = layers(self.D + body)[-1].keyword("kernel_regularizer").value
        assert (value.value, value.provenance.word) == (0.1, "callers")


class TestUnions:
    @pytest.mark.parametrize(
        "body",
        [
            "b = {'w': 0.2}\nd = b | {'w': 0.1}\n",
            "b = {'w': 0.1}\nd = {'w': 0.2} | b\n",
            "b = {'w': 0.2}\nc = {'w': 0.1}\nd = {} | b | c\n",
            "d = {'w': 0.2}\nd |= {'w': 0.1}\n",
            "d = {}\nd |= dict(w=0.1)\n",
        ],
    )
    def test_the_right_one_wins(self, body):
        assert given(body + "Dense(4, kernel_regularizer=d['w'])\n") == 0.1

    @pytest.mark.parametrize(
        "body",
        [
            "d = {'w': 0.1} | outside.x\n",
            "d = outside.x | {'v': 0.1}\n",
            "b = {'w': 0.2}\noutside.f(b)\nd = {'w': 0.1} | b\n",
            "d = {'w': 0.1}\ne = d\ne |= {'w': 0.2}\n",
        ],
    )
    def test_of_something_that_is_not_known(self, body):
        assert isinstance(given(body + "Dense(4, kernel_regularizer=d['w'])\n"), Because)

    def test_a_dict_within_one_of_them_is_shared(self):
        body = "b = {'a': {'w': 0.1}}\nc = b | {}\nc['a']['w'] = 0.2\nDense(4, kernel_regularizer=b['a']['w'])\n"
        assert given(body) == SHARED
