"""KRG508 changed-l1-l2-default."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import RegularizerCall
from kreglint.facts.values import Argument
from kreglint.outcomes import FillsIn
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import regularizer_class

_FACTORS = ("l1", "l2")


class ChangedL1L2Default(Rule):
    """`l1_l2` is called with one factor, and the default of the other differs between Keras 2 and 3.

    ## Why is this bad?
    `l1_l2` was a function with 0.01 for both; in Keras 3 it is the class `L1L2` with 0 for both. So `l1_l2(l1=0.02)`
    silently loses its L2 penalty in Keras 3.

    ## What to write instead
    Both factors: `l1_l2(l1=0.02, l2=0.01)`, or `L1(l1=0.02)` for only one.

    ## Fix safety
    Safe: it writes the default that the targeted version has. If both majors are targets, there is no single fix.
    """

    code, name, severity = "KRG508", "changed-l1-l2-default", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«l1_l2(0.02)»)",
                keras2=Penalty("0.02 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
                keras3=Penalty("0.02 * sum(abs(kernel))"),
                fixed="Dense(4, kernel_regularizer=l1_l2(l1=0.02, l2=0.0))",
                fixed2="Dense(4, kernel_regularizer=l1_l2(l1=0.02, l2=0.01))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l1_l2(l2=0.02)»)",
                keras2=Penalty("0.01 * sum(abs(kernel)) + 0.02 * sum(kernel**2)"),
                keras3=Penalty("0.02 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.l1_l2(l2=0.02, l1=0.0))",
                fixed2="Dense(4, kernel_regularizer=regularizers.l1_l2(l2=0.02, l1=0.01))",
            ),
            Good(
                "Dense(4, kernel_regularizer=l1_l2(l1=0.02, l2=0.03))",
                both=Penalty("0.02 * sum(abs(kernel)) + 0.03 * sum(kernel**2)"),
            ),
            Good("Dense(4, kernel_regularizer=L1L2(l1=0.02))", keras2=Penalty("0.02 * sum(abs(kernel))")),
            Good(
                """
                def l1_l2(rate):
                    return L2(rate)


                Dense(4, kernel_regularizer=l1_l2(0.1))
                """
            ),
            Good(
                """
                factors = {'l1': 0.1, 'l2': 0.2}
                Dense(4, kernel_regularizer=l1_l2(**factors))
                """
            ),
            Good(
                """
                from mynets import l1_l2

                build = lambda: Dense(4, kernel_regularizer=l1_l2(0.1))
                """
            ),
            Good(
                """
                def build(a, b):
                    return Dense(4, kernel_regularizer=l1_l2(l1=a, l2=b))
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.02))"),
        )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        arguments = call.value.arguments
        if known is None or known.name != "l1_l2" or call.value.has_star or len(arguments) != 1:
            return
        [given] = arguments
        named = given.keyword or _FACTORS[0]
        if call.certain and named in _FACTORS:
            other = _FACTORS[1 - _FACTORS.index(named)]
            default = (known.l1 if other == "l1" else known.l2) or 0.0
            yield Finding(
                call.value.span,
                f"l1_l2 is called without {other}, whose default changed",
                outcome=FillsIn(other, default),
                fix=_fix(given, other, default),
            )


def _fix(given: Argument, other: str, default: float | None) -> Fix | None:
    """Write both, as the judged version has them."""
    if given.inherited:
        return None
    name = "" if given.keyword else f"{_FACTORS[0]}="
    start, end = given.span.start, given.span.end
    edits = (Edit(Span(start, start), name),) if name else ()
    return Fix("Write both factors", (*edits, Edit(Span(end, end), f", {other}={default}")), Safety.SAFE)
