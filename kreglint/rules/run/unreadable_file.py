"""KRG900 unreadable-file."""

from __future__ import annotations

from kreglint.diagnostics import Severity
from kreglint.rules.base import Rule


class UnreadableFile(Rule):
    """The file cannot be decoded or parsed.

    ## Why is this bad?
    Nothing in the file was checked. The message has the line, the column and the reason. Other files are still checked.

    ## What to do
    Fix the syntax or the encoding. A Python 2 file (`print x`) cannot run in any Python that runs Keras 2 or 3: skip it
    with `exclude`.
    """

    code, name, severity = "KRG900", "unreadable-file", Severity.ERROR
    triggers = ()  # whether a file is Python is asked without them
