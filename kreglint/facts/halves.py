"""Penalties that count half of what Keras' L2 counts for the same number."""

from __future__ import annotations

from kreglint.diagnostics import Span
from kreglint.records import record

HALVES = frozenset(f"tensorflow.{module}nn.l2_loss" for module in ("", "compat.v1.", "compat.v2.", "python.ops."))


@record(kw_only=True)
class HalfPenalty:
    """A use of `tf.nn.l2_loss`, at `span`, that is a penalty on weights and keeps its half.

    `alone`: it is called on the weight and nothing else, so that another function can take its place.
    """

    span: Span
    alone: bool


@record(kw_only=True)
class HalfFacts:
    """All of one file. `doubled` are the calls of contrib or slim whose factor is seen to make up for the half."""

    penalties: tuple[HalfPenalty, ...] = ()
    doubled: frozenset[Span] = frozenset()
