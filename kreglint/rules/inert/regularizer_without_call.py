"""KRG312 regularizer-without-call."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.facts.values import Argument, Construct, Function, Value
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises, Trained
from kreglint.rules.faults import Fault
from kreglint.rules.slots import SlotRule

_BASE = "keras.regularizers.Regularizer"
_CLASS = """\
class Ours(Regularizer):
    def {method}(self, w):
        return 0.1 * L2(1.0)(w)

    def get_config(self):
        return {{}}


"""
_SILENT = _CLASS.format(method="penalty")
_WORKING = _CLASS.format(method="__call__")


_TRAINED = """\
model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer={})])
model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


def step(x, y):
    return model.fit(x, y, verbose=0)
"""


class RegularizerWithoutCall(SlotRule):
    """A custom regularizer has no `__call__`, or the base class itself is passed.

    ## Why is this bad?
    Keras calls a regularizer with the weights, and the base class returns 0: the layer trains without a penalty, or,
    from Keras 3.13, fails in `fit`.

    ## What to write instead
    The penalty in `__call__(self, weights)`.
    """

    code, name, severity = "KRG312", "regularizer-without-call", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(_SILENT + "Dense(4, kernel_regularizer=«Ours()»)", both=Penalty("0")),
            Bad(_SILENT + "reg = Ours()\nDense(4, bias_regularizer=«reg»)", both=Penalty("0")),
            Bad(
                _SILENT + _TRAINED.format("«Ours()»"),
                keras2=Trained("0", "tensorflow"),
                keras3=Raises("AttributeError", "train", "has no attribute 'dtype'", "tensorflow"),
                older=((">=3.0,<3.13", Trained("0", "tensorflow")),),
            ),
            Bad("Dense(4, kernel_regularizer=«regularizers.Regularizer()»)", both=Penalty("0")),
            Bad(
                _SILENT + "class Mine(Ours):\n    pass\n\n\nDense(4, kernel_regularizer=«Mine()»)",
                both=Penalty("0"),
            ),
            Good(_WORKING + "Dense(4, kernel_regularizer=Ours())", both=Penalty("0.1 * sum(kernel**2)")),
            Good(_SILENT + "class Mine(Ours):\n    __call__ = Ours.penalty\n\n\nDense(4, kernel_regularizer=Mine())"),
            Good(_SILENT.replace("(Regularizer)", "(L2)") + "Dense(4, kernel_regularizer=Ours())"),
            Good(_SILENT + "build = lambda: Dense(4)"),
            Good(
                """
                from mynets import Base


                class Ours(Base):
                    pass


                build = lambda: Dense(4, 'relu', Ours())
                """
            ),
            Good(_SILENT + "Ours.__call__ = Ours.penalty\nDense(4, kernel_regularizer=Ours())"),
            Good(_SILENT + "def build(regularizer):\n    return Dense(4, kernel_regularizer=regularizer)"),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if isinstance(value, Construct) and value.symbol.canonical == _BASE:
            return Fault("Regularizer is the base class, whose penalty is 0")
        found = context.facts.custom.penalty(value, "instance")
        if found is None or not found.is_empty or not isinstance(value, Function):
            return None
        return Fault(f"{value.name} has no __call__, so it inherits the base class's penalty of 0")
