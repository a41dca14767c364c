"""KRG405 absent-factor."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Severity
from kreglint.facts.effects import FACTORS_OF
from kreglint.facts.late import FactorUse
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Value
from kreglint.outcomes import Effect, Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises


class AbsentFactor(Rule):
    """A factor is read of a regularizer, or set on one, that does not have it.

    ## Why is this bad?
    An `L1` has `l1` alone, an `L2` has `l2`, an `OrthogonalRegularizer` has `factor`. Reading another one raises an
    `AttributeError`. Setting it raises no error: the regularizer never reads it, and keeps its old penalty.

    ## What to write instead
    The factor that the regularizer has, or an `L1L2` if both are needed.
    """

    code, name, severity = "KRG405", "absent-factor", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                reg = l1(0.1)
                print(reg.«l2»)
                Dense(4, kernel_regularizer=reg)
                """,
                both=Raises("AttributeError", "constructor", "'L1' object has no attribute 'l2'"),
            ),
            Bad(
                """
                layer = Dense(4, kernel_regularizer=l2(0.1))
                print(layer.kernel_regularizer.«l1»)
                """,
                both=Raises("AttributeError", "constructor", "'L2' object has no attribute 'l1'"),
            ),
            Bad(
                """
                reg = L2(0.1)
                reg.«l1» = 0.5
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Bad(
                "print(OrthogonalRegularizer(0.1).«l2»)",
                both=Raises("AttributeError", "constructor"),
            ),
            Good(
                """
                reg = l1_l2(l1=0.1, l2=0.2)
                print(reg.l1, reg.l2)
                Dense(4, kernel_regularizer=reg)
                """,
                both=Penalty("0.1 * sum(abs(kernel)) + 0.2 * sum(kernel**2)"),
            ),
            Good(
                """
                def describe(regularizer):
                    return regularizer.l2


                print(describe(L1L2(l1=0.1, l2=0.2)))
                Dense(4)
                """
            ),
            Good(
                """
                reg = l1(0.1)
                if hasattr(reg, 'l2'):
                    print(reg.l2)
                Dense(4)
                """
            ),
            Good(
                """
                reg = l1(0.1)
                try:
                    print(reg.l2)
                except AttributeError:
                    print('none')
                Dense(4)
                """
            ),
            Good(
                """
                class Both(regularizers.L1):
                    l2 = 0.1


                print(Both(0.1).l2)
                Dense(4)
                """
            ),
            Good(
                """
                class Config:
                    l2 = 0.1


                config = Config()
                Dense(4, kernel_regularizer=l2(config.l2))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                for reg in (l1(0.1), l2(0.1)):
                    if isinstance(reg, regularizers.L2):
                        print(reg.l2)
                Dense(4)
                """
            ),
            Good(
                """
                layer = Dense(4, kernel_regularizer='l2')
                print(layer.kernel_regularizer.l2)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for use in context.facts.factor_uses:
            kinds = {_kind(way, context.keras) for way in use.regularizer.ways}
            lacking = [kind for kind in kinds if kind is not None and use.name not in FACTORS_OF[kind]]
            if lacking and len(lacking) == len(kinds) and (use.assigned or not use.set_elsewhere):
                yield _finding(use, sorted(lacking))


def _finding(use: FactorUse, kinds: list[str]) -> Finding:
    owner = " or ".join(f"an {kind}" for kind in kinds)
    own = " or ".join(dict.fromkeys(f"'{name}'" for kind in kinds for name in FACTORS_OF[kind]))
    outcome = Effect.SET_AND_NEVER_READ if use.assigned else Fails("AttributeError")
    return Finding(use.span, f"{owner} has no '{use.name}', only {own}", outcome=outcome)


def _kind(value: Value, keras: Keras) -> str | None:
    """Return the kind of a regularizer, if it certainly is one of Keras' own."""
    kind = meaning(value, keras).kind
    return kind if kind in FACTORS_OF else None
