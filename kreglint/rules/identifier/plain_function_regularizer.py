"""KRG107 plain-function-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Construct, Function, Symbol, Value
from kreglint.outcomes import Effect, Fails, Outcome
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.slots import SlotRule
from kreglint.versions import Version, within

REFUSED = ">=3.1,<3.15"
_FUNCTIONS = (
    "tensorflow.math.",
    "tensorflow.nn.",
    "tensorflow.reduce_",
    "tensorflow.norm",
    "tensorflow.linalg.",
    "keras.ops.",
    "keras.backend.",
)
_HALF_SQUARES = frozenset(("tensorflow.nn.l2_loss",))  # KRG504 says what to write instead
_FAILING = frozenset("all any divmod hash len max min pow sorted sum".split())  # builtins that want no tensor of rank 2
_MATRICES = frozenset(("abs", "round"))  # builtins that give back as many numbers as there are weights
REFUSES = Fails("ValueError", "build")
_AT_BUILD = Raises("ValueError", "build", "Expected an instance of `keras.regularizers.Regularizer`")


class PlainFunctionRegularizer(SlotRule):
    """A function, lambda, partial or object of a class that is not a `Regularizer` is passed as a weight regularizer.

    ## Why is this bad?
    Keras 3.1 to 3.14 accept only a `Regularizer` there and raise a `ValueError` when the layer is built. Other versions
    call the function, but a saved model cannot be loaded as it was: never with a lambda, and with a function only
    through `custom_objects`. As an activity regularizer a function works in every version.

    ## What to write instead
    A subclass of `keras.regularizers.Regularizer` with `__call__` and `get_config`, registered with
    `keras.saving.register_keras_serializable()`.
    """

    code, name, severity = "KRG107", "plain-function-regularizer", Severity.ERROR
    ranges = (REFUSED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«lambda w: 2 * L2(0.05)(w)»)",
                both=Penalty("0.1 * sum(kernel**2)"),
                older=((REFUSED, _AT_BUILD),),
            ),
            Bad(
                """
                def smooth(weights):
                    return 2 * L2(0.05)(weights)


                Conv2D(8, 3, kernel_regularizer=«smooth»)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
                older=((REFUSED, _AT_BUILD),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«tf.norm»)",
                both=Penalty("sum(kernel**2) ** 0.5"),
                older=((REFUSED, _AT_BUILD),),
            ),
            Bad(
                """
                import functools


                def scaled(w, factor):
                    return factor * L2(0.05)(w)


                Dense(4, bias_regularizer=«functools.partial(scaled, factor=2)»)
                """,
                both=Penalty("0.1 * sum(bias**2)"),
                older=((REFUSED, _AT_BUILD),),
            ),
            Bad(
                """
                class Near:
                    def __init__(self, strength):
                        self.strength = strength

                    def __call__(self, weights):
                        return self.strength * L2(1.0)(weights)


                near = Near(0.1)
                Dense(4, kernel_regularizer=«near»)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
                older=((REFUSED, _AT_BUILD),),
            ),
            Good(
                """
                from mynets import Penalty


                class Near(Penalty):
                    def __call__(self, weights):
                        return 0.1 * tf.reduce_sum(weights**2)


                build = lambda: Dense(4, kernel_regularizer=Near())
                """
            ),
            Bad(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer=«np.sum»)])
                model.compile(optimizer="sgd", loss="mse")


                def step(x, y):
                    return model.fit(x, y, verbose=0)
                """,
                both=Raises("NotImplementedError", "train", "", "tensorflow"),
                older=((REFUSED, None),),
            ),
            Bad(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer=«sum»)])
                model.compile(optimizer="sgd", loss="mse")


                def step(x, y):
                    return model.fit(x, y, verbose=0)
                """,
                keras2=Raises("OperatorNotAllowedInGraphError", "train", "", "tensorflow"),
                keras3=Raises("ValueError", "train", "", "tensorflow"),
                older=((REFUSED, None),),
            ),
            Good(
                """
                from tensorflow.keras.backend import *
                from tensorflow.keras.layers import Dense

                layer = Dense(4, activity_regularizer=lambda y: 0.1 * sum(y**2))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                "Dense(4, activity_regularizer=lambda y: 2 * L2(0.05)(y))",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                class Smooth(Regularizer):
                    def __call__(self, x):
                        return 2 * L2(0.05)(x)

                    def get_config(self):
                        return {}


                Dense(4, kernel_regularizer=Smooth())
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def make(factor):
                    return regularizers.L2(factor)


                Dense(4, kernel_regularizer=make(0.1))
                """
            ),
            Good(
                """
                def build(regularizer):
                    return Dense(4, kernel_regularizer=regularizer)
                """
            ),
            Good(
                """
                pick = lambda name: L2(0.1) if name else None
                Dense(4, kernel_regularizer=pick('l2'))
                """
            ),
            Good(
                """
                from mynets import orthogonal

                build = lambda: Dense(4, kernel_regularizer=orthogonal)
                """
            ),
            Good(
                """
                @keras.utils.register_keras_serializable('ours')
                def smooth(w):
                    return 2 * L2(0.05)(w)


                Dense(4, kernel_regularizer=smooth)
                """,
                majors=(2,),
            ),
            Good(
                """
                def conv(kernel_regularizer):
                    print(kernel_regularizer)
                    return Dense(4)


                conv(kernel_regularizer=lambda w: w)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        own = layer.kind == "weight" and not within(context.version, REFUSED)  # no config names it
        if name != "activity_regularizer" and not own:
            yield from super().check_slot(name, argument, layer, context)

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if isinstance(value, Symbol) and value.path.startswith("builtins."):
            return _of_python(value.name, context.version)
        own = context.facts.custom.penalty(value, "function")
        if own is not None and own.gives and not own.misfit:
            return None  # which never works (KRG110)
        array = _of_numpy(value)
        what = f"the function '{array}'" if array else _describe(value, context)
        if what is None:
            return None
        if within(context.version, REFUSED):
            return Fault(f"{what} is not a Regularizer", REFUSES)
        if array:
            return Fault(f"{what} is not a Regularizer", Fails("NotImplementedError", "fit", backend="TensorFlow"))
        if context.facts.registers_custom_objects or context.facts.names_custom_objects:
            return None  # the function may be one of them, and then a saved model finds it
        return Fault(f"{what} is not a Regularizer", Effect.LOST_ON_LOADING, severity=Severity.WARNING)


