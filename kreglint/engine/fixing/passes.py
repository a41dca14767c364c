"""Applying fixes until none is left: what comes of each pass is checked before it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from kreglint.diagnostics import Diagnostic, Severity
from kreglint.engine.fixing.choose import Choice, applied, compatible, is_to_apply
from kreglint.engine.fixing.document import Content, document
from kreglint.engine.guard import ISSUES
from kreglint.records import record

MOST_PASSES = 100


LeftAlone = Callable[[Diagnostic], bool]


def nothing(_: Diagnostic) -> bool:
    """Leaves no finding alone."""
    return False


class EndlessFixesError(Exception):
    """Fixes that undo each other: a bug of kreglint."""

    def __init__(self, filename: str, codes: Sequence[str]) -> None:
        super().__init__(filename, codes)
        self.filename = filename
        self.codes = codes

    def __str__(self) -> str:
        return (
            f"{self.filename}: the fixes of {', '.join(self.codes)} did not come to an end in {MOST_PASSES} passes; "
            "the file is left as it was; this is a bug of kreglint, please report it at "
            f"{ISSUES} with this line and the file"
        )


@record()
class Fixed:
    """A content after its fixes: what was found before, what of it was mended, and what remains."""

    content: Content
    found: tuple[Diagnostic, ...] = ()
    mended: tuple[Diagnostic, ...] = ()
    remaining: tuple[Diagnostic, ...] = ()


@record()
class Checks:
    """What a content is held against: its findings, how many of its parts cannot be parsed, and what stays as it is."""

    filename: str
    findings: Callable[[Content], list[Diagnostic]]
    unreadable_parts: Callable[[Content], int]
    left_alone: LeftAlone = nothing


def fix_until_done(content: Content, checks: Checks, *, unsafe: bool) -> Fixed:
    """Apply the fixes of what is found, pass by pass.

    A fix counts only if everything that could be parsed still can, its finding is gone, and what is found is no worse
    than before: no more errors, nor, with as many, more warnings, and so on. A fix of an error may so bring to light
    what it hid: a keyword that Keras does not know hides what is to be said of its value. One that fails in this is
    left out, and its finding remains.

    Raises:
        EndlessFixesError: there was something to fix after every one of 100 passes.
        NotReversibleError: the content cannot be written back as it was.
    """
    first = found = checks.findings(content)
    mended: list[Diagnostic] = []
    for _ in range(MOST_PASSES):
        step = _Step(content, found, checks)
        chosen = step.choices([d for d in found if is_to_apply(d, unsafe=unsafe) and not checks.left_alone(d)])
        if not chosen:
            return Fixed(content, tuple(first), tuple(mended), tuple(found))
        content, found = step.taken(chosen) or (content, found)
        mended += (choice.diagnostic for choice in chosen)
    raise EndlessFixesError(checks.filename, sorted({choice.diagnostic.code for choice in chosen}))


class _Step:
    """One pass from one content to the next."""

    def __init__(self, content: Content, found: Sequence[Diagnostic], checks: Checks) -> None:
        self._content = content
        self._found = Counter(map(_key, found))
        self._severity_counts = _severity_counts(found)
        self._checks = checks
        self._results: dict[tuple[Choice, ...], tuple[Content, list[Diagnostic]] | None] = {}

    def choices(self, wanted: Sequence[Diagnostic]) -> tuple[Choice, ...]:
        """Return the fixes that work together: all that fit, else those that work alone, else the first of these."""
        if not wanted:
            return ()
        together = tuple(compatible(wanted, document(self._content, self._checks.filename)))
        if self.taken(together):
            return together
        holding = tuple(choice for choice in together if self.taken((choice,)))
        return holding if self.taken(holding) else holding[:1]

    def taken(self, chosen: tuple[Choice, ...]) -> tuple[Content, list[Diagnostic]] | None:
        """Return the content after these fixes and what is found in it, or None if they do not do what they should."""
        if chosen and chosen not in self._results:
            self._results[chosen] = self._try_fixes(chosen)
        return self._results.get(chosen)

    def _try_fixes(self, chosen: tuple[Choice, ...]) -> tuple[Content, list[Diagnostic]] | None:
        after = applied(chosen, document(self._content, self._checks.filename))
        if after == self._content:
            return None
        if self._checks.unreadable_parts(after) > self._checks.unreadable_parts(self._content):
            return None
        found = self._checks.findings(after)
        left = Counter(map(_key, found))
        gone = Counter(_key(choice.diagnostic) for choice in chosen)
        if _severity_counts(found) > self._severity_counts or any(
            left[key] > self._found[key] - gone[key] for key in gone
        ):
            return None
        return after, found


def _severity_counts(found: Iterable[Diagnostic]) -> tuple[int, ...]:
    """Return the number of findings of each severity, worst first: the order in which they are compared."""
    counts = Counter(diagnostic.severity for diagnostic in found)
    return tuple(counts[severity] for severity in sorted(Severity, key=lambda severity: -severity.rank))


def _key(diagnostic: Diagnostic) -> tuple[str, str]:
    return diagnostic.code, diagnostic.message
