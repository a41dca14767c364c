"""What a file's own layers, regularizers and functions do with the regularizers that they are given or make."""

from __future__ import annotations

from dataclasses import dataclass

from kreglint.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedParameter:
    """A parameter for a regularizer that nothing reads.

    `span` is the parameter's name, `within` the code of the function or class that takes it.
    """

    span: Span
    name: str
    within: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedName:
    """A regularizer that is made for a local name which is never read."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRegularizer:
    """A class that derives from `Regularizer`: what keeps it from being saved and loaded.

    `left_out` are the parameters that its `get_config` does not have, None where it has no `get_config` at all.
    `unregistered`: the file loads models, and says nowhere what the class's name means.
    """

    span: Span
    name: str
    left_out: tuple[str, ...] | None = ()
    unregistered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomFacts:
    """All of one file; `unforwarded` are parameters of layers, `ignored` those of functions."""

    unforwarded: tuple[DroppedParameter, ...] = ()
    ignored: tuple[DroppedParameter, ...] = ()
    unused: tuple[UnusedName, ...] = ()
    regularizers: tuple[CustomRegularizer, ...] = ()
