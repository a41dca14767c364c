"""The inventory of a project's own wrappers: a row for each call, with the λ that this call gives the layer."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kreglint.engine.files import report_files
from kreglint.engine.inventory import inventory
from kreglint.engine.reading import read
from kreglint.engine.run import Run
from kreglint.inventory import LayerEntry, counted
from kreglint.output.inventory_summary import summarised
from kreglint.settings.schema import Settings

HEAD = """\
import functools
import outside
from tensorflow.keras import regularizers
from tensorflow.keras.layers import BatchNormalization, Conv2D, Dense, DepthwiseConv2D, Layer
from tensorflow.keras.regularizers import l2

"""
DARKNET = """
@functools.wraps(Conv2D)
def DarknetConv2D(*args, **kwargs):
    options = {"kernel_regularizer": l2(5e-4)}
    options["padding"] = "valid" if kwargs.get("strides") == (2, 2) else "same"
    options.update(kwargs)
    return Conv2D(*args, **options)


def DarknetConv2D_BN_Leaky(*args, **kwargs):
    options = {"use_bias": False}
    options.update(kwargs)
    return outside.compose(DarknetConv2D(*args, **options), BatchNormalization())

"""


def entries(code: str, **settings: str) -> tuple[LayerEntry, ...]:
    return inventory(*read(HEAD + dedent(code), "nets/yolo.py"), Settings(**settings))


def told(entry: LayerEntry) -> list[tuple[str, float | None, str, str | None]]:
    """What a call is said to give: the arguments with their λ of L2, how it was found, and the effect."""
    return [(each.argument, each.l2, each.resolution, each.effect) for each in entry.regularizers]


def of_calls(definition: str, *calls: str) -> list[list[tuple[str, float | None, str, str | None]]]:
    """The same of calls of a wrapper, each on its own row."""
    found = entries(dedent(definition) + "".join(f"\n{call}" for call in calls) + "\n")
    rows = [(HEAD + dedent(definition)).count("\n") + 2 + number for number in range(len(calls))]
    by_row = {entry.location.row: entry for entry in found if entry.entry == "wrapper"}
    return [told(by_row[row]) if row in by_row else [] for row in rows]


WRAPPERS = {
    "a default": "def conv(n, rate=5e-4):\n    return Conv2D(n, 3, kernel_regularizer=l2(rate))\n",
    "by keyword only": "def conv(n, *, rate=5e-4):\n    return Conv2D(n, 3, kernel_regularizer=l2(rate))\n",
    "a default in the body": """
        def conv(n, rate=None):
            if rate is None:
                rate = 5e-4
            return Conv2D(n, 3, kernel_regularizer=l2(rate))
    """,
    "by **kwargs": """
        def conv(n, **kwargs):
            rate = kwargs.pop("rate", 5e-4)
            return Conv2D(n, 3, kernel_regularizer=l2(rate), **kwargs)
    """,
    "by a dict that is updated": """
        def conv(n, **kwargs):
            options = {"kernel_regularizer": l2(kwargs.get("rate", 5e-4))}
            options["padding"] = "same"
            return Conv2D(n, 3, **options)
    """,
    "a lambda": "conv = lambda n, rate=5e-4: Conv2D(n, 3, kernel_regularizer=l2(rate))\n",
    "through another": """
        def inner(n, rate):
            return Conv2D(n, 3, kernel_regularizer=l2(rate))
        def conv(n, rate=5e-4):
            return inner(n, rate=rate)
    """,
    "with a layer beside that is given none": """
        def conv(n, rate=5e-4):
            return BatchNormalization()(Conv2D(n, 3, kernel_regularizer=l2(rate))(None))
    """,
    "a layer that holds it": """
        class conv(Layer):
            def __init__(self, n, rate=5e-4, **kwargs):
                super().__init__(**kwargs)
                self.inner = Conv2D(n, 3, kernel_regularizer=l2(rate))
    """,
    "a layer that makes it when it is built": """
        class conv(Layer):
            def __init__(self, n, rate=5e-4):
                super().__init__()
                self.n, self.rate = n, rate
            def build(self, shape):
                self.inner = Conv2D(self.n, 3, kernel_regularizer=l2(self.rate))
    """,
    "a layer derived from it": """
        class conv(Conv2D):
            def __init__(self, n, rate=5e-4, **kwargs):
                super().__init__(n, 3, kernel_regularizer=l2(rate), **kwargs)
    """,
}


@pytest.mark.parametrize("definition", WRAPPERS.values(), ids=WRAPPERS)
class TestACallOfAWrapper:
    def test_it_has_the_lambda_that_it_gives(self, definition):
        found = of_calls(definition, "conv(8)", "conv(8, rate=0.1)", "conv(8, rate=outside.rate)")
        assert found[:2] == [
            [("kernel_regularizer", 5e-4, "exact", "applied")],
            [("kernel_regularizer", 0.1, "exact", "applied")],
        ]
        [(argument, rate, resolution, effect)] = found[2]
        assert (argument, rate, effect) == ("kernel_regularizer", None, "applied")
        assert resolution in ("unknown", "branches")

    def test_the_call_inside_is_an_entry_and_is_not_counted(self, definition):
        found = entries(dedent(definition) + "\nconv(8)\nconv(8, rate=0.1)\n")
        assert any(entry.entry != "wrapper" or "__init__" in entry.layer for entry in found)
        regularized = [entry for entry in counted(found) if entry.regularizers]
        assert [entry.layer for entry in regularized] == ["conv", "conv"]
        summary = summarised(found, 1)
        assert summary.regularized == 2
        assert {(each.l2, each.count) for each in summary.by_lambda} == {(5e-4, 1), (0.1, 1)}

    def test_without_a_call_the_layer_itself_counts(self, definition):
        assert summarised(entries(definition), 1).regularized == 1


class TestOtherWrappers:
    def test_a_regularizer_that_is_handed_on(self):
        definition = (
            "def conv(n, kernel_regularizer=None):\n    return Conv2D(n, 3, kernel_regularizer=kernel_regularizer)\n"
        )
        assert of_calls(definition, "conv(8)", "conv(8, kernel_regularizer=l2(0.1))", "conv(8, l2(0.2))") == [
            [("kernel_regularizer", None, "exact", "ignored")],
            [("kernel_regularizer", 0.1, "exact", "applied")],
            [("kernel_regularizer", 0.2, "exact", "applied")],
        ]

    def test_one_that_is_handed_on_to_several_layers_is_one_row(self):
        code = """
        def block(x, kernel_regularizer):
            x = Conv2D(8, 3, kernel_regularizer=kernel_regularizer)(x)
            return Conv2D(8, 3, kernel_regularizer=kernel_regularizer)(x)

        block(None, kernel_regularizer=l2(0.1))
        """
        [call] = counted(entries(code))
        assert (call.entry, told(call)) == ("wrapper", [("kernel_regularizer", 0.1, "exact", "applied")])

    def test_of_branches_the_one_that_a_call_takes(self):
        definition = """
            def conv(n, depthwise=False, rate=1e-4):
                if depthwise:
                    return DepthwiseConv2D(3, depthwise_regularizer=l2(rate))
                return Conv2D(n, 3, kernel_regularizer=l2(rate))
        """
        found = of_calls(definition, "conv(8, depthwise=True)")
        assert found == [[("depthwise_regularizer", 1e-4, "exact", "applied")]]

    def test_an_own_layer_by_its_weights(self):
        definition = """
            class Linear(Layer):
                def __init__(self, kernel_regularizer=None, bias_regularizer="l2"):
                    super().__init__()
                    self.kernel_regularizer = regularizers.get(kernel_regularizer)
                    self.bias_regularizer = regularizers.get(bias_regularizer)
                def build(self, shape):
                    self.w = self.add_weight(shape=shape, regularizer=self.kernel_regularizer)
                    self.b = self.add_weight(shape=shape, regularizer=self.bias_regularizer)
        """
        assert of_calls(definition, "Linear()", "Linear(kernel_regularizer=l2(0.1))") == [
            [("regularizer", None, "exact", "ignored"), ("regularizer", 0.01, "exact", "applied")],
            [("kernel_regularizer", 0.1, "exact", "applied"), ("regularizer", 0.01, "exact", "applied")],
        ]

    def test_a_class_that_inherits_the_constructor(self):
        code = "class conv(Conv2D):\n    pass\n\n\nconv(8, 3, kernel_regularizer=l2(0.1))\nconv(8, 3)\n"
        assert [(each.entry, told(each)) for each in entries(code)] == [
            ("wrapper", [("kernel_regularizer", 0.1, "exact", "applied")]),
            ("wrapper", []),
        ]

    def test_what_the_wrapper_does_with_a_wrong_keyword_is_its_effect(self):
        code = "def conv(rate):\n    return DepthwiseConv2D(3, kernel_regularizer=l2(rate))\n\n\nconv(0.1)\n"
        [call] = counted(entries(code, keras_version="2"))
        assert told(call) == [("kernel_regularizer", 0.1, "exact", "ignored")]


class TestMethods:
    FACTORY = """
