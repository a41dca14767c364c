"""KRG623 activity-penalty-in-cell."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Note, Severity, Span
from kreglint.facts.added import Where
from kreglint.outcomes import Fails
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.enclosed import enclosed_penalties
from kreglint.rules.examples import Bad, Examples, Good, Raises

_FIT = "\nmodel.compile('sgd', 'mse')\n\n\ndef step(x, y):\n    return model.fit(x, y, verbose=0)"
_LEAKS = Raises("InaccessibleTensorError", "train", "out of scope", backend="tensorflow")
_OWN = """\
class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = self.output_size = units
        self.dense = Dense(units, activity_regularizer={})

    def build(self, shape):
        self.dense.build(shape)

    def call(self, inputs, states):
        output = self.dense(inputs) + states[0]
        return output, [output]


"""
_ADDS = """\
class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = self.output_size = units

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], self.units))

    def call(self, inputs, states):
        output = tf.matmul(inputs, self.kernel) + states[0]
        self.add_loss({})
        return output, [output]


"""


def _model(layer: str) -> str:
    return f"inputs = keras.Input((5, 4))\nmodel = keras.Model(inputs, {layer}(inputs)){_FIT}"


class ActivityPenaltyInCell(Rule):
    """The cell of an RNN has an activity regularizer, or calls `add_loss`.

    ## Why is this bad?
    `RNN` runs its cell in a loop of the backend. The penalty is made in that loop and cannot be used outside of it: the
    model builds and predicts, but `fit` and `evaluate` fail, on TensorFlow and on JAX. `GRU` and `LSTM` penalize their
    output after the loop.

    ## What to write instead
    An `activity_regularizer` of `GRU` or `LSTM` instead of their cells. For a cell of your own,
    `ActivityRegularization` after the `RNN`, or `RNN(cell, unroll=True)` where the number of steps is known.
    """

    code, name, severity = "KRG623", "activity-penalty-in-cell", Severity.ERROR
    triggers = (REGULARIZER, "add_loss")

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(_model("RNN(GRUCell(2, activity_regularizer=«l2(0.1)»))"), both=_LEAKS),
            Bad(_model("RNN([LSTMCell(2), LSTMCell(2, activity_regularizer=«'l2'»)])"), both=_LEAKS),
            Bad(_OWN.format("«l2(0.1)»") + _model("RNN(Cell(2), return_sequences=True)"), both=_LEAKS),
            Bad(_ADDS.format("«0.1 * tf.reduce_sum(output**2)»") + _model("RNN(Cell(2))"), both=_LEAKS),
            Good(_ADDS.format("0.1 * tf.reduce_sum(output**2)") + _model("RNN(Cell(2), unroll=True)")),
            Good(_model("GRU(2, activity_regularizer=l2(0.1))")),
            Good(_model("RNN(GRUCell(2, activity_regularizer=l2(0.1)), unroll=True)")),
            Good(_model("RNN(GRUCell(2, kernel_regularizer=l2(0.1), recurrent_regularizer=l2(0.1)))")),
            Good(_OWN.format("l2(0.1)") + _model("RNN(Cell(2), unroll=True)")),
            Good(_OWN.format("None") + _model("RNN(Cell(2))")),
            Good(
                """
                model = keras.Sequential([keras.Input((5, 4)), RNN(GRUCell(2, activity_regularizer=l2(0.1)))])
                model.compile("sgd", "mse", run_eagerly=True)
                """
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((5, 4)), RNN(GRUCell(2, activity_regularizer=l2(0.1)))])
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(model(tf.ones((3, 5, 4)))) + sum(model.losses)
                grads = tape.gradient(loss, model.trainable_variables)
                """
            ),
            Good(
                """
                layer = RNN(GRUCell(2, activity_regularizer=l2(0.1)))
                layer.unroll = True
                """
            ),
            Good(
                """
                layer = RNN(GRUCell(2, activity_regularizer=l2(0.1)))
                layer.cell.activity_regularizer = None
                """
            ),
            Good(
                """
                def recurrent(units, regularizer=None, unroll=False):
                    return RNN(GRUCell(units, activity_regularizer=regularizer), unroll=unroll)
                """
            ),
            Good(
                """
                cell = LSTMCell(4, activity_regularizer=l2(0.1))
                output, state = cell(tf.zeros((2, 3)), cell.get_initial_state(batch_size=2))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        found = {argument.value_span: rnn.span for argument, rnn in enclosed_penalties(context, "rnn")}
        found |= {span: rnn for span, rnn in _added_in_cells(context) if span not in found}
        for span, rnn in found.items():
            yield Finding(
                span,
                "the penalty of a cell's output does not get out of the RNN's loop",
                Fails("InaccessibleTensorError", "fit", backend="TensorFlow"),
                related=(Note(rnn, "this RNN runs the cell in a loop"),),
            )


def _added_in_cells(context: Context) -> Iterator[tuple[Span, Span]]:
    """Yield the tensors that cells give to `add_loss`, each with the RNN."""
    if context.facts.backend not in (None, "tensorflow"):
        return
    added = {each.span: each for each in context.facts.training.added if each.where is Where.CALL}
    for rnn in context.facts.enclosed:
        for loss in (added[span] for span in rnn.adds if span in added):
            if loss.given is not None and loss.kind == "tensor":
                yield loss.given, rnn.span
