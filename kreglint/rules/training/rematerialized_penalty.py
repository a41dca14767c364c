"""KRG624 rematerialized-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Note, Severity
from kreglint.outcomes import Effect
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.enclosed import enclosed_penalties
from kreglint.rules.examples import Bad, Examples, Good, Trained
from kreglint.versions import within

_SCOPES = ">=3.9"
_NET = """\
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = Dense(2, use_bias=False, {}_regularizer={})

    def call(self, inputs):
        return self.dense(inputs + 1.0)


"""
_FIT = """
model.compile("sgd", "mse")


def step(x, y):
    return model.fit(x, y + model(x), verbose=0)"""


class RematerializedPenalty(Rule):
    """A layer that is made in a `RematScope` has an activity regularizer inside.

    ## Why is this bad?
    On TensorFlow, the penalty of an inner layer's output is in the logged loss and has no gradient, so that nothing
    trains it. The scope has the outer layer computed once more for the gradients, and what it adds to `losses` in the
    meantime is not part of that. On JAX, `fit` fails. Penalties of weights are right everywhere.

    ## What to write instead
    `RematScope(mode="activations")`, or a mode that names the layers. Or an `ActivityRegularization` after the layer,
    outside of the scope.
    """

    code, name, severity = "KRG624", "rematerialized-penalty", Severity.WARNING
    triggers = (("RematScope", REGULARIZER),)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _NET.format("activity", "«l2(0.1)»") + "with keras.RematScope():\n    model = Net()" + _FIT,
                majors=(3,),
                versions=_SCOPES,
                keras3=Trained("0", "tensorflow"),
                older=((">=3.0,<3.9", None),),
            ),
            Bad(
                _NET.format("activity", "«l2(0.1)»") + "with keras.RematScope(mode='full'):\n    model = Net()",
                majors=(3,),
                versions=_SCOPES,
            ),
            Good(_NET.format("kernel", "l2(0.1)") + "with keras.RematScope():\n    model = Net()"),
            Good(_NET.format("activity", "l2(0.1)") + "with keras.RematScope(mode='activations'):\n    model = Net()"),
            Good(_NET.format("activity", "l2(0.1)") + "model = Net()"),
            Good(_NET.format("activity", "None") + "with keras.RematScope():\n    model = Net()"),
            Good(
                _NET.format("activity", "l2(0.1)")
                + "def build(mode):\n    with keras.RematScope(mode=mode):\n        return Net()"
            ),
            Good(
                _NET.format("activity", "l2(0.1)")
                + """
with keras.RematScope():
    with keras.RematScope(mode=None):
        model = Net()
"""
            ),
            Good(
                _NET.format("activity", "l2(0.1)")
                + """
with keras.RematScope():
    def build():
        return Net()

model = build()
"""
            ),
            Good(
                _NET.format("activity", "l2(0.1)")
                + """
with keras.RematScope():
    model = Net()
    model.dense.activity_regularizer = None
"""
            ),
            Good("with keras.RematScope():\n    layer = Dense(4, activity_regularizer=l2(0.1))"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if not within(context.version, _SCOPES):
            return
        for argument, layer in enclosed_penalties(context, "remat"):
            yield Finding(
                argument.value_span,
                "this penalty is computed in a RematScope",
                Effect.WITHOUT_GRADIENT,
                related=(Note(layer.span, "this is made in the scope"),),
            )
