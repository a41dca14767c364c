"""KRG108 orthogonal-on-wrong-rank."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Layer, RegularizerParameter
from kreglint.diagnostics import Finding, Note, Severity
from kreglint.facts.binding import argument_for, layer_of
from kreglint.facts.file import LayerCall
from kreglint.facts.meaning import meaning, regularizer_parameters
from kreglint.facts.values import Argument, Const, Construct, Value
from kreglint.outcomes import Effect, Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.factors import regularizer_class

_KIND = "OrthogonalRegularizer"
_OWN_RANK = frozenset({"EinsumDense", "LayerNormalization", "PReLU"})  # of weights whose rank the arguments decide
_OF_FACTORS = ("kernel_regularizer", "embeddings_regularizer")  # of weights that LoRA has two factors for


class OrthogonalOnWrongRank(Rule):
    """OrthogonalRegularizer is used for a weight that is not a matrix, or has a single column.

    ## Why is this bad?
    It compares the rows or columns of a matrix. The kernel of a convolution and a bias have another rank: the model
    builds and predicts, but fails with a `ValueError` when its losses are first read. With one unit in columns mode
    there is nothing to compare, and the penalty is NaN: training destroys the weights. `lora_rank=1` does the same:
    Keras 3 then penalizes the two factors instead of the kernel, and one of them is a single row.

    ## What to write instead
    For a convolution, a custom regularizer that first reshapes the kernel to a matrix.
    """

    code, name, severity = "KRG108", "orthogonal-on-wrong-rank", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Conv2D(8, 3, kernel_regularizer=«OrthogonalRegularizer(0.01)»)",
                both=Raises("ValueError", "losses", "rank 2"),
            ),
            Bad(
                "Conv1D(8, 3, kernel_regularizer=«'orthogonal_regularizer'»)",
                both=Raises("ValueError", "losses", "rank 2"),
            ),
            Bad("Dense(4, bias_regularizer=«OrthogonalRegularizer()»)", both=Raises("ValueError", "losses", "rank 2")),
            Bad("Dense(1, kernel_regularizer=«OrthogonalRegularizer(mode='columns')»)", both=Penalty("nan")),
            Bad(
                "Dense(8, kernel_regularizer=«OrthogonalRegularizer(0.1)», lora_rank=1)",
                majors=(3,),
                keras3=Penalty("nan"),
            ),
            Bad(
                """
                layer = Dense(8, kernel_regularizer=«OrthogonalRegularizer(0.1)»)
                layer.build((None, 4))
                layer.enable_lora(1)
                layer
                """,
                majors=(3,),
                versions=">=3.5",
                keras3=Penalty("nan"),
                older=((">=3.0,<3.5", None),),
            ),
            Good(
                """
                layer = Dense(8, kernel_regularizer=OrthogonalRegularizer(0.1))
                layer.build((None, 4))
                layer.enable_lora(rank=4)
                """
            ),
            Good("Dense(8, kernel_regularizer=OrthogonalRegularizer(0.1), lora_rank=2)"),
            Good(
                "Dense(4, kernel_regularizer=OrthogonalRegularizer(0.01))", both=Penalty("0.01 * mean_cosine(kernel)")
            ),
            Good(
                "Dense(1, kernel_regularizer=OrthogonalRegularizer(0.01))", both=Penalty("0.01 * mean_cosine(kernel)")
            ),
            Good(
                """
                def head(units):
                    return Dense(units, kernel_regularizer=OrthogonalRegularizer(mode='columns'))
                """
            ),
            Good(
                """
                def conv(regularizer):
                    return Conv2D(8, 3, kernel_regularizer=regularizer)
                """
            ),
            Good(
                """
                def conv(regularizer=None):
                    return Conv2D(8, 3, kernel_regularizer=regularizer)


                conv()
                """
            ),
            Good("LSTM(4, recurrent_regularizer=OrthogonalRegularizer())"),
            Good("Embedding(9, 4, embeddings_regularizer=OrthogonalRegularizer())"),
        )

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        known = layer_of(layer, context.keras)
        found = meaning(argument.value, context.keras)
        if known is None or found.kind != _KIND or not found.is_exact:
            return
        units = argument_for(layer, known, "units")
        rank = _rank(known.regularizers[name]) if known.name not in _OWN_RANK else None
        if rank is not None:
            yield Finding(
                argument.value_span,
                f"{_KIND} needs a matrix, but the {name.removesuffix('_regularizer')} of {known.name} has rank {rank}",
                outcome=Fails("ValueError", "losses"),
            )
        elif units is not None and _is(units.value, 1) and _compares_columns(argument.value, context):
            yield Finding(
                argument.value_span, f"{_KIND} gets a single column and has nothing to compare", outcome=Effect.NAN
            )
        elif name in _OF_FACTORS and _takes_rank(known):
            rank_given = layer.keyword("lora_rank")
            later = [each for each in context.facts.factored if each.made_in == layer.span and each.rank == 1]
            if later or (rank_given is not None and _is(rank_given.value, 1)):
                told = "after enable_lora(1)" if later else "with lora_rank=1"
                yield Finding(
                    argument.value_span,
                    f"{told}, {_KIND} gets a single row and has nothing to compare",
                    outcome=Effect.NAN,
                    related=tuple(Note(each.span, "LoRA is enabled here") for each in later[:1]),
                )


def _takes_rank(layer: Layer) -> bool:
    return any(each.name == "lora_rank" for each in layer.parameters)


def _rank(parameter: RegularizerParameter) -> int | None:
    """Return the rank of the weight that it penalizes, where that is another than 2."""
    return parameter.ranks[0] if parameter.ranks and 2 not in parameter.ranks else None


def _compares_columns(value: Value, context: Context) -> bool:
    known = regularizer_class(value, context) if isinstance(value, Construct) else None
    if not isinstance(value, Construct) or known is None:
        return False
    return any(name == "mode" and _is(given.value, "columns") for name, given in regularizer_parameters(value, known))


def _is(value: Value, wanted: object) -> bool:
    return isinstance(value, Const) and value.value == wanted and value.is_exact
