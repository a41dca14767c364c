"""KRG308 unforwarded-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.custom import DroppedParameter
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty


class UnforwardedRegularizer(Rule):
    """A custom layer accepts a regularizer and does not pass it to any weight.

    ## Why is this bad?
    Keras penalizes a weight only if its regularizer is passed to `add_weight`. An attribute of that name does nothing,
    so the layer trains without a penalty.

    ## What to write instead
    `self.add_weight(…, regularizer=self.scale_regularizer)`, or pass it to the inner layer. Keras itself reads
    `activity_regularizer`.
    """

    code, name, severity = "KRG308", "unforwarded-regularizer", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                class Scale(Layer):
                    def __init__(self, «scale_regularizer»=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """,
                both=Penalty("0"),
                fixed="""
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,), regularizer=self.scale_regularizer)

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """,
            ),
            Bad(
                """
                class Scale(Layer):
                    def __init__(self, «scale_regularizer»=None, **kwargs):
                        super().__init__(**kwargs)
                        self.penalty = scale_regularizer

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale

                    def get_config(self):
                        return {'scale_regularizer': self.penalty}


                Scale(scale_regularizer=l2(0.1))
                """,
                both=Penalty("0"),
                fixed="""
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.penalty = scale_regularizer

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,), regularizer=self.penalty)

                    def call(self, x):
                        return x * self.scale

                    def get_config(self):
                        return {'scale_regularizer': self.penalty}


                Scale(scale_regularizer=l2(0.1))
                """,
            ),
            Good(
                """
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,), regularizer=self.scale_regularizer)

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(scale**2)"),
            ),
            Good(
                """
                class Block(Layer):
                    def __init__(self, kernel_regularizer=None):
                        super().__init__()
                        self.inner = Dense(4, kernel_regularizer=kernel_regularizer)

                    def call(self, x):
                        return self.inner(x)


                Block(l2(0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                class Scale(Layer):
                    def __init__(self, activity_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.activity_regularizer = regularizers.get(activity_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(activity_regularizer=l2(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                """
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale

                    def penalty(self):
                        return self.scale_regularizer(self.scale)


                Scale(scale_regularizer=l2(0.1))
                """
            ),
            Good(
                """
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))


                class Other(Scale):
                    pass
                """
            ),
            Good(
                """
                class Scale(Dense):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """
            ),
            Good(
                """
                class Scale(Layer):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.options = locals()

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """
            ),
            Good(
                """
                class Base(Layer):
                    def __init__(self, kernel_regularizer=None):
                        super().__init__()
                        self.kernel_regularizer = kernel_regularizer


                build = lambda: Base('l2')
                """
            ),
            Good(
                """
                from mynets import Base


                class Scale(Base):
                    def __init__(self, scale_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.scale_regularizer = regularizers.get(scale_regularizer)

                    def build(self, shape):
                        self.scale = self.add_weight(name='scale', shape=(1,))

                    def call(self, x):
                        return x * self.scale


                Scale(scale_regularizer=l2(0.1))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for dropped in context.facts.custom.unforwarded:
            yield Finding(
                dropped.span,
                f"'{dropped.name}' is not passed to any weight of this layer, so it adds nothing",
                fix=_fix(dropped),
            )


def _fix(dropped: DroppedParameter) -> Fix | None:
    if dropped.kept is None or dropped.weight is None:
        return None
    return insertion("Pass it to the weight", dropped.weight, f", regularizer={dropped.kept}", Safety.DISPLAY)
