"""KRG902 unused-noqa."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty

_L2 = Penalty("0.01 * sum(kernel**2)")
_NOTHING = Penalty("0")


class UnusedNoqa(Rule):
    """A `# noqa` names a kreglint code that it does not suppress.

    ## Why is this bad?
    The finding is gone, or the code is misspelt. The leftover comment would hide the next finding with that code.

    ## What is judged
    Codes that start with `KRG`, whether their rules are enabled or not. Codes of other linters, a `# noqa` without
    codes, and KRG902 itself are ignored.

    ## Fix safety
    Safe: only the comment changes. Its other text stays.
    """

    code, name, severity, default = "KRG902", "unused-noqa", Severity.WARNING, False
    triggers = ("[Kk][Rr][Gg]",)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                'Dense(4, kernel_regularizer="l2")  «# noqa: KRG302»',
                fixed='Dense(4, kernel_regularizer="l2")',
                both=_L2,
            ),
            Bad(
                'Dense(4, kernel_regularizer="l2")  «# noqa: E501, KRG302» (as in the paper)',
                fixed='Dense(4, kernel_regularizer="l2")  # noqa: E501 (as in the paper)',
                both=_L2,
            ),
            Good('Dense(4, kernel_regularizer="L1L2")  # noqa: KRG302', both=_NOTHING),
            Good('Dense(4, kernel_regularizer="L1L2")  # noqa: KRG3', both=_NOTHING),
            Good('Dense(4, kernel_regularizer="l2")  # noqa: E501', both=_L2),
            Good('Dense(4, kernel_regularizer="l2")  # noqa', both=_L2),
        )
