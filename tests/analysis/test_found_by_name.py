"""Regularizers that a configuration names: `getattr`, JSON texts, and dicts that layers of Keras are given."""

from __future__ import annotations

import pytest

from kreglint.engine.check import check
from kreglint.facts.values import Const, Construct, Mapping, Unknown, Value
from kreglint.settings.schema import Settings
from tests.analysis.reading import facts

HEAD = "import json\nimport outside\nfrom keras import layers, regularizers\nfrom keras.layers import Dense\n"
GET = "getattr(regularizers, c['name'])(**c['kwargs'])"


def given(body: str) -> Value:
    argument = facts(HEAD + body).layers[-1].keyword("kernel_regularizer")
    assert argument is not None
    return argument.value


class TestGetattr:
    @pytest.mark.parametrize(
        "steps",
        [
            "c = {'name': 'l2', 'kwargs': {'l2': 0.1}}\n",
            "config = {'net': {'reg': {'name': 'l2', 'kwargs': {'l2': 0.1}}}}\nc = config['net']['reg']\n",
            'c = json.loads(\'{"name": "l2", "kwargs": {"l2": 0.1}}\')\n',
        ],
    )
    @pytest.mark.parametrize(
        "call", [f"reg = {GET}", "cls = getattr(regularizers, c['name'])\nreg = cls(**c['kwargs'])"]
    )
    def test_a_configuration_that_is_known(self, steps, call):
        found = given(f"{steps}{call}\nDense(4, kernel_regularizer=reg)\n")
        assert isinstance(found, Construct)
        assert found.symbol.canonical == "keras.regularizers.l2"
        factor = found.keyword("l2").value
        assert isinstance(factor, Const)
        assert factor.value == 0.1

    def test_the_call_is_judged_as_any_other(self):
        body = f"c = {{'name': 'l2', 'kwargs': {{'l2': -0.1}}}}\nDense(4, kernel_regularizer={GET})\n"
        assert [found.code for found in check(HEAD + body, "net.py", Settings(keras_version="3"))] == ["KRG201"]

    @pytest.mark.parametrize(
        "steps",
        ["c = outside.config\n", "c = {'name': outside.name, 'kwargs': {}}\n", "c = json.loads(outside.text)\n"],
    )
    def test_one_that_is_not_known(self, steps):
        assert isinstance(given(f"{steps}Dense(4, kernel_regularizer={GET})\n"), Unknown)

    def test_a_layer_that_is_found_so(self):
        (layer,) = facts(HEAD + "c = {'a': 'Conv2D'}\ngetattr(layers, c['a'])(4, kernel_regularizer='l2')\n").layers
        assert layer.dotted == "getattr(layers, c['a'])"


class TestJson:
    def test_a_text_that_is_no_json(self):
        assert isinstance(given("c = json.loads('{')\nDense(4, kernel_regularizer=c)\n"), (Construct, Unknown))

    def test_an_option_may_make_anything_of_it(self):
        found = given("c = json.loads('{}', object_hook=outside.hook)\nDense(4, kernel_regularizer=c)\n")
        assert not isinstance(found, Mapping)


class TestDictsGivenToLayers:
    CONFIG = "reg = {'class_name': 'L2', 'config': {'l2': 0.1}}\n"

    @pytest.mark.parametrize(
        "uses",
        [
            "",
            "Dense(3, bias_regularizer=reg)\n",
            "layers.Conv2D(3, 3, kernel_regularizer=reg)\n",
            "for n in (1, 2):\n    Dense(n, kernel_regularizer=reg)\n",
            "def block(r):\n    return Dense(3, kernel_regularizer=r)\nblock(reg)\n",
        ],
    )
    def test_layers_of_keras_only_read_it(self, uses):
        assert isinstance(given(f"{self.CONFIG}{uses}Dense(4, kernel_regularizer=reg)\n"), Mapping)

    @pytest.mark.parametrize(
        "uses",
        [
            "outside.keep(reg)\n",
            "outside.Layer(3, kernel_regularizer=reg)\n",
            "def block(r):\n    r['class_name'] = 'L1'\nblock(reg)\n",
            "kept = [reg]\n",
        ],
    )
    def test_others_may_change_it(self, uses):
        assert isinstance(given(f"{self.CONFIG}{uses}Dense(4, kernel_regularizer=reg)\n"), Unknown)
