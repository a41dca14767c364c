"""`junit`: each finding as a test that failed, in a suite for its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kreglint.diagnostics import Diagnostic
from kreglint.output.place import place
from kreglint.output.xml_text import HEADER, attributes, text

_PACKAGE = "kreglint"
_ALL_WELL = (
    f'  <testsuite name="{_PACKAGE}" tests="1" failures="0" errors="0">\n'
    f'    <testcase name="nothing to report" classname="{_PACKAGE}"/>\n'
    "  </testsuite>\n"
)


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    found = list(diagnostics)
    totals = attributes(name=_PACKAGE, tests=len(found) or 1, failures=len(found), errors=0)
    yield f"{HEADER}<testsuites{totals}>\n"
    for filename, of_file in groupby(found, key=lambda diagnostic: diagnostic.filename):
        yield from _suite(filename, list(of_file))
    if not found:
        yield _ALL_WELL
    yield "</testsuites>\n"


def _suite(filename: str, found: list[Diagnostic]) -> Iterator[str]:
    named = attributes(name=filename, package=_PACKAGE, tests=len(found), failures=len(found), errors=0)
    yield f"  <testsuite{named}>\n"
    yield from map(_case, found)
    yield "  </testsuite>\n"


def _case(diagnostic: Diagnostic) -> str:
    case = attributes(
        name=f"{_PACKAGE}.{diagnostic.code}",
        classname=diagnostic.filename,
        file=diagnostic.filename,
        line=diagnostic.file_row or diagnostic.location.row,
    )
    failure = attributes(message=diagnostic.message, type=diagnostic.severity.value)
    where = place(diagnostic.filename, diagnostic.location, diagnostic.cell)
    detail = text(f"{where}: {diagnostic.code} {diagnostic.message}")
    return f"    <testcase{case}>\n      <failure{failure}>{detail}</failure>\n    </testcase>\n"
