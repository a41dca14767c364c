"""KRG505 legacy-alias."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Edit, Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import RegularizerCall
from kreglint.facts.values import Construct
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty

_CLASSES = {
    "l1": "L1",
    "l2": "L2",
    "l1_l2": "L1L2",
    "orthogonal_regularizer": "OrthogonalRegularizer",
}


class LegacyAlias(Rule):
    """A regularizer is created by its old lowercase name.

    ## Why is this bad?
    `l1`, `l2` and `l1_l2` are aliases kept for old code. Keras documents the classes `L1`, `L2` and `L1L2`, and saved
    configurations contain them.

    ## What to write instead
    `L2(l2=0.01)` for `l2(0.01)`.

    ## Fix safety
    Safe: the class has the same factors. There is no fix for `l1_l2` with a missing factor, because that default
    changed.
    """

    code, name, severity, default = "KRG505", "legacy-alias", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l2»(0.02))",
                both=Penalty("0.02 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(l2=0.02))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.l1_l2»(l1=0.02, l2=0.03))",
                both=Penalty("0.02 * sum(abs(kernel)) + 0.03 * sum(kernel**2)"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.02, l2=0.03))",
            ),
            Good("Dense(4, kernel_regularizer=L2(l2=0.02))", keras3=Penalty("0.02 * sum(kernel**2)")),
            Good(
                """
                def l2(factor):
                    return L2(factor)


                Dense(4, kernel_regularizer=l2(0.02))
                """
            ),
        )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        name = call.value.symbol.name
        successor = _CLASSES.get(name)
        named = successor is not None and context.names.has(f"keras.regularizers.{successor}")
        if successor is not None and named and name in context.keras.regularizers and call.certain:
            yield Finding(
                call.value.callee_span,
                f"'{name}' is the old name of {successor}",
                fix=_fix(call.value, successor),
            )


def _fix(call: Construct, successor: str) -> Fix | None:
    if (
        call.has_star
        or any(each.inherited for each in call.arguments)
        or (successor == "L1L2" and len(call.arguments) < 2)
        or call.keyword("l") is not None
    ):
        return None
    name = f"keras.regularizers.{successor}"
    edits = [Edit(call.callee_span, name)]
    if successor in ("L1", "L2") and len(call.positional) == 1:
        start = call.positional[0].span.start
        edits.append(Edit(Span(start, start), f"{successor.lower()}="))
    return Fix(f"Write {successor}", tuple(edits), Safety.SAFE, name)
