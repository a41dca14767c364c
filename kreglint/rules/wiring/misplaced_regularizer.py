"""KRG403 misplaced-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.calls import ApiCall
from kreglint.facts.file import LayerCall
from kreglint.facts.late import Misplaced
from kreglint.facts.values import Const, Construct
from kreglint.outcomes import Effect, Fails, Outcome
from kreglint.rules.articles import with_article
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context, Rule, naming
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.keywords import written
from kreglint.versions import Version, within

_FUNCTIONAL = ("keras.Model", "keras.models.Model")
_SEQUENTIAL = ("keras.Sequential", "keras.models.Sequential")
_OPTIMIZERS = "keras.optimizers."
_NAMED = "{} has no '{}'; pass it to the layers"
_OBJECT = "a regularizer is not {}; pass it to a layer as kernel_regularizer"
_BEFORE = ">=3.0,<3.7"
_COMPILE = "model = keras.Sequential([keras.Input((3,)), Dense(4)])\nmodel.compile({})\n"
_FIT = "\n\ndef step(x, y):\n    return model.fit(x, y, verbose=0)\n"
_MODEL = "keras.Model(inputs, Dense(4)(inputs), «kernel_regularizer»=l2(0.1))"


class MisplacedRegularizer(Rule):
    """A regularizer is passed to a model or an optimizer, which do not use one.

    ## Why is this bad?
    Weights are regularized per layer. Keras 2 and Keras 3 before 3.7 raise a `TypeError`; since 3.7,
    `keras.Model(inputs, outputs, kernel_regularizer=…)` is accepted and ignored. `Sequential`, `compile`, `fit` and
    optimizers raise in every version. A regularizer passed as the loss or a metric is called with two arguments, and
    fails in `fit`.

    ## What to write instead
    `kernel_regularizer` on each layer that needs it. For all weights at once, `weight_decay` of an optimizer is
    similar.
    """

    code, name, severity = "KRG403", "misplaced-regularizer", Severity.ERROR
    ranges = (_BEFORE,)
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                f"inputs = keras.Input((3,))\n{_MODEL}",
                keras2=Raises("TypeError", "constructor"),
                keras3=Penalty("0"),
                older=((_BEFORE, Raises("TypeError", "constructor")),),
            ),
            Bad("keras.Sequential([Dense(4)], «kernel_regularizer»='l2')", both=Raises("TypeError", "constructor")),
            Bad(
                "optimizers.SGD(0.1, «kernel_regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                model.«kernel_regularizer» = l2(0.1)
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                model = keras.Sequential()
                model.add(Dense(4))
                model.add(«l2(0.1)»)
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "keras.Sequential([Dense(4), «l2(0.1)»])",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                _COMPILE.format("'sgd', 'mse', «kernel_regularizer»=l2(0.1)"),
                both=Raises("TypeError", "constructor", "kernel_regularizer"),
            ),
            Bad(
                _COMPILE.format("'sgd', loss=«l2(0.1)»") + _FIT,
                keras2=Raises("TypeError", "train"),
                keras3=Raises("TypeError", "train", "L2.__call__"),
            ),
            Bad(
                _COMPILE.format("'sgd', «'l2'»") + _FIT,
                keras2=Raises("ValueError", "train"),
                keras3=Raises("ValueError", "train", "Could not interpret loss identifier"),
            ),
            Bad(
                _COMPILE.format("'sgd', 'mse', metrics=['mae', «l2(0.1)»]") + _FIT,
                keras2=Raises("TypeError", "train"),
                keras3=Raises("TypeError", "train", "L2.__call__"),
            ),
            Bad(
                _COMPILE.format("«l2(0.1)», 'mse'"),
                both=Raises("ValueError", "constructor", "Could not interpret optimizer identifier"),
            ),
            Bad(
                _COMPILE.format("'sgd', 'mse'")
                + "model.fit(np.ones((4, 3)), np.ones((4, 4)), «kernel_regularizer»='l2')",
                both=Raises("TypeError", "constructor", "kernel_regularizer"),
            ),
            Bad(
                _COMPILE.format("'sgd', 'mse'") + "model.fit(np.ones((4, 3)), np.ones((4, 4)), «regularizer»='l2')",
                both=Raises("TypeError", "constructor", "regularizer"),
            ),
            Bad(
                "optimizer = optimizers.SGD(0.1)\noptimizer.«kernel_regularizer» = l2(0.1)\nDense(4)",
                both=Penalty("0"),
            ),
            Bad(
                """
                class Net(keras.Model):
                    def __init__(self):
                        super().__init__(«kernel_regularizer»='l2')


                Net()
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                """
                reg = l2(0.1)
                keras.Sequential([Dense(4), «reg»])
                """,
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                "optimizers.SGD(0.1, «regularizer»=l2(0.1))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Good(_COMPILE.format("'sgd', loss='mse', metrics=['mae']") + _FIT.replace("return", "return 0.0 *")),
            Good(
                """
                class Trainer:
                    def compile(self, **options):
                        pass

                Trainer().compile(loss='l2')
                Dense(4)
                """
            ),
            Good(
                """
                def train(model):
                    model.compile('sgd', loss='l2')
                    return Dense(4)
                """
            ),
            Good(_COMPILE.format("'sgd', loss=lambda y, p: l2(0.1)(y - p)")),
            Good(
                """
                layers = set()
                layers.add(l2(0.1))
                """
            ),
            Good(
                """
                class Net:
                    pass


                net = Net()
                net.kernel_regularizer = l2(0.1)
                Dense(4)
                """
            ),
            Good(
                """
                inputs = keras.Input((3,))
                keras.Model(inputs, Dense(4, kernel_regularizer=l2(0.1))(inputs))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                class Net(keras.Model):
                    def __init__(self, kernel_regularizer=None):
                        super().__init__()
                """
            ),
            Good(
                """
                class Net(keras.Model):
                    pass


                build = lambda: Net(kernel_regularizer='l2')
                """
            ),
            Good(
                """
                from mynets import Model

                build = lambda: Model(1, 2, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                from tensorflow.keras.applications import VGG16

                build = lambda: VGG16(classifier_regularizer='l2')
                """
            ),
            Good(
                """
                class SGD:
                    pass


                build = lambda: SGD(kernel_regularizer='l2')
                Dense(4)
                """
            ),
            Good(
                """
                inputs = keras.Input((3,))
                keras.Model(inputs, Dense(4)(inputs), name='regularizer')
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for call in context.layers:
            name = call.symbol.canonical if call.symbol is not None else None
            if name is not None and (name in (*_FUNCTIONAL, *_SEQUENTIAL) or name.startswith(_OPTIMIZERS)):
                yield from _findings(call, name, context.version)
        for found in context.facts.misplaced:
            here = found.place not in ("added", "called")  # KRG406
            if here and not (found.by_name and context.facts.registers_custom_objects):
                yield _misplaced(found, context.version)
        for each in context.facts.calls:
            if each.path.startswith(_OPTIMIZERS):
                yield from _of_optimizer(each, context.version)


def _findings(call: LayerCall, name: str, version: Version) -> Iterator[Finding]:
    what = "an optimizer" if name.startswith(_OPTIMIZERS) else "a model"
    for argument in call.arguments:
        given = not (isinstance(argument.value, Const) and argument.value.value is None)
        if (argument.keyword or "").endswith("_regularizer") and argument.keyword_span is not None and given:
            text = _NAMED.format(what, argument.keyword)
            found = Finding(argument.keyword_span, text, outcome=_outcome(name, version), related=written(argument))
            yield naming(found, call)


def _misplaced(found: Misplaced, version: Version) -> Finding:
    refused = Fails(_refusal(version))
    outcome: Outcome
    match found.place:
        case "attribute":
            text, outcome = _NAMED.format(with_article(found.owner), found.name), Effect.SET_AND_NEVER_READ
        case "keyword":
            text, outcome = _NAMED.format("a model", found.name), Fails("TypeError")
        case "constructor":
            text, outcome = _NAMED.format("a model", found.name), refused
        case "layer":
            text, outcome = _OBJECT.format(with_article(found.place)), refused
        case "optimizer":
            text, outcome = _OBJECT.format(with_article(found.place)), Fails("ValueError")
        case _:
            kind = _refusal(version) if found.place == "metric" else "ValueError"
            error = kind if found.by_name else "TypeError"
            text, outcome = _OBJECT.format(with_article(found.place)), Fails(error, "fit")
    return Finding(found.span, text, outcome=outcome)


def _refusal(version: Version) -> str:
    return "TypeError" if version.major < 3 else "ValueError"


def _of_optimizer(call: ApiCall, version: Version) -> Iterator[Finding]:
    for argument in call.arguments:
        made = argument.value.symbol.canonical if isinstance(argument.value, Construct) else None
        named = argument.keyword is not None and argument.keyword.endswith("_regularizer")
        if (made or "").startswith("keras.regularizers.") and not named:
            span = argument.keyword_span or argument.span
            outcome = Fails(_refusal(version)) if argument.keyword == "regularizer" else None
            yield Finding(span, "an optimizer has no regularizer; pass it to the layers", outcome=outcome)


def _outcome(name: str, version: Version) -> Outcome:
    if name.startswith(_OPTIMIZERS):
        return Fails(_refusal(version))
    if name in _SEQUENTIAL or version.major < 3 or within(version, _BEFORE):
        return Fails("TypeError")
    return Effect.IGNORED