class Factory:
    def __init__(self, rate):
        self.rate = rate

    def conv(self, n):
        return Conv2D(n, 3, kernel_regularizer=l2(self.rate))

    def last(self, n):
        return self.conv(n)

"""

    def test_a_call_has_the_lambda_of_the_object_that_it_is_called_on(self):
        calls = ("weak, strong = Factory(1e-4), Factory(0.1)", "weak.conv(8)", "strong.conv(8)", "strong.last(8)")
        assert of_calls(self.FACTORY, *calls) == [
            [],
            [("kernel_regularizer", 1e-4, "exact", "applied")],
            [("kernel_regularizer", 0.1, "exact", "applied")],
            [("kernel_regularizer", 0.1, "exact", "applied")],
        ]

    def test_an_object_that_can_make_layers_is_none(self):
        assert [each.layer for each in counted(entries(self.FACTORY + "Factory(0.1)\n"))] == ["self.conv"]


class TestNoWrappers:
    @pytest.mark.parametrize(
        "definition",
        [
            "def block(n):\n    return Conv2D(n, 3, kernel_regularizer=l2(5e-4))\n",
            "RATE = 5e-4\ndef block(n):\n    return Conv2D(n, 3, kernel_regularizer=l2(RATE))\n",
            "def block(n):\n    return Conv2D(n, 3, kernel_regularizer=l2(outside.rate))\n",
            "def block(n):\n    return BatchNormalization()\n",
            "class block(Layer):\n    def __init__(self, n, **kwargs):\n        super().__init__(**kwargs)\n",
        ],
    )
    def test_what_a_call_gives_no_regularizer_is_none(self, definition):
        assert not any(each.entry == "wrapper" for each in entries(f"{definition}\nblock(8)\nblock(4)\n"))

    def test_a_builder_of_several_layers_is_not_one_layer(self):
        code = """
        def build(rate=1e-4):
            Dense(8, kernel_regularizer=l2(rate))
            Dense(4, kernel_regularizer=l2(rate))

        build()
        build(rate=0.1)
        """
        assert [entry.layer for entry in counted(entries(code))] == ["Dense", "Dense"]


class TestDarknet:
    def test_every_convolution_is_a_row_with_its_lambda(self):
        body = """
