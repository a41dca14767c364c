"""KRG111 failing-regularizer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Function, Value
from kreglint.outcomes import Fails, Stage
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault, judge
from kreglint.rules.identifier.plain_function_regularizer import REFUSED, REFUSES
from kreglint.rules.slots import SlotRule
from kreglint.versions import within

_CLASS = """\
class Shrink(Regularizer):
    def __init__(self, rate):
        self.{kept} = rate

    def __call__(self, {parameters}):
        return self.rate * L2(1.0)(weights)

    def get_config(self):
        return {{"rate": 0.1}}


Dense(4, kernel_regularizer={value})
"""
_KERAS_1 = """\
class Shrink(Regularizer):
    def {hook}(self, p):
        self.p = p

    def __call__(self, loss):
        return loss + 0.1 * L2(1.0)(self.p)

    def get_config(self):
        return {{}}


Dense(4, kernel_regularizer=Shrink())
"""


class FailingRegularizer(SlotRule):
    """Keras cannot call a custom regularizer or function with the weights alone.

    ## Why is this bad?
    Keras calls a regularizer with one argument, the weights. A `__call__` that needs more, or takes none, raises a
    `TypeError`; one that reads an attribute which is never set raises an `AttributeError`. Both come late, when losses
    are first read. In Keras 1, `set_param` and `set_layer` gave a regularizer its weights, and `__call__` took the
    loss: no later version calls them.

    ## What to write instead
    `def __call__(self, weights)`, with everything else set in `__init__`.
    """

    code, name, severity = "KRG111", "failing-regularizer", Severity.ERROR
    ranges = (REFUSED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _CLASS.format(kept="rate", parameters="weights, outputs", value="«Shrink(0.1)»"),
                both=Raises("TypeError", "losses", "missing 1 required positional argument: 'outputs'"),
            ),
            Bad(
                _CLASS.format(kept="rates", parameters="weights", value="«Shrink(0.1)»"),
                both=Raises("AttributeError", "losses", "has no attribute 'rate'"),
            ),
            Bad(
                """
                def shrink(weights, rate):
                    return rate * L2(1.0)(weights)


                Dense(4, kernel_regularizer=«shrink»)
                """,
                both=Raises("TypeError", "losses"),
                older=((REFUSED, Raises("ValueError", "build")),),
            ),
            Bad(
                _KERAS_1.format(hook="«set_param»"),
                both=Raises("AttributeError", "losses", "has no attribute 'p'"),
            ),
            Bad(
                """
                class Doubled(L2):
                    def __init__(self, factor):
                        self.factor = factor

                    def __call__(self, weights):
                        return 2 * super().__call__(weights)

                    def get_config(self):
                        return {'factor': self.factor}


                Dense(4, kernel_regularizer=«Doubled(0.1)»)
                """,
                both=Raises("AttributeError", "losses"),
            ),
            Good(
                """
                class Doubled(L2):
                    def __init__(self, factor):
                        super().__init__(l2=2 * factor)
                        self.factor = factor

                    def get_config(self):
                        return {'factor': self.factor}


                Dense(4, kernel_regularizer=Doubled(0.1))
                """,
                both=Penalty("0.2 * sum(kernel**2)"),
            ),
            Good(
                """
                class Doubled(L2):
                    def __init__(self, factor):
                        self.l2 = 2 * factor


                Dense(4, kernel_regularizer=Doubled(0.1))
                """,
                both=Penalty("0.2 * sum(kernel**2)"),
            ),
            Good(
                _CLASS.format(kept="rate", parameters="weights, outputs=None", value="Shrink(0.1)"),
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(_CLASS.format(kept="rate", parameters="weights, *more", value="Shrink(rate=0.1)")),
            Good(
                """
                import functools


                def shrink(weights, rate):
                    return rate * L2(1.0)(weights)


                Dense(4, activity_regularizer=functools.partial(shrink, rate=0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                """
                class Shrink(Regularizer):
                    def __init__(self, **options):
                        for name, option in options.items():
                            setattr(self, name, option)

                    def __call__(self, weights):
                        return self.rate * L2(1.0)(weights)

                    def get_config(self):
                        return {}


                Dense(4, kernel_regularizer=Shrink(rate=0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                class Shrink(regularizers.L2):
                    def __call__(self, weights):
                        return 2 * self.l2 * tf.reduce_sum(weights**2)


                Dense(4, kernel_regularizer=Shrink(0.1))
                """
            ),
            Good(
                """
                class Near(Regularizer):
                    start = None

                    def __call__(self, weights):
                        if self.start is None:
                            self.start = weights
                        return 0.1 * L2(1.0)(weights - self.start)

                    def get_config(self):
                        return {}


                Dense(4, kernel_regularizer=Near())
                """,
                both=Penalty("0"),
            ),
            Good(
                _KERAS_1.format(hook="set_param").replace("Dense", "reg = Shrink()\nreg.set_param(0.0)\nbuild = Dense")
            ),
            Good(
                """
                class Scheduled(Regularizer):
                    def __init__(self, rates):
                        self.rates, self.epoch = rates, 0

                    @property
                    def rate(self):
                        return self.rates[self.epoch]

                    def __call__(self, weights):
                        return self.rate * L2(1.0)(weights)

                    def get_config(self):
                        return {'rates': self.rates}


                Dense(4, kernel_regularizer=Scheduled([0.1, 0.2]))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for hook in context.facts.custom.keras1_hooks if context.version.major > 1 else ():
            text = f"only Keras 1 calls '{hook.name}', so __call__ lacks 'self.{hook.sets}'"
            yield Finding(hook.span, text, outcome=Fails("AttributeError", "losses"))

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        fault_of = partial(_fault, activity=name == "activity_regularizer", context=context)
        yield from judge(argument, "the value", fault_of, defaults=self.judges_defaults)

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        return None  # `regularizers.get` hands it on, and nothing is known of where to


def _fault(value: Value, *, activity: bool, context: Context) -> Fault | None:
    found = context.facts.custom.penalty(value, "instance", "function", "lambda")
    if found is None or not isinstance(value, Function):
        return None
    refused = not activity and not found.is_regularizer and within(context.version, REFUSED)
    what = {"function": f"'{value.name}'", "lambda": "the lambda"}.get(value.kind, f"{value.name}.__call__")
    stage: Stage = "training" if activity else "losses"
    if found.misfit:
        return Fault(f"{what} {found.misfit}", REFUSES if refused else Fails("TypeError", stage))
    lacks = f"{what} reads 'self.{found.lacks}', which nothing sets"
    return Fault(lacks, REFUSES if refused else Fails("AttributeError", stage)) if found.lacks else None
