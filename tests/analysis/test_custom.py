"""The file's own layers, regularizers and functions: what becomes of the regularizers that they take or make."""

import pytest

from tests.analysis.reading import facts

IMPORTS = """\
import keras
from keras import regularizers
from keras.layers import Dense, Layer
from keras.regularizers import Regularizer, l1, l2

"""
LAYER = """\
class Scale(Layer):
    def __init__(self, scale_regularizer=None):
        super().__init__()
        {init}

    def build(self, shape):
        self.scale = self.add_weight({arguments})
"""
KEPT = "self.scale_regularizer = regularizers.get(scale_regularizer)"


def unforwarded(init: str = KEPT, arguments: str = "name='scale'", more: str = "") -> list[str]:
    source = IMPORTS + LAYER.format(init=init, arguments=arguments) + more
    return [each.name for each in facts(source).custom.unforwarded]


class TestUnforwarded:
    @pytest.mark.parametrize("init", [KEPT, "self._reg = scale_regularizer", "self.a = self.b = scale_regularizer"])
    def test_what_is_kept_and_never_read(self, init):
        assert unforwarded(init) == ["scale_regularizer"]

    def test_what_keras_itself_gets_the_layer_for_reads_no_regularizer(self):
        assert unforwarded(more="        keras.utils.maybe_init_scope(self)\n") == ["scale_regularizer"]

    def test_a_configuration_that_tells_it_gives_it_to_no_weight(self):
        config = "\n    def get_config(self):\n        return {'scale_regularizer': self.scale_regularizer}\n"
        assert unforwarded(more=config) == ["scale_regularizer"]

    @pytest.mark.parametrize(
        ("init", "arguments", "more"),
        [
            (KEPT, "regularizer=self.scale_regularizer", ""),
            ("self.inner = Dense(4, kernel_regularizer=scale_regularizer)", "name='scale'", ""),
            (KEPT, "name='scale'", "\n    def call(self, x):\n        self.add_loss(self.scale_regularizer(x))\n"),
            (KEPT, "**vars(self)", ""),
            (KEPT, "name='scale'", "\n\nclass Other(Scale):\n    pass\n"),
            (KEPT, "name='scale'", "        regularize(self)\n"),
            ("self.options = [scale_regularizer]", "name='scale'", ""),
        ],
    )
    def test_what_is_read_somewhere_or_may_be(self, init, arguments, more):
        assert unforwarded(init, arguments, more) == []


def ignored(body: str) -> list[str]:
    return [each.name for each in facts(IMPORTS + body).custom.ignored]


class TestIgnored:
    def test_a_parameter_that_no_row_reads(self):
        body = "def block(n, kernel_regularizer=None):\n    return Dense(n)"
        assert ignored(body) == ["kernel_regularizer"]

    @pytest.mark.parametrize(
        "body",
        [
            "def block(n, kernel_regularizer=None):\n    return Dense(n, kernel_regularizer=kernel_regularizer)",
            "def block(n, kernel_regularizer=None):\n    return Dense(**locals())",
            "@wrapped\ndef block(n, kernel_regularizer=None):\n    return Dense(n)",
            "class Block:\n    def make(self, n, kernel_regularizer=None):\n        return Dense(n)",
        ],
    )
    def test_one_that_may_be_read(self, body):
        assert ignored(body) == []


def unused(body: str) -> list[str]:
    return [each.name for each in facts(IMPORTS + body).custom.unused]


class TestUnused:
    def test_a_regularizer_whose_name_is_not_read(self):
        assert unused("def build():\n    reg = l2(0.1)\n    return Dense(4)") == ["reg"]

    @pytest.mark.parametrize(
        "body",
        [
            "def build():\n    reg = l2(0.1)\n    return Dense(4, kernel_regularizer=reg)",
            "def build():\n    reg = l2(0.1)\n    return lambda: reg",
            "def build():\n    _ = l2(0.1)\n    return Dense(4)",
            "def build():\n    reg = l2(0.1)\n    return locals()",
            "def build():\n    global reg\n    reg = l2(0.1)",
            "reg = l2(0.1)",
            "def build():\n    reg = other(0.1)\n    return Dense(4)",
        ],
    )
    def test_one_that_is_read_or_may_be_and_what_is_no_regularizer(self, body):
        assert unused(body) == []


CLASS = """\
class Ours(Regularizer):
    def __init__(self, rate, power=2):
        self.rate, self.power = rate, power

    {call}

    {config}
"""
CALL = "def __call__(self, x):\n        return self.rate * x"


def own(config: str, more: str = "") -> list[tuple[tuple[str, ...] | None, bool]]:
    found = facts(IMPORTS + CLASS.format(config=config, call=CALL) + more).custom.regularizers
    return [(each.left_out, each.unregistered) for each in found]


