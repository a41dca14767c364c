"""KRG705 unregularized-layer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity, Span
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Chain
from kreglint.facts.values import Argument
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty

_KERNEL = "kernel_regularizer"


class UnregularizedLayer(Rule):
    """A layer has a kernel but no regularizer, and comes between layers that have one.

    ## Why is this bad?
    A network finds a way around the penalties: the unregularized layer fits what the regularized layers cannot. The
    first and last layers of a model are often unregularized on purpose, so this rule ignores them.

    ## What to write instead
    The same regularizer, unless the layer is unregularized on purpose.
    """

    code, name, severity, default = "KRG705", "unregularized-layer", Severity.INFO, False
    reads = ("previous",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                keras.Sequential(
                    [
                        keras.Input((3,)),
                        Dense(4, kernel_regularizer='l2'),
                        «Dense»(4),
                        Dense(1, kernel_regularizer='l2'),
                    ]
                )
                """,
                both=Penalty("0.01 * sum(kernel0**2) + 0.01 * sum(kernel2**2)"),
                fixed="""
                keras.Sequential(
                    [
                        keras.Input((3,)),
                        Dense(4, kernel_regularizer='l2'),
                        Dense(4, kernel_regularizer='l2'),
                        Dense(1, kernel_regularizer='l2'),
                    ]
                )
                """,
            ),
            Bad(
                """
                inputs = keras.Input((3,))
                x = Dense(4, kernel_regularizer='l2')(inputs)
                x = Dropout(0.1)(x)
                x = «Dense»(4)(x)
                x = Dense(1, kernel_regularizer='l1')(x)
                keras.Model(inputs, x)
                """,
                both=Penalty("0.01 * sum(kernel0**2) + 0.01 * sum(abs(kernel2))"),
            ),
            Good("keras.Sequential([Dense(4, kernel_regularizer='l2'), Dense(4, kernel_regularizer='l1')])"),
            Good(
                "keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer='l2'), Dense(1)])",
                both=Penalty("0.01 * sum(kernel0**2)"),
            ),
            Good(
                """
                first = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                other = keras.Sequential([Dense(4)])
                last = keras.Sequential([Dense(4, kernel_regularizer='l2')])
                last
                """
            ),
            Good(
                """
                def one():
                    return Dense(4, kernel_regularizer='l2')


                def other():
                    return Dense(4)
                """
            ),
            Good(
                """
                def build(**options):
                    return keras.Sequential(
                        [
                            Dense(4, kernel_regularizer='l2'),
                            Dense(4, **options),
                            Dense(4, kernel_regularizer='l2'),
                        ]
                    )
                """
            ),
            Good(
                """
                keras.Sequential(
                    [
                        keras.Input((3,)),
                        Dense(4, kernel_regularizer='l2'),
                        Dropout(0.1),
                        Dense(4, kernel_regularizer='l2'),
                    ]
                )
                """
            ),
            Good(
                """
                def build(reg=None):
                    return keras.Sequential(
                        [
                            Dense(4, kernel_regularizer='l2'),
                            Dense(4, kernel_regularizer=reg),
                            Dense(4, kernel_regularizer='l2'),
                        ]
                    )
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        given = {
            layer.span: argument
            for name, argument, layer in context.slots
            if name == _KERNEL and asks_for_penalty(argument.value, context.keras)
        }
        chain = Chain(context.layers, context.facts.previous)
        for layer in context.layers:
            around = [_nearest(layers, given) for layers in (chain.before(layer), chain.after(layer))]
            if None not in around and _is_free(layer, context):
                text = f"this {layer.layer} has no regularizer, but the layers before and after it do"
                yield Finding(layer.callee_span, text, fix=_fix(layer, around))


def _nearest(layers: Iterator[LayerCall], given: dict[Span, Argument]) -> Argument | None:
    """Return the regularizer of the first layer that has one."""
    return next((given[layer.span] for layer in layers if layer.span in given), None)


def _fix(layer: LayerCall, around: list[Argument | None]) -> Fix | None:
    """Return the regularizer of the layers around, where both have the same."""
    given = {"" if argument is None or argument.inherited else argument.source for argument in around}
    if len(given) > 1 or "" in given or not layer.arguments:
        return None
    (same,) = given
    return insertion(f"Add {_KERNEL}={same}", layer.arguments[-1].span.end, f", {_KERNEL}={same}", Safety.DISPLAY)


def _is_free(layer: LayerCall, context: Context) -> bool:
    known = layer_of(layer, context.keras)
    if known is None or _KERNEL not in known.regularizers or layer.has_star:
        return False
    return argument_for(layer, known, _KERNEL) is None
