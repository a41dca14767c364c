"""KRG709 weights-where-dropout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty

_LARGE, _FEWEST = 512, 2


class WeightsWhereDropout(Rule):
    """A large fully connected network is regularized by L1 or L2 alone.

    ## Why is this bad?
    In layers of 512 units and more, dropout is the usual choice: unlike small weights, it keeps the units from relying
    on each other.

    ## What to write instead
    `Dropout` between the layers, with or without a weight penalty.
    """

    code, name, severity, default = "KRG709", "weights-where-dropout", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "keras.Sequential([Dense(1024, kernel_regularizer=«'l2'»), "
                "Dense(512, kernel_regularizer='l2'), Dense(9)])",
                both=Penalty("0.01 * sum(kernel0**2) + 0.01 * sum(kernel1**2)"),
            ),
            Good(
                "keras.Sequential([Dense(999, kernel_regularizer='l2'), Dropout(0.5), "
                "Dense(999, kernel_regularizer='l2')])"
            ),
            Good("keras.Sequential([Dense(64, kernel_regularizer='l2'), Dense(64, kernel_regularizer='l2')])"),
            Good("keras.Sequential([Dense(1024), Dense(512, kernel_regularizer='l2')])"),
            Good(
                """
                def build(n):
                    return [Dense(n, kernel_regularizer='l2'), Dense(n, kernel_regularizer='l2')]
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if any(layer.layer is not None and "Dropout" in layer.layer for layer in context.layers):
            return
        large: dict[str, list[Argument]] = defaultdict(list)
        for name, argument, layer in context.slots:
            wanted = name == "kernel_regularizer" and asks_for_penalty(argument.value, context.keras)
            if wanted and _is_large(layer, context):
                large[layer.scope].append(argument)
        for arguments in large.values():
            if len(arguments) >= _FEWEST:
                text = f"{len(arguments)} layers of {_LARGE} units or more use weight penalties alone, without dropout"
                yield Finding(arguments[0].value_span, text)


def _is_large(layer: LayerCall, context: Context) -> bool:
    known = layer_of(layer, context.keras)
    if known is None or known.name != "Dense":
        return False
    units = argument_for(layer, known, "units")
    value = units.value.value if units is not None and isinstance(units.value, Const) else None
    return type(value) is int and value >= _LARGE
