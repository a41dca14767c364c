"""KRG404 foreign-keyword."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Layer
from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument
from kreglint.rules.base import REGULARIZER, Context, Rule, word
from kreglint.rules.edits import beside, renamed, replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.keywords import refusal, written

_FACTORS = frozenset({"weight_decay", "l1", "l2", "l1_l2", "l2_reg", "reg_lambda"})
_REGULARIZERS = frozenset(
    {"regularizer", "weights_regularizer", "weight_regularizer", "biases_regularizer", "regularization"}
)
_FIXED = {"weight_decay": "L2", "l2": "L2", "l1": "L1"}


class ForeignKeyword(Rule):
    """A layer is called with another library's keyword for a regularizer.

    ## Why is this bad?
    Keywords such as `weight_decay`, `regularizer` and `weights_regularizer` belong to PyTorch, TF-Slim or other layers.
    A Keras layer raises an error for them when it is constructed.

    ## What to write instead
    `kernel_regularizer=L2(l2=…)`. PyTorch's weight decay of λ is `L2(λ / 2)` with plain SGD.

    ## Fix safety
    Unsafe: the factor may have a different meaning.
    """

    code, name, severity = "KRG404", "foreign-keyword", Severity.ERROR
    triggers = (REGULARIZER, *map(word, sorted(_FACTORS)))

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, «weight_decay»=0.01)",
                keras2=Raises("TypeError", "constructor", "weight_decay"),
                keras3=Raises("ValueError", "constructor", "weight_decay"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
            ),
            Bad(
                "Conv2D(8, 3, «weights_regularizer»=l2(0.01))",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Conv2D(8, 3, kernel_regularizer=l2(0.01))",
            ),
            Bad(
                "Dense(4, «regularizer»='l2')",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer='l2')",
            ),
            Bad(
                "Dropout(0.5, «weight_decay»=0.01)",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
            ),
            Bad(
                """
                REG = dict(«weight_decay»=0.01)
                Dense(4, **REG)
                """,
                keras2=Raises("TypeError", "constructor", "weight_decay"),
                keras3=Raises("ValueError", "constructor", "weight_decay"),
            ),
            Bad(
                "Dense(4, **{«'weight_decay'»: 0.01})",
                keras2=Raises("TypeError", "constructor", "weight_decay"),
                keras3=Raises("ValueError", "constructor", "weight_decay"),
                fixed="Dense(4, **{'kernel_regularizer': regularizers.L2(0.01)})",
            ),
            Good("Dense(4, kernel_regularizer=l2(0.01))", keras2=Penalty("0.01 * sum(kernel**2)")),
            Good(
                "ActivityRegularization(l2=0.01)",
                both=Penalty("0.01 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.01 * sum(output**2)")),),
            ),
            Good(
                """
                def conv(filters, weight_decay):
                    return Conv2D(filters, 3, kernel_regularizer=l2(weight_decay))


                conv(8, weight_decay=0.01)
                """
            ),
            Good(
                """
                optimizers.SGD(0.1, weight_decay=0.01)
                Dense(4)
                """
            ),
            Good(
                """
                class Dense(Layer):
                    pass


                build = lambda: Dense(4, weight_decay=0.01)
                """
            ),
            Good(
                """
                from mynets import Conv2D

                build = lambda: Conv2D(8, 3, regularizer='l2')
                """
            ),
            Good(
                """
                class Ours(Layer):
                    def build(self, shape):
                        self.add_weight(name='w', regularizer='l2')
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        if known is None:
            return
        for argument in layer.arguments:
            keyword = argument.keyword
            if keyword is None or known.index(keyword) is not None or _is_parameter(keyword, known):
                continue
            foreign = _REGULARIZERS if known.name == "ActivityRegularization" else _FACTORS | _REGULARIZERS  # KRG211
            if keyword in foreign and argument.keyword_span is not None:
                yield Finding(
                    argument.keyword_span,
                    f"Keras layers have no keyword '{keyword}'{_hint(known)}",
                    outcome=refusal(context.keras),
                    related=written(argument),
                    fix=_fix(argument, layer, known, context),
                )


def _is_parameter(keyword: str, layer: Layer) -> bool:
    return keyword in layer.regularizers or any(parameter.name == keyword for parameter in layer.parameters)


def _hint(layer: Layer) -> str:
    return "; use kernel_regularizer" if "kernel_regularizer" in layer.regularizers else ""


def _fix(argument: Argument, call: LayerCall, layer: Layer, context: Context) -> Fix | None:
    target = "kernel_regularizer"
    if target not in layer.regularizers or call.keyword(target) is not None or argument.keyword == "biases_regularizer":
        return None
    if argument.keyword in _REGULARIZERS:
        return renamed(argument, target, Safety.UNSAFE)
    kind = _FIXED.get(argument.keyword or "")
    if kind is None:
        return None
    name = context.names.regularizer(kind)
    if name is None:
        return None
    text = beside(argument, target, f"{name}({argument.source})")
    return replacement(f"Write {text}", argument.span, text, Safety.UNSAFE, name) if text is not None else None
