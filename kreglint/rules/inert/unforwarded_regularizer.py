"""KRG308 unforwarded-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.custom import DroppedParameter
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty

_LAYER = """\
class Scale(Layer):
    def __init__(self, {parameter}=None, **kwargs):
        super().__init__(**kwargs)
        {init}

    def build(self, shape):
        self.scale = {weight}

    def call(self, x):
        return x * self.scale
{more}

Scale({argument}=l2(0.1))
"""


def _layer(init: str, weight: str, more: str = "", parameter: str = "scale_regularizer", argument: str = "") -> str:
    return _LAYER.format(
        init=init.replace("\n", "\n        "),
        weight=weight,
        more=more and f"\n    {more}\n",
        parameter=parameter,
        argument=argument or parameter.strip("«»"),
    )


_KEPT = "self.scale_regularizer = regularizers.get(scale_regularizer)"
_PLAIN = "self.add_weight(name='scale', shape=(1,))"
_GIVEN = "self.add_weight(name='scale', shape=(1,), regularizer=self.scale_regularizer)"


class UnforwardedRegularizer(Rule):
    """A custom layer accepts a regularizer and does not pass it to any weight.

    ## Why is this bad?
    Keras penalizes a weight only if its regularizer is passed to `add_weight`. An attribute of that name does nothing,
    so the layer trains without a penalty.

    ## What to write instead
    `self.add_weight(…, regularizer=self.scale_regularizer)`, or pass it to the inner layer. Keras itself reads
    `activity_regularizer`.
    """

    code, name, severity = "KRG308", "unforwarded-regularizer", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(_layer(_KEPT, _PLAIN, parameter="«scale_regularizer»"), both=Penalty("0"), fixed=_layer(_KEPT, _GIVEN)),
            Bad(
                _layer(
                    "self.penalty = scale_regularizer",
                    _PLAIN,
                    "def get_config(self):\n        return {'scale_regularizer': self.penalty}",
                    parameter="«scale_regularizer»",
                ),
                both=Penalty("0"),
                fixed=_layer(
                    "self.penalty = scale_regularizer",
                    _GIVEN.replace("self.scale_regularizer", "self.penalty"),
                    "def get_config(self):\n        return {'scale_regularizer': self.penalty}",
                ),
            ),
            Good(_layer(_KEPT, _GIVEN), both=Penalty("0.1 * sum(scale**2)")),
            Good(
                """
                class Block(Layer):
                    def __init__(self, kernel_regularizer=None):
                        super().__init__()
                        self.inner = Dense(4, kernel_regularizer=kernel_regularizer)

                    def call(self, x):
                        return self.inner(x)


                Block(l2(0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                _layer(
                    "self.activity_regularizer = regularizers.get(activity_regularizer)",
                    _PLAIN,
                    "",
                    "activity_regularizer",
                ),
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(_layer(_KEPT, _PLAIN, "def penalty(self):\n        return self.scale_regularizer(self.scale)")),
            Good(_layer(_KEPT, _PLAIN) + "\n\nclass Other(Scale):\n    pass\n"),
            Good(_layer(_KEPT, _PLAIN).replace("class Scale(Layer)", "class Scale(Dense)")),
            Good(_layer("self.options = locals()", _PLAIN)),
            Good(
                """
                class Base(Layer):
                    def __init__(self, kernel_regularizer=None):
                        super().__init__()
                        self.kernel_regularizer = kernel_regularizer


                build = lambda: Base('l2')
                """
            ),
            Good(
                "from mynets import Base\n\n\n"
                + _layer(_KEPT, _PLAIN).replace("class Scale(Layer)", "class Scale(Base)")
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for dropped in context.facts.custom.unforwarded:
            yield Finding(
                dropped.span,
                f"'{dropped.name}' is not passed to any weight of this layer, so it adds nothing",
                fix=_fix(dropped),
            )


def _fix(dropped: DroppedParameter) -> Fix | None:
    if dropped.kept is None or dropped.weight is None:
        return None
    return insertion("Pass it to the weight", dropped.weight, f", regularizer={dropped.kept}", Safety.DISPLAY)
