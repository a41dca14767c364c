"""What is said of a file itself, where it could not be judged: the stages hand it on beside the findings of rules."""

from __future__ import annotations

from kreglint.diagnostics import Location
from kreglint.records import record
from kreglint.rules.base import Rule

_START = Location(1, 1)


@record()
class Remark:
    """A message at a place of a file, or of one of its cells, in rows and columns there.

    `line` is the text of that row. `known_by` tells the remark from others of the same message in its fingerprint.
    `about` is the code of the rule that it is about, if it is about one. `code_cell` counts the code cells alone, and
    `file_row` is the row of a notebook's JSON.
    """

    rule: type[Rule]
    message: str
    location: Location = _START
    cell: int | None = None
    line: str = ""
    known_by: str = ""
    about: str | None = None
    code_cell: int | None = None
    file_row: int | None = None
