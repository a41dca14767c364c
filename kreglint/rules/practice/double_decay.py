"""KRG703 double-decay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.diagnostics import Elsewhere, Finding, Note, Severity, Span
from kreglint.facts.binding import regularizer_arguments
from kreglint.facts.calls import ApiCall
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.factors import number
from kreglint.facts.joins import Placed
from kreglint.facts.meaning import meaning
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.rules.slots import asks_for_penalty, certainly_adds

_ADAMW = 0.004  # its default weight_decay, in tf.keras 2.15 and every Keras 3


class DoubleDecay(Rule):
    """The optimizer decays the weights, and L2 penalizes them too.

    ## Why is this bad?
    Both pull every weight to 0, and their effects add up. Each alone is common. AdamW decays by 0.004 by default.

    ## What to write instead
    One of the two.
    """

    code, name, severity, default = "KRG703", "double-decay", Severity.INFO, False
    reads = ("compiled",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=«optimizers.SGD»(1.0, weight_decay=0.1), loss="mse")
                step = model.fit
                """,
                both=Trained("0.3 * sum(abs(kernel))"),
            ),
            Bad(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=«optimizers.AdamW»(0.1, epsilon=1e-12), loss="mse")
                step = model.fit
                """,
                both=Trained("0.1 * sum(kernel**0) + 0.0004 * sum(abs(kernel))"),
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
                step = model.fit
                """,
                both=Trained("0.2 * sum(abs(kernel))"),
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False)])
                model.compile(optimizer=optimizers.SGD(1.0, weight_decay=0.1), loss="mse")
                step = model.fit
                """,
                both=Trained("0.1 * sum(abs(kernel))"),
            ),
            Bad(
                """
                optimizer = «optimizers.AdamW»(0.1, weight_decay=0.01)
                model = keras.Sequential([Dense(2, kernel_regularizer='l2'), Dense(1, kernel_regularizer=l2(0.1))])
                model.compile(optimizer, 'mse')
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, kernel_regularizer='l2')])
                model.compile('adam', 'mse')
                other = keras.Sequential([Dense(2)])
                other.compile(optimizers.AdamW(0.1), 'mse')
                """
            ),
            Good(
                """
                optimizer = optimizers.AdamW(0.1)
                layer = Dense(2, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.AdamW(0.1, weight_decay=0.0), loss="mse")
                step = model.fit
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.Adam(0.1, weight_decay=None), loss="mse")
                step = model.fit
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer='l1')])
                model.compile(optimizer=optimizers.AdamW(0.1), loss="mse")
                step = model.fit
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if not context.facts.compiled:
            return
        penalties = _l2_penalties(context)
        made_in: dict[Span, list[Span]] = {}
        far: dict[Span, list[tuple[float, Elsewhere]]] = {}
        for each in context.facts.compiled:
            made_in.setdefault(each.optimizer, []).extend(each.made_in)
            far.setdefault(each.optimizer, []).extend(_l2_elsewhere(each.made_elsewhere, context))
        for call in context.facts.calls:
            decay = _decay(call) if call.path.startswith("keras.optimizers.") else None
            there = far.get(call.span, [])
            factors = (
                sorted({*penalties.inside(made_in.get(call.span, ())), *(each for each, _ in there)}) if decay else []
            )
            if decay and factors:
                told = f"{factors[0]:g}" if len(factors) == 1 else f"{factors[0]:g} to {factors[-1]:g}"
                yield Finding(
                    call.callee_span,
                    f"this optimizer decays the weights by {decay:g}, and L2 with λ = {told} penalizes them too",
                    related=tuple(Note(call.span, "this layer has a penalty", place) for _, place in there[:1]),
                )


def _l2_penalties(context: Context) -> Placed[float]:
    """Return the factors of the L2 penalties of weights, by where their layers are made."""
    found = (
        (layer.span, meaning(argument.value, context.keras).l2)
        for name, argument, layer in context.slots
        if name != "activity_regularizer" and asks_for_penalty(argument.value, context.keras)
    )
    return Placed((span, factor) for span, factor in found if factor)


def _l2_elsewhere(layers: Sequence[FarLayer], context: Context) -> Iterator[tuple[float, Elsewhere]]:
    """The factors of the L2 penalties that layers of other files have for weights, and where these are made."""
    for layer in layers:
        for name, argument in regularizer_arguments(layer.call, context.keras):
            if name != "activity_regularizer" and certainly_adds(argument.value, context.keras):
                factor = meaning(argument.value, context.keras).l2
                if factor:
                    yield factor, layer.place


def _decay(call: ApiCall) -> float | None:
    """Return how much an optimizer decays the weights, or None if it does not or this is unknown."""
    given = call.keyword("weight_decay")
    if given is not None:
        return number(given.value)
    own = call.path.endswith(".AdamW") and not call.has_star and len(call.positional) < 2
    return _ADAMW if own else None
