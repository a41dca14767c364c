"""KRG110 regularizer-without-result."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument, Function, Value
from kreglint.outcomes import Effect, Fails, Outcome
from kreglint.rules.base import Context
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises, Trained
from kreglint.rules.faults import Fault, judge
from kreglint.rules.identifier.plain_function_regularizer import REFUSED, REFUSES
from kreglint.rules.slots import SlotRule
from kreglint.versions import within

_NO_DTYPE = ">=3.0,<3.13"
_CLASS = """\
class Shrink(Regularizer):
    def __call__(self, weights):
        {result}0.1 * tf.reduce_sum(weights**2)

    def get_config(self):
        return {{}}


model = keras.Sequential([Dense(2, use_bias=False, kernel_regularizer={value})])
model.compile(optimizer=optimizers.SGD(1.0), loss="mse")


def step(x, y):
    return model.fit(x, y, verbose=0)
"""


class RegularizerWithoutResult(SlotRule):
    """A custom regularizer or function does not return a penalty.

    ## Why is this bad?
    Without `return`, Python returns `None`. Keras 2 trains without a penalty and says nothing; Keras 3 fails in `fit`.
    As an activity regularizer it fails in both. A tuple, a generator, or a function or regularizer that is made for
    the weights to be passed to later, is not a penalty either.

    ## What to write instead
    `return` before the penalty. Call a function that makes a regularizer: `kernel_regularizer=make(0.1)`.
    """

    code, name, severity = "KRG110", "regularizer-without-result", Severity.ERROR
    ranges = (REFUSED,)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _CLASS.format(result="", value="«Shrink()»"),
                keras2=Trained("0", "tensorflow"),
                keras3=Raises("AttributeError", "train", "has no attribute 'dtype'", "tensorflow"),
                older=((_NO_DTYPE, None),),
            ),
            Bad(
                """
                def shrink(weights):
                    penalty = 0.1 * tf.reduce_sum(weights**2)


                model = keras.Sequential([Dense(4, use_bias=False, kernel_regularizer=«shrink»)])
                model.compile(optimizer="sgd", loss="mse")


                def step(x, y):
                    return model.fit(x, y, verbose=0)
                """,
                keras2=Trained("0", "tensorflow"),
                keras3=Raises("AttributeError", "train", "has no attribute 'dtype'", "tensorflow"),
                older=((_NO_DTYPE, None), (REFUSED, None)),
            ),
            Bad(
                """
                def make(factor):
                    return L2(factor)


                Dense(4, kernel_regularizer=«make»)
                """,
                both=Raises("ValueError", "losses"),
                older=((REFUSED, Raises("ValueError", "build")),),
            ),
            Bad(
                """
                def shrink(factor):
                    def penalty(weights):
                        return factor * tf.reduce_sum(weights**2)

                    return penalty


                model = keras.Sequential([Dense(4, use_bias=False, kernel_regularizer=«shrink»)])
                model.compile(optimizer="sgd", loss="mse")


                def step(x, y):
                    return model.fit(x, y, verbose=0)
                """,
                keras2=Raises("TypeError", "train", "", "tensorflow"),
                keras3=Raises("AttributeError", "train", "has no attribute 'dtype'", "tensorflow"),
                older=((_NO_DTYPE, None), (REFUSED, None)),
            ),
            Bad(
                _CLASS.format(result="return 'shrink', ", value="«Shrink()»"),
                keras2=Raises("TypeError", "train", "", "tensorflow"),
                keras3=Raises("AttributeError", "train", "has no attribute 'dtype'", "tensorflow"),
                older=((_NO_DTYPE, None),),
            ),
            Good(
                """
                def make(factor):
                    return lambda weights: factor * tf.reduce_sum(weights**2)


                Dense(4, activity_regularizer=make(0.1))
                """,
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", None),),
            ),
            Good(
                _CLASS.format(result="return ", value="Shrink()"),
                both=Trained("0.2 * sum(abs(kernel))", "tensorflow"),
            ),
            Good(
                """
                class Shrink(Regularizer):
                    def __call__(self, weights):
                        raise NotImplementedError

                    def get_config(self):
                        return {}


                build = lambda: Dense(4, kernel_regularizer=Shrink())
                """
            ),
            Good(
                """
                class Base(Regularizer):
                    def __call__(self, weights):
                        pass

                    def get_config(self):
                        return {}


                class Shrink(Base):
                    def __call__(self, weights):
                        return 0.1 * tf.reduce_sum(weights**2)


                Dense(4, kernel_regularizer=Shrink())
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                class Shrink(Regularizer):
                    def __init__(self, on=True):
                        self.on = on

                    def __call__(self, weights):
                        if self.on:
                            return 0.1 * tf.reduce_sum(weights**2)

                    def get_config(self):
                        return {'on': self.on}


                Dense(4, kernel_regularizer=Shrink())
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def show(outputs):
                    print(outputs)


                show(Dense(4))
                """
            ),
            Good(
                """
                def build(regularizer):
                    return Dense(4, kernel_regularizer=regularizer)
                """
            ),
            Good(
                """
                from mynets import traced


                @traced
                def shrink(weights):
                    print(weights)


                build = lambda: Dense(4, activity_regularizer=shrink)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        fault_of = partial(_fault, activity=name == "activity_regularizer", context=context)
        yield from judge(argument, "the value", fault_of, defaults=self.judges_defaults)

    def fault(self, value: Value, argument: Argument, context: Context) -> Fault | None:
        return None  # `regularizers.get` hands it on, and nothing is known of where to


def _fault(value: Value, *, activity: bool, context: Context) -> Fault | None:
    found = context.facts.custom.penalty(value, "instance", "function")
    if found is None or not isinstance(value, Function) or not (found.returns_nothing or found.gives) or found.misfit:
        return None
    refused = not activity and not found.is_regularizer and within(context.version, REFUSED)
    what = f"'{value.name}'" if value.kind == "function" else f"{value.name}.__call__"
    if found.gives:
        fails = Fails("an error", "by losses" if activity else "fit")
        return Fault(f"{what} returns {found.gives}, not a penalty", REFUSES if refused else fails)
    return Fault(f"{what} returns nothing", REFUSES if refused else _outcome(context, activity=activity))


def _outcome(context: Context, *, activity: bool) -> Outcome:
    if context.version.major < 3:
        return Fails("ValueError", "training") if activity else Effect.ADDS_NOTHING
    return Fails("an error", "fit")  # which one it is depends on the version and on what it is of
