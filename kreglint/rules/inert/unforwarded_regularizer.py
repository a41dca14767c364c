"""KRG308 unforwarded-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.custom import DroppedParameter
from kreglint.facts.parameters import STRENGTH_TRIGGERS
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises


class UnforwardedRegularizer(Rule):
    """A custom layer accepts a regularizer, or a λ, and does not pass it to any weight.

    ## Why is this bad?
    Keras penalizes a weight only if its regularizer is passed to `add_weight`. An attribute of that name does nothing,
    so the layer trains without a penalty. The same is true of a λ such as `l2_reg` or `weight_decay` that is kept for
    `get_config` alone.

    ## What to write instead
    `self.add_weight(…, regularizer=self.scale_regularizer)`, or pass it to the inner layer. Keras itself reads
    `activity_regularizer`.
    """

    code, name, severity = "KRG308", "unforwarded-regularizer", Severity.WARNING
    triggers = (REGULARIZER, *STRENGTH_TRIGGERS)

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
            Bad(
                """
                class Interaction(Layer):
                    def __init__(self, units=4, «l2_reg»=1e-5, **kwargs):
                        super().__init__(**kwargs)
                        self.units = units
                        self.l2_reg = l2_reg

                    def build(self, shape):
                        self.kernel = self.add_weight(name='kernel', shape=(shape[-1], self.units))

                    def call(self, x):
                        return keras.activations.relu(x @ self.kernel)

                    def get_config(self):
                        return {**super().get_config(), 'units': self.units, 'l2_reg': self.l2_reg}


                Interaction(l2_reg=0.1)
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                class Head(keras.Model):
                    def __init__(self, units, «weight_decay»=5e-4):
                        super().__init__()
                        if weight_decay < 0:
                            raise ValueError('weight_decay is negative')
                        self.regularizer = l2(weight_decay)
                        self.out = Dense(units)

                    def call(self, x):
                        return self.out(x)


                Head(4, weight_decay=0.1)
                """,
                both=Penalty("0"),
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
                class Cross(Layer):
                    def __init__(self, layer_num=2, l2_reg=0, **kwargs):
                        super().__init__(**kwargs)
                        self.layer_num = layer_num
                        self.l2_reg = l2_reg

                    def build(self, shape):
                        self.kernels = [
                            self.add_weight(name='kernel' + str(i), shape=(1,), regularizer=l2(self.l2_reg))
                            for i in range(self.layer_num)
                        ]

                    def call(self, x):
                        for kernel in self.kernels:
                            x = x * kernel
                        return x


                Cross(l2_reg=0.1)
                """,
                both=Penalty("0.1 * sum(kernel0**2) + 0.1 * sum(kernel1**2)"),
            ),
            Good(
                """
                class Factors(Layer):
                    def __init__(self, l2_reg=1e-5):
                        super().__init__()
                        self.l2_reg = l2_reg

                    def build(self, shape):
                        self.factors = self.add_weight(name='factors', shape=(1,), regularizer=self.penalty())

                    def penalty(self):
                        return None

                    def call(self, x):
                        return x * self.factors


                class Ridge(Factors):
                    def penalty(self):
                        return l2(self.l2_reg)


                Ridge(0.1)
                """,
                both=Penalty("0.1 * sum(factors**2)"),
            ),
            Good(
                """
                class Tower(keras.Model):
                    def __init__(self, units, l2_reg=1e-4):
                        super().__init__()
                        self.options = {'kernel_regularizer': l2(l2_reg)}
                        self.out = Dense(units, **self.options)

                    def call(self, x):
                        return self.out(x)


                Tower(4, l2_reg=0.1)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                class Block(Layer):
                    def __init__(self, units, weight_decay=1e-4):
                        super().__init__()
                        self.weight_decay = weight_decay
                        self.inner = Dense(units)

                    def call(self, x):
                        y = self.inner(x)
                        self.add_loss(self.weight_decay * tf.reduce_sum(self.inner.kernel ** 2))
                        return y


                Block(4)
                """
            ),
            Good(
                """
                class Pool(Layer):
                    def __init__(self, size=2, l2_reg=0.0, **kwargs):
                        super().__init__(**kwargs)
                        self.size = size

                    def call(self, x):
                        return x[:: self.size]


                Pool(l2_reg=0.1)
                """
            ),
            Good(
                """
                class Net(keras.Model):
                    def __init__(self, units, **options):
                        super().__init__()
                        self.out = Dense(units)

                    def call(self, x):
                        return self.out(x)


                class Ranker(Net):
                    def __init__(self, units, l2_reg=0.01):
                        super().__init__(units, l2_reg=l2_reg)


                Ranker(4)
                """
            ),
            Good(
                """
                class Options(Layer):
                    def __init__(self, l2_reg=0.1):
                        super().__init__()
                        self.l2_reg = l2_reg

                    def build(self, shape):
                        given = {name: value for name, value in vars(self).items() if name.startswith('l2')}
                        self.scale = self.add_weight(name='scale', shape=(1,), regularizer=l2(given['l2_reg']))

                    def call(self, x):
                        return x * self.scale


                Options()
                """
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
            Good(
                """
                class Gate(Layer):
                    def __init__(self, gate_regularizer=None, **kwargs):
                        super().__init__(**kwargs)
                        self.gate_regularizer = regularizers.get(gate_regularizer)

                    def build(self, shape):
                        self.gate = self.add_weight(name='gate', shape=(shape[-1],))

                    def call(self, x):
                        return x * self.gate


                def penalty(layer):
                    return layer.gate_regularizer(layer.gate)


                Gate(l2(0.1))
                """
            ),
            Good(
                """
                class Net(keras.Model):
                    def __init__(self, weight_decay=1e-4):
                        super().__init__()
                        self.weight_decay = weight_decay
                        self.head = Dense(4)

                    def call(self, x):
                        return self.head(x)


                def optimizer_for(net):
                    return keras.optimizers.AdamW(weight_decay=net.weight_decay)


                Net(weight_decay=0.1)
                """
            ),
            Good(
                """
                class Gate(Layer):
                    def __init__(self, units, l2_reg=None, **kwargs):
                        super().__init__(**kwargs)
                        if l2_reg is not None:
                            raise TypeError('l2_reg was removed, use kernel_regularizer')
                        self.inner = Dense(units)

                    def call(self, x):
                        return x * self.inner(x)


                Gate(4, l2_reg=0.1)
                """,
                both=Raises("TypeError", "constructor"),
            ),
            Good(
                """
                class Head(keras.Model):
                    def __init__(self, l2_reg=0.0):
                        super().__init__()
                        self.out = Dense(4)

                    def call(self, x):
                        return self.out(x)


                class Decayed(Head):
                    def __init__(self, l2_reg=0.0):
                        super().__init__(l2_reg)
                        self.out = Dense(4, kernel_regularizer=l2(l2_reg))


                Head(l2_reg=0.1), Decayed(l2_reg=0.1)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for dropped in (*context.facts.custom.unforwarded, *context.facts.parameters.strengths):
            yield Finding(
                dropped.span,
                f"'{dropped.name}' is not passed to any weight of this layer, so it adds nothing",
                fix=_fix(dropped),
            )


def _fix(dropped: DroppedParameter) -> Fix | None:
    if dropped.kept is None or dropped.weight is None:
        return None
    return insertion("Pass it to the weight", dropped.weight, f", regularizer={dropped.kept}", Safety.DISPLAY)
