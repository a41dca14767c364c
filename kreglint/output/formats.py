"""The output formats of `check` by name. Only the module of the one that is asked for is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from kreglint.diagnostics import Diagnostic
from kreglint.output.colour import Palette

FOR_PEOPLE = ("text", "concise", "grouped")
FOR_PROGRAMS = ("json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "checkstyle", "html")
TELLS_SUPPRESSED = "sarif"  # the format whose readers want to know of what is not reported, too


_TELL_VERSION = ("sarif", "html")


def rendered(form: str, diagnostics: Iterable[Diagnostic], palette: Palette, version: str) -> Iterator[str]:
    """Yield the output in parts. `palette` is for the formats that people read, `version` is kreglint's own."""
    render: Callable[..., Iterator[str]] = import_module(f"kreglint.output.{form.replace('-', '_')}").render
    if form in FOR_PEOPLE:
        return render(diagnostics, palette)
    return render(diagnostics, version) if form in _TELL_VERSION else render(diagnostics)
