"""Regularizers of one's own that cannot work: classes, functions and objects, of this file and of others."""

import pytest

from kreglint.engine.api import check_paths, check_source
from kreglint.settings.schema import Settings

RULES = ("KRG103", "KRG106", "KRG107", "KRG110", "KRG111", "KRG312")
IMPORTS = """\
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, regularizers

"""


def codes(body: str, version: str = "3.15", before: str = IMPORTS) -> list[str]:
    settings = Settings(select=RULES, keras_version=version)
    return [each.code for each in check_source(before + body, "a.py", settings)]


def used(made: str, slot: str = "kernel_regularizer") -> str:
    return f"\n\n\nlayers.Dense(4, {slot}={made})\n"


def own(base: str, *methods: str) -> str:
    """A class `Ours` with methods of one line each."""
    body = [f"    def {method}" for method in methods] or ["    pass"]
    return f"class Ours{f'({base})' if base else ''}:\n" + "\n\n".join(body)


CALL = "__call__(self, w): return tf.reduce_sum(w)"
BASE = "regularizers.Regularizer"


class TestObjects:
    @pytest.mark.parametrize(
        ("base", "methods", "code"),
        [
            ("", (CALL,), ["KRG107"]),
            ("abc.ABC", (CALL,), ["KRG107"]),
            ("", (), ["KRG103"]),
            ("", ("penalty(self, w): return 0.1",), ["KRG103"]),
            (BASE, (CALL,), []),
            (BASE, ("call(self, w): return 0.1",), ["KRG312"]),
            ("regularizers.L2", (), []),
            ("Unknown", (), []),
            ("layers.Layer", (), []),
        ],
    )
    def test_by_what_the_class_has(self, base, methods, code):
        assert codes("import abc\n" + own(base, *methods) + used("Ours()")) == code

    def test_what_inherits_its_call(self):
        body = own("", CALL) + "\n\n\nclass Mine(Ours):\n    pass" + used("Mine()")
        assert codes(body) == ["KRG107"]

    @pytest.mark.parametrize("slot", ["activity_regularizer"])
    def test_an_activity_may_be_given_any_function(self, slot):
        assert codes(own("", CALL) + used("Ours()", slot)) == []

    @pytest.mark.parametrize(
        "more",
        [
            "\n\n\nOurs.__call__ = print",
            "\n\n\nsetattr(Ours, name, print)",
            "\n\n\nfrom mylib import patched\npatched(Ours)",
        ],
    )
    def test_a_class_that_may_get_a_call_later(self, more):
        assert codes(own("") + more + used("Ours()")) == []

    def test_a_decorator_that_may_make_something_else(self):
        assert codes("from mylib import patched\n\n\n@patched\n" + own("") + used("Ours()")) == []

    def test_an_object_that_a_class_hands_on_as_itself_may_be_of_another(self):
        body = "class Ours:\n    def make(self):\n        return layers.Dense(4, kernel_regularizer=self)\n"
        assert codes(body) == []

    def test_the_base_class_itself(self):
        assert codes(used("regularizers.Regularizer()")) == ["KRG312"]

    def test_what_another_file_of_the_project_has(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "penalties.py").write_text(IMPORTS + own("", CALL))
        (tmp_path / "net.py").write_text(IMPORTS + "from penalties import Ours\n" + used("Ours()"))
        settings = Settings(select=RULES, keras_version="3.14")
        assert [each.code for report in check_paths(["net.py"], settings) for each in report.diagnostics] == ["KRG107"]


class TestClasses:
    @pytest.mark.parametrize(
        ("init", "version", "message"),
        [
            ("rate", "3.15", "Keras 3 raises TypeError when the layer is constructed"),
            ("rate=0.1", "3.15", "Keras 3 uses it as Ours()"),
            ("rate", "2.21", "Keras 2 fails with ValueError when losses are first read"),
            ("", "2.21", "Keras 2 fails with TypeError when losses are first read"),
            ("rate, power", "2.21", "Keras 2 fails with TypeError when losses are first read"),
        ],
    )
    def test_one_that_is_not_called(self, init, version, message):
        body = own(BASE, CALL, f"__init__(self, {init}): pass") + used("Ours")
        settings = Settings(select=("KRG106",), keras_version=version)
        [found] = check_source(IMPORTS + body, "a.py", settings)
        assert found.message == f"the class 'Ours' is passed without being called: {message}"

    @pytest.mark.parametrize("base", ["Unknown", "layers.Layer"])
    def test_one_whose_base_may_take_the_weights(self, base):
        assert codes(own(base, CALL) + used("Ours")) == []


