"""What a file adds to a layer's losses by hand."""

from __future__ import annotations

from enum import Enum, auto
from typing import Literal

from kreglint.diagnostics import Span
from kreglint.records import record


class Where(Enum):
    """Where `add_loss` is called, and of what."""

    CONSTRUCTOR = auto()  # of a layer, of itself
    BUILD = auto()
    CALL = auto()
    OTHER = auto()  # of a layer, by another of its methods or from outside
    OUTSIDE = auto()  # of a layer, from code at the top of a file that never reads what is added
    FUNCTIONAL = auto()  # of a model with inputs and outputs


@record(kw_only=True)
class AddedLoss:
    """A call of Keras' own `add_loss`, at `span`.

    `given` is what is added, and `kind` what is known of it; empty: nothing. `late_bound` says that it is a lambda in
    a loop which KRG604 speaks of. `second` is a further argument by position, `keywords` are the keyword arguments by
    name. `by_graph`: the file asks TensorFlow for graphs instead of eager execution.
    """

    span: Span
    where: Where
    given: Span | None = None
    kind: Literal["", "function", "number", "regularizer", "tensor"] = ""
    late_bound: bool = False
    second: Span | None = None
    keywords: tuple[tuple[str, Span], ...] = ()
    by_graph: bool = False
