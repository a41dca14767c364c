"""A notebook that fixes have mended is one, and is as it was in all else."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

from kreglint import fix_source
from tests.formats.conftest import FIXTURES, findings
from tests.formats.programs import ten_findings


def with_outputs() -> str:
    notebook = ten_findings()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            text = nbformat.v4.new_output("stream", text="λ = 0.01\nÜ\u2028\n")
            html = nbformat.v4.new_output("display_data", {"text/html": ["<b>\n", "x</b>"], "image/png": "AAAA"})
            cell.update(outputs=[text, html], execution_count=number, metadata={"tags": ["a"], "scrolled": True})
    nbformat.validate(notebook)
    return nbformat.writes(notebook)


LAYOUTS = {
    "as Jupyter writes it": with_outputs(),
    "in one line": json.dumps(json.loads(with_outputs())),
    "with tabs": json.dumps(json.loads(with_outputs()), indent="\t", ensure_ascii=False) + "\n\n",
    "with CRLF": with_outputs().replace("\n", "\r\n"),
    "the fixture": (FIXTURES / "notebook.ipynb").read_text("utf-8"),
}


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS)
def test_fixes_leave_a_notebook_and_every_other_byte(content):
    after, remaining = fix_source(content, "nb.ipynb", unsafe=True)
    nbformat.validate(nbformat.reads(after, as_version=4))
    assert len(remaining) < len(findings(content, "nb.ipynb"))
    assert sources(after) != sources(content)
    assert around_sources(after) == around_sources(content)


def test_a_file_is_written_so(tool, tmp_path):
    content = LAYOUTS["with CRLF"]
    file = tmp_path / "nb.ipynb"
    file.write_bytes(content.encode())
    tool("kreglint", "check", "nb.ipynb", "--fix", "--unsafe-fixes", "--isolated", succeeds=False)
    assert file.read_bytes().decode() == fix_source(content, "nb.ipynb", unsafe=True)[0]


def sources(content: str) -> list[str]:
    return [line for cell in json.loads(content)["cells"] for line in cell["source"]]


def around_sources(content: str) -> str:
    """Return the JSON with one mark for all lines of a cell."""
    pieces, end = [], 0
    for line in sources(content):
        start, length = min(
            (content.find(written, end), len(written))
            for written in (json.dumps(line), json.dumps(line, ensure_ascii=False))
            if written in content[end:]
        )
        pieces += [content[end:start], "LINE"]
        end = start + length
    return re.sub(r"LINE(,\s*LINE)*", "LINES", "".join((*pieces, content[end:])))