def body(x):
    x = DarknetConv2D_BN_Leaky(32, (3, 3))(x)
    x = DarknetConv2D_BN_Leaky(64, (3, 3), kernel_regularizer=l2(1e-3))(x)
    return DarknetConv2D(255, (1, 1))(x)
"""
        found = entries(DARKNET + body)
        rows = [(each.layer, *told(each)[0][:3]) for each in counted(found) if each.regularizers]
        assert rows == [
            ("DarknetConv2D_BN_Leaky", "kernel_regularizer", 5e-4, "exact"),
            ("DarknetConv2D_BN_Leaky", "kernel_regularizer", 1e-3, "exact"),
            ("DarknetConv2D", "kernel_regularizer", 5e-4, "exact"),
        ]
        assert [(each.l2, each.count) for each in summarised(found, 1).by_lambda] == [(5e-4, 2), (1e-3, 1)]

    def test_a_wrapper_of_another_file_is_counted_at_its_calls(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "layers.py").write_text(HEAD + DARKNET)
        calls = "DarknetConv2D(8, 1)\nDarknetConv2D_BN_Leaky(8, 3)\n"
        imports = "from tensorflow.keras import layers\nfrom layers import DarknetConv2D, DarknetConv2D_BN_Leaky\n"
        (tmp_path / "body.py").write_text(imports + calls)
        reports = list(report_files(["body.py", "layers.py"], lambda _: Settings(), Run()))
        layers = [layer for report in reports for layer in report.layers]
        regularized = [layer for layer in counted(layers) if layer.regularizers]
        assert [(each.filename, each.layer) for each in regularized] == [
            ("body.py", "DarknetConv2D"),
            ("body.py", "DarknetConv2D_BN_Leaky"),
        ]
        assert [told(each)[0][:2] for each in regularized] == [("kernel_regularizer", 5e-4)] * 2
