"""KRG208 ambiguous-positional-lambda."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import RegularizerCall
from kreglint.facts.values import Argument
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import regularizer_class


class AmbiguousPositionalLambda(Rule):
    """The factors of L1L2 are passed by position.

    ## Why is this bad?
    `L1L2(0.01)` could mean either penalty, or both, but it is L1 alone. In `l1_l2(0.01, 0.1)` nothing shows which is
    which. (A single factor of `l1_l2` is KRG508: there, the missing one differs between versions.)

    ## What to write instead
    The keywords: `L1L2(l1=0.01, l2=0.1)`.

    ## Fix safety
    Safe: it names the factor that each position sets.
    """

    code, name, severity = "KRG208", "ambiguous-positional-lambda", Severity.WARNING

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«L1L2(0.02)»)",
                both=Penalty("0.02 * sum(abs(kernel))"),
                fixed="Dense(4, kernel_regularizer=L1L2(l1=0.02))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l1_l2(0.02, 0.03)»)",
                both=Penalty("0.02 * sum(abs(kernel)) + 0.03 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.l1_l2(l1=0.02, l2=0.03))",
            ),
            Good(
                "Dense(4, kernel_regularizer=L1L2(l1=0.02, l2=0.03))",
                both=Penalty("0.02 * sum(abs(kernel)) + 0.03 * sum(kernel**2)"),
            ),
            Good("Dense(4, kernel_regularizer=l1_l2(0.01, 0.01))"),
            Good(
                """
                def build(l1, l2):
                    return Dense(4, kernel_regularizer=L1L2(l1, l2))
                """
            ),
            Good(
                """
                def build(args):
                    return Dense(4, kernel_regularizer=L1L2(args.l1_rate, args.l2_rate))
                """
            ),
            Good(
                """
                def build(reg):
                    return Dense(4, kernel_regularizer=L1L2(reg, reg))
                """
            ),
            Good(
                """
                factors = {'l1': 0.1, 'l2': 0.2}
                Dense(4, kernel_regularizer=L1L2(**factors))
                """
            ),
            Good(
                """
                class L1L2:
                    def __init__(self, rate):
                        self.rate = rate


                L1L2(0.01)
                Dense(4)
                """
            ),
            Good("Dense(4, kernel_regularizer=l2(0.01))"),
        )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        given = call.value.positional
        if known is None or known.kind != "L1L2" or len(known.parameters) != 2 or call.value.has_star:
            return
        if (known.name == "L1L2" and given) or len(given) == 2:
            names = [parameter.name for parameter in known.parameters[: len(given)]]
            if call.certain and len(given) <= 2 and not _plain(given):
                keywords = ", ".join(f"{name}={each.source}" for name, each in zip(names, given, strict=True))
                yield Finding(
                    call.value.span,
                    f"{known.name} takes its factors in the order l1, l2, so this means {keywords}",
                    fix=_name_factors(names, given),
                )


def _plain(given: tuple[Argument, ...]) -> bool:
    """True if both factors are the same, or are called by names that say which is which."""
    if len(given) < 2:
        return False
    first, second = (each.source.lower() for each in given)
    return first == second or ("l1" in first and "l2" in second)


def _name_factors(names: list[str], given: tuple[Argument, ...]) -> Fix | None:
    if any(each.inherited for each in given):
        return None
    edits = (Edit(Span(each.span.start, each.span.start), f"{name}=") for name, each in zip(names, given, strict=True))
    return Fix("Name the factors", tuple(edits), Safety.SAFE)
