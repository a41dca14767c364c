"""KRG606 unsavable-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.custom import CustomRegularizer
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion, method, registration
from kreglint.rules.examples import Bad, Examples, Good, Raises


class UnsavableRegularizer(Rule):
    """A custom regularizer cannot be saved with its model, or cannot be loaded as it was.

    ## Why is this bad?
    Keras saves the result of `get_config` and recreates the regularizer from it. Without the method, saving raises
    `NotImplementedError`. What the configuration omits is lost, or missing when the model is loaded.

    ## What to write instead
    A `get_config` with every parameter of `__init__`, and
    `@keras.saving.register_keras_serializable(package="…")` above the class.

    ## Fix safety
    Unsafe: a saved model contains more than before, or is loaded under another name.
    """

    code, name, severity = "KRG606", "unsavable-regularizer", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                class «Power»(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)


                Dense(4, kernel_regularizer=Power(0.1)).get_config()
                """,
                both=Raises("NotImplementedError", "constructor"),
                fixed="""
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {"rate": self.rate, "power": self.power}


                Dense(4, kernel_regularizer=Power(0.1)).get_config()
                """,
            ),
            Bad(
                """
                class «Power»(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'power': self.power}


                Power.from_config(Power(0.1).get_config())
                """,
                both=Raises("TypeError", "constructor"),
                fixed="""
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'power': self.power, "rate": self.rate}


                Power.from_config(Power(0.1).get_config())
                """,
            ),
            Bad(
                """
                class «Power»(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': self.rate, 'power': self.power}


                build = lambda: keras.models.load_model('net.keras')
                """,
                fixed="""
                @keras.utils.register_keras_serializable()
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': self.rate, 'power': self.power}


                build = lambda: keras.models.load_model('net.keras')
                """,
            ),
            Bad(
                """
                class «Power»(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'scale': self.rate, 'power': self.power}


                Power.from_config(Power(0.1).get_config())
                """,
                both=Raises("TypeError", "constructor", "unexpected keyword argument 'scale'"),
            ),
            Good(
                """
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2, **more):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': 1, 'scale': self.rate, 'power': self.power}
                """
            ),
            Good(
                """
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': self.rate, 'power': self.power}


                Power.from_config(Power(0.1).get_config())
                """
            ),
            Good(
                """
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        config = super().get_config()
                        return config


                build = Power
                """
            ),
            Good(
                """
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': self.rate, 'power': self.power}


                build = lambda: keras.models.load_model('n.keras', custom_objects={'P': Power})
                """
            ),
            Good(
                """
                @keras.utils.register_keras_serializable('nets')
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {'rate': self.rate, 'power': self.power}


                build = lambda: keras.models.load_model('net.keras')
                """
            ),
            Good(
                """
                class Shrink(regularizers.L2):
                    def __call__(self, x):
                        return 2 * super().__call__(x)
                """
            ),
            Good(
                """
                class Regularizer:
                    pass


                class Ours(Regularizer):
                    def __init__(self, rate):
                        pass
                """
            ),
            Good(
                """
                class Power(regularizers.Regularizer):
                    def __init__(self, rate, power=2):
                        self.rate, self.power = rate, power

                    def __call__(self, x):
                        return self.rate * tf.reduce_sum(tf.abs(x) ** self.power)

                    def get_config(self):
                        return {**self.__dict__}


                build = Power
                """
            ),
            Good(
                """
                class Fixed(regularizers.Regularizer):
                    def __call__(self, x):
                        return tf.reduce_sum(x)

                    def get_config(self):
                        return {}
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for found in context.facts.custom.regularizers:
            yield Finding(found.span, _describe(found), fix=_fix(found))


def _describe(found: CustomRegularizer) -> str:
    if found.left_out is None:
        return f"'{found.name}' has no get_config, so a model with it cannot be saved"
    if found.foreign:
        names = " and ".join(map(repr, found.foreign))
        return f"get_config has {names}, which __init__ does not take, so a saved model cannot be loaded"
    if found.left_out:
        names = " and ".join(found.left_out)
        return f"get_config leaves out {names}, so a saved model loses it or cannot be loaded"
    return f"'{found.name}' is not registered, so a saved model with it cannot be loaded here"


def _fix(found: CustomRegularizer) -> Fix | None:
    kept = dict(found.attributes)
    if found.left_out is None:
        return _with_config(found, kept)
    if found.foreign:
        return None  # which of the two names is meant, nobody knows
    if found.left_out:
        if found.config_end is None or not set(found.left_out) <= kept.keys():
            return None
        text = "".join(f', "{name}": {kept[name]}' for name in found.left_out)
        return insertion("Add the missing entries", found.config_end, text, Safety.UNSAFE)
    return registration(found.body)


def _with_config(found: CustomRegularizer, kept: dict[str, str]) -> Fix | None:
    if not found.parameters or not set(found.parameters) <= kept.keys():
        return None
    entries = ", ".join(f'"{name}": {kept[name]}' for name in found.parameters)
    lines = ("def get_config(self):", f"    return {{{entries}}}")
    return method("Add get_config", found.body, lines, Safety.UNSAFE)
