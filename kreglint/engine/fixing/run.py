"""Fixing one content: the fixes, the findings they come from, and what holds them in check."""

from __future__ import annotations

from functools import partial

from kreglint.engine.fixing.document import Content, document
from kreglint.engine.fixing.passes import Checks, Fixed, LeftAlone, fix_until_done, nothing
from kreglint.engine.run import Run
from kreglint.gate import mentions_in
from kreglint.settings.schema import Settings
from kreglint.source.kinds import is_composed


def fix_content(
    content: Content,
    filename: str,
    settings: Settings,
    *,
    unsafe: bool,
    run: Run | None = None,
    left_alone: LeftAlone = nothing,
) -> Fixed:
    """Apply the fixes of what is found in a file's content; without a run nothing beside the file is read.

    Nothing is done about findings that are `left_alone`. Raises as `fix_until_done` does.
    """
    if not mentions_in(content):
        return Fixed(content)
    from kreglint.engine.check import check
    from kreglint.engine.reading import unreadable_parts

    checks = Checks(
        filename,
        findings=partial(check, filename=filename, settings=settings, run=run),
        unreadable_parts=partial(unreadable_parts, filename=filename, settings=settings),
        left_alone=left_alone,
    )
    return fix_until_done(content, checks, unsafe=unsafe)


def text_of(content: Content, filename: str) -> str:
    """Return a content as text, with its byte order mark."""
    from kreglint.source.text import MARKED, UndecodableError

    if isinstance(content, str):
        return content
    try:
        if is_composed(filename):
            return content.decode("utf-8")
        source = document(content, filename).source(None)
    except (UndecodableError, UnicodeDecodeError):
        return content.decode("utf-8", "surrogateescape")
    return f"\ufeff{source.text}" if source.encoding == MARKED else source.text
