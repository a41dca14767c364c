"""Which `# noqa` comments suppress nothing (KRG902)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from kreglint.diagnostics import Edit, Finding, Fix, Location, Safety, Span
from kreglint.engine.merge import Merged
from kreglint.engine.place import Placed
from kreglint.rules.run.crashed_rule import CrashedRule
from kreglint.rules.run.unused_noqa import UnusedNoqa
from kreglint.source.noqa import OUR_CODES, Directive, Suppressions
from kreglint.source.text import Source

_BLANKS = " \t\f"


def unused_noqa(source: Source, comments: Suppressions, found: Collection[Placed]) -> Iterator[Merged]:
    """Yield the comments with codes of ours that suppress nothing. `found` is what every rule finds, suppressed or not.

    Where a rule crashed nobody knows what it would have found, and nothing is judged.
    """
    if any(each.diagnostic.code == CrashedRule.code for each in found):
        return
    for directive in comments.directives:
        unused = [code for code in directive.codes if _is_unused(code, directive.location.row, found)]
        if unused and source.offset(directive.location) >= source.context:
            yield Merged(_finding(directive, unused, source), UnusedNoqa.severity, ())


def _is_unused(written: str, row: int, found: Iterable[Placed]) -> bool:
    code = written.upper()
    if not code.startswith(OUR_CODES) or UnusedNoqa.code.startswith(code):
        return False
    return not any(each.diagnostic.code.startswith(code) and row in each.rows for each in found)


def _finding(directive: Directive, unused: Sequence[str], source: Source) -> Finding:
    start = source.offset(directive.location)
    place = Span(start + len(directive.before), start + len(directive.before) + len(directive.text))
    kept = [code for code in directive.codes if code not in unused]
    verb = "suppresses" if len(unused) == 1 else "suppress"
    codes = ", ".join(unused)
    edit = Edit(place, directive.with_codes(kept)) if kept else _removal(directive, place, source)
    return Finding(place, f"{codes} {verb} nothing here", fix=Fix(f"Drop {codes}", (edit,), Safety.SAFE))


def _removal(directive: Directive, place: Span, source: Source) -> Edit:
    """Take the directive away; what else the comment says stays a comment."""
    after = directive.after.strip()
    if after and not after.startswith("#"):
        return Edit(Span(place.start, source.offset(directive.location) + len(directive.comment)), f"# {after}")
    if after:
        return Edit(Span(place.start, place.end + len(directive.after) - len(directive.after.lstrip())), "")
    line_start = source.offset(Location(directive.location.row, 1))
    start = line_start + len(source.text[line_start : place.start].rstrip(_BLANKS))
    end = place.end + len(directive.after)
    if start == line_start and directive.location.row < source.rows:  # it stood alone: its line goes with it
        end = source.offset(Location(directive.location.row + 1, 1))
    return Edit(Span(start, end), "")
