"""KRG406 regularizer-outside-layer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.late import Misplaced
from kreglint.outcomes import Effect, Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.versions import Version

_TAKES = {"added": "add takes only a layer", "called": "the call of a layer takes only its input"}


class RegularizerOutsideLayer(Rule):
    """A regularizer is passed to `add`, or to the call of a layer, instead of the layer's constructor.

    ## Why is this bad?
    It stands behind the wrong parenthesis: `Dense(4)(x, kernel_regularizer=…)` and `model.add(Dense(4),
    kernel_regularizer=…)` raise a `TypeError`. A second positional argument of `add` raises no error in Keras 3: it is
    taken as `rebuild`, and the layer has no penalty.

    ## What to write instead
    `Dense(4, kernel_regularizer=…)(x)`.
    """

    code, name, severity = "KRG406", "regularizer-outside-layer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                model = keras.Sequential()
                model.add(Dense(4), «kernel_regularizer»=l2(0.1))
                """,
                both=Raises("TypeError", "constructor", "kernel_regularizer"),
            ),
            Bad(
                """
                model = keras.Sequential([keras.Input((3,))])
                model.add(Dense(4), «l2(0.1)»)
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Penalty("0"),
            ),
            Bad(
                "Dense(4)(keras.Input((3,)), «kernel_regularizer»=l2(0.1))",
                both=Raises("TypeError", "constructor", "kernel_regularizer"),
            ),
            Bad(
                """
                dense = Dense(4)
                dense(keras.Input((3,)), «l2(0.1)»)
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor", "Only input tensors may be passed as positional arguments"),
            ),
            Good(
                """
                class Block(Layer):
                    def call(self, x, kernel_regularizer=None):
                        return x


                block = Block()
                block(keras.Input((3,)), kernel_regularizer=l2(0.1))
                """
            ),
            Good(
                """
                def train(model, optimizer):
                    optimizer.kernel_regularizer = l2(0.1)
                    model.add(Dense(4), kernel_regularizer=l2(0.1))
                """
            ),
            Good(
                """
                class Stack(keras.Sequential):
                    def add(self, layer, kernel_regularizer=None):
                        super().add(layer)


                stack = Stack()
                stack.add(Dense(4), kernel_regularizer=l2(0.1))
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1))(keras.Input((3,)))", both=Penalty("0.1 * sum(kernel**2)")),
            Good(
                """
                model = keras.Sequential([keras.Input((3,))])
                model.add(Dense(4, kernel_regularizer=l2(0.1)))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                from mynets import Dense

                build = lambda x: Dense(4)(x, kernel_regularizer=l2(0.1))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for found in context.facts.misplaced:
            if found.place in _TAKES:
                yield _finding(found, context.version)


def _finding(found: Misplaced, version: Version) -> Finding:
    what = f"'{found.name}'" if found.name else "a regularizer"
    text = f"{_TAKES[found.place]}, not {what}; pass it to the constructor"
    if found.name or version.major < 3:
        return Finding(found.span, text, outcome=Fails("TypeError"))
    return Finding(found.span, text, outcome=Effect.IGNORED if found.place == "added" else Fails("ValueError"))