def _of_python(name: str, version: Version) -> Fault | None:
    """Return what Keras does with a builtin function: it is called with the weights, and few can take a tensor."""
    if name not in (*_FAILING, *_MATRICES, "print"):
        return None
    outcome: Outcome = Fails("an error", "fit", backend="TensorFlow")
    if within(version, REFUSED):
        outcome = REFUSES
    elif name in _MATRICES and version.major > 2:
        outcome = Effect.ADDS_WHAT_IT_RETURNS
    elif name == "print" and version.major < 3:
        outcome = Effect.ADDS_NOTHING
    return Fault(f"the builtin function '{name}' is not a Regularizer", outcome)


def _of_numpy(value: Value) -> str:
    """Return a function of NumPy, which computes with arrays where a penalty is made of tensors."""
    named = isinstance(value, Symbol) and value.path.startswith("numpy.") and value.name == value.name.lower()
    return value.path if isinstance(value, Symbol) and named else ""


def _describe(value: Value, context: Context) -> str | None:
    own = context.facts.custom.penalty(value, "instance")
    if own is not None and own.is_callable and not own.is_regularizer and isinstance(value, Function):
        return f"an object of the class '{value.name}'"
    match value:
        case Function(kind="lambda"):
            return "a lambda"
        case Function(kind="function", name=name):
            return f"the function '{name}'"
        case Symbol(path=path, canonical=canonical, name=name) if name == name.lower():
            known = (canonical or path).startswith(_FUNCTIONS) and path not in _HALF_SQUARES
            return f"the function '{name}'" if known else None
        case Construct(symbol=symbol) if symbol.path == "functools.partial":
            return "a partial"
    return None
