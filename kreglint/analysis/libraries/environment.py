"""What the environment gives a program by default, by `os.getenv` and `os.environ`; and plain namespaces."""

from __future__ import annotations

from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.module import At, Call
from kreglint.analysis.values.own_classes import is_settled
from kreglint.diagnostics import Span
from kreglint.facts.values import Construct, Origin, Provenance, Value
from kreglint.records import replace


def variable(path: str, call: Call) -> Value | None:
    """Return a variable of the environment, where there is a default for it."""
    arguments = call.arguments()
    if len(arguments) != 2:
        return None
    found = at_least(arguments[1].value, Provenance.DEFAULT)
    return replace(found, origin=(Origin(arguments[1].value_span, is_default=True), *found.origin))


def entry(owner: Value, name: str, span: Span, at: At) -> Value | None:
    """Return an attribute of `SimpleNamespace(name=…)`."""
    given = owner.keyword(name) if isinstance(owner, Construct) else None
    return given.value if given is not None and is_settled(name, at.module) else None


CALLS = dict.fromkeys(("os.getenv", "os.environ.get"), variable)
ATTRIBUTES = dict.fromkeys(("types.SimpleNamespace", "argparse.Namespace"), entry)
FOLLOWED = frozenset(ATTRIBUTES)
