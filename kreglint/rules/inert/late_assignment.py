"""KRG305 late-assignment."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Note, Safety, Severity
from kreglint.facts.effects import KERAS_1_KEYWORDS
from kreglint.facts.late import LateAssignment as Late
from kreglint.outcomes import Effect
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty

_READS_VARIABLES = 3  # the major from which a variable's regularizer is read
_CLONE = "keras.models.clone_model"
_BUILT = "model = keras.Sequential([keras.Input((3,)), Dense(4)])\n"
_PENALIZED = _BUILT.replace("Dense(4)", "Dense(4, kernel_regularizer=l2(0.1))")
_CLONED = "model = keras.models.clone_model(model)\n"


class LateAssignment(Rule):
    """A regularizer is assigned to a layer that is already built.

    ## Why is this bad?
    A layer reads `kernel_regularizer` once, when it creates its weights. If set later, it is an attribute that nothing
    reads: the penalty stays what it was, also after `= None` or with λ = 0, and compiling again does not help. Only
    `activity_regularizer` is read at each call. `W_regularizer` and the other names of Keras 1 are never read.

    ## What to write instead
    Pass it to the layer's constructor. For a ready-made model, set it and then rebuild the model with
    `keras.models.clone_model(model)`, or by saving and loading its configuration; then copy the weights. In Keras 3,
    `layer.kernel.regularizer = …` works on a built layer; Keras 2 never reads it.
    """

    code, name, severity = "KRG305", "late-assignment", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                for layer in model.layers:
                    layer.«kernel_regularizer» = l2(0.1)
                """,
                both=Penalty("0"),
                fixed="""
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                """,
            ),
            Bad(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                model.layers[0].«kernel_regularizer» = l2(0.1)
                model
                """,
                both=Penalty("0"),
                fixed="""
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                model.layers[0].kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                model
                """,
            ),
            Bad(
                """
                inputs = keras.Input((3,))
                model = keras.Model(inputs, Dense(4, name='top')(inputs))
                setattr(model.get_layer('top'), «'kernel_regularizer'», l2(0.1))
                model
                """,
                both=Penalty("0"),
                fixed="""
                inputs = keras.Input((3,))
                model = keras.Model(inputs, Dense(4, name='top')(inputs))
                setattr(model.get_layer('top'), 'kernel_regularizer', l2(0.1))
                model = keras.models.clone_model(model)
                model
                """,
            ),
            Bad(
                """
                def build():
                    model = keras.Sequential([keras.Input((3,)), Dense(4)])
                    return model

                model = build()
                for layer in model.layers:
                    layer.«kernel_regularizer» = l2(0.1)
                model
                """,
                both=Penalty("0"),
                fixed="""
                def build():
                    model = keras.Sequential([keras.Input((3,)), Dense(4)])
                    return model

                model = build()
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                model
                """,
            ),
            Bad(
                """
                model = keras.Sequential()
                model.add(keras.Input((3,)))
                model.add(Dense(4))
                for layer in model.layers:
                    layer.«kernel_regularizer» = l2(0.1)
                model
                """,
                both=Penalty("0"),
                fixed="""
                model = keras.Sequential()
                model.add(keras.Input((3,)))
                model.add(Dense(4))
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                model
                """,
            ),
            Bad(
                """
                layer = Dense(4)
                layer.build((None, 3))
                layer.«kernel_regularizer» = l2(0.1)
                layer
                """,
                both=Penalty("0"),
            ),
            Bad(
                """
                def regularize(model):
                    for layer in model.layers:
                        for name in ["kernel_regularizer"]:
                            setattr(layer, «name», l2(0.1))


                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                regularize(model)
                """,
                both=Penalty("0"),
                fixed="""
                def regularize(model):
                    for layer in model.layers:
                        for name in ["kernel_regularizer"]:
                            setattr(layer, name, l2(0.1))
                    model = keras.models.clone_model(model)


                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                regularize(model)
                """,
            ),
            Bad(
                """
                model = keras.Sequential()
                model.add(Dense(4, input_shape=(3,)))
                model.layers[0].«kernel_regularizer» = l2(0.1)
                model
                """,
                both=Penalty("0"),
                fixed="""
                model = keras.Sequential()
                model.add(Dense(4, input_shape=(3,)))
                model.layers[0].kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                model
                """,
            ),
            Bad(
                _PENALIZED + "model.layers[0].«kernel_regularizer» = None\nmodel",
                both=Penalty("0.1 * sum(kernel**2)"),
                fixed=_PENALIZED + "model.layers[0].kernel_regularizer = None\n" + _CLONED + "model",
            ),
            Bad(
                _PENALIZED + "model.layers[0].«kernel_regularizer» = l2(0.0)\nmodel",
                both=Penalty("0.1 * sum(kernel**2)"),
                fixed=_PENALIZED + "model.layers[0].kernel_regularizer = l2(0.0)\n" + _CLONED + "model",
            ),
            Bad(_PENALIZED + "model.layers[0].«W_regularizer» = l2(0.3)\nmodel", both=Penalty("0.1 * sum(kernel**2)")),
            Good(_BUILT + "model.layers[0].attention_regularizer = l2(0.3)\nmodel"),
            Good(
                """
                model = keras.Sequential()
                model.add(Dense(4))
                model.layers[0].kernel_regularizer = l2(0.1)
                model
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Bad(
                """
                layer = Dense(4)
                layer.build((None, 3))
                layer.kernel.«regularizer» = l2(0.1)
                layer
                """,
                keras2=Penalty("0"),
                keras3=Penalty("0.1 * sum(kernel**2)"),
                majors=(2,),
            ),
            Good(
                """
                layer = Dense(4)
                layer.kernel_regularizer = l2(0.1)
                layer
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model = keras.models.clone_model(model)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                model.layers[0].activity_regularizer = l2(0.1)
                model
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model = keras.models.model_from_json(model.to_json())
                """
            ),
            Good(
                """
                model = keras.Sequential([Dense(4)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential()
                model.add(Dense(4))
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def build(shape=None):
                    model = keras.Sequential([Dense(4)])
                    if shape:
                        model.build(shape)
                    return model

                model = build()
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                model = keras.Sequential([Embedding(input_dim=9, output_dim=4), Dense(3)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                """
            ),
            Good(
                """
                def regularize(model):
                    for layer in model.layers:
                        layer.kernel_regularizer = l2(0.1)
                """
            ),
            Good(
                """
                class Block(Layer):
                    def __init__(self, rate):
                        super().__init__()
                        self.kernel_regularizer = l2(rate)

                    def build(self, shape):
                        self.w = self.add_weight(name='w', shape=(1,), regularizer=self.kernel_regularizer)
                """
            ),
            Good(
                """
                model = keras.Sequential([keras.Input((3,)), Dense(4)])
                for layer in model.layers:
                    layer.kernel_regularizer = l2(0.1)
                model.save('net.keras')
                model = keras.models.load_model('net.keras')
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        major = context.version.major
        for found in context.facts.late.assignments:
            if found.of_variable:
                text = "this sets the regularizer of a variable"
                outcome: Effect | None = Effect.NEVER_READ
                reported, fix = major < _READS_VARIABLES, None
            elif found.name in KERAS_1_KEYWORDS and major > 1:
                text = f"'{found.name}' is a name of Keras 1"
                outcome, reported, fix = Effect.NEVER_READ, True, None
            else:
                text = f"this layer is already built, so setting '{found.name}' does not change its penalty"
                outcome, reported, fix = None, found.name in context.keras.regularizer_keywords, _fix(found)
            if reported:
                yield Finding(found.span, text, outcome=outcome, related=_notes(found), fix=fix)


def _notes(found: Late) -> tuple[Note, ...]:
    return (Note(found.span, "the model is built here", found.built_at),) if found.built_at is not None else ()


def _fix(found: Late) -> Fix | None:
    if found.model is None or found.indent.strip():
        return None
    text = f"\n{found.indent}{found.model} = {_CLONE}({found.model})"
    return insertion("Rebuild the model, then copy its weights", found.end, text, Safety.DISPLAY, _CLONE)
