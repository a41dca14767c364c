"""A table with lines below it, which the formats for people write each in its own way."""

from __future__ import annotations

from kreglint.records import record

Row = tuple[str, ...]


@record()
class Table:
    """Rows under headings, in visible text; below them a list of `items`, and the sentence that ends it all."""

    title: str
    headings: Row
    rows: tuple[Row, ...]
    closing: str
    items: tuple[str, ...] = ()
