"""KRG307 dropped-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Removal, Safety, Severity, Span
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Construct, Value
from kreglint.outcomes import Effect
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty

_KEYWORD = "activity_regularizer"
_DROPS_INNER = "TimeDistributed"


class DroppedActivityPenalty(Rule):
    """A layer accepts an activity regularizer and never applies it.

    ## Why is this bad?
    `SimpleRNN` in Keras 3 and `EinsumDense` in Keras 2 have the parameter but never apply it. In Keras 3,
    `TimeDistributed(layer)` drops the activity penalty of the layer inside, which Keras 2 adds.

    ## What to write instead
    An `ActivityRegularization` layer after it, or `activity_regularizer` on the `TimeDistributed` itself.
    """

    code, name, severity = "KRG307", "dropped-activity-penalty", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "SimpleRNN(4, activity_regularizer=«l2(0.1)»)",
                keras2=Penalty("0.1 * sum(output**2) / batch"),
                keras3=Penalty("0"),
                majors=(3,),
            ),
            Bad(
                "EinsumDense('ab,bc->ac', 4, activity_regularizer=«'l2'»)",
                keras2=Penalty("0"),
                keras3=Penalty("0.01 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.01 * sum(output**2)")),),
                majors=(2,),
            ),
            Bad(
                "TimeDistributed(Dense(4, activity_regularizer=«l2(0.1)»))",
                keras3=Penalty("0"),
                fixed="TimeDistributed(Dense(4), activity_regularizer=l2(0.1))",
                majors=(3,),
            ),
            Good(
                "LSTM(4, activity_regularizer=l2(0.1))",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good("TimeDistributed(Dense(4, kernel_regularizer=l2(0.1)))", both=Penalty("0.1 * sum(kernel**2)")),
            Good("SimpleRNN(4, activity_regularizer=None)", both=Penalty("0")),
            Good(
                """
                def rnn(penalty=None):
                    return SimpleRNN(4, activity_regularizer=penalty)


                rnn()
                """
            ),
            Good("SimpleRNN(4, kernel_regularizer=l2(0.1))"),
            Good(
                """
                from mynets import SimpleRNN

                build = lambda: SimpleRNN(4, activity_regularizer='l2')
                """
            ),
            Good(
                "TimeDistributed(Dense(4), activity_regularizer=l2(0.1))",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                inner = Dense(4, activity_regularizer=l2(0.1))
                inner
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        given = layer.keyword(_KEYWORD)
        if known is None:
            return
        declared = known.regularizers.get(_KEYWORD)
        drops = declared is not None and declared.effect == "none"
        if drops and given is not None and asks_for_penalty(given.value, context.keras):
            yield _finding(given.value_span, known.name)
        if known.name == _DROPS_INNER and context.version.major == 3:
            wrapped = _wrapped_layer(layer)
            inner = wrapped.keyword(_KEYWORD) if wrapped is not None else None
            if wrapped is not None and inner is not None and asks_for_penalty(inner.value, context.keras):
                yield replace(
                    _finding(inner.value_span, _DROPS_INNER),
                    fix=_moved_out(inner, wrapped, layer.arguments[-1].span.end),
                )


def _wrapped_layer(layer: LayerCall) -> Construct | None:
    """Return the layer that is wrapped, where it stands in the call itself."""
    wrapped = layer.positional[0].value if layer.positional else None
    return wrapped if isinstance(wrapped, Construct) and not wrapped.origin and _is_layer(wrapped) else None


def _moved_out(argument: Argument, wrapped: Construct, end: int) -> Fix | None:
    if argument.inherited:
        return None
    given = Edit(Span(end, end), f", {_KEYWORD}={argument.source}")
    return Fix(f"Pass it to {_DROPS_INNER}", (Removal(argument.span, wrapped.span), given), Safety.DISPLAY)


def _is_layer(value: Value) -> bool:
    return isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers.")


def _finding(span: Span, layer: str) -> Finding:
    return Finding(span, f"{layer} accepts this activity regularizer", outcome=Effect.NEVER_APPLIED)
