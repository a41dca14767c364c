"""Calls of Keras and TensorFlow that make no layer and no regularizer, and yet matter to penalties."""

from __future__ import annotations

from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, TakesArguments
from kreglint.records import record


@record(kw_only=True)
class ApiCall(TakesArguments):
    """A call of a function, by its `path` (Keras' own, or as imported), or of a `method` of anything.

    `owner` is what the method is called on, a name without layout. `beside_losses`: the function around it reads some
    `.losses`; `of_losses` is the model whose `losses` are the only argument, `tested` whether the file asks
    whether there are any, or catches what comes where there are none. `trains` is the one model whose variables the
    function around it names; neither this nor `beside_losses` is told of `fit` and `evaluate`. `holds` is the text in
    which it is certainly made before: the rest of the function around it, or of the file, or None if it is made under
    a condition.
    """

    span: Span
    callee_span: Span
    arguments: tuple[Argument, ...]
    path: str = ""
    method: str = ""
    owner: str = ""
    beside_losses: bool = False
    of_losses: str | None = None
    tested: bool = False
    trains: str | None = None
    holds: Span | None = None
