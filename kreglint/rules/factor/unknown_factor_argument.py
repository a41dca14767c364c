"""KRG211 unknown-factor-argument."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import RegularizerClass
from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.meaning import regularizer_parameters
from kreglint.facts.values import Argument, Const, Value
from kreglint.outcomes import Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import foreign_factors, regularizer_class
from kreglint.rules.faults import Fault, judge
from kreglint.rules.keywords import refusal, written

_MODES = ("rows", "columns")


class UnknownFactorArgument(Rule):
    """A regularizer is called with an argument, or a mode, that it does not have.

    ## Why is this bad?
    Each class names its own factors: `L1(l1=…)`, `L2(l2=…)`, `L1L2(l1=…, l2=…)`, `OrthogonalRegularizer(factor=…,
    mode=…)`. Any other keyword or extra argument is a `TypeError`, and a mode other than `"rows"` and `"columns"` a
    `ValueError`. `ActivityRegularization` takes `l1` and `l2`.

    ## What to write instead
    The factor by its own name. For both penalties, use `L1L2`.
    """

    code, name, severity = "KRG211", "unknown-factor-argument", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Dense(4, kernel_regularizer=L2(«factor=0.02»))", both=Raises("TypeError", "constructor")),
            Bad("Dense(4, kernel_regularizer=L1(«l2=0.02»))", both=Raises("TypeError", "constructor")),
            Bad("Dense(4, kernel_regularizer=l2(0.01, «0.02»))", both=Raises("TypeError", "constructor")),
            Bad(
                "Dense(4, kernel_regularizer=OrthogonalRegularizer(mode=«'cols'»))",
                both=Raises("ValueError", "constructor", "Invalid value for argument `mode`"),
            ),
            Bad(
                "ActivityRegularization(«alpha=0.1»)",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor"),
                older=((">=3.0,<3.5", None),),
            ),
            Bad("ActivityRegularization(0.1, 0.1, «0.1»)", both=Raises("TypeError", "constructor")),
            Good("ActivityRegularization(l1=0.0, l2=0.1, name='penalty', dtype='float32')"),
            Bad(
                "ActivityRegularization(«l=0.1»)",
                keras2=Raises("TypeError", "constructor"),
                keras3=Raises("ValueError", "constructor", "Unrecognized keyword arguments"),
            ),
            Good("Dense(4, kernel_regularizer=L2(l2=0.02))", both=Penalty("0.02 * sum(kernel**2)")),
            Good("OrthogonalRegularizer(factor=0.02, mode='columns')"),
            Good(
                """
                from mynets import L2

                build = lambda: Dense(4, kernel_regularizer=L2(weight=0.1))
                """
            ),
            Good(
                """
                class L2(regularizers.L1):
                    pass


                Dense(4, kernel_regularizer=L2(weight=0.1))
                """
            ),
            Good(
                """
                def build(options):
                    return L2(**options)
                """
            ),
            Good(
                """
                import pytest

                with pytest.raises(TypeError):
                    L2(weight=0.1)
                """
            ),
            Good(
                """
                regularizers.get('l2')
                regularizers.serialize(L2(0.1))
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """`ActivityRegularization(l=0.1)`."""
        for argument in foreign_factors(layer):
            if "regulari" not in (argument.keyword or ""):
                text = f"ActivityRegularization has no argument '{argument.keyword}', only l1 and l2"
                yield Finding(argument.span, text, outcome=refusal(context.keras), related=written(argument))
        for argument in layer.positional[2:] if layer.layer == "ActivityRegularization" else ():
            text = "ActivityRegularization takes only l1 and l2, not this argument"
            yield Finding(argument.span, text, outcome=Fails("TypeError", "constructor"))

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        if known is None or known.kind == "none" or not call.certain:
            return
        yield from _of_mode(call, known)
        for argument in _foreign(call, known):
            named = " and ".join(parameter.name for parameter in known.parameters)
            if argument.keyword:
                text = f"{known.name} has no argument '{argument.keyword}', only {named}"
            else:
                text = f"{known.name} takes only {named}, not this argument"
            yield Finding(
                argument.span,
                text,
                outcome=Fails("TypeError", "constructor", "regularizer"),
            )


def _of_mode(call: RegularizerCall, known: RegularizerClass) -> Iterator[Finding]:
    """Yield a `mode` that `OrthogonalRegularizer` does not have."""
    for name, argument in regularizer_parameters(call.value, known) if not call.value.has_star else ():
        if name == "mode" and known.kind == "OrthogonalRegularizer":
            yield from judge(argument, "the mode", _fault_of_mode, defaults=True)


def _fault_of_mode(value: Value) -> Fault | None:
    if not isinstance(value, Const) or value.value in _MODES:
        return None
    text = f"OrthogonalRegularizer has no mode {value.value!r}, only 'rows' and 'columns'"
    return Fault(text, Fails("ValueError", "constructor", "regularizer"))


def _foreign(call: RegularizerCall, known: RegularizerClass) -> Iterator[Argument]:
    names = {parameter.name for parameter in known.parameters} | {"l"}  # KRG503
    if known.kind == "L1L2" and len(known.parameters) == 2:
        names -= {"l"}
    yield from call.value.positional[len(known.parameters) :]
    for argument in call.value.arguments:
        if argument.keyword is not None and argument.keyword not in names:
            yield argument
