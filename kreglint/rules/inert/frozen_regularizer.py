"""KRG311 frozen-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.binding import layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Placed
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument, Const
from kreglint.outcomes import Effect
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import dropped
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty, far_notes, penalized_elsewhere


class FrozenRegularizer(Rule):
    """A layer with a weight regularizer is frozen, by `trainable=False` or by setting `trainable`.

    ## Why is this bad?
    A frozen weight does not move, so its penalty has no effect. Keras 3 drops it; Keras 2 keeps it in the reported
    loss, where it hides the loss of the data.

    ## What to write instead
    No weight regularizer, until the layer is trained.
    """

    code, name, severity, default = "KRG311", "frozen-regularizer", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«l2(0.1)», trainable=False)",
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0"),
                fixed="Dense(4, trainable=False)",
            ),
            Bad(
                "BatchNormalization(gamma_regularizer=«'l2'», trainable=False)",
                keras2=Penalty("0.01 * sum(gamma**2)"),
                keras3=Penalty("0"),
                fixed="BatchNormalization(trainable=False)",
            ),
            Bad(
                """
                layer = Dense(4, kernel_regularizer=l2(0.1))
                layer.«trainable» = False
                layer
                """,
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0"),
            ),
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])
                for layer in model.layers:
                    layer.«trainable» = False
                model
                """,
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0"),
            ),
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])
                model.«trainable» = False
                model
                """,
                keras2=Penalty("0.1 * sum(kernel**2)"),
                keras3=Penalty("0"),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4, kernel_regularizer=l2(0.1))])
                model.trainable = False
                model.trainable = True
                model
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                layer = Dense(4)
                layer.trainable = False
                other = Dense(4, kernel_regularizer='l2')
                """
            ),
            Good(
                """
                def freeze(model):
                    model.trainable = False


                layer = Dense(4, kernel_regularizer='l2')
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.1), trainable=True)", keras3=Penalty("0.1 * sum(kernel**2)")),
            Good(
                """
                def build(trainable):
                    return Dense(4, kernel_regularizer=l2(0.1), trainable=trainable)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        yield from super().check_file(context)
        if not context.facts.late.frozen:
            return
        penalized = _penalized_layers(context)
        for frozen in context.facts.late.frozen:
            far = penalized_elsewhere(frozen.made_elsewhere, context, of_weights=True)
            count = len(penalized.inside(frozen.made_in)) + len(far)
            if count:
                layers = "a regularized layer" if count == 1 else f"{count} regularized layers"
                notes = far_notes(far, frozen.span)
                yield Finding(frozen.span, f"this freezes {layers}", outcome=_effect(context), related=notes)

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        trainable = layer.keyword("trainable")
        if known is None or trainable is None or name == "activity_regularizer":
            return
        frozen = isinstance(trainable.value, Const) and trainable.value.value is False
        found = meaning(argument.value, context.keras)
        penalizes = found.kind not in ("none", "unknown", "invalid")
        if frozen and penalizes and trainable.value.is_exact:
            drop = dropped(argument, layer)
            fix = replace(drop, safety=Safety.DISPLAY) if drop is not None else None
            yield Finding(argument.value_span, f"this {known.name} is frozen", outcome=_effect(context), fix=fix)


def _penalized_layers(context: Context) -> Placed[LayerCall]:
    """Return the layers that certainly have the penalty of a weight, each once."""
    found = {
        layer.span: layer
        for name, argument, layer in context.slots
        if name != "activity_regularizer" and asks_for_penalty(argument.value, context.keras)
    }
    return Placed(found.items())


def _effect(context: Context) -> Effect:
    return Effect.STAYS_IN_THE_LOSS if context.version.major < 3 else Effect.DROPPED
