"""What can keep a program from being analysed."""

from __future__ import annotations


class UnparsableError(Exception):
    """The text is not Python that libcst can read. `row` counts from 1, `column` from 1 in characters."""

    def __init__(self, row: int, column: int, reason: str) -> None:
        super().__init__(row, column, reason)
        self.row = row
        self.column = column
        self.reason = reason
