"""KRG103 not-a-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras, Tried
from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.custom import Arithmetic
from kreglint.facts.factors import factor_kind, number
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Construct, Function, Mapping, Sequence, Symbol, Value
from kreglint.outcomes import Fails
from kreglint.rules.base import Context
from kreglint.rules.edits import replacement, value_replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault
from kreglint.rules.identifier.strings import looks_like_a_call
from kreglint.rules.outcomes import failure_of
from kreglint.rules.slots import SlotRule

_MODULES = ("keras.regularizers", "keras")
_ITERATE = ("builtins.list", "builtins.tuple")  # over the weights, which a graph does not allow
_BUILTIN_CLASSES = (
    *_ITERATE,
    *(f"builtins.{name}" for name in "bool bytes complex dict float frozenset int object set str".split()),
)
_L1L2 = "keras.regularizers.L1L2"


class NotARegularizer(SlotRule):
    """A number, bool, list, tuple, dict, sum, module, quoted call or other object is passed as a regularizer.

    ## Why is this bad?
    Keras accepts a regularizer object, one of its strings, a dict config or `None`. For anything else, both majors
    raise a `ValueError` when the layer is constructed; Keras 2 detects a call in quotes, such as `"l2(0.01)"`, only
    when losses are first read. Regularizers cannot be added either: `l1(0.1) + l2(0.1)` is a `TypeError`.

    ## What to write instead
    `regularizers.L2(0.01)` for λ = 0.01. Look for a comma at the end of the line that creates the regularizer: `reg =
    regularizers.L2(0.01),` is a tuple. For L1 and L2 together, `L1L2(l1=0.1, l2=0.1)`.

    ## Fix safety
    Unsafe: the layer gets a penalty that it never had.
    """

    code, name, severity = "KRG103", "not-a-regularizer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«0.01»)",
                both=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
            ),
            Bad("Dense(4, kernel_regularizer=«True»)", both=Raises("ValueError", "constructor")),
            Bad(
                """
                reg = regularizers.L2(0.01),
                Dense(4, kernel_regularizer=«reg»)
                """,
                both=Raises("ValueError", "constructor"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«[regularizers.L1(0.01), regularizers.L2(0.01)]»)",
                both=Raises("ValueError", "constructor"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«'l2(0.01)'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer=regularizers.l2(0.01))",
            ),
            Bad("Dense(4, kernel_regularizer=«{'l2': 0.02}»)", both=Raises("ValueError", "constructor")),
            Bad(
                "Dense(4, kernel_regularizer=«l1(0.1) + l2(0.2)»)",
                both=Raises("TypeError", "constructor", "unsupported operand"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.1, l2=0.2))",
            ),
            Bad(
                """
                reg = «2 * l2(0.2)»
                Dense(4, kernel_regularizer=reg)
                """,
                both=Raises("TypeError", "constructor", "unsupported operand"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers»)",
                both=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.get»)",
                both=Raises("ValueError", "losses", "Could not interpret regularizer identifier"),
                older=((">=3.1,<3.15", Raises("ValueError", "build")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«{'class_name': 'L3', 'config': {'l1': 0.1}}»)",
                both=Raises("ValueError", "constructor"),
                older=((">=3.16", Raises("TypeError", "constructor", "Could not locate class 'L3'")),),
            ),
            Bad(
                "reg = regularizers.get(«{'class_name': 'Ridge', 'config': {'l2': 0.1}}»)",
                both=Raises("ValueError", "constructor"),
                older=((">=3.16", Raises("TypeError", "constructor", "Could not locate class 'Ridge'")),),
            ),
            Bad(
                "reg = regularizers.get(«0.01»)",
                both=Raises("ValueError", "constructor", "Could not interpret"),
                fixed="reg = regularizers.get(regularizers.L2(0.01))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«12»(0.1))",
                both=Raises("TypeError", "constructor", "'int' object is not callable"),
                fixed="Dense(4, kernel_regularizer=regularizers.l2(0.1))",
            ),
            Bad(
                """
                class Shrink:
                    def __init__(self, rate):
                        self.rate = rate

                    def penalty(self, weights):
                        return self.rate * tf.reduce_sum(weights)


                Dense(4, kernel_regularizer=«Shrink(0.1)»)
                """,
                both=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.deserialize({'class_name': 'Ridge', 'config': {}})»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                older=((">=3.16", None),),
            ),
            Good(
                "Dense(4, kernel_regularizer=regularizers.deserialize({'class_name': 'L2', 'config': {'l2': 0.1}}))",
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«object()»)",
                both=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«float»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "build", "Could not interpret regularizer identifier"),
                older=((">=3.0,<3.15", Raises("ValueError", "build")),),
            ),
            Good(
                """
                from mynets.factors import *

                layer = lambda: Dense(4, kernel_regularizer=float)
                """
            ),
            Good(
                """
                class Base:
                    def __call__(self, weights):
                        return tf.reduce_sum(self.of(weights))


                class Shrink(Base):
                    def of(self, weights):
                        return 0.1 * weights**2


                Dense(4, activity_regularizer=Shrink())
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                """
                def penalty(w):
                    return l1(0.1)(w) + l2(0.2)(w)


                Dense(4, activity_regularizer=penalty)
                """,
                both=Penalty("(0.1 * sum(abs(output)) + 0.2 * sum(output**2)) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                """
                print('%s' % l2(0.1))
                regs = [l1(0.1)] + [l2(0.1)]
                Dense(4, kernel_regularizer=regs[0])
                """
            ),
            Good(
                "regularizers.get({'class_name': 'L2', 'config': {'l2': 0.02}})", both=Penalty("0.02 * sum(kernel**2)")
            ),
            Good(
                "Dense(4, kernel_regularizer={'class_name': 'L2', 'config': {'l2': 0.02}})",
                both=Penalty("0.02 * sum(kernel**2)"),
            ),
            Good("Dense(4, kernel_regularizer=regularizers.L2(0.02))", both=Penalty("0.02 * sum(kernel**2)")),
            Good(
                """
                def dense(units, kernel_regularizer=0.0):
                    print(kernel_regularizer)
                    return Dense(units)


                dense(4, kernel_regularizer=0.0)
                """
            ),
            Good(
                """
                def dense(units, kernel_regularizer=0.01):
                    return Dense(units, kernel_regularizer=regularizers.l2(kernel_regularizer))


                dense(4)
                """,
                both=Penalty("0.01 * sum(kernel**2)"),
            ),
            Good(
                """
                from mynets import reg

                layer = lambda: Dense(4, kernel_regularizer=reg)
                """
            ),
            Good(
                """
                def block(config):
                    return Dense(4, kernel_regularizer=config['reg'])
                """
            ),
            Good(
                """
                reg, units = regularizers.L2(0.01), 4
                Dense(units, kernel_regularizer=reg)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for found in context.facts.custom.arithmetic:
            what = "a number" if found.by_number else "each other"
            text = f"regularizers cannot be combined with {what} by an operator"
            yield Finding(found.span, text, outcome=Fails("TypeError"), fix=_write_l1l2(found))

        for number_called in context.facts.custom.called_numbers:
            name = f"keras.regularizers.{number_called.meant}"
            yield Finding(
                number_called.span,
                "a number cannot be called",
                outcome=Fails("TypeError"),
                meant=f"'{number_called.meant}'",
                fix=replacement(f"Write {name}", number_called.span, name, Safety.UNSAFE, name),
            )

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        if isinstance(value, Symbol):
            return _fault_of_name(value, context)
        if isinstance(value, Construct) and value.symbol.path == "builtins.object":
            return Fault("object() is not a regularizer", Fails("ValueError", "constructor"))
        if isinstance(value, Construct) and meaning(value, context.keras).outcome is not None:
            config = _deserialized(value)
            if config is not None:
                return Fault(f"{_describe(config)} is not a regularizer", Fails("an error", "by losses"))
        own = context.facts.custom.penalty(value, "instance")
        if own is not None and not own.is_callable and isinstance(value, Function):
            return Fault(
                f"{value.name} has no __call__, so it is not a regularizer", Fails("ValueError", "constructor")
            )
        tried = _outcome_of_value(value, context.keras)
        fails = failure_of(tried) if tried is not None else None
        if fails is None:
            return None
        return Fault(f"{_describe(value)} is not a regularizer", fails, _fix(value, argument, context))


def _fault_of_name(value: Symbol, context: Context) -> Fault | None:
    """Return a module or function of Keras that is handed over in place of what it has or makes, or a builtin class."""
    if value.canonical in _MODULES:
        return Fault(f"the module {value.name} is not a regularizer", Fails("ValueError", "constructor"))
    if value.canonical == f"{_MODULES[0]}.get":
        return Fault("the function get is not a regularizer", Fails("ValueError", "by losses"))
    if value.path in _BUILTIN_CLASSES:
        in_fit = context.version.major < 3 and value.path in _ITERATE
        fails = Fails("an error", "fit" if in_fit else "by losses")
        return Fault(f"the class {value.name} is not a regularizer", fails)
    return None


def _deserialized(value: Construct) -> Mapping | None:
    """Return the dict that `deserialize` is given: it takes a class that is not there, and the layer does not."""
    given = value.arguments[0].value if len(value.arguments) == 1 and not value.has_star else None
    is_call = value.symbol.canonical == f"{_MODULES[0]}.deserialize"
    return given if is_call and isinstance(given, Mapping) else None


def _write_l1l2(found: Arithmetic) -> Fix | None:
    if not found.l1 or not found.l2:
        return None
    text = f"{_L1L2}(l1={found.l1}, l2={found.l2})"
    return replacement(f"Write {text}", found.span, text, Safety.UNSAFE, _L1L2)


def _outcome_of_value(value: Value, keras: Keras) -> Tried | None:
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


def _describe(value: Value) -> str:
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
            return f"a number from {symbol.path}"
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
    name = context.names.regularizer("L2")
    if name is None:
        return None
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
