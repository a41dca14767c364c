"""From what is wrong with a value to a finding at the place where it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kreglint.diagnostics import Finding, Fix, Note, Severity, Span
from kreglint.facts.values import Argument, Provenance, Value
from kreglint.outcomes import Outcome


class Fault(NamedTuple):
    """What is wrong with one value, as a `Finding` says it of a place."""

    message: str
    outcome: Outcome | None = None
    fix: Fix | None = None
    severity: Severity | None = None
    meant: str = ""


def judge(
    argument: Argument, what: str, fault_of: Callable[[Value], Fault | None], *, defaults: bool
) -> Iterator[Finding]:
    """Yield the finding about an argument, if every value that it may have is at fault. `what` names the value.

    A parameter's default may be overridden by a caller, so it is judged only where `defaults` says so.
    """
    faults = [fault_of(value) for value in _ways(argument.value, defaults=defaults)]
    first = faults[0] if faults else None
    if first is not None and None not in faults:
        yield Finding(
            span=place(argument),
            message=first.message,
            outcome=first.outcome,
            related=notes(argument, what),
            fix=first.fix if len(faults) == 1 else None,
            severity=first.severity,
            meant=first.meant,
        )


def place(argument: Argument) -> Span:
    """Return the argument's value as it stands in the call, or the parameter's default that it comes from."""
    defaults = [origin.span for origin in argument.value.origin if origin.is_default]
    return defaults[0] if defaults else argument.value_span


def notes(argument: Argument, what: str) -> tuple[Note, ...]:
    """Return the related places of a finding at `place(argument)`: where the value is set or its default used."""
    if any(origin.is_default for origin in argument.value.origin):
        return (Note(argument.value_span, "the default is used here"),)
    ends = {way.origin[-1] for way in _ways(argument.value, defaults=True) if way.origin}
    places = sorted((end.elsewhere.filename if end.elsewhere else "", end.span, end.elsewhere) for end in ends)
    return tuple(Note(span, f"{what} is set here", elsewhere) for _, span, elsewhere in places)


def _ways(value: Value, *, defaults: bool) -> tuple[Value, ...]:
    """Return every value that the argument may have; empty where one of them is not known or not to be judged."""
    alternatives = value.ways
    surest = Provenance.FORM_FIELD if defaults else Provenance.DEFAULT  # of those that are not judged
    return () if any(way.provenance >= surest for way in alternatives) else alternatives
