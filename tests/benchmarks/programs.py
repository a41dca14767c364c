"""Programs of any length, as people write them, for the benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

PLAIN = "def mean(values):\n    return sum(values) / len(values)\n\n\n" * 25
_HEAD = "from tensorflow.keras import layers, regularizers\n\nWEIGHT_DECAY = 5e-4\n"
_BLOCK = """\
    # block {number}
    x = layers.Conv2D(
        {width},
        (3, 3),
        padding="same",
        kernel_initializer="he_normal",
        kernel_regularizer=regularizers.l2(WEIGHT_DECAY),
        name=f"{{prefix}}_conv{number}",
    )(x)
    x = layers.BatchNormalization(axis=channel_axis, name=f"{{prefix}}_bn{number}")(x)
    x = layers.Activation("relu")(x)
    if {number} in taps:
        outputs.append(x)

"""
_CLASS = """

class Block{n}(layers.Layer):
    def __init__(self, width={n}, decay=WEIGHT_DECAY, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.decay = decay
        self.conv = layers.Conv2D(width, 3, kernel_regularizer=regularizers.l2(self.decay), name="conv{n}")

    def call(self, x):
        return self.conv(x)


def conv_bn_{n}(x, filters, weight_decay=5e-4, **kw):
    kw.setdefault("padding", "same")
    x = layers.Conv2D(filters, 3, kernel_regularizer=regularizers.l2(weight_decay), **kw)(x)
    if filters > 16:
        x = layers.BatchNormalization()(x)
    return Block{n}({n}, decay=1e-4)(x)


def build_{n}(x):
    return conv_bn_{n}(x, {n}, weight_decay=1e-3, kernel_initializer="he_normal")
"""


def one_function(lines: int) -> str:
    """Return a model of about that many lines, with a regularized layer in each block."""
    blocks = [_BLOCK.format(number=number, width=16 + number) for number in range((lines - 8) // _BLOCK.count("\n"))]
    start = "\n\ndef build(x, prefix, channel_axis=-1, taps=()):\n    outputs = []\n"
    return _HEAD + start + "".join(blocks) + "    return outputs\n"


def many_classes(lines: int) -> str:
    """Return layers, wrappers and calls of them, of about that many lines."""
    return _HEAD + "".join(_CLASS.replace("{n}", str(n)) for n in range(max(1, lines // _CLASS.count("\n"))))


SHAPES: Mapping[str, Callable[[int], str]] = {"one-function": one_function, "many-classes": many_classes}
