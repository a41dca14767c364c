"""KRG619 repeated-activity-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Fix, Removal, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.parameters import RepeatedActivity
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asked_of_all

_KEYWORD = "activity_regularizer"
_ONCE = Penalty("0.1 * sum(output**2) / batch")
_TWICE = Penalty("2 * 0.1 * sum(output**2) / batch")
_UNDIVIDED = (">=3.0,<3.14", Penalty("0.1 * sum(output**2)"))
_TWICE_UNDIVIDED = (">=3.0,<3.14", Penalty("2 * 0.1 * sum(output**2)"))


class RepeatedActivityPenalty(Rule):
    """An activity regularizer is applied to a layer's output, and to that of a layer inside it again.

    ## Why is this bad?
    Keras applies the `activity_regularizer` of every layer to its output, also that of a custom layer which passes it
    to `super().__init__` or sets it. If a layer inside gets the same regularizer, or `add_loss` what it returns, the
    penalty is added twice. In Keras 3, `MultiHeadAttention` and `GroupQueryAttention` pass theirs to the projections of
    query, key, value and output.

    ## What to write instead
    In a custom layer, give it either to the layer inside or to the base class. After an attention layer, an
    `ActivityRegularization` layer applies it to the output alone.
    """

    code, name, severity = "KRG619", "repeated-activity-penalty", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.units = units
                        self.activity_regularizer = regularizers.get(activity_regularizer)

                    def build(self, shape):
                        self.inner = «Dense»(self.units, activity_regularizer=self.activity_regularizer)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_TWICE,
                older=(_TWICE_UNDIVIDED,),
                fixed="""
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.units = units
                        self.activity_regularizer = regularizers.get(activity_regularizer)

                    def build(self, shape):
                        self.inner = Dense(self.units)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
            ),
            Bad(
                """
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
                        options = {'activity_regularizer': activity_regularizer}
                        self.inner = «Dense»(units, **options)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_TWICE,
                older=(_TWICE_UNDIVIDED,),
            ),
            Bad(
                """
                class FeedForward(Layer):
                    def __init__(self, units, **kwargs):
                        super().__init__(**kwargs)
                        self.inner = «Dense»(units, activity_regularizer=self.activity_regularizer)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_TWICE,
                older=(_TWICE_UNDIVIDED,),
                fixed="""
                class FeedForward(Layer):
                    def __init__(self, units, **kwargs):
                        super().__init__(**kwargs)
                        self.inner = Dense(units)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
            ),
            Bad(
                """
                class Gate(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.activity_regularizer = regularizers.get(activity_regularizer)

                    def call(self, x):
                        if self.activity_regularizer is not None:
                            «self.add_loss»(self.activity_regularizer(x))
                        return x


                Gate(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) + 0.1 * sum(output**2) / batch"),
                older=(_TWICE_UNDIVIDED,),
            ),
            Bad(
                """
                class Scale(Layer):
                    def __init__(self, **kwargs):
                        super().__init__(**kwargs)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                class Gate(keras.Model):
                    def __init__(self, activity_regularizer=None):
                        super().__init__()
                        self.activity_regularizer = regularizers.get(activity_regularizer)
                        self.scale = «Scale»(activity_regularizer=self.activity_regularizer)

                    def call(self, x):
                        return self.scale(x)


                Gate(l2(0.1))
                """,
                both=_TWICE,
                older=(_TWICE_UNDIVIDED,),
                fixed="""
                class Scale(Layer):
                    def __init__(self, **kwargs):
                        super().__init__(**kwargs)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                class Gate(keras.Model):
                    def __init__(self, activity_regularizer=None):
                        super().__init__()
                        self.activity_regularizer = regularizers.get(activity_regularizer)
                        self.scale = Scale()

                    def call(self, x):
                        return self.scale(x)


                Gate(l2(0.1))
                """,
            ),
            Bad(
                "MultiHeadAttention(2, 4, activity_regularizer=«l2(0.1)»)",
                keras2=_ONCE,
                majors=(3,),
            ),
            Bad(
                """
                class Fixed(Regularizer):
                    def __call__(self, x):
                        return 0.5 + keras.losses.MeanSquaredError()(x, x)

                    def get_config(self):
                        return {}


                MultiHeadAttention(2, 4, activity_regularizer=«Fixed()»)
                """,
                keras2=Penalty("0.5 / batch"),
                keras3=Penalty("4 * 0.5 / batch"),
                older=((">=3.0,<3.14", Penalty("4 * 0.5")),),
                majors=(3,),
            ),
            Good(
                """
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.inner = Dense(units, activity_regularizer=activity_regularizer)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
                        self.inner = Dense(units)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                class FeedForward(Layer):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.activity_regularizer = regularizers.get(activity_regularizer)
                        self.inner = Dense(units, activity_regularizer=self.activity_regularizer)
                        self.activity_regularizer = None

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                class FeedForward(Layer):
                    def __init__(self, units, **kwargs):
                        penalty = kwargs.pop('activity_regularizer', None)
                        super().__init__(**kwargs)
                        self.inner = Dense(units, activity_regularizer=penalty)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, activity_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                class FeedForward(Layer):
                    def __init__(self, units, hidden_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.inner = Dense(units, activity_regularizer=hidden_regularizer)

                    def call(self, x):
                        return self.inner(x)


                FeedForward(4, hidden_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                class Sparse(Dense):
                    def __init__(self, units, activity_regularizer=None, **kwargs):
                        super().__init__(units, activity_regularizer=activity_regularizer, **kwargs)


                Sparse(4, activity_regularizer=l2(0.1))
                """,
                both=_ONCE,
                older=(_UNDIVIDED,),
            ),
            Good(
                """
                def encoder(units, penalty):
                    return keras.Sequential([Dense(units, activity_regularizer=penalty), Dense(units)])


                encoder(4, l2(0.1))
                """
            ),
            Good("MultiHeadAttention(2, 4, activity_regularizer=None)", both=Penalty("0")),
            Good("MultiHeadAttention(2, 4, kernel_regularizer='l2')"),
            Good("Bidirectional(LSTM(4, activity_regularizer='l2'))"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for repeated in context.facts.parameters.repeated:
            if _applies(repeated, context.keras) and context.version.major > 1:
                yield Finding(repeated.span, _message(repeated), fix=_dropped(repeated))

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known, given = layer_of(layer, context.keras), layer.keyword(_KEYWORD)
        declared = known.regularizers.get(_KEYWORD) if known is not None else None
        if known is None or declared is None or given is None or _is_of_steps(known.name):
            return
        if declared.terms > 1 and asked_of_all(given.value, context.keras):
            message = f"{known.name} accepts this activity regularizer"
            yield Finding(given.value_span, message, outcome=Effect.APPLIED_INSIDE)


def _message(repeated: RepeatedActivity) -> str:
    again = "add_loss adds it" if repeated.layer == "add_loss" else f"this {repeated.layer} applies it"
    return f"'{repeated.owner}' applies its activity regularizer to its own output, and {again} again"


def _applies(repeated: RepeatedActivity, keras: Keras) -> bool:
    """True if the layer inside applies its activity regularizer in a version."""
    if not repeated.of_keras:
        return True
    known = keras.layer(repeated.layer)
    declared = known.regularizers.get(_KEYWORD) if known is not None else None
    return declared is not None and declared.effect == "penalty"


def _is_of_steps(layer: str) -> bool:
    """True if a layer is a cell, which has its states among its outputs."""
    return layer.endswith(("Cell", "Cells"))


def _dropped(repeated: RepeatedActivity) -> Fix | None:
    if repeated.argument is None:
        return None
    removal = Removal(repeated.argument, repeated.call)
    return Fix("Drop it from the inner layer", (removal,), Safety.DISPLAY)
