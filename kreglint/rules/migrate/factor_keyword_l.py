"""KRG503 factor-keyword-l."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import RegularizerCall
from kreglint.facts.values import Argument, Construct
from kreglint.outcomes import Fails
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import renamed, replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import regularizer_class


class FactorKeywordL(Rule):
    """The factor is passed as the keyword `l`, which Keras 3 does not have.

    ## Why is this bad?
    `l2(l=0.01)` was the signature of Keras 2.0, and tf_keras still accepts it. Keras 3 raises a `TypeError`.

    ## What to write instead
    `l2(0.01)`, or `L2(l2=0.01)`: both work in every version.

    ## Fix safety
    Safe: a crash becomes what Keras 2 does.
    """

    code, name, severity = "KRG503", "factor-keyword-l", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=l2(«l=0.02»))",
                keras2=Penalty("0.02 * sum(kernel**2)"),
                keras3=Raises("TypeError", "constructor", "unexpected keyword argument 'l'"),
                fixed="Dense(4, kernel_regularizer=l2(l2=0.02))",
                majors=(3,),
            ),
            Bad(
                "Dense(4, kernel_regularizer=regularizers.L1(«l=0.02»))",
                keras2=Penalty("0.02 * sum(abs(kernel))"),
                keras3=Raises("TypeError", "constructor"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1(l1=0.02))",
                majors=(3,),
            ),
            Good("Dense(4, kernel_regularizer=l2(0.02))", both=Penalty("0.02 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=L2(l2=0.02))", both=Penalty("0.02 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=l2(l=0.02))", keras2=Penalty("0.02 * sum(kernel**2)"), majors=(2,)),
            Good(
                """
                def l2(l):
                    return L2(l)


                Dense(4, kernel_regularizer=l2(l=0.02))
                """
            ),
            Good(
                """
                from mynets import l2

                build = lambda: Dense(4, kernel_regularizer=l2(l=0.02))
                """
            ),
            Good(
                """
                def block(l=0.02):
                    return Dense(4, kernel_regularizer=l2(l))


                block(l=0.1)
                """
            ),
        )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        argument = call.value.keyword("l")
        if known is None or argument is None or known.accepts_l or known.kind not in ("L1", "L2"):
            return
        yield Finding(
            argument.span,
            f"{known.name} has no keyword 'l'",
            outcome=Fails("TypeError", "constructor", "regularizer"),
            fix=_fix(argument, call.value, known.kind.lower(), context),
        )


def _fix(argument: Argument, call: Construct, name: str, context: Context) -> Fix | None:
    """Return the keyword of today, or none at all where some version that the file may run on knows `l` alone."""
    if argument.keyword_span is None:
        return None
    if context.names.takes(call.symbol.name, name):
        fix = renamed(argument, name, Safety.SAFE)
        return replace(fix, title=f"Write {name}=") if fix is not None else None
    if argument.inherited or len(call.arguments) > 1:
        return None
    keyword = Span(argument.keyword_span.start, argument.value_span.start)
    return replacement("Drop l=", keyword, "", Safety.SAFE)
