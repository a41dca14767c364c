"""KRG403 misplaced-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.late import Misplaced
from kreglint.facts.values import Const
from kreglint.rules.base import Bad, Context, Good, Penalty, Raises, Rule
from kreglint.versions import Version, within

_FUNCTIONAL = ("keras.Model", "keras.models.Model")
_SEQUENTIAL = ("keras.Sequential", "keras.models.Sequential")
_OPTIMIZERS = "keras.optimizers."
_BEFORE = ">=3.0,<3.7"
_MODEL = "keras.Model(inputs, Dense(4)(inputs), «kernel_regularizer»=l2(0.1))"


class MisplacedRegularizer(Rule):
    """A regularizer is given to a model or an optimizer, which have none.

    ## Why is this bad?
    Weights are regularized layer by layer. Keras 2 and Keras 3 before 3.7 raise a `TypeError`; since 3.7,
    `keras.Model(inputs, outputs, kernel_regularizer=…)` is accepted and ignored. `Sequential` and optimizers
    raise in every version.

    ## What to write instead
    `kernel_regularizer` on each layer that is to have it. For all weights at once, `weight_decay` of an optimizer
    does something near.
    """

    code, name, severity = "KRG403", "misplaced-regularizer", Severity.ERROR
    ranges = (_BEFORE,)
    examples = (
        Bad(
            f"inputs = keras.Input((3,))\n{_MODEL}",
            keras2=Raises("TypeError", "constructor"),
            keras3=Penalty("0"),
            older=((_BEFORE, Raises("TypeError", "constructor")),),
        ),
        Bad(
            "keras.Sequential([Dense(4)], «kernel_regularizer»='l2')",
            keras2=Raises("TypeError", "constructor"),
            keras3=Raises("TypeError", "constructor"),
        ),
        Bad(
            "optimizers.SGD(0.1, «kernel_regularizer»='l2')",
            keras2=Raises("TypeError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "model = keras.Sequential([keras.Input((3,)), Dense(4)])\nmodel.«kernel_regularizer» = l2(0.1)",
            keras2=Penalty("0"),
            keras3=Penalty("0"),
        ),
        Bad(
            "model = keras.Sequential()\nmodel.add(Dense(4))\nmodel.add(«l2(0.1)»)",
            keras2=Raises("TypeError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "keras.Sequential([Dense(4), «l2(0.1)»])",
            keras2=Raises("TypeError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Good("layers = set()\nlayers.add(l2(0.1))"),
        Good("class Net:\n    pass\n\n\nnet = Net()\nnet.kernel_regularizer = l2(0.1)\nDense(4)"),
        Good(
            "inputs = keras.Input((3,))\nkeras.Model(inputs, Dense(4, kernel_regularizer=l2(0.1))(inputs))",
            keras2=Penalty("0.1 * sum(kernel**2)"),
            keras3=Penalty("0.1 * sum(kernel**2)"),
        ),
        Good("class Net(keras.Model):\n    def __init__(self, kernel_regularizer=None):\n        super().__init__()"),
        Good("class Net(keras.Model):\n    pass\n\n\nbuild = lambda: Net(kernel_regularizer='l2')"),
        Good("from mynets import Model\n\nbuild = lambda: Model(1, 2, kernel_regularizer='l2')"),
        Good("from tensorflow.keras.applications import VGG16\n\nbuild = lambda: VGG16(classifier_regularizer='l2')"),
        Good("class SGD:\n    pass\n\n\nbuild = lambda: SGD(kernel_regularizer='l2')\nDense(4)"),
        Good("inputs = keras.Input((3,))\nkeras.Model(inputs, Dense(4)(inputs), name='regularizer')"),
    )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for call in context.layers:
            name = call.symbol.canonical if call.symbol is not None else None
            if name is not None and (name in (*_FUNCTIONAL, *_SEQUENTIAL) or name.startswith(_OPTIMIZERS)):
                yield from _findings(call, name, context.version)
        for found in context.facts.misplaced:
            yield _misplaced(found, context.version)


def _findings(call: LayerCall, name: str, version: Version) -> Iterator[Finding]:
    what = "an optimizer" if name.startswith(_OPTIMIZERS) else "a model"
    for argument in call.arguments:
        given = not (isinstance(argument.value, Const) and argument.value.value is None)
        if argument.keyword is not None and argument.keyword.endswith("_regularizer") and given:
            yield Finding(
                argument.keyword_span or argument.span,
                f"{what} has no '{argument.keyword}': give it to its layers",
                outcome=_outcome(name, version),
            )


def _misplaced(found: Misplaced, version: Version) -> Finding:
    if found.name is not None:
        text = f"a model has no '{found.name}': give it to its layers"
        return Finding(found.span, text, outcome="sets an attribute that nothing reads")
    text = "a regularizer is no layer: give it to one as kernel_regularizer"
    return Finding(found.span, text, outcome=f"raises {'TypeError' if version.major < 3 else 'ValueError'}")


def _outcome(name: str, version: Version) -> str:
    if name.startswith(_OPTIMIZERS):
        return f"raises {'TypeError' if version.major < 3 else 'ValueError'}"
    if name in _SEQUENTIAL or version.major < 3 or within(version, _BEFORE):
        return "raises TypeError"
    return "ignores it"
