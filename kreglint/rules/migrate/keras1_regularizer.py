"""KRG502 keras1-regularizer."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import FileFacts, NameUse
from kreglint.facts.values import Construct
from kreglint.outcomes import Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises

# Keras 1.2.2's names, and what has the same factors and defaults for the arguments that are given.
SUCCESSORS = {
    "activity_l1": "L1",
    "activity_l2": "L2",
    "activity_l1l2": "L1L2",
    "l1l2": "L1L2",
    "WeightRegularizer": "L1L2",
    "L1L2Regularizer": "L1L2",
    "ActivityRegularizer": "L1L2",
    "EigenvalueRegularizer": None,
}
_NON_ZERO_DEFAULTS = ("l1l2", "activity_l1l2")  # both factors 0.01, where L1L2 has 0


class Keras1Regularizer(Rule):
    """The code uses a regularizer of Keras 1 that Keras 2 removed.

    ## Why is this bad?
    `l1l2`, `activity_l1`, `activity_l2`, `activity_l1l2` and `WeightRegularizer` were removed in Keras 2.0. Importing
    one is an `ImportError`, and reading it from the module is an `AttributeError`.

    ## What to write instead
    `L1`, `L2` or `L1L2` with named factors. A regularizer no longer knows whether it is for weights or activities: that
    depends on the argument that it is passed to.

    ## Fix safety
    Safe if the factors are the same: `l1l2(l1=a, l2=b)` becomes `L1L2(l1=a, l2=b)`. There is no fix if a factor was
    left at its default, which was 0.01 and is now 0.
    """

    code, name, severity = "KRG502", "keras1-regularizer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l1l2»(l1=0.01, l2=0.02))",
                both=Raises("AttributeError", "constructor", "l1l2"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.02))",
            ),
            Bad(
                "Dense(4, activity_regularizer=«regularizers.activity_l2»(0.01))",
                both=Raises("AttributeError", "constructor"),
                fixed="Dense(4, activity_regularizer=regularizers.L2(0.01))",
            ),
            Bad("from keras.regularizers import «WeightRegularizer», l2", both=Raises("ImportError", "import")),
            Bad("Dense(4, kernel_regularizer=«regularizers.l1l2»(0.01))", both=Raises("AttributeError", "constructor")),
            Good(
                "Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.02))",
                both=Penalty("0.01 * sum(abs(kernel)) + 0.02 * sum(kernel**2)"),
            ),
            Good(
                """
                from mynets.regularizers import l1l2

                build = lambda: Dense(4, kernel_regularizer=l1l2(0.1, 0.1))
                """
            ),
            Good(
                """
                def l1l2(l1, l2):
                    return L1L2(l1, l2)


                Dense(4, kernel_regularizer=l1l2(0.1, 0.1))
                """
            ),
            Good(
                """
                try:
                    from keras.regularizers import l1l2
                except ImportError:
                    l1l2 = L1L2
                """
            ),
            Good(
                """
                class net:
                    l1l2 = None


                print(net.l1l2)
                Dense(4)
                """
            ),
            Good(
                """
                from keras.regularizers import l1, l2, L1L2

                Dense(4, kernel_regularizer=l2(0.1))
                """
            ),
            Good("from tensorflow.keras.regularizers import Regularizer, get, serialize"),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for use in context.facts.regularizer_names:
            name = use.symbol.name
            there = (use.symbol.canonical or "").startswith("keras.regularizers.") and name in SUCCESSORS
            if there and name not in context.keras.regularizers and not (use.guarded or use.provoked):
                yield _finding(use, SUCCESSORS[name], context)


def _finding(use: NameUse, successor: str | None, context: Context) -> Finding:
    path = context.names.regularizer(successor) if successor is not None else None
    hint = f", now {path.rpartition('.')[2]}" if path is not None else ", which has no successor"
    return Finding(
        use.span,
        f"'{use.symbol.name}' is a Keras 1 regularizer{hint}",
        outcome=Fails("ImportError" if use.imported else "AttributeError"),
        fix=None if use.imported or path is None else _fix(use, path.rpartition(".")[2], context.facts),
    )


def _fix(use: NameUse, successor: str, facts: FileFacts) -> Fix | None:
    """Rename the attribute where it is called with all the factors whose default has changed."""
    call = next((c.value for c in facts.regularizer_calls if c.value.callee_span == use.span), None)
    if call is None or (use.symbol.name in _NON_ZERO_DEFAULTS and not _gives_both_factors(call)):
        return None
    start = use.span.end - len(use.symbol.name)
    return replacement(f"Write {successor}", Span(start, use.span.end), successor, Safety.SAFE)


def _gives_both_factors(call: Construct) -> bool:
    return len(call.arguments) == 2 and not call.has_star
