"""KRG103 not-a-regularizer."""

from __future__ import annotations

from kreglint.catalog.model import Keras, Outcome
from kreglint.diagnostics import Fix, Safety, Severity
from kreglint.facts.factors import factor_kind, number
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Construct, Mapping, Sequence, Value
from kreglint.rules.base import Bad, Context, Good, Penalty, Raises
from kreglint.rules.edits import value_replacement
from kreglint.rules.faults import Fault
from kreglint.rules.identifier.strings import looks_like_a_call
from kreglint.rules.slots import SlotRule


class NotARegularizer(SlotRule):
    """A number, bool, list, tuple, dict or quoted call is given as a regularizer.

    ## Why is this bad?
    Keras takes a regularizer object, one of its strings, a dict config or `None`. For anything else both
    majors raise a `ValueError` when the layer is constructed; a call in quotes, as `"l2(0.01)"`, is
    found by Keras 2 only when losses are first read.

    ## What to write instead
    `regularizers.L2(0.01)` for λ = 0.01. Look for a comma at the end of the line that makes the regularizer:
    `reg = regularizers.L2(0.01),` is a tuple.

    ## Fix safety
    Unsafe: the layer gains a penalty that it never had.
    """

    code, name, severity = "KRG103", "not-a-regularizer", Severity.ERROR
    examples = (
        Bad(
            "Dense(4, kernel_regularizer=«0.01»)",
            keras2=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            keras3=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
        ),
        Bad(
            "Dense(4, kernel_regularizer=«True»)",
            keras2=Raises("ValueError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "reg = regularizers.L2(0.01),\nDense(4, kernel_regularizer=«reg»)",
            keras2=Raises("ValueError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, kernel_regularizer=«[regularizers.L1(0.01), regularizers.L2(0.01)]»)",
            keras2=Raises("ValueError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, kernel_regularizer=«'l2(0.01)'»)",
            keras2=Raises("TypeError", "losses"),
            keras3=Raises("ValueError", "constructor"),
            fixed="Dense(4, kernel_regularizer=regularizers.l2(0.01))",
        ),
        Bad(
            "Dense(4, kernel_regularizer=«{'l2': 0.02}»)",
            keras2=Raises("ValueError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Good(
            "Dense(4, kernel_regularizer={'class_name': 'L2', 'config': {'l2': 0.02}})",
            keras2=Penalty("0.02 * sum(kernel**2)"),
            keras3=Penalty("0.02 * sum(kernel**2)"),
        ),
        Good(
            "Dense(4, kernel_regularizer=regularizers.L2(0.02))",
            keras2=Penalty("0.02 * sum(kernel**2)"),
            keras3=Penalty("0.02 * sum(kernel**2)"),
        ),
        Good(
            "def dense(units, kernel_regularizer=0.0):\n    print(kernel_regularizer)\n"
            "    return Dense(units)\n\n\ndense(4, kernel_regularizer=0.0)"
        ),
        Good(
            "def dense(units, kernel_regularizer=0.01):\n"
            "    return Dense(units, kernel_regularizer=regularizers.l2(kernel_regularizer))\n\n\ndense(4)",
            keras2=Penalty("0.01 * sum(kernel**2)"),
            keras3=Penalty("0.01 * sum(kernel**2)"),
        ),
        Good("from mynets import reg\n\nlayer = lambda: Dense(4, kernel_regularizer=reg)"),
        Good("def block(config):\n    return Dense(4, kernel_regularizer=config['reg'])"),
        Good("reg, units = regularizers.L2(0.01), 4\nDense(units, kernel_regularizer=reg)"),
    )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        outcome = _outcome(value, context.keras)
        if outcome is None or outcome.exception is None:
            return None
        return Fault(f"{_what(value)} is not a regularizer", outcome.text, _fix(value, argument, context))


def _outcome(value: Value, keras: Keras) -> Outcome | None:
    match value:
        case Const(value=None):
            return None
        case Const(value=str(text)):
            return keras.not_a_regularizer["call_text"] if looks_like_a_call(text) else None
        case Const() | Sequence() | Mapping():
            return meaning(value, keras).outcome
        case Construct():
            return keras.not_a_regularizer.get(factor_kind(value) or "")
        case _:
            return None


def _what(value: Value) -> str:
    match value:
        case Const(value=bool() as given):
            return f"the bool {given}"
        case Const(value=int() | float() as given):
            return f"the number {given}"
        case Const(value=str() as text):
            return f"the string {text!r}"
        case Sequence(kind="tuple", items=[Construct()]):
            return "a tuple (look for a trailing comma)"
        case Sequence(kind=kind):
            return f"a {kind}"
        case Mapping() if value.get("class_name") is not None:
            return "a dict with this class_name and config"
        case Mapping():
            return "a dict without 'class_name' and 'config'"
        case Construct(symbol=symbol):
            return f"a number by {symbol.path}"
        case _:
            return "this value"


def _fix(value: Value, argument: Argument, context: Context) -> Fix | None:
    if not isinstance(value, Const) or isinstance(value.value, bool):
        return None
    if isinstance(value.value, str):
        return _unquoted(value, value.value, argument, context)
    given = number(value)
    if given is None or given <= 0:
        return None
    name = "keras.regularizers.L2"
    text = f"{name}({argument.source})"
    return value_replacement(f"Write {text}", argument, value, text, Safety.UNSAFE, name)


def _unquoted(value: Const, text: str, argument: Argument, context: Context) -> Fix | None:
    called, _, rest = text.strip().partition("(")
    short = called.strip().rpartition(".")[2]
    if short not in context.keras.regularizers:
        return None
    name = f"keras.regularizers.{short}"
    code = f"{name}({rest}"
    return value_replacement(f"Write {code} without quotes", argument, value, code, Safety.UNSAFE, name)
