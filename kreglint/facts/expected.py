"""Where a program expects what would else be a fault."""

from __future__ import annotations

import builtins

from kreglint.diagnostics import Finding, Span
from kreglint.outcomes import raised_at_once
from kreglint.records import record


@record()
class Handled:
    """Code in which some errors are expected, by the names of their classes."""

    span: Span
    errors: frozenset[str]

    def handles(self, finding: Finding) -> bool:
        """True if what a finding tells is an error that is caught there."""
        error = raised_at_once(finding.outcome)
        if error is None or not _holds(self.span, finding.span):
            return False
        return any(_catches(name, error) for name in self.errors)


@record(kw_only=True)
class Expected:
    """Where nothing is a fault, and where errors are handled."""

    anything: tuple[Span, ...] = ()
    handled: tuple[Handled, ...] = ()

    def expects(self, finding: Finding) -> bool:
        """True if the program expects what a finding tells: it stands in code for other versions, or is handled."""
        return any(_holds(span, finding.span) for span in self.anything) or any(
            each.handles(finding) for each in self.handled
        )


def _holds(around: Span, span: Span) -> bool:
    return around.file == span.file and around.start <= span.start and span.end <= around.end


def _catches(name: str, error: str) -> bool:
    """True if a handler of errors named so may catch another; it is not known what a name of the program's own is."""
    caught, raised = getattr(builtins, name, None), getattr(builtins, error, None)
    if not isinstance(caught, type) or not isinstance(raised, type):
        return True
    return issubclass(raised, caught)
