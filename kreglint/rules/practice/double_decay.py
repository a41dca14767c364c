"""KRG703 double-decay."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.calls import ApiCall
from kreglint.facts.factors import number
from kreglint.facts.meaning import meaning
from kreglint.rules.base import Bad, Context, Good, Rule, Trained
from kreglint.rules.slots import asks_for_penalty

_PROGRAM = """\
model = keras.Sequential([Dense(2, use_bias=False{penalty})])
model.compile(optimizer={optimizer}, loss="mse")
step = model.fit
"""


def _program(optimizer: str, penalty: str = ", kernel_regularizer=l2(0.1)") -> str:
    return _PROGRAM.format(optimizer=optimizer, penalty=penalty)


class DoubleDecay(Rule):
    """The optimizer decays the weights, and L2 penalizes them too.

    ## Why is this bad?
    Both pull every weight to 0, and their effects add up. Each alone is usual; AdamW decays by 0.004 without being
    asked.

    ## What to write instead
    One of the two.
    """

    code, name, severity, default = "KRG703", "double-decay", Severity.INFO, False
    examples = (
        Bad(
            _program("«optimizers.SGD»(1.0, weight_decay=0.1)"),
            keras2=Trained("0.3 * sum(abs(kernel))"),
            keras3=Trained("0.3 * sum(abs(kernel))"),
        ),
        Bad(_program("«optimizers.AdamW»(0.1)")),
        Good(
            _program("optimizers.SGD(1.0)"),
            keras2=Trained("0.2 * sum(abs(kernel))"),
            keras3=Trained("0.2 * sum(abs(kernel))"),
        ),
        Good(
            _program("optimizers.SGD(1.0, weight_decay=0.1)", ""),
            keras2=Trained("0.1 * sum(abs(kernel))"),
            keras3=Trained("0.1 * sum(abs(kernel))"),
        ),
        Good(_program("optimizers.AdamW(0.1, weight_decay=0.0)")),
        Good(_program("optimizers.Adam(0.1, weight_decay=None)")),
        Good(_program("optimizers.AdamW(0.1)", ", kernel_regularizer='l1'")),
    )

    def check_file(self, context: Context) -> Iterator[Finding]:
        penalized = any(
            asks_for_penalty(argument.value, context.keras) and meaning(argument.value, context.keras).l2
            for name, argument, _ in context.slots
            if name != "activity_regularizer"
        )
        for call in context.facts.calls:
            if penalized and call.path.startswith("keras.optimizers.") and _decays(call):
                yield Finding(call.callee_span, "this optimizer decays the weights, and L2 penalizes them too")


def _decays(call: ApiCall) -> bool:
    given = call.keyword("weight_decay")
    if given is None:
        return call.path.endswith(".AdamW") and not call.has_star and len(call.positional) < 2
    return bool(number(given.value))
