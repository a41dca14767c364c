"""KRG900 unreadable-file."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class UnreadableFile(Rule):
    """The file cannot be decoded or parsed.

    ## Why is this bad?
    Nothing in the file was checked. The message has the row, the column and the reason; the other files go on.

    ## What to do
    Mend the syntax or the encoding. A file in Python 2 (`print x`) is not Python to any Python that runs
    Keras 2 or 3: leave it out with `exclude`.
    """

    code, name, severity = "KRG900", "unreadable-file", Severity.ERROR
    triggers = ()  # whether a file is Python is asked without them
