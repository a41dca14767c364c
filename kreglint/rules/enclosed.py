"""The activity penalties of layers that run where a penalty does not get out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from kreglint.facts.enclosed import Enclosed
from kreglint.facts.joins import Placed
from kreglint.facts.values import Argument
from kreglint.rules.base import Context
from kreglint.rules.slots import asks_for_penalty


def enclosed_penalties(context: Context, by: Literal["rnn", "remat"]) -> Iterator[tuple[Argument, Enclosed]]:
    """Yield each such regularizer once, and what encloses its layer.

    A file that chooses another backend than TensorFlow has none.
    """
    enclosed = [each for each in context.facts.enclosed if each.by == by]
    if not enclosed or context.facts.backend not in (None, "tensorflow"):
        return
    penalties = Placed(
        (layer.span, argument)
        for name, argument, layer in context.slots
        if name == "activity_regularizer" and asks_for_penalty(argument.value, context.keras)
    )
    told = set()
    for each in enclosed:
        for argument in penalties.inside(each.made_in):
            if argument.value_span not in told:
                told.add(argument.value_span)
                yield argument, each
