"""KRG704 inconsistent-lambda."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.meaning import meaning
from kreglint.facts.values import Argument
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty

_FEWEST = 5  # layers that must agree before one stands out


_PENALTY = Penalty(" + ".join(f"{'0.005' if n == 5 else '0.0005'} * sum(kernel{n}**2)" for n in range(6)))


class InconsistentLambda(Rule):
    """One layer's λ differs from that of many sibling layers.

    ## Why is this bad?
    If five or more layers of one function share a λ, a single different one is often a typo, such as `0.005` for
    `0.0005`.

    ## What to write instead
    One constant for all, or a comment that says why this layer differs.
    """

    code, name, severity, default = "KRG704", "inconsistent-lambda", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                """
                def build():
                    model = keras.Sequential()
                    model.add(Dense(3, kernel_regularizer=l2(5e-4)))
                    model.add(Dense(3, kernel_regularizer=l2(5e-4)))
                    model.add(Dense(3, kernel_regularizer=l2(5e-4)))
                    model.add(Dense(3, kernel_regularizer=l2(5e-4)))
                    model.add(Dense(3, kernel_regularizer=l2(5e-4)))
                    model.add(Dense(9, kernel_regularizer=«l2(5e-3)»))
                    return model


                build()
                """,
                both=_PENALTY,
            ),
            Good(
                """
                def build():
                    Dense(1, kernel_regularizer=l2(5e-4))
                    Dense(2, kernel_regularizer=l2(5e-4))
                    Dense(3, kernel_regularizer=l2(5e-4))
                    Dense(4, kernel_regularizer=l2(5e-4))
                    Dense(5, kernel_regularizer=l2(5e-4))
                    Dense(6, kernel_regularizer=l2(5e-4))
                """
            ),
            Good(
                """
                def build():
                    Dense(1, kernel_regularizer=l2(1e-4))
                    Dense(2, kernel_regularizer=l2(1e-4))
                    Dense(3, kernel_regularizer=l2(1e-3))
                """
            ),
            Good(
                """
                def build():
                    Dense(1, kernel_regularizer=l2(5e-4))
                    Dense(2, kernel_regularizer=l2(5e-4))
                    Dense(3, kernel_regularizer=l2(5e-4))
                    Dense(4, kernel_regularizer=l2(5e-4))
                    Dense(5, kernel_regularizer=l2(5e-4))
                    Dense(9, bias_regularizer=l2(5e-3))
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        siblings: dict[object, list[tuple[float, Argument]]] = defaultdict(list)
        for name, argument, layer in context.slots:
            found = meaning(argument.value, context.keras)
            factors = [factor for factor in found.factors.values() if factor]
            if found.is_exact and len(factors) == 1:
                siblings[layer.scope, name, found.kind].append((factors[0], argument))
        for family in siblings.values():
            yield from _odd_one(family)


def _odd_one(family: list[tuple[float, Argument]]) -> Iterator[Finding]:
    counts = Counter(factor for factor, _ in family).most_common()
    if len(counts) != 2 or counts[1][1] != 1 or counts[0][1] < _FEWEST:
        return
    (usual, many), (odd, _) = counts
    for factor, argument in family:
        if factor == odd:
            yield Finding(argument.value_span, f"λ is {odd:g} here but {usual:g} in {many} other layers")
