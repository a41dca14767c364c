"""nbqa runs flake8, with our plugin, on a notebook."""

from __future__ import annotations

import json
import re

from tests.formats.conftest import FIXTURES, findings_in


def test_flake8_tells_what_kreglint_tells_and_counts_code_cells(tool, tmp_path):
    notebook = tmp_path / "nb.ipynb"
    notebook.write_bytes((FIXTURES / "notebook.ipynb").read_bytes())
    [line] = [line for line in tool("nbqa", "flake8", "nb.ipynb", succeeds=False).splitlines() if "KRG" in line]
    [(code, message, _)] = findings_in(notebook)
    [ours] = json.loads(tool("kreglint", "check", "nb.ipynb", "--output-format", "json", succeeds=False))
    place = f"cell_{ours['code_cell']}:{ours['location']['row']}:{ours['location']['column']}"
    assert line == f"nb.ipynb:{place}: {code} {message}"
    assert re.search(r"cell_3:2:46", line)
