"""Values of the user's own making: functions, classes and instances."""

from __future__ import annotations

from kreglint.analysis.values.module import At, Call
from kreglint.diagnostics import Span
from kreglint.facts.values import Function, Value, unknown
from kreglint.records import record


@record(kw_only=True)
class OwnValue(Value):
    """A function, lambda or class of the user's own, or an instance of one, of which no more than that is known.

    The subclasses say what is known. No fact that leaves the analysis has one of these.
    """

    name: str
    kind: str  # "function", "lambda", "class" or "instance"

    @property
    def content(self) -> object:
        return ("function", self.name, self.kind, self.identity)

    @property
    def identity(self) -> object:
        """What tells it from others of its name."""
        return self.span

    @property
    def plain(self) -> Function:
        """What the facts of a file have of it."""
        return Function(
            span=self.span,
            name=self.name,
            kind=self.kind,
            origin=self.origin,
            provenance=self.provenance,
            definition=self.definition,
        )

    @property
    def definition(self) -> Span | None:
        """Where the function or the class stands; None where it may be another one."""
        return None

    @property
    def held(self) -> tuple[tuple[str, Value], ...] | None:
        """The items of a named tuple by their names, in order; None for anything else."""
        return None

    def call(self, call: Call) -> Value:
        """Return what a call of it gives back."""
        return unknown(call.span, "returned by something that is not followed")

    def method(self, name: str, call: Call) -> Value | None:
        """Return what a call of a method gives back that no class of the program has; None where that is not known."""
        return None

    def attribute(self, name: str, span: Span, at: At) -> Value | None:
        """Return an attribute of it, read at `span`; None where nothing is known of it."""
        return None
