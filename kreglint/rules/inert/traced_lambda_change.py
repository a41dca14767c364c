"""KRG310 traced-lambda-change."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.late import TracedChange
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Trained


class TracedLambdaChange(Rule):
    """A callback changes the λ of a layer's regularizer while the model trains.

    ## Why is this bad?
    `fit` traces the training step once, with λ as a constant. A new value is stored, but training continues with the
    old one. (PyTorch does not trace, so λ does change there.)

    ## What to write instead
    A custom regularizer that reads a variable (`keras.Variable`, `tf.Variable`), which the callback assigns; or
    `compile` again between two calls of `fit`.
    """

    code, name, severity = "KRG310", "traced-lambda-change", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                class Decay(keras.callbacks.Callback):
                    def on_epoch_end(self, epoch, logs=None):
                        for layer in self.model.layers:
                            «layer.kernel_regularizer.l2» = 0.0


                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


                def step(x, y):
                    model.fit(x, y, batch_size=len(x), epochs=2, callbacks=[Decay()], verbose=0)
                """,
                keras2=Trained("0.36 * sum(abs(kernel))"),
                keras3=Trained("0.36 * sum(abs(kernel))", "tensorflow"),
                fixed="""
                class Decay(keras.callbacks.Callback):
                    def on_epoch_end(self, epoch, logs=None):
                        for layer in self.model.layers:
                            layer.kernel_regularizer.l2 = 0.0


                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse", run_eagerly=True)


                def step(x, y):
                    model.fit(x, y, batch_size=len(x), epochs=2, callbacks=[Decay()], verbose=0)
                """,
            ),
            Good(
                """
                class Decay(keras.callbacks.Callback):
                    def on_epoch_end(self, epoch, logs=None):
                        for layer in self.model.layers:
                            layer.kernel_regularizer.l2 = 0.0


                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse", run_eagerly=True)


                def step(x, y):
                    model.fit(x, y, batch_size=len(x), epochs=2, callbacks=[Decay()], verbose=0)
                """,
                both=Trained("0.2 * sum(abs(kernel))"),
            ),
            Good(
                """
                class Decay(keras.callbacks.Callback):
                    def on_epoch_end(self, epoch, logs=None):
                        for layer in self.model.layers:
                            self.rate.assign(0.0)


                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


                def step(x, y):
                    model.fit(x, y, batch_size=len(x), epochs=2, callbacks=[Decay()], verbose=0)
                """
            ),
            Good(
                """
                class Decay(keras.callbacks.Callback):
                    def on_epoch_end(self, epoch, logs=None):
                        for layer in self.model.layers:
                            layer.rate = 0.0


                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


                def step(x, y):
                    model.fit(x, y, batch_size=len(x), epochs=2, callbacks=[Decay()], verbose=0)
                """
            ),
            Good(
                """
                layer = Dense(4, kernel_regularizer=l2(0.1))
                layer.kernel_regularizer.l2 = 0.2
                layer
                """
            ),
            Good(
                """
                class Decay:
                    def end(self, layer):
                        layer.kernel_regularizer.l2 = 0.0


                build = Dense
                """
            ),
            Good(
                """
                from mynets import Callback


                class Decay(Callback):
                    def end(self, layer):
                        layer.kernel_regularizer.l2 = 0.0
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for found in context.facts.late.traced:
            yield Finding(
                found.span,
                "the training step was traced with the old λ, so this has no effect until the model is recompiled",
                fix=_fix(found),
            )


def _fix(found: TracedChange) -> Fix | None:
    if found.compiled is None:
        return None
    return insertion("Train without tracing, which is slow", found.compiled, ", run_eagerly=True", Safety.DISPLAY)
