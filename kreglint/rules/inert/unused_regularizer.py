"""KRG309 unused-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.custom import DroppedParameter
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Placed
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty


class UnusedRegularizer(Rule):
    """A regularizer is created or accepted, but not passed to any layer.

    ## Why is this bad?
    The code looks as if its layers were regularized, but they are not. A function that accepts `kernel_regularizer` and
    does not use it silently ignores its callers.

    ## What to write instead
    Pass it to the layers, or remove it.
    """

    code, name, severity = "KRG309", "unused-regularizer", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                def build():
                    penalty = «l2(0.1)»
                    return Dense(4)


                build()
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def block(units, «kernel_regularizer»=None):
                    return Dense(units)


                block(4, 'l2')
                """,
                both=Penalty("0"),
            ),
            Good(
                """
                def build():
                    penalty = l2(0.1)
                    return Dense(4, kernel_regularizer=penalty)


                build()
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                PENALTY = l2(0.1)


                def build():
                    return Dense(4)
                """
            ),
            Good(
                """
                def block(units, kernel_regularizer=None):
                    raise NotImplementedError
                """
            ),
            Good(
                """
                def block(units, kernel_regularizer=None, **options):
                    return Dense(units, **locals())
                """
            ),
            Good(
                """
                def block(x, kernel_regularizer=None):
                    return MaxPooling2D()(x)
                """
            ),
            Good(
                """
                class Block:
                    def make(self, units, kernel_regularizer=None):
                        return Dense(units)
                """
            ),
            Good(
                """
                def build():
                    penalty = l2(0.1)
                    return lambda: Dense(4, kernel_regularizer=penalty)
                """
            ),
            Good(
                """
                def build(more):
                    reg = l2(0.1)
                    return Dense(4, **{**more, 'kernel_regularizer': reg})
                """
            ),
            Good(
                """
                def block(n, kernel_regularizer=None):
                    return Dense(n, **dict(kernel_regularizer=kernel_regularizer))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for unused in context.facts.custom.unused:
            yield Finding(unused.span, f"this regularizer is never used, because '{unused.name}' is never read")
        if not context.facts.custom.ignored:
            return
        layers = Placed((call.span, call) for call in context.layers)
        for ignored in context.facts.custom.ignored:
            if _has_use_for_it(ignored, layers.inside([ignored.within]), context):
                yield Finding(
                    ignored.span, f"'{ignored.name}' is not passed to any layer, so the caller's regularizer is dropped"
                )


def _has_use_for_it(ignored: DroppedParameter, made: list[LayerCall], context: Context) -> bool:
    """True if one of the layers that the function makes takes such a regularizer, and is given none."""
    for call in made:
        layer = layer_of(call, context.keras)
        if layer is not None and not call.has_star:
            takes = ignored.name in layer.regularizers or (ignored.name == "regularizer" and layer.regularizers)
            if takes and not any((each.keyword or "").endswith("_regularizer") for each in call.arguments):
                return True
    return False
