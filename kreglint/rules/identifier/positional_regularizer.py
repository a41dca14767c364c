"""KRG105 positional-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras, Layer, Parameter
from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import FACTORS
from kreglint.facts.values import Argument, Const, Construct, Symbol, Value
from kreglint.outcomes import Effect, Fails, TakenAs
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault, judge

_EFFECTS = {"activation": Effect.IS_THE_ACTIVATION, "use_bias": Effect.SWITCHES_BIAS_ON}


class PositionalRegularizer(Rule):
    """A regularizer is passed by position, where the layer has another parameter.

    ## Why is this bad?
    `Dense(4, l2(0.01))` uses the regularizer as the layer's activation. The output becomes one number for the whole
    batch, the model trains without an error, and there is no penalty. `Dense(4, 'relu', l2(0.01))` passes it as
    `use_bias`, which any object switches on. The order of parameters differs between layers and versions.

    ## What to write instead
    The keyword: `Dense(4, kernel_regularizer=l2(0.01))`.

    ## Fix safety
    Unsafe: the layer's output changes, and it gets a penalty.
    """

    code, name, severity = "KRG105", "positional-regularizer", Severity.ERROR
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, «l2(0.01)»)", both=Penalty("0"), fixed="Dense(4, kernel_regularizer=l2(0.01))"),
            Bad(
                "Dense(4, 'relu', «regularizers.L2(0.01)»)",
                both=Penalty("0"),
                fixed="Dense(4, 'relu', kernel_regularizer=regularizers.L2(0.01))",
            ),
            Bad(
                """
                reg = l2(0.01)
                Dense(4, «reg»)
                """,
                both=Penalty("0"),
                fixed="""
                reg = l2(0.01)
                Dense(4, kernel_regularizer=reg)
                """,
            ),
            Bad(
                "Dense(4, «'l2'»)", both=Raises("ValueError", "constructor"), fixed="Dense(4, kernel_regularizer='l2')"
            ),
            Good("Dense(4, 'relu', kernel_regularizer=l2(0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, 'relu', True, 'glorot_uniform', 'zeros', l2(0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, 'relu')", both=Penalty("0")),
            Good(
                """
                def l2(x):
                    return x


                Dense(4, l2)
                """
            ),
            Good(
                """
                def dense(units, regularizer):
                    print(regularizer)
                    return Dense(units)


                dense(4, l2(0.01))
                """
            ),
            Good(
                """
                def build(*args):
                    return Dense(*args, l2(0.01))
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        if known is None:
            return
        for index, argument in enumerate(layer.positional):
            parameter = known.parameter_at(index)
            if parameter is not None and not parameter.name.endswith("regularizer") and parameter.name not in FACTORS:
                yield from _judge(argument, parameter, layer, known, context.keras)


def _judge(argument: Argument, parameter: Parameter, call: LayerCall, layer: Layer, keras: Keras) -> Iterator[Finding]:
    def fault_of(value: Value) -> Fault | None:
        if not _is_regularizer(value, parameter, keras):
            return None
        does = _EFFECTS.get(parameter.name, TakenAs(parameter.name))
        fails = Fails("ValueError", "constructor") if isinstance(value, Const) else None
        message = f"this regularizer is passed positionally as the '{parameter.name}' of {layer.name}"
        return Fault(message, fails or does, _fix(argument, call, layer))

    yield from judge(argument, "the regularizer", fault_of, defaults=True)


def _is_regularizer(value: Value, parameter: Parameter, keras: Keras) -> bool:
    match value:
        case Construct(symbol=Symbol(canonical=canonical)) | Symbol(canonical=canonical):
            package, _, name = (canonical or "").rpartition(".")
            return package == "keras.regularizers" and name in keras.regularizers
        case Const(value=str(identifier)):
            wanted = parameter.name == "activation" and identifier not in keras.activation_identifiers
            return wanted and identifier in keras.identifiers
        case _:
            return False


def _fix(argument: Argument, call: LayerCall, layer: Layer) -> Fix | None:
    """Name the keyword, where nothing by position follows that would lose its place."""
    keyword = next((name for name in layer.regularizers if name != "activity_regularizer"), None)
    if keyword is None or argument is not call.positional[-1] or call.keyword(keyword) is not None:
        return None
    return insertion(f"Write {keyword}=", argument.span.start, f"{keyword}=", Safety.UNSAFE)
