"""KRG304 absent-weight."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Note, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Value
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import dropped
from kreglint.rules.examples import Bad, Examples, Good, Penalty


class AbsentWeight(Rule):
    """A regularizer is set for a weight that the layer is told not to have.

    ## Why is this bad?
    With `use_bias=False` there is no bias, so `bias_regularizer` has nothing to act on. The same applies to
    `gamma_regularizer` with `scale=False`, and to `beta_regularizer` with `center=False`. Keras gives no warning.

    ## What to write instead
    Remove the regularizer, or keep the weight.

    ## Fix safety
    Safe: removing the argument does not change any loss.
    """

    code, name, severity = "KRG304", "absent-weight", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, use_bias=False, bias_regularizer=«'l2'»)", both=Penalty("0"), fixed="Dense(4, use_bias=False)"
            ),
            Bad(
                "BatchNormalization(scale=False, gamma_regularizer=«l2(0.1)», epsilon=1e-3)",
                both=Penalty("0"),
                fixed="BatchNormalization(scale=False, epsilon=1e-3)",
            ),
            Bad(
                "BatchNormalization(center=False, beta_regularizer=«l2(0.1)»)",
                both=Penalty("0"),
                fixed="BatchNormalization(center=False)",
            ),
            Good("Dense(4, use_bias=True, bias_regularizer='l2')", both=Penalty("0.01 * sum(bias**2)")),
            Good("BatchNormalization(scale=False, beta_regularizer=l2(0.1))", both=Penalty("0.1 * sum(beta**2)")),
            Good("Dense(4, use_bias=False, bias_regularizer=None)", both=Penalty("0")),
            Good(
                """
                def block(bias, reg):
                    return Dense(4, use_bias=bias, bias_regularizer=l2(reg))


                block(True, 0.1)
                """
            ),
            Good(
                """
                def block(reg):
                    return Dense(4, use_bias=False, bias_regularizer=reg)


                block(None)
                """
            ),
            Good(
                """
                def block(use_bias=False):
                    return Dense(4, use_bias=use_bias, bias_regularizer='l2')


                block(True)
                """
            ),
            Good("Dense(4, use_bias=False, kernel_regularizer='l2')", both=Penalty("0.01 * sum(kernel**2)")),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        switch = known.regularizers[name].switch if known is not None else None
        if known is None or switch is None or not _asks_for_penalty(argument.value, context.keras):
            return
        parameter, absent = switch
        setting = argument_for(layer, known, parameter)
        if setting is not None and _is_exactly(setting.value, absent):
            weight = name.removesuffix("_regularizer")
            yield Finding(
                argument.value_span,
                f"{layer.dotted}(…, {parameter}={absent}) has no {weight}, so this {name} adds nothing",
                related=(Note(setting.span, f"the {weight} is switched off here"),),
                fix=dropped(argument, layer),
            )


def _asks_for_penalty(value: Value, keras: Keras) -> bool:
    """True if a penalty is certainly wanted: what may be None says nothing."""
    return value.is_exact and meaning(value, keras).kind not in ("none", "unknown", "invalid")


def _is_exactly(value: Value, wanted: bool) -> bool:
    return isinstance(value, Const) and value.value is wanted and value.is_exact