class TestResults:
    @pytest.mark.parametrize(
        ("body", "number"),
        [
            ("tf.reduce_sum(w)", 1),
            ("penalty = tf.reduce_sum(w)", 1),
            ("pass", 1),
            ("return None", 1),
            ("return tf.reduce_sum(w)", 0),
            ("raise NotImplementedError", 0),
            ("yield tf.reduce_sum(w)", 1),
        ],
    )
    def test_a_call_that_gives_nothing_back(self, body, number):
        assert codes(own(BASE, f"__call__(self, w): {body}") + used("Ours()")).count("KRG110") == number
        function = f"def shrink(w):\n    {body}"
        assert codes(function + used("shrink", "activity_regularizer")).count("KRG110") == number

    def test_one_that_gives_something_back_on_one_way(self):
        body = "def shrink(w):\n    if w is not None:\n        return tf.reduce_sum(w)"
        assert codes(body + used("shrink", "activity_regularizer")) == []


class TestCalls:
    @pytest.mark.parametrize(
        ("parameters", "message"),
        [
            ("self, w, factor", "needs 'factor' besides the weights"),
            ("self, w, *, factor", "needs 'factor' besides the weights"),
            ("self", "takes no weights"),
            ("self, w, factor=1", ""),
            ("self, *given", ""),
            ("self, w, **options", ""),
            ("self, w, /", ""),
        ],
    )
    def test_what_a_call_takes(self, parameters, message):
        body = own(BASE, f"__call__(self, {parameters[6:]}): return 0.1".replace("(self, )", "(self)")) + used("Ours()")
        settings = Settings(select=("KRG111",), keras_version="3.15")
        found = [each.message for each in check_source(IMPORTS + body, "a.py", settings)]
        expected = [f"Ours.__call__ {message}: Keras 3 fails with TypeError when losses are first read"]
        assert found == (expected if message else [])

    @pytest.mark.parametrize(
        ("methods", "number"),
        [
            (("__init__(self): self.rates = 1", "__call__(self, w): return self.rate * w"), 1),
            (("__call__(self, w): return self.rate * w",), 1),
            (("__init__(self): self.rate = 1", "__call__(self, w): return self.rate * w"), 0),
            (("start(self): self.rate = 1", "__call__(self, w): return self.rate * w"), 0),
            (("rate(self): return 1", "__call__(self, w): return self.rate() * w"), 0),
            (("__getattr__(self, name): return 1", "__call__(self, w): return self.rate * w"), 0),
            (("__init__(self, o): self.__dict__.update(o)", "__call__(self, w): return self.rate * w"), 0),
            (("__call__(self, w): return getattr(self, 'rate', 1) * w",), 0),
            (("__call__(self, w): return self.rate * w if w else w",), 0),
            (("__call__(self, w): return self.__class__.__name__",), 0),
        ],
    )
    def test_an_attribute_that_nothing_sets(self, methods, number):
        assert codes(own(BASE, *methods) + used("Ours({})")).count("KRG111") == number

    def test_an_attribute_that_is_set_from_outside(self):
        body = own(BASE, "__call__(self, w): return self.rate * w") + "\n\n\nreg = Ours()\nreg.rate = 0.1"
        assert codes(body + used("reg")) == []

    @pytest.mark.parametrize(
        ("hook", "more", "number"),
        [
            ("set_param", "", 1),
            ("set_layer", "", 1),
            ("set_rate", "", 0),
            ("set_param", "\n\n\nreg = Ours()\nreg.set_param(1)\n", 0),
            ("set_param", "\n\n\nclass Mine(Ours):\n    p = 1\n", 0),
        ],
    )
    def test_what_keras_1_called(self, hook, more, number):
        body = own(BASE, f"{hook}(self, p): self.p = p", "__call__(self, loss): return loss + self.p")
        assert codes(body + more).count("KRG111") == number
        assert codes(body + more, "1.2", "from keras import regularizers\n") == []

    @pytest.mark.parametrize(
        ("value", "number"), [("lambda w, rate: w", 1), ("lambda w, rate=1: w", 0), ("lambda: 0", 1)]
    )
    def test_a_lambda(self, value, number):
        assert codes(used(value, "activity_regularizer")).count("KRG111") == number
