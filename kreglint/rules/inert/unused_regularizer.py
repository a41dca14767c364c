"""KRG309 unused-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.custom import DroppedParameter
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Placed
from kreglint.facts.parameters import STRENGTH_TRIGGERS
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty


class UnusedRegularizer(Rule):
    """A regularizer, or a λ, is created or accepted, but not passed to any layer.

    ## Why is this bad?
    The code looks as if its layers were regularized, but they are not. A function that accepts `kernel_regularizer` or
    `l2_reg` and does not use it silently ignores its callers.

    ## What to write instead
    Pass it to the layers, or remove it.
    """

    code, name, severity = "KRG309", "unused-regularizer", Severity.WARNING
    triggers = (REGULARIZER, *STRENGTH_TRIGGERS)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                def build():
                    penalty = «l2(0.1)»
                    return Dense(4)


                build()
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def block(units, «kernel_regularizer»=None):
                    return Dense(units)


                block(4, 'l2')
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def tower(units, activation='relu', «l2_reg»=1e-5):
                    model = keras.Sequential()
                    for size in units:
                        model.add(Dense(size, activation=activation))
                    return model


                tower([4, 4], l2_reg=0.1)
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def dense(units, kernel_regularizer=None, «bias_regularizer»=None):
                    return Dense(units, kernel_regularizer=kernel_regularizer)


                dense(4, bias_regularizer='l2')
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def build():
                    options = dict(kernel_regularizer=«l2(0.1)»)
                    return Dense(4)


                build()
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def head(units, «l2»=1e-4):
                    return Dense(units)


                head(4, l2=0.1)
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def dense(units, **options):
                    weight_decay = options.pop(«'weight_decay'», 5e-4)
                    return Dense(units, **options)


                dense(4, weight_decay=0.1)
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                class Towers:
                    def __init__(self, units, «l2_reg»=1e-4):
                        self.units = units
                        self.l2_reg = l2_reg

                    def make(self):
                        return Dense(self.units)


                Towers(4, l2_reg=0.1).make()
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                class Towers:
                    def __init__(self, units, l2_reg=1e-4):
                        self.units = units
                        self.l2_reg = l2_reg

                    def make(self):
                        return Dense(self.units)


                def penalty(towers):
                    return towers.l2_reg * sum(tf.nn.l2_loss(weight) for weight in towers.model.weights)


                Towers(4, l2_reg=0.1).make()
                """
            ),
            Good(
                """
                def dense(units, **options):
                    weight_decay = options.pop('weight_decay', 5e-4)
                    options.setdefault('kernel_regularizer', l2(weight_decay))
                    return Dense(units, **options)


                dense(4, weight_decay=0.1)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def dense(units, **options):
                    layer = Dense(units, **options)
                    weight_decay = options.pop('kernel_regularizer', None)
                    return layer


                dense(4, kernel_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def conv(filters, kernel_regularizer=None, bias_regularizer=None):
                    return Conv2D(filters, 3, use_bias=False, kernel_regularizer=kernel_regularizer)
                """
            ),
            Good(
                """
                def tower(units, activation='relu', l2_reg=1e-5):
                    model = keras.Sequential()
                    for size in units:
                        model.add(Dense(size, activation=activation, kernel_regularizer=l2(l2_reg)))
                    return model


                tower([4], l2_reg=0.1)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def block(units, weight_decay=1e-4):
                    def dense():
                        return Dense(units, kernel_regularizer=l2(weight_decay))

                    return dense()


                block(4, 0.1)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def plain(units, l2_reg=0.0):
                    return Dense(units)


                def ridge(units, l2_reg=0.0):
                    return Dense(units, kernel_regularizer=l2(l2_reg))


                TOWERS = {'plain': plain, 'ridge': ridge}


                def build(name, l2_reg):
                    return TOWERS[name](4, l2_reg=l2_reg)
                """
            ),
            Good(
                """
                def detector(features, reg_max=16, reg=True):
                    return Dense(4 * features)
                """
            ),
            Good(
                """
                def shortcut(x, weight_decay=5e-4):
                    return AveragePooling2D(2)(x)
                """
            ),
            Good(
                """
                def build():
                    penalty = l2(0.1)
                    return Dense(4, kernel_regularizer=penalty)


                build()
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                PENALTY = l2(0.1)


                def build():
                    return Dense(4)
                """
            ),
            Good(
                """
                def block(units, kernel_regularizer=None):
                    raise NotImplementedError
                """
            ),
            Good(
                """
                def block(units, kernel_regularizer=None, **options):
                    return Dense(units, **locals())
                """
            ),
            Good(
                """
                def block(x, kernel_regularizer=None):
                    return MaxPooling2D()(x)
                """
            ),
            Good(
                """
                class Block:
                    def make(self, units, kernel_regularizer=None):
                        return Dense(units)
                """
            ),
            Good(
                """
                def build():
                    penalty = l2(0.1)
                    return lambda: Dense(4, kernel_regularizer=penalty)
                """
            ),
            Good(
                """
                def build(more):
                    reg = l2(0.1)
                    return Dense(4, **{**more, 'kernel_regularizer': reg})
                """
            ),
            Good(
                """
                def block(n, kernel_regularizer=None):
                    return Dense(n, **dict(kernel_regularizer=kernel_regularizer))
                """
            ),
            Good(
                """
                def plain(units, kernel_regularizer=None):
                    return Dense(units)


                def decayed(units, kernel_regularizer=None):
                    return Dense(units, kernel_regularizer=kernel_regularizer)


                KINDS = {'plain': plain, 'decayed': decayed}
                """
            ),
            Good(
                """
                def plain(units, l2_reg=0.0):
                    return Dense(units)


                def decayed(units, l2_reg=0.0):
                    return Dense(units, kernel_regularizer=l2(l2_reg))


                def make(kind, **options):
                    return globals()[kind](4, **options)
                """
            ),
            Good(
                """
                def quantized(units, l2_reg=None):
                    assert l2_reg is None, 'not supported with quantization'
                    return Dense(units)


                quantized(4)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for unused in context.facts.custom.unused:
            yield Finding(unused.span, f"this regularizer is never used, because '{unused.name}' is never read")
        ignored, strengths = context.facts.custom.ignored, context.facts.parameters.ignored
        if not ignored and not strengths:
            return
        layers = Placed((call.span, call) for call in context.layers)
        for each in ignored:
            if _has_use_for_it(each, layers.inside([each.within]), context):
                yield _dropped(each, "regularizer")
        for each in strengths:
            if any(_is_regularizable(call, context) for call in layers.inside([each.within])):
                yield _dropped(each, "regularizer" if each.name.endswith("_regularizer") else "λ")


def _dropped(ignored: DroppedParameter, what: str) -> Finding:
    return Finding(ignored.span, f"'{ignored.name}' is not passed to any layer, so the caller's {what} is dropped")


def _is_regularizable(call: LayerCall, context: Context) -> bool:
    """True if a layer has weights that can have a regularizer."""
    layer = layer_of(call, context.keras)
    return layer is not None and bool(set(layer.regularizers) - {"activity_regularizer"})


def _has_use_for_it(ignored: DroppedParameter, made: list[LayerCall], context: Context) -> bool:
    """True if one of the layers that the function makes has a weight for such a regularizer, and is given none."""
    for call in made:
        layer = layer_of(call, context.keras)
        if layer is not None and not call.has_star:
            given = {each.keyword or "" for each in call.arguments}
            if ignored.name == "regularizer":
                takes = bool(layer.regularizers) and not any(each.endswith("_regularizer") for each in given)
            else:
                biased = ignored.name != "bias_regularizer" or "use_bias" not in given
                takes = ignored.name in layer.regularizers and ignored.name not in given and biased
            if takes:
                return True
    return False
