"""What kreglint says: plain, picklable records that every front end and output format reads.

A rule yields a `Finding` in offsets; the engine makes it a `Diagnostic` in rows and columns.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from kreglint.records import field, record

if TYPE_CHECKING:
    from kreglint.outcomes import Outcome


class Severity(str, Enum):
    """How bad a finding is. Ordered by `rank`, worst last."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return ("info", "warning", "error").index(self.value)


class Safety(str, Enum):
    """What a fix may do to the program.

    SAFE: the penalty is the same before and after, or a crash becomes what the older Keras did.
    UNSAFE: the penalty, and so the training, changes.
    DISPLAY: shown to a person, never applied.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Suppression(str, Enum):
    """Why a finding is not reported."""

    NOQA = "noqa"
    BASELINE = "baseline"


class Span(NamedTuple):
    """Half-open range of offsets into a source's text, in Unicode characters from 0.

    `file` numbers the sources that one analysis goes through: 0 is the file that it is about.
    """

    start: int
    end: int
    file: int = 0


class Location(NamedTuple):
    """A place as people count it: row and column from 1, the column in Unicode characters."""

    row: int
    column: int


class Elsewhere(NamedTuple):
    """A place in another file."""

    filename: str
    location: Location
    end_location: Location


@record()
class Edit:
    """Replace the text of `span` by `content`."""

    span: Span
    content: str


@record()
class Removal:
    """Take the argument at `span` out of the call at `call`, with its comma and the line that is its own."""

    span: Span
    call: Span


@record()
class Fix:
    """What mends a finding.

    `uses` is a name of Keras, by its canonical path, with which the content of the edits begins and which the
    title has: the engine writes it as the file does, and imports it where the file does not.
    """

    title: str
    edits: tuple[Edit | Removal, ...]
    safety: Safety
    uses: str | None = None


@record()
class Note:
    """A second place that explains a finding, as in "λ is set here"; `elsewhere` where that is in another file."""

    span: Span
    message: str
    elsewhere: Elsewhere | None = None


@record()
class Finding:
    """What a rule saw, in one version of Keras.

    `message` says what is there and holds in every version; `meant` is what was probably meant, as it is written;
    `outcome` says what this Keras does with it. The engine merges the findings of several versions that have the same
    span, message and meaning, and makes one sentence of all.
    """

    span: Span
    message: str
    outcome: Outcome | None = None
    related: tuple[Note, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None  # None: the rule's own
    meant: str = ""


@record()
class Related:
    message: str
    filename: str
    location: Location
    end_location: Location
    cell: int | None = None


@record()
class PlacedEdit:
    """An edit in rows and columns; in a notebook, of the cell that it is in, which need not be the finding's."""

    content: str
    location: Location
    end_location: Location
    cell: int | None = None


@record()
class PlacedFix:
    message: str
    safety: Safety
    edits: tuple[PlacedEdit, ...]


@record()
class Diagnostic:
    """One finding as the outputs show it.

    In a notebook `cell` counts code and markdown cells from 1, `code_cell` the code cells alone, and `file_row` is
    the row of the JSON where it begins. `keras` lists the majors in which it holds. `source_lines` are the lines of
    the span as they stand in the file, without their line ends, for the outputs that quote them. `noqa_rows` are
    the rows on which a `# noqa` comment suppresses it; `noqa_row` is where a new one is to be written. `suppressed`
    says why it is not reported; None where it is.
    """

    code: str
    name: str
    severity: Severity
    message: str
    filename: str
    location: Location
    end_location: Location
    noqa_row: int
    keras: tuple[str, ...]
    fingerprint: str
    cell: int | None = None
    code_cell: int | None = None
    file_row: int | None = None
    related: tuple[Related, ...] = ()
    fix: PlacedFix | None = None
    source_lines: tuple[str, ...] = ()
    noqa_rows: tuple[int, ...] = field(default=(), compare=False)
    suppressed: Suppression | None = None
