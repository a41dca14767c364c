"""KRG705 unregularized-layer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.rules.base import Bad, Context, Good, Penalty, Rule
from kreglint.rules.slots import asks_for_penalty

_KERNEL = "kernel_regularizer"


class UnregularizedLayer(Rule):
    """A layer has a kernel and no regularizer, and others of the same function have one.

    ## Why is this bad?
    A network finds its way around: what the regularized layers may not fit, the free one does.

    ## What to write instead
    The same regularizer, unless the layer is left free on purpose.
    """

    code, name, severity, default = "KRG705", "unregularized-layer", Severity.INFO, False
    examples = (
        Bad(
            "keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer='l2'), «Dense»(4)])",
            keras2=Penalty("0.01 * sum(kernel0**2)"),
            keras3=Penalty("0.01 * sum(kernel0**2)"),
        ),
        Good("keras.Sequential([Dense(4, kernel_regularizer='l2'), Dense(4, kernel_regularizer='l1')])"),
        Good("def one():\n    return Dense(4, kernel_regularizer='l2')\n\n\ndef other():\n    return Dense(4)"),
        Good("def build(**options):\n    Dense(4, kernel_regularizer='l2')\n    return Dense(4, **options)"),
        Good("keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer='l2'), Dropout(0.1)])"),
        Good(
            "def build(reg=None):\n    Dense(4, kernel_regularizer='l2')\n    return Dense(4, kernel_regularizer=reg)"
        ),
    )

    def check_file(self, context: Context) -> Iterator[Finding]:
        regularized = {
            layer.scope
            for name, argument, layer in context.slots
            if name == _KERNEL and asks_for_penalty(argument.value, context.keras)
        }
        for layer in context.layers:
            if layer.scope in regularized and _is_free(layer, context):
                yield Finding(layer.callee_span, f"this {layer.layer} has no regularizer, and others here have one")


def _is_free(layer: LayerCall, context: Context) -> bool:
    known = layer_of(layer, context.keras)
    if known is None or _KERNEL not in known.regularizers or layer.has_star:
        return False
    return argument_for(layer, known, _KERNEL) is None
