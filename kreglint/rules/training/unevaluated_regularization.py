"""KRG607 unevaluated-regularization."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Logged
from kreglint.rules.slots import far_notes, penalized_elsewhere, regularized


class UnevaluatedRegularization(Rule):
    """A regularized model is fitted but never evaluated on other data.

    ## Why is this bad?
    A penalty makes the training loss worse by design. Only data that the model was not fitted to shows whether it
    helps.

    ## What to write instead
    `fit(…, validation_split=0.2)`, or `validation_data`, or `evaluate` afterwards.
    """

    code, name, severity, default = "KRG607", "unevaluated-regularization", Severity.INFO, False
    reads = ("fitted",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                train = lambda x, y: «model.fit»(x, y, epochs=9)
                """
            ),
            Bad(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


                def step(x, y):
                    return «model.fit»(x, y, verbose=0)
                """,
                both=Logged("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer=l2(0.1))])
                model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


                def step(x, y):
                    return model.fit(x, y, verbose=0, validation_data=(x, y))
                """,
                both=Logged("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                train = lambda x, y: model.fit(x, y, validation_split=0.2)
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                train = lambda x, y: (model.fit(x, y), model.evaluate(x, y))
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                train = lambda x, y, **more: model.fit(x, y, **more)
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(4)])
                train = lambda x, y: model.fit(x, y)
                """
            ),
            Good(
                """
                def train(model, x, y):
                    model.fit(x, y)
                    return Dense(4, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                first = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                model = keras.Sequential([Dense(4)])
                train = lambda x, y: model.fit(x, y)
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                scaler = object()
                train = lambda x: scaler.fit(x)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        fitted = {each.span: each for each in context.facts.fitted}
        if not fitted:
            return
        layers = regularized(context)
        for call in context.facts.calls:
            found = fitted.get(call.span) if call.method == "fit" else None
            far = penalized_elsewhere(found.made_elsewhere, context) if found is not None else []
            if found is not None and (far or layers.any_inside(found.made_in)):
                yield Finding(
                    call.callee_span,
                    "this regularized model is never evaluated on held-out data",
                    related=far_notes(far, call.callee_span),
                )
