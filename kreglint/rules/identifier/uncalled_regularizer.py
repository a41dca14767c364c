"""KRG106 uncalled-regularizer."""

from __future__ import annotations

from kreglint.diagnostics import Fix, Safety, Severity
from kreglint.facts.contrib import contrib_factory
from kreglint.facts.custom import OwnPenalty
from kreglint.facts.values import Argument, Function, Symbol, Value
from kreglint.outcomes import Fails, TakenAs
from kreglint.rules.base import Context
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.identifier.plain_function_regularizer import REFUSED
from kreglint.rules.outcomes import outcome_of
from kreglint.rules.slots import SlotRule
from kreglint.versions import within

_OWN = """\
class Shrink(Regularizer):
    def __init__(self, {parameter}):
        self.rate = rate

    def __call__(self, weights):
        return self.rate * L2(1.0)(weights)

    def get_config(self):
        return {{"rate": self.rate}}


Dense(4, kernel_regularizer={value})
"""


class UncalledRegularizer(SlotRule):
    """A regularizer's class is passed without being called.

    ## Why is this bad?
    Keras 3 creates one with the default factor: 0.01 for `L1` and `L2`, but 0 for `L1L2` and `l1_l2`, which then add
    nothing. A class of your own is created with its own defaults, and fails where it has none. Keras 2 calls the class
    with the weights, and fails when losses are first read. The functions of
    `tf.contrib` and slim return another function, which is not a penalty.

    ## What to write instead
    A call with the factor that you mean: `regularizers.l2(0.01)`.

    ## Fix safety
    Safe on Keras 3 for `L1` and `L2`: the call has the same default. Unsafe on Keras 2. There is no fix if the factors
    would be zero.
    """

    code, name, severity = "KRG106", "uncalled-regularizer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l2»)",
                keras2=Raises("ValueError", "losses", "not a valid regularization penalty number"),
                keras3=Penalty("0.01 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.l2())",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.L1»)",
                keras2=Raises("ValueError", "losses"),
                keras3=Penalty("0.01 * sum(abs(kernel))"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1())",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.L1L2»)",
                keras2=Raises("ValueError", "losses"),
                keras3=Penalty("0"),
            ),
            Bad(
                """
                class Scale(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(1,), regularizer=«regularizers.l2»)

                    def call(self, x):
                        return x * self.scale


                Scale()
                """,
                keras2=Raises("ValueError", "losses", "not a valid regularization penalty number"),
                keras3=Penalty("0.01 * sum(scale**2)"),
                fixed="""
                class Scale(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(1,), regularizer=regularizers.l2())

                    def call(self, x):
                        return x * self.scale


                Scale()
                """,
            ),
            Good(
                """
                class Scale(Layer):
                    def build(self, shape):
                        self.scale = self.add_weight(name="scale", shape=(1,), regularizer=regularizers.l2(0.1))

                    def call(self, x):
                        return x * self.scale


                Scale()
                """,
                both=Penalty("0.1 * sum(scale**2)"),
            ),
            Bad(
                _OWN.format(parameter="rate", value="«Shrink»"),
                keras2=Raises("ValueError", "losses"),
                keras3=Raises("TypeError", "constructor", "missing 1 required positional argument: 'rate'"),
            ),
            Bad(
                _OWN.format(parameter="rate=0.1", value="«Shrink»"),
                keras2=Raises("ValueError", "losses"),
                keras3=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(_OWN.format(parameter="rate=0.1", value="Shrink()"), both=Penalty("0.1 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=regularizers.l2())", both=Penalty("0.01 * sum(kernel**2)")),
            Bad(
                """
                import tf_slim as slim

                Dense(4, kernel_regularizer=«slim.l2_regularizer»)
                """
            ),
            Good(
                """
                import tf_slim as slim

                layer = lambda: Dense(4, kernel_regularizer=slim.l1_regularizer(0.1))
                """
            ),
            Good(
                """
                make = regularizers.l2
                Dense(4, kernel_regularizer=make(0.01))
                """
            ),
            Good(
                """
                def build(make=regularizers.l2):
                    return Dense(4, kernel_regularizer=make(0.01))


                build()
                """
            ),
            Good(
                """
                from mynets.penalties import l2

                build = lambda: Dense(4, kernel_regularizer=l2)
                """
            ),
            Good(
                """
                def l2(outputs):
                    return 0.01 * outputs


                layer = lambda: Dense(4, activity_regularizer=l2)
                """
            ),
            Good(
                """
                class Ours(regularizers.L2):
                    pass


                Dense(4, kernel_regularizer=Ours(0.01))
                """
            ),
        )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if isinstance(value, Symbol) and (factory := contrib_factory(value)) is not None:
            made = f"'{factory}' is passed without being called, so it returns a function, not a penalty"
            return Fault(made, severity=Severity.WARNING)
        own = context.facts.custom.penalty(value, "class")
        if own is not None and isinstance(value, Function):
            return _own_class(value, own, context)
        if not isinstance(value, Symbol) or not (value.canonical or "").startswith("keras.regularizers."):
            return None
        tried = context.keras.uncalled.get(value.name)
        if tried is None:
            return None
        working = tried.exception is None
        return Fault(
            f"'{value.name}' is passed without being called",
            outcome_of(tried),
            _fix(argument, value, Safety.SAFE if working else Safety.UNSAFE),
            Severity.WARNING if working else None,
        )


def _own_class(value: Function, own: OwnPenalty, context: Context) -> Fault | None:
    """Return what Keras does with a class of the user's own: Keras 3 calls it, Keras 2 calls it with the weights."""
    if own.needs is None:
        return None
    text = f"the class '{value.name}' is passed without being called"
    if context.version.major < 3:
        fits = len(own.needs) <= 1 and (own.takes is None or own.takes > 0)
        return Fault(text, Fails("ValueError" if fits else "TypeError", "losses"))
    if own.needs:
        return Fault(text, Fails("TypeError", "constructor"))
    if not own.is_callable or (not own.is_regularizer and within(context.version, REFUSED)):
        return Fault(text, Fails("ValueError", "build"))
    return Fault(text, TakenAs(f"{value.name}()"), severity=Severity.WARNING)


def _fix(argument: Argument, value: Symbol, safety: Safety) -> Fix | None:
    if value.origin or value.name.lower() not in ("l1", "l2"):
        return None
    return insertion("Call it, with the default factor 0.01", argument.value_span.end, "()", safety)
