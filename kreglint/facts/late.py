"""Regularizers that come when, or where, Keras does not read them."""

from __future__ import annotations

from dataclasses import dataclass

from kreglint.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAssignment:
    """`layer.kernel_regularizer = …` on a layer that is certainly built; `span` is the attribute's name."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A regularizer among the layers of a model, or set as an attribute of one, whose `name` is then given."""

    span: Span
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFacts:
    """All of one file; `traced` are the places where a callback sets a factor of a layer's regularizer."""

    assignments: tuple[LateAssignment, ...] = ()
    traced: tuple[Span, ...] = ()
