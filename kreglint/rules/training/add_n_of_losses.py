"""KRG605 add-n-of-losses."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.slots import regularizes


class AddNOfLosses(Rule):
    """`tf.add_n` is called with a model's `losses`, which may be empty.

    ## Why is this bad?
    `tf.add_n([])` raises `ValueError`: the program fails as soon as no layer is regularized.

    ## What to write instead
    `sum(model.losses)`, which is then 0.

    ## Fix safety
    Safe: the sum is the same, and a crash becomes 0.
    """

    code, name, severity = "KRG605", "add-n-of-losses", Severity.WARNING
    triggers = (("add_n", "losses"),)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                penalty = «tf.add_n»(model.losses)
                """,
                both=Raises("ValueError", "constructor"),
                fixed="""
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                penalty = sum(model.losses)
                """,
            ),
            Bad(
                """
                def total(model):
                    return «tf.add_n»(model.losses)
                """,
                fixed="""
                def total(model):
                    return sum(model.losses)
                """,
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                penalty = sum(model.losses)
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])
                penalty = tf.add_n(model.losses)
                """,
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0.1 * sum(kernel**2)", "tensorflow"),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                penalty = tf.add_n(model.losses) if model.losses else 0.0
                """
            ),
            Good(
                """
                def total(model):
                    if not model.losses:
                        return 0.0
                    return tf.add_n(model.losses)
                """
            ),
            Good(
                """
                def total(model, loss):
                    return tf.add_n([loss, *model.losses])
                """
            ),
            Good(
                """
                def total(model, loss):
                    return tf.add_n([loss] + model.losses)
                """
            ),
            Good(
                """
                def total(weights):
                    return tf.add_n(weights)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        if regularizes(context):
            return
        for call in context.facts.calls:
            if call.path.endswith("add_n") and call.of_losses is not None and not call.tested:
                fix = replacement("Write sum", call.callee_span, "sum", Safety.SAFE)
                yield Finding(call.callee_span, "tf.add_n raises ValueError if no layer is regularized", fix=fix)
