"""KRG307 dropped-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Removal, Safety, Severity, Span
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.parameters import DroppedActivity
from kreglint.facts.values import Argument, Construct
from kreglint.outcomes import Effect
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.slots import asks_for_penalty
from kreglint.versions import within

_KEYWORD = "activity_regularizer"
_TIMES = "TimeDistributed"
_DROP_INNER = {(_TIMES, 3): "", ("Bidirectional", 2): "keras.layers.RNN"}  # of which layer inside; "" for any
_OF_KERAS_2 = "_activity_regularizer"  # where its base class keeps it


class DroppedActivityPenalty(Rule):
    """A layer accepts an activity regularizer and never applies it.

    ## Why is this bad?
    `SimpleRNN` in Keras 3 and `EinsumDense` in Keras 2 have the parameter but never apply it. In Keras 3,
    `TimeDistributed(layer)` drops the activity penalty of the layer inside, which Keras 2 adds. In Keras 2,
    `Bidirectional(RNN(cell))` drops it, since it makes two layers of a configuration without it.

    A custom layer drops it if it takes `activity_regularizer` and neither passes it to `super().__init__` nor sets
    `self.activity_regularizer`. Set before `super().__init__`, that attribute is lost, since the base class sets it
    again.

    ## What to write instead
    An `ActivityRegularization` layer after it, or `activity_regularizer` on the wrapper itself. In a custom
    layer, `super().__init__(activity_regularizer=activity_regularizer, **kwargs)`.
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
            Bad(
                "Bidirectional(RNN(GRUCell(4), activity_regularizer=«l2(0.1)»))",
                keras2=Penalty("0"),
                keras3=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
                fixed="Bidirectional(RNN(GRUCell(4)), activity_regularizer=l2(0.1))",
                majors=(2,),
            ),
            Bad(
                """
                class Gate(Layer):
                    def __init__(self, «activity_regularizer»=None, **kwargs):
                        super().__init__(**kwargs)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Gate(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0"),
                fixed="""
                class Gate(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs, activity_regularizer=activity_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Gate(activity_regularizer=l2(0.1))
                """,
            ),
            Bad(
                """
                class Gate(Layer):
                    def __init__(self, units, «activity_regularizer»=None, **kwargs):
                        self.units = units
                        self.activity_regularizer = regularizers.get(activity_regularizer)
                        super(Gate, self).__init__(**kwargs)

                    def call(self, x):
                        return x


                Gate(4, activity_regularizer=l2(0.1))
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                class Gate(keras.Model):
                    def __init__(self, «activity_regularizer»=None):
                        super().__init__()
                        self.penalty = regularizers.get(activity_regularizer)
                        self.inner = Dense(4)

                    def call(self, x):
                        return self.inner(x)


                Gate(l2(0.1))
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                class Block(Layer):
                    def __init__(self, **kwargs):
                        self.penalty = kwargs.pop(«'activity_regularizer'», None)
                        super().__init__(**kwargs)
                        self.inner = Dense(4)

                    def call(self, x):
                        return self.inner(x)


                Block(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                class Gate(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(activity_regularizer=activity_regularizer, **kwargs)

                    def call(self, x):
                        return x


                Gate(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                class Gate(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        kwargs['activity_regularizer'] = activity_regularizer
                        super().__init__(**kwargs)

                    def call(self, x):
                        return x


                Gate(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                class Block(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        options = {'activity_regularizer': activity_regularizer}
                        self.inner = Dense(4, **options)

                    def call(self, x):
                        return self.inner(x)


                Block(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                class Priced(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.price = regularizers.get(activity_regularizer)

                    def call(self, x):
                        self.add_loss(self.price(x))
                        return x


                Priced(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2)"),
            ),
            Good(
                """
                class Base(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self._penalty = regularizers.get(activity_regularizer)

                    def call(self, x):
                        return x


                class Priced(Base):
                    def call(self, x):
                        self.add_loss(self._penalty(x))
                        return x


                Priced(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2)"),
            ),
            Good(
                """
                class Settings:
                    def __init__(self, activity_regularizer=None):
                        self.units = 4

                    def call(self, x):
                        return x


                Dense(Settings(l2(0.1)).units)
                """,
                both=Penalty("0"),
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
            Good(
                """
                class Gate(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        if activity_regularizer is not None:
                            raise ValueError('a gate has no activity_regularizer')
                        self.inner = Dense(units)

                    def call(self, x):
                        return x * self.inner(x)


                Gate(4, activity_regularizer=l2(0.1))
                """,
                both=Raises("ValueError", "constructor"),
            ),
            Good(
                """
                class Gate(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.sparsity = regularizers.get(activity_regularizer)
                        self.inner = Dense(4)

                    def call(self, x):
                        return x * self.inner(x)


                def sparsity(layers, x):
                    return sum(layer.sparsity(layer(x)) for layer in layers)


                Gate(l2(0.1))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for dropped in context.facts.parameters.dropped:
            if _is_dropped(dropped, context):
                yield replace(_finding(dropped.span, f"'{dropped.owner}'"), fix=_forwarded(dropped))

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        given = layer.keyword(_KEYWORD)
        if known is None:
            return
        declared = known.regularizers.get(_KEYWORD)
        drops = declared is not None and declared.effect == "none"
        if drops and given is not None and asks_for_penalty(given.value, context.keras):
            yield _finding(given.value_span, known.name)
        wrapped = _wrapped_layer(layer)
        dropping = _DROP_INNER.get((known.name, context.version.major))
        if wrapped is not None and dropping is not None and dropping in ("", wrapped.symbol.canonical):
            inner = wrapped.keyword(_KEYWORD)
            if inner is not None and asks_for_penalty(inner.value, context.keras):
                end = layer.arguments[-1].span.end
                fix = _moved_out(inner, wrapped, end, known.name) if declared is not None else None
                yield replace(_finding(inner.value_span, known.name), fix=fix)


def _is_dropped(dropped: DroppedActivity, context: Context) -> bool:
    """True if a version has no other way to the penalty; Keras before tf.keras did not set the attribute itself."""
    if dropped.kept == _OF_KERAS_2 and context.version.major == 2:
        return False
    return within(context.version, ">=2.4") if dropped.reset else context.version.major > 1


def _forwarded(dropped: DroppedActivity) -> Fix | None:
    if dropped.forward_at is None:
        return None
    return insertion("Pass it to the base class", dropped.forward_at, f", {_KEYWORD}={_KEYWORD}", Safety.DISPLAY)


def _wrapped_layer(layer: LayerCall) -> Construct | None:
    """Return the layer that is wrapped, where it stands in the call itself."""
    wrapped = layer.positional[0].value if layer.positional else None
    if not isinstance(wrapped, Construct) or wrapped.origin:
        return None
    return wrapped if (wrapped.symbol.canonical or "").startswith("keras.layers.") else None


def _moved_out(argument: Argument, wrapped: Construct, end: int, wrapper: str) -> Fix | None:
    if argument.inherited:
        return None
    given = Edit(Span(end, end), f", {_KEYWORD}={argument.source}")
    return Fix(f"Pass it to {wrapper}", (Removal(argument.span, wrapped.span), given), Safety.DISPLAY)


def _finding(span: Span, layer: str) -> Finding:
    return Finding(span, f"{layer} accepts this activity regularizer", outcome=Effect.NEVER_APPLIED)
