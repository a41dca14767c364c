"""KRG203 not-a-float-lambda."""

from __future__ import annotations

from kreglint.diagnostics import Fix, Safety, Severity
from kreglint.facts.factors import TOO_LARGE, factor_kind
from kreglint.facts.values import Const, Construct, Function, Value
from kreglint.outcomes import Fails
from kreglint.rules.base import Context
from kreglint.rules.edits import value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import Factor, FactorRule
from kreglint.rules.faults import Fault
from kreglint.rules.outcomes import failure_of_factor

_ELSEWHERE = ("bool_false", "bool_true", "huge", "negative")  # KRG204, KRG210, KRG201
_ANY_REAL = ">=3.16"


class NotAFloatLambda(FactorRule):
    """λ is a string, a NumPy scalar, a tensor, a list, NaN or infinite.

    ## Why is this bad?
    Keras accepts a Python `int` or `float` and raises a `ValueError` for anything else. `np.float64` is a Python float
    and works; `np.float32` and `np.int64` are not, and often come from `np.logspace(…, dtype="float32")` or a data
    frame. From Keras 3.16 on (not released yet), any real number is accepted, including NumPy scalars and fractions.
    `OrthogonalRegularizer` does not convert a NumPy integer, which fails on TensorFlow.

    ## What to write instead
    `float(x)`.

    ## Fix safety
    Safe: a crash becomes the penalty in the code.
    """

    code, name, severity = "KRG203", "not-a-float-lambda", Severity.ERROR
    judges_defaults = True

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=regularizers.L2(«'0.01'»))",
                keras2=Raises("ValueError", "constructor", "not a valid regularization penalty number"),
                keras3=Raises("ValueError", "constructor", "expected a non-negative float"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(float('0.01')))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=l2(«np.float32(0.01)»))",
                both=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=l2(float(np.float32(0.01))))",
                versions="<3.16",
                older=((_ANY_REAL, Penalty("0.01 * sum(kernel**2)")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=L1L2(l1=0.0, l2=«np.int64(2)»))",
                both=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=L1L2(l1=0.0, l2=float(np.int64(2))))",
                versions="<3.16",
                older=((_ANY_REAL, Penalty("2 * sum(kernel**2)")),),
            ),
            Bad(
                """
                from fractions import Fraction
                Dense(4, kernel_regularizer=l1(«Fraction(1, 100)»))
                """,
                both=Raises("ValueError", "constructor"),
                versions="<3.16",
                older=((_ANY_REAL, Penalty("0.01 * sum(abs(kernel))")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=«np.int64(1)»))",
                both=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=OrthogonalRegularizer(factor=float(np.int64(1))))",
                older=((_ANY_REAL, Raises("TypeError", "losses", backend="tensorflow")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=l2(«np.array(0.01)»))",
                both=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=l2(float(np.array(0.01))))",
            ),
            Bad("Dense(4, kernel_regularizer=l1(«[0.01]»))", both=Raises("ValueError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«float('nan')»))", both=Raises("ValueError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«tf.constant(0.01)»))", both=Raises("ValueError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«lambda: 0.01»))", both=Raises("ValueError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«complex(0.01)»))", both=Raises("ValueError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«10**400»))", both=Raises("OverflowError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(«l2(0.01)»))", both=Raises("ValueError", "constructor")),
            Bad("ActivityRegularization(«'l2'»)", both=Raises("ValueError", "constructor")),
            Bad("ActivityRegularization(l2=«regularizers.L2(0.01)»)", both=Raises("ValueError", "constructor")),
            Good("Dense(4, kernel_regularizer=l2(np.float64(0.01)))", both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=l2(float('1e-2')))", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def build(args):
                    return Dense(4, kernel_regularizer=l2(args.decay))
                """
            ),
            Good(
                """
                def build(decay):
                    return Dense(4, kernel_regularizer=l2(np.asarray(decay).item()))
                """
            ),
            Good(
                """
                for decay in [0.1, 0.01]:
                    Dense(4, kernel_regularizer=l2(decay))
                """
            ),
            Good("L1L2(*[0.01, 0.02])"),
        )

    def fault(self, value: Value, factor: Factor, context: Context) -> Fault | None:
        kind = "callable" if _is_callable(value) else factor_kind(value)
        if kind == TOO_LARGE:
            return Fault(f"λ is {kind}", Fails("OverflowError", "constructor", "regularizer"))
        fails = failure_of_factor(context.keras.factor(factor.regularizer.kind, kind) if kind else None)
        if fails is None or kind in _ELSEWHERE:
            return None
        return Fault(f"λ is {_describe(value, kind)}, not a float", fails, _fix(value, factor))


def _is_callable(value: Value) -> bool:
    if isinstance(value, Construct):
        package, _, name = (value.symbol.canonical or "").rpartition(".")
        return package == "keras.regularizers" and name not in ("get", "serialize", "deserialize")
    return isinstance(value, Function) and value.kind in ("function", "lambda")


def _describe(value: Value, kind: str | None) -> str:
    match value:
        case Const(value=None):
            return "None"
        case Const(value=str() as text):
            return f"the string {text!r}"
        case Const(value=given):
            return f"{given!r}"
        case Construct(symbol=symbol):
            return f"the result of {symbol.path}"
        case _:
            return f"a {kind}"


def _fix(value: Value, factor: Factor) -> Fix | None:
    numeric_text = isinstance(value, Const) and isinstance(value.value, str) and _is_number(value.value)
    numpy_scalar = isinstance(value, Construct) and value.symbol.path.startswith("numpy.")
    if not numeric_text and not numpy_scalar:
        return None
    text = f"float({factor.argument.source})"
    return value_replacement(f"Write {text}", factor.argument, value, text, Safety.SAFE)


def _is_number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False
