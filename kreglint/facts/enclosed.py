"""Layers that run where a penalty of their output does not get out: in the loop of an RNN, or computed twice."""

from __future__ import annotations

from typing import Literal

from kreglint.diagnostics import Span
from kreglint.records import record


@record(kw_only=True)
class Enclosed:
    """A call, at `span`, that encloses layers: `by` says how.

    "rnn": it loops over a cell. "remat": it makes a layer of the user's own in a `RematScope` of mode "full".
    `made_in` are the calls that make the layers, `adds` the calls of `add_loss` that a cell certainly comes to.
    """

    span: Span
    by: Literal["rnn", "remat"]
    made_in: tuple[Span, ...]
    adds: tuple[Span, ...] = ()
