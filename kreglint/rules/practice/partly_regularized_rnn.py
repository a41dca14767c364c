"""KRG707 partly-regularized-rnn."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty

_OTHER = "recurrent_regularizer"


class PartlyRegularizedRnn(Rule):
    """A recurrent layer regularizes its kernel but not its recurrent kernel.

    ## Why is this bad?
    The recurrent kernel has most of the weights of a wide layer and is applied at every step. Without a penalty, it can
    fit what the penalty prevents the other kernel from fitting.

    ## What to write instead
    `recurrent_regularizer` as well, to regularize all weights.
    """

    code, name, severity, default = "KRG707", "partly-regularized-rnn", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "LSTM(4, kernel_regularizer=«l2(0.1)»)",
                both=Penalty("0.1 * sum(kernel**2)"),
                fixed="LSTM(4, kernel_regularizer=l2(0.1), recurrent_regularizer=l2(0.1))",
            ),
            Good(
                "LSTM(4, kernel_regularizer=l2(0.1), recurrent_regularizer=l2(0.1))",
                keras3=Penalty("0.1 * sum(kernel**2) + 0.1 * sum(recurrent_kernel**2)"),
            ),
            Good(
                """
                def rnn(**options):
                    return GRU(4, kernel_regularizer=l2(0.1), **options)
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1))", keras3=Penalty("0.1 * sum(kernel**2)")),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        if name != "kernel_regularizer" or known is None or _OTHER not in known.regularizers or layer.has_star:
            return
        if argument_for(layer, known, _OTHER) is None and asks_for_penalty(argument.value, context.keras):
            fix = None
            if argument.keyword is not None and not argument.inherited:
                fix = insertion(f"Add {_OTHER}", argument.span.end, f", {_OTHER}={argument.source}", Safety.DISPLAY)
            yield Finding(argument.value_span, f"this {known.name} leaves its recurrent kernel unregularized", fix=fix)
