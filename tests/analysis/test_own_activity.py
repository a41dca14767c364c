"""Own layers and activity regularizers: which drop one that they take, and which add one twice."""

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import inspect
import outside
import keras
from keras import regularizers
from keras.layers import Dense, Layer, LSTM, SimpleRNN, TimeDistributed
from keras.regularizers import l2

"""
LAYER = """\
class Gate({base}):
    def __init__(self, units=4, activity_regularizer=None, **kwargs):
        {init}

    def call(self, x):
        {call}
        return x
"""
SUPER = "super().__init__(**kwargs)"
GET = "regularizers.get(activity_regularizer)"


def source(init: str, base: str = "Layer", call: str = "pass", more: str = "") -> str:
    rows = init.replace("\n", "\n        ")
    return IMPORTS + LAYER.format(base=base, init=rows, call=call) + more


def dropped(init: str, base: str = "Layer", call: str = "pass", more: str = "") -> list[tuple[str, str, bool]]:
    found = facts(source(init, base, call, more)).parameters.dropped
    return [(each.owner, each.kept, each.reset) for each in found]


class TestDropped:
    @pytest.mark.parametrize("base", ["Layer", "keras.layers.Layer", "keras.Model", "Dense"])
    def test_a_parameter_that_no_row_reads(self, base):
        assert dropped(SUPER, base) == [("Gate", "", False)]

    def test_one_that_is_only_checked(self):
        init = f"{SUPER}\nif activity_regularizer is None:\n    raise ValueError('needed')"
        assert dropped(init) == [("Gate", "", False)]

    def test_one_that_is_kept_by_another_name(self):
        assert dropped(f"{SUPER}\nself.penalty = {GET}") == [("Gate", "penalty", False)]

    def test_one_that_the_configuration_alone_tells(self):
        config = "\n    def get_config(self):\n        return {'activity_regularizer': self.penalty}\n"
        assert dropped(f"{SUPER}\nself.penalty = {GET}", more=config) == [("Gate", "penalty", False)]

    @pytest.mark.parametrize("name", ["super()", "super(Gate, self)"])
    def test_one_that_the_base_class_sets_anew(self, name):
        assert dropped(f"self.activity_regularizer = {GET}\n{name}.__init__(**kwargs)") == [("Gate", "", True)]

    def test_a_constructor_that_passes_it_on_can_be_written(self):
        (found,) = facts(source(SUPER)).parameters.dropped
        assert source(SUPER)[: found.forward_at].endswith("super().__init__(**kwargs")

    def test_a_model_of_keras_2_takes_none(self):
        (found,) = facts(source(SUPER, "keras.Model")).parameters.dropped
        assert found.forward_at is None

    @pytest.mark.parametrize(
        "init",
        [
            "super().__init__(activity_regularizer=activity_regularizer, **kwargs)",
            "kwargs['activity_regularizer'] = activity_regularizer\nsuper().__init__(**kwargs)",
            "super().__init__(**{'activity_regularizer': activity_regularizer, **kwargs})",
            f"{SUPER}\nself.activity_regularizer = {GET}",
            f"{SUPER}\nself.activity_regularizer = activity_regularizer",
            f"{SUPER}\nself.inner = Dense(units, activity_regularizer=activity_regularizer)",
            f"{SUPER}\noptions = dict(activity_regularizer=activity_regularizer)\nself.inner = Dense(units, **options)",
            f"{SUPER}\nsetattr(self, 'activity_regularizer', activity_regularizer)",
            f"{SUPER}\nself.options = locals()",
            f"{SUPER}\nself.options = inspect.signature(type(self).__init__)",
            f"{SUPER}\noutside.configure(self, activity_regularizer)",
            f"self.activity_regularizer = {GET}\n{SUPER}\nself.activity_regularizer = {GET}",
            f"if units:\n    super().__init__(**kwargs)\nself.activity_regularizer = {GET}",
        ],
    )
    def test_one_that_is_handed_on_or_may_be(self, init):
        assert dropped(init) == []

    @pytest.mark.parametrize("call", ["self.add_loss(self.penalty(x))", "vars(self)", "getattr(self, x)"])
    def test_one_that_a_method_reads_or_may_read(self, call):
        assert dropped(f"{SUPER}\nself.penalty = {GET}", call=call) == []

    def test_one_that_a_subclass_reads(self):
        more = "\nclass Priced(Gate):\n    def call(self, x):\n        return x * self.penalty(x)\n"
        assert dropped(f"{SUPER}\nself.penalty = {GET}", more=more) == []

    def test_another_class_that_reads_its_own_reads_nothing_of_this(self):
        more = "\nclass Other:\n    def __init__(self, p):\n        self.penalty = p\n    def f(self):\n"
        more += "        return self.penalty\n"
        assert dropped(f"{SUPER}\nself.penalty = {GET}", more=more) == [("Gate", "penalty", False)]

    @pytest.mark.parametrize("base", ["outside.Layer", "object", "Layer, outside.Mixin", "Layer, metaclass=outside.M"])
    def test_a_class_that_may_be_no_layer_or_more_than_one(self, base):
        assert dropped(SUPER, base) == []

    @pytest.mark.parametrize("decorator", ["@outside.layer\n", "@outside.configured()\n"])
    def test_a_class_that_a_decorator_may_change(self, decorator):
        code = source(SUPER).replace("class Gate", f"{decorator}class Gate")
        assert not facts(code).parameters.dropped

    def test_a_constructor_that_a_decorator_may_change(self):
        code = source(SUPER).replace("    def __init__", "    @outside.captured\n    def __init__")
        assert not facts(code).parameters.dropped

    def test_a_base_class_that_is_never_called(self):
        code = source(SUPER).replace("def call(self, x):", "def apply(self, x):")
        assert not facts(code).parameters.dropped

    def test_a_property_of_that_name(self):
        more = "\n    @property\n    def activity_regularizer(self):\n        return l2(0.1)\n"
        assert dropped(SUPER, more=more) == []

    def test_layout_and_comments_change_nothing(self):
        code = source(SUPER).replace(
            "activity_regularizer=None", "\n        # for locals()\n        activity_regularizer = None"
        )
        assert [each.owner for each in facts(code).parameters.dropped] == ["Gate"]


INNER = "Dense(units, activity_regularizer={given})"
OWN = "self.activity_regularizer"
KEPT = f"{SUPER}\n{OWN} = {GET}"
HANDED_UP = "super().__init__(activity_regularizer=activity_regularizer, **kwargs)"
RUN = "x = self.inner(x)"
GIVEN = INNER.format(given=OWN)


def repeated(init: str, base: str = "Layer", call: str = RUN, more: str = "") -> list[tuple[str, str]]:
    found = facts(source(init, base, call, more)).parameters.repeated
    return [(each.owner, each.layer) for each in found]


def inner(given: str) -> str:
    return f"\nself.inner = {INNER.format(given=given)}"


class TestRepeated:
    @pytest.mark.parametrize("given", [OWN, "activity_regularizer", GET, f"regularizers.get({OWN})"])
    @pytest.mark.parametrize("keeps", [KEPT, HANDED_UP])
    def test_a_layer_inside_that_is_given_what_the_outer_one_keeps(self, keeps, given):
        assert repeated(keeps + inner(given)) == [("Gate", "Dense")]

    def test_a_model_that_sets_it(self):
        assert repeated(KEPT + inner(OWN), "keras.Model") == [("Gate", "Dense")]

    def test_a_name_that_stands_for_it(self):
        assert repeated(f"{HANDED_UP}\npenalty = {GET}{inner('penalty')}") == [("Gate", "Dense")]

    def test_a_dict_that_brings_it(self):
        init = f"{KEPT}\noptions = {{'activity_regularizer': {OWN}}}\nself.inner = Dense(units, **options)"
        (found,) = facts(source(init, call=RUN)).parameters.repeated
        assert found.argument is None

    @pytest.mark.parametrize("given", [OWN, "kwargs.get('activity_regularizer')"])
    def test_what_comes_by_all_keywords(self, given):
        code = source(SUPER + inner(given), call=RUN).replace("activity_regularizer=None, ", "")
        assert [each.layer for each in facts(code).parameters.repeated] == ["Dense"]

    @pytest.mark.parametrize(
        ("given", "layers"),
        [("activity_regularizer='l2'", ["Dense"]), ("activity_regularizer=None", []), ("name='gate'", [])],
    )
    def test_a_layer_that_gets_the_same_keywords_once_somebody_gives_it(self, given, layers):
        init = f"{SUPER}\nself.inner = Dense(units, **kwargs)"
        code = source(init, call=RUN, more=f"\nGate({given})\n").replace("activity_regularizer=None, ", "", 1)
        assert [each.layer for each in facts(code).parameters.repeated] == layers

    def test_several_layers_inside(self):
        init = KEPT + inner(OWN) + f"\nself.other = LSTM(units, activity_regularizer={OWN})"
        assert repeated(init, call="x = self.other(self.inner(x))") == [("Gate", "Dense"), ("Gate", "LSTM")]

    def test_an_own_layer_inside(self):
        more = "\n\nclass Outer(Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        more += f"        self.gate = Gate(activity_regularizer={OWN})\n"
        more += "    def call(self, x):\n        return self.gate(x)\n"
        assert repeated(HANDED_UP, call="pass", more=more) == [("Outer", "Gate")]

    def test_an_own_layer_inside_that_drops_it(self):
        more = "\n\nclass Outer(Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        more += f"        self.gate = Gate(activity_regularizer={OWN})\n"
        more += "    def call(self, x):\n        return self.gate(x)\n"
        assert repeated(SUPER, call="pass", more=more) == []

    @pytest.mark.parametrize(
        ("init", "call"),
        [
            (f"self.inner: Layer = {GIVEN}", RUN),
            (f"dense = {GIVEN}\nself.inner = dense", RUN),
            (f"self.inner = {GIVEN}", "run = self.inner\n        x = run(x)"),
            (f"self.inner = [{GIVEN} for _ in range(3)]", "for each in self.inner:\n            x = each(x)"),
            (f"self.inner = [{GIVEN}, Dense(4)]", "x = self.inner[0](x)"),
            (f"self.inner = {{'a': {GIVEN}}}", "x = self.inner['a'](x)"),
            (
                f"self.inner = []\nself.inner.append({GIVEN})",
                "for i, e in enumerate(self.inner):\n            x = e(x)",
            ),
            (f"found = []\nfor i in range(3):\n    found.append({GIVEN})\nself.inner = found", "x = self.inner[1](x)"),
            (f"self.inner = keras.Sequential([{GIVEN}, Dense(4)])", RUN),
            (f"self.inner = keras.Sequential()\nself.inner.add({GIVEN})", RUN),
        ],
    )
    def test_wherever_the_layer_inside_is_kept(self, init, call):
        assert repeated(f"{KEPT}\n{init}", call=call) == [("Gate", "Dense")]

    @pytest.mark.parametrize(
        "call",
        [
            "self.add_loss(self.activity_regularizer(x))",
            "loss = self.activity_regularizer(x)\n        self.add_loss(loss)",
            "if self.activity_regularizer:\n            self.add_loss(self.activity_regularizer(x))",
        ],
    )
    def test_what_it_returns_that_is_added_as_a_loss(self, call):
        assert repeated(KEPT, call=call) == [("Gate", "add_loss")]

    @pytest.mark.parametrize(
        ("init", "call"),
        [
            (SUPER + inner("activity_regularizer"), RUN),  # the layer inside alone has it
            (KEPT, "pass"),
            (KEPT + inner("None"), RUN),
            (KEPT + inner("l2(0.1)"), RUN),
            (KEPT + inner("outside.penalty"), RUN),
            (KEPT + inner(OWN), "pass"),  # it never runs
            (KEPT + inner(OWN) + f"\n{OWN} = None", RUN),
            (f"{SUPER}\n{OWN} = None{inner('activity_regularizer')}", RUN),
            (KEPT + inner(OWN), "x = x * self.inner.kernel"),
            (KEPT + inner(OWN), "x = outside.run(self.inner, x)"),
            (f"{KEPT}\noutside.keep({GIVEN})", RUN),
            (f"{KEPT}\nself.inner = outside.wrap({GIVEN})", RUN),
            (KEPT, "self.add_loss(self.other(x))"),
            (KEPT, "outside.add_loss(self.activity_regularizer(x))"),
            (SUPER + "\nself.penalty = " + GET, "self.add_loss(self.penalty(x))"),
            (f"{OWN} = {GET}\n{SUPER}{inner(OWN)}", RUN),  # the base class has set it to None
            (f"{SUPER}\n{OWN} = l2(0.1){inner('activity_regularizer')}", RUN),
            (f"{KEPT}\nself.inner = TimeDistributed(Dense(4, activity_regularizer={OWN}))", RUN),
            (f"{KEPT}\nself.inner = outside.Dense(4, activity_regularizer={OWN})", RUN),
            (f"super().__init__(activity_regularizer=None, **kwargs){inner('activity_regularizer')}", RUN),
        ],
    )
    def test_a_penalty_that_is_added_once_or_may_be(self, init, call):
        assert repeated(init, call=call) == []

    @pytest.mark.parametrize("base", ["outside.Layer", "Dense", "Layer, outside.Mixin"])
    def test_a_base_that_may_do_anything_with_it(self, base):
        assert repeated(KEPT + inner(OWN), base) == []

    @pytest.mark.parametrize(
        "more",
        [
            "\nGate().activity_regularizer = None\n",
            "\n    def __call__(self, x):\n        return self.inner(x)\n",
            "\n    @property\n    def activity_regularizer(self):\n        return None\n",
        ],
    )
    def test_an_outer_layer_that_may_not_apply_it(self, more):
        assert repeated(KEPT + inner(OWN), more=more) == []

    def test_keywords_from_which_it_was_taken(self):
        init = "penalty = kwargs.pop('activity_regularizer', None)\n" + SUPER + inner("penalty")
        code = source(init, call=RUN).replace("activity_regularizer=None, ", "")
        assert not facts(code).parameters.repeated
