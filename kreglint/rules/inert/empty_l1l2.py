"""KRG303 empty-l1l2."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Safety, Severity
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import insertion
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.factors import foreign_factors, layer_factors, regularizer_class


class EmptyL1L2(Rule):
    """`L1L2()` is called without factors, and both default to 0.

    ## Why is this bad?
    `L1()` and `L2()` default to 0.01, so `L1L2()` looks as if it did too, but it adds nothing. `l1_l2()` was `l1=0.01,
    l2=0.01` in Keras 2 and is `L1L2()` in Keras 3: the penalty silently disappears in a migration.

    ## What to write instead
    Both factors: `L1L2(l1=0.01, l2=0.01)`.

    ## Fix safety
    Unsafe: the layer gets a penalty. For `l1_l2()` it is the one that Keras 2 had.
    """

    code, name, severity = "KRG303", "empty-l1l2", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.L1L2()»)",
                both=Penalty("0"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«l1_l2()»)",
                keras2=Penalty("0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
                keras3=Penalty("0"),
                fixed="Dense(4, kernel_regularizer=l1_l2(l1=0.01, l2=0.01))",
                majors=(3,),
            ),
            Bad("«ActivityRegularization()»", both=Penalty("0")),
            Good("Dense(4, kernel_regularizer=L2())", both=Penalty("0.01 * sum(kernel**2)")),
            Good("Dense(4, kernel_regularizer=L1L2(l2=0.01))", both=Penalty("0.01 * sum(kernel**2)")),
            Good(
                """
                def build(**factors):
                    return Dense(4, kernel_regularizer=L1L2(**factors))


                build(l2=0.1)
                """
            ),
            Good(
                "Dense(4, kernel_regularizer=l1_l2())",
                keras2=Penalty("0.01 * sum(abs(kernel)) + 0.01 * sum(kernel**2)"),
                majors=(2,),
            ),
            Good(
                """
                class L1L2:
                    pass


                L1L2()
                Dense(4)
                """
            ),
            Good(
                """
                import pytest

                with pytest.raises(ValueError):
                    L1L2()
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        factors = list(layer_factors(layer, context))
        others = layer.has_star or layer.keyword("activity_regularizer") is not None
        if layer.layer == "ActivityRegularization" and not factors and not others and not any(foreign_factors(layer)):
            yield Finding(
                layer.span, "ActivityRegularization() without factors has l1=0.0 and l2=0.0, which adds nothing"
            )

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        known = regularizer_class(call.value, context)
        if known is None or known.kind != "L1L2" or not known.inert or call.value.arguments:
            return
        fix = insertion("Write both factors", call.value.span.end - 1, "l1=0.01, l2=0.01", Safety.UNSAFE)
        message = f"{known.name}() without factors has l1=0.0 and l2=0.0, which adds nothing"
        yield Finding(call.value.span, message, fix=fix)
