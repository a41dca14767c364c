"""KRG708 dense-embedding-penalty."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Argument
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty
from kreglint.rules.slots import asks_for_penalty


class DenseEmbeddingPenalty(Rule):
    """An embedding's table is regularized.

    ## Why is this bad?
    The penalty covers the whole table at every step, not only the rows in the batch. Its gradient is dense, which is
    slow for a large vocabulary. Rows of rare words shrink even at steps without these words.

    ## What to write instead
    `activity_regularizer`, which penalizes the rows that are looked up.
    """

    code, name, severity, default = "KRG708", "dense-embedding-penalty", Severity.INFO, False

    @staticmethod
    def examples() -> Examples:
        return (
            Bad("Embedding(9, 4, embeddings_regularizer=«l2(0.1)»)", both=Penalty("0.1 * sum(embeddings**2)")),
            Good(
                "Embedding(9, 4, activity_regularizer=l2(0.1))",
                both=Penalty("0.1 * sum(output**2) / batch"),
                older=((">=3.0,<3.14", Penalty("0.1 * sum(output**2)")),),
            ),
            Good(
                """
                def embed(penalty=None):
                    return Embedding(9, 4, embeddings_regularizer=penalty)
                """
            ),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        if name == "embeddings_regularizer" and asks_for_penalty(argument.value, context.keras):
            yield Finding(
                argument.value_span,
                "this penalizes the whole embedding table at every step, not only the rows looked up",
            )
