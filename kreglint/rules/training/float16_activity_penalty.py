"""KRG608 float16-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Const
from kreglint.rules.base import Bad, Context, Good, Penalty, Rule
from kreglint.rules.slots import asks_for_penalty

_MIXED, _PURE = "mixed_float16", "float16"


class Float16ActivityPenalty(Rule):
    """A penalty is computed in float16, which ends at 65504.

    ## Why is this bad?
    With `mixed_float16` the outputs are float16, and so is the sum over them that an activity penalty is: it becomes
    infinite on a layer of some size. Weights stay float32, and so do their penalties; in plain `float16` they too
    are summed in it.

    ## What to write instead
    `dtype="float32"` for that layer, or `mixed_bfloat16`, whose range is that of float32.
    """

    code, name, severity = "KRG608", "float16-activity-penalty", Severity.WARNING
    examples = (
        Bad(
            "Dense(200000, dtype='mixed_float16', activity_regularizer=«l2(0.1)»)",
            keras2=Penalty("inf"),
            keras3=Penalty("inf"),
        ),
        Bad("keras.mixed_precision.set_global_policy('mixed_float16')\nDense(4, activity_regularizer=«'l2'»)"),
        Bad("Dense(4, dtype='float16', kernel_regularizer=«l2(0.1)»)"),
        Good(
            "Dense(4, dtype='mixed_float16', kernel_regularizer=l2(0.1))",
            keras2=Penalty("0.1 * sum(kernel**2)"),
            keras3=Penalty("0.1 * sum(kernel**2)"),
        ),
        Good("Dense(4, dtype='mixed_bfloat16', activity_regularizer=l2(0.1))"),
        Good("keras.mixed_precision.set_global_policy('mixed_bfloat16')\nDense(4, activity_regularizer='l2')"),
        Good(
            "keras.mixed_precision.set_global_policy('mixed_float16')\n"
            "Dense(4, dtype='float32', activity_regularizer='l2')"
        ),
        Good("def build(dtype):\n    return Dense(4, dtype=dtype, activity_regularizer='l2')"),
        Good("Dense(4, activity_regularizer='l2')"),
        Good("def build(reg=None):\n    return Dense(4, dtype='mixed_float16', activity_regularizer=reg)"),
    )

    def check_file(self, context: Context) -> Iterator[Finding]:
        policies = [
            _text(call.positional[0])
            for call in context.facts.calls
            if "mixed_precision" in call.path and call.positional
        ]
        policy = policies[0] if len(policies) == 1 else ""
        for name, argument, layer in context.slots:
            dtype = _dtype(layer, policy)
            short = dtype == _PURE or (dtype == _MIXED and name == "activity_regularizer")
            if short and asks_for_penalty(argument.value, context.keras):
                yield Finding(
                    argument.value_span, f"under {dtype} this penalty is summed in float16: it can overflow to inf"
                )


def _dtype(layer: LayerCall, policy: str) -> str:
    given = layer.keyword("dtype")
    return _text(given) if given is not None else policy


def _text(argument: Argument) -> str:
    value = argument.value
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""
