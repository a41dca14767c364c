"""`verify --output-format html`: one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.output.page import page
from kreglint.runtime.page import table
from kreglint.runtime.result import Verification

_STYLE = "td { font-family: ui-monospace, monospace; font-size: 14px; }\n"


def render(found: Verification) -> Iterator[str]:
    yield page("kreglint: verification", _STYLE, f"<h1>kreglint verify</h1>\n{table(found)}")
