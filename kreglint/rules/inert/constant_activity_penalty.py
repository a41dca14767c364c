"""KRG306 constant-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const, Symbol, Value
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import dropped
from kreglint.rules.examples import Bad, Examples, Good, Penalty


class ConstantActivityPenalty(Rule):
    """An L1 activity penalty is applied to the output of a softmax.

    ## Why is this bad?
    The outputs of a softmax are positive and add up to 1, so their absolute sum is the number of samples, for all
    weights. The penalty is a constant with gradient 0, and only increases the reported loss.

    ## What to write instead
    A weight regularizer, or the activity penalty on the layer before.

    ## Fix safety
    Unsafe: the reported loss changes, the training does not.
    """

    code, name, severity = "KRG306", "constant-activity-penalty", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, activation='softmax', activity_regularizer=«l1(0.5)»)",
                both=Penalty("0.5"),
                older=((">=3.0,<3.14", Penalty("0.5 * batch")),),
                fixed="Dense(4, activation='softmax')",
            ),
            Bad(
                "Softmax(activity_regularizer=«'l1'»)",
                both=Penalty("0.01"),
                older=((">=3.0,<3.14", Penalty("0.01 * batch")),),
                fixed="Softmax()",
            ),
            Good(
                "Dense(4, activation='softmax', activity_regularizer=l2(0.5))",
                both=Penalty("0.5 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.5 * sum(output**2)")),),
            ),
            Good("Dense(4, activation='relu', activity_regularizer=l1(0.5))"),
            Good("Dense(4, activation='sigmoid', activity_regularizer='l1')"),
            Good("Dense(4, activation='softmax', kernel_regularizer=l1(0.5))"),
            Good(
                """
                def head(activation):
                    return Dense(4, activation=activation, activity_regularizer=l1(0.5))
                """
            ),
            Good(
                """
                def head(penalty=None):
                    return Dense(4, activation='softmax', activity_regularizer=penalty)
                """
            ),
            Good("Dense(4, activation='softmax', activity_regularizer=L1L2(l1=0.1, l2=0.1))"),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        if name != "activity_regularizer" or not _is_softmax(layer, context):
            return
        found = meaning(argument.value, context.keras)
        if found.l1 and not found.l2 and found.is_exact:
            yield Finding(
                argument.value_span,
                "the L1 penalty of a softmax is the same for all weights, so it has no gradient",
                fix=_unsafe(dropped(argument, layer)),
            )


def _is_softmax(layer: LayerCall, context: Context) -> bool:
    known = layer_of(layer, context.keras)
    if known is None:
        return False
    activation = argument_for(layer, known, "activation")
    return known.name == "Softmax" or (activation is not None and _names_softmax(activation.value))


def _names_softmax(value: Value) -> bool:
    if not value.is_exact:
        return False
    if isinstance(value, Const):
        return value.value == "softmax"
    return isinstance(value, Symbol) and (value.canonical or value.path) in (
        "keras.activations.softmax",
        "tensorflow.nn.softmax",
    )


def _unsafe(fix: Fix | None) -> Fix | None:
    return replace(fix, safety=Safety.UNSAFE) if fix is not None else None