class TestRegularizers:
    def test_one_without_a_configuration(self):
        assert own("pass") == [(None, False)]

    @pytest.mark.parametrize("config", ["{'rate': self.rate}", "dict(rate=self.rate)"])
    def test_one_that_leaves_out_a_parameter(self, config):
        assert own(f"def get_config(self):\n        return {config}") == [(("power",), False)]

    @pytest.mark.parametrize("config", ["{'rate': 1, 'power': 2}", "{**super().get_config()}", "self.config()"])
    def test_one_that_has_all_or_may_have(self, config):
        assert own(f"def get_config(self):\n        return {config}") == []

    def test_one_that_a_file_which_loads_models_does_not_name(self):
        config = "def get_config(self):\n        return {'rate': 1, 'power': 2}"
        assert own(config, "\nkeras.models.load_model('net.keras')\n") == [((), True)]
        assert own(config, "\nkeras.models.load_model('net.keras', custom_objects={'Ours': Ours})\n") == []

    def test_one_that_reads_its_configuration_itself_may_do_without(self):
        config = "def get_config(self):\n        return {'rate': 1}\n\n    def from_config(cls, config):\n        pass"
        assert own(config) == []


def without_call(body: str) -> set[str]:
    """The class `Ours`, if an object of it has no more than the base class's penalty."""
    found = facts(IMPORTS + body + "\n\n\nDense(4, kernel_regularizer=Ours())\n").custom.penalties.values()
    return {"Ours"} if any(penalty.is_empty for penalty in found) else set()


class TestWithoutCall:
    def test_a_class_with_another_method(self):
        assert without_call("class Ours(Regularizer):\n    def penalty(self, x):\n        return x") == {"Ours"}

    @pytest.mark.parametrize(
        "body",
        [
            "class Ours(Regularizer):\n    def __call__(self, x):\n        return x",
            "class Ours(Regularizer):\n    pass\n\n\nOurs.__call__ = lambda self, x: x",
            "class Ours(regularizers.L2):\n    pass",
            "class Ours(Regularizer, Mixin):\n    pass",
            "@patched\nclass Ours(Regularizer):\n    pass",
            "class Ours(Regularizer, metaclass=Meta):\n    pass",
            "class Ours(Regularizer):\n    pass\n\n\nclass Ours(Regularizer):\n    __call__ = penalty",
        ],
    )
    def test_a_class_that_has_one_or_may_get_one(self, body):
        assert without_call(body) == set()


def operations(body: str) -> list[tuple[str, str, str, bool]]:
    source = IMPORTS + body
    return [
        (source[each.span.start : each.span.end], each.l1, each.l2, each.by_number)
        for each in facts(source).custom.arithmetic
    ]


class TestArithmetic:
    @pytest.mark.parametrize(
        ("operation", "l1", "l2"),
        [
            ("l1(0.1) + l2(0.2)", "0.1", "0.2"),
            ("l2(l2=rate) + l1(0.1)", "0.1", "rate"),
            ("l2(0.1) + l2(0.2)", "", "0.2"),
            ("l1(*given) + l2(0.2)", "", "0.2"),
            ("l1(0.1) - l2(0.2)", "", ""),
        ],
    )
    def test_two_regularizers(self, operation, l1, l2):
        assert operations(f"reg = {operation}") == [(operation, l1, l2, False)]

    def test_a_regularizer_and_a_number(self):
        assert operations("reg = 2 * l2(0.2)") == [("2 * l2(0.2)", "", "", True)]

    @pytest.mark.parametrize(
        "body",
        [
            "l2(0.1)(w) + l1(0.1)(w)",
            "scale * l2(0.1)",
            "'%s' % l2(0.1)",
            "[l2(0.1)] + [l1(0.1)]",
            "l2(0.1 + 0.2)",
            "import pytest\nwith pytest.raises(TypeError):\n    l1(0.1) + l2(0.1)",
            "class l1:\n    pass\n\n\nl1() + 1",
        ],
    )
    def test_what_may_have_the_operator(self, body):
        assert operations(body) == []


class TestForeignEntries:
    @pytest.mark.parametrize(
        ("init", "config", "foreign"),
        [
            ("self, rate", "{'scale': 1, 'rate': 1}", ("scale",)),
            ("self, rate", "dict(rate=1, name='ours')", ("name",)),
            ("self, rate, **more", "{'scale': 1, 'rate': 1}", ()),
            ("self, rate", "{'rate': 1}", ()),
            ("self, rate", "{**self.__dict__}", ()),
        ],
    )
    def test_what_a_configuration_has_and_the_constructor_does_not_take(self, init, config, foreign):
        body = (
            "class Ours(Regularizer):\n"
            f"    def __init__({init}):\n        pass\n\n"
            "    def __call__(self, w):\n        return w\n\n"
            f"    def get_config(self):\n        return {config}\n"
        )
        found = facts(IMPORTS + body).custom.regularizers
        assert [each.foreign for each in found if each.foreign] == ([foreign] if foreign else [])
