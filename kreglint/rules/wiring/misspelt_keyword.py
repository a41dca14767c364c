"""KRG402 misspelt-keyword."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.catalog.model import Keras, Layer
from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import AttributeAssignment, LayerCall
from kreglint.facts.values import Argument
from kreglint.likeness import closest
from kreglint.outcomes import Effect
from kreglint.rules.base import REGULARIZER, Context, Rule
from kreglint.rules.edits import renamed
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.keywords import refusal, written

# Words of other libraries and of Keras 1, which have rules of their own.
_FOREIGN = (
    "regularizer",
    "weight_regularizer",
    "weights_regularizer",
    "biases_regularizer",
    "W_regularizer",
    "b_regularizer",
    "U_regularizer",
)
_CLOSE = 0.84
# What a name must have besides being close, so that most files are known to have no such name by a look at their bytes.
_MISSPELT = r"_(?:[a-z]{0,3}(?:g[a-z]{2,9}[zs][a-z]?rs?\b|g?ulari|egul)|r[a-z]?gula)"


class MisspeltKeyword(Rule):
    """A regularizer keyword or attribute is misspelt.

    ## Why is this bad?
    A layer raises an error for an unknown keyword: `TypeError` in Keras 2, `ValueError` in Keras 3. An attribute raises
    no error: `layer.kernal_regularizer = …` sets a name that Keras never reads.

    ## What to write instead
    The name as Keras spells it, with z: `kernel_regularizer`.

    ## Fix safety
    Safe for a keyword: a crash becomes the penalty in the code. There is no fix for an attribute.
    """

    code, name, severity = "KRG402", "misspelt-keyword", Severity.ERROR
    triggers = (REGULARIZER, _MISSPELT)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, «kernal_regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer='l2')",
            ),
            Bad(
                "Conv2D(8, 3, «kernel_regulariser»=l2(0.1))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Conv2D(8, 3, kernel_regularizer=l2(0.1))",
            ),
            Bad(
                "Dense(4, «bias_regularizers»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, bias_regularizer='l2')",
            ),
            Bad(
                "Embedding(9, 4, «kernel_regulariser»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                """
                REG = {«'kernal_regularizer'»: 'l2'}
                Dense(4, **REG)
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "Dense(4, **{«'kernal_regularizer'»: 'l2'})",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, **{'kernel_regularizer': 'l2'})",
            ),
            Bad(
                """
                layer = Dense(4)
                layer.«kernal_regularizer» = l2(0.1)
                layer
                """,
                both=Penalty("0"),
            ),
            Good("Dense(4, kernel_regularizer='l2')", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def dense(units, kernel_regulariser=None):
                    return Dense(units)


                dense(4, kernel_regulariser='l2')
                """
            ),
            Good(
                """
                class Config:
                    pass


                config = Config()
                config.kernel_regularizers = ['l2']
                Dense(4)
                """
            ),
            Good(
                """
                class Net(Layer):
                    def __init__(self):
                        self.kernal_regularizer = 'l2'
                """
            ),
            Good(
                """
                layer = Dense(4)
                layer.kernel_regularizer = regularizers.get('l2')
                layer
                """
            ),
            Good(
                """
                layer = Dense(4)
                layer.regularizer_scale = 0.1
                layer
                """
            ),
            Good("SimpleRNN(4, recurrent_regularizer='l2')"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        for assignment in context.facts.attribute_assignments:
            yield from _check_attribute(assignment, context.keras)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        if known is None:
            return
        for argument in layer.arguments:
            meant = _intended_keyword(argument, known, context.keras)
            if meant is not None and argument.keyword_span is not None:
                own = meant in known.regularizers
                yield Finding(
                    argument.keyword_span,
                    f"{known.name} has no '{argument.keyword}'" + ("" if own else f", and no '{meant}' either"),
                    outcome=refusal(context.keras),
                    related=written(argument),
                    fix=renamed(argument, meant, Safety.SAFE) if own and layer.keyword(meant) is None else None,
                    meant=f"'{meant}'" if own else "",
                )


def _intended_keyword(argument: Argument, layer: Layer, keras: Keras) -> str | None:
    """Return the regularizer keyword, of this or any layer, that a keyword resembles; None if it is one itself."""
    keyword = argument.keyword
    if keyword is None or keyword in keras.regularizer_keywords or keyword in _FOREIGN:
        return None
    if any(parameter.name == keyword for parameter in layer.parameters):
        return None
    return _nearest(keyword, tuple(layer.regularizers)) or _nearest(keyword, tuple(sorted(keras.regularizer_keywords)))


def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    if "egulari" not in name and re.search(_MISSPELT, name) is None:
        return None
    return closest(name, known, _CLOSE)


def _check_attribute(assignment: AttributeAssignment, keras: Keras) -> Iterator[Finding]:
    name = assignment.name
    if not assignment.on_layer or name in keras.regularizer_keywords:
        return
    meant = _nearest(name, tuple(sorted(keras.regularizer_keywords)))
    if meant is not None:
        yield Finding(
            assignment.span,
            f"a layer has no '{name}'",
            outcome=Effect.SET_AND_NEVER_READ,
            meant=f"'{meant}'",
        )
