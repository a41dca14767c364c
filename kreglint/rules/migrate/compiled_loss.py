"""KRG507 compiled-loss."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.calls import ApiCall
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.rules.slots import regularizes

_NETWORK = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer={penalty})

    def call(self, x):
        return self.first(x)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = {loss}
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {{"total": loss}}


model = Network()
model.compile(optimizer=optimizers.SGD(1.0), loss="mse")
step = model.fit
"""


def _network(loss: str, penalty: str = "l2(0.1)") -> str:
    return _NETWORK.format(loss=loss, penalty=penalty)


_ONCE = Trained("0.2 * sum(abs(kernel))", "tensorflow")


class CompiledLoss(Rule):
    """`compiled_loss` is called without `regularization_losses`.

    ## Why is this bad?
    In Keras 2, it then returns the loss of the data alone, and the penalties have no effect. In Keras 3, it is an alias
    of `compute_loss`, which includes the penalties.

    ## What to write instead
    `self.compute_loss(x, y, y_pred)`, which includes them in both.

    ## Fix safety
    Unsafe: the model trains differently.
    """

    code, name, severity = "KRG507", "compiled-loss", Severity.WARNING
    triggers = ("compiled_loss",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _network("«self.compiled_loss(y, self(x))»"),
                keras2=Trained("0", "tensorflow"),
                keras3=_ONCE,
                fixed=_network("self.compiled_loss(y, self(x), regularization_losses=self.losses)"),
                majors=(2,),
            ),
            Good(_network("self.compiled_loss(y, self(x), regularization_losses=self.losses)"), both=_ONCE),
            Good(_network("self.compute_loss(x, y, self(x))"), both=_ONCE),
            Good(_network("self.compiled_loss(y, self(x)) + sum(self.losses)"), keras2=_ONCE, majors=(2,)),
            Good(_network("self.compiled_loss(y, self(x))", "None")),
            Good(_network("self.compiled_loss(y, self(x), None, self.losses)"), keras2=_ONCE),
            Good(
                """
                layer = Dense(4, kernel_regularizer='l2')
                loss = lambda model, **more: model.compiled_loss(**more)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if context.version.major != 2 or not regularizes(context):
            return
        for call in context.facts.calls:
            given = call.keyword("regularization_losses") is not None or len(call.positional) > 3
            if call.method == "compiled_loss" and not given and not call.has_star and not call.beside_losses:
                yield Finding(
                    call.span,
                    "compiled_loss is called without regularization_losses",
                    outcome=Effect.LEFT_OUT_OF_THE_LOSS,
                    fix=_fix(call),
                )


def _fix(call: ApiCall) -> Fix | None:
    if not call.arguments:
        return None
    text = f", regularization_losses={call.owner}.losses"
    return insertion("Pass the penalties", call.arguments[-1].span.end, text, Safety.UNSAFE)
