"""marimo turns notebooks into its own, and these into scripts, Markdown and notebooks again."""

from __future__ import annotations

import nbformat
import pytest

from tests.formats.conftest import FIXTURES, findings_in
from tests.formats.programs import ten_findings

EXPORTS = (("script", "py"), ("md", "md"), ("ipynb", "ipynb"))


def without_magics() -> nbformat.NotebookNode:
    """Return the notebook as a person has to change it for marimo, which makes comments of magics."""
    notebook = ten_findings()
    for cell in notebook.cells:
        lines = (line.removeprefix("%time ") for line in cell.source.splitlines())
        cell.source = "\n".join(line for line in lines if not line.startswith(("!", "%", "files = !")))
    return notebook


def test_all_that_it_makes_of_a_notebook_has_its_findings(tool, tmp_path):
    nbformat.write(without_magics(), tmp_path / "nb.ipynb")
    told = findings_in(tmp_path / "nb.ipynb")
    assert len(told) == 10
    tool("marimo", "-q", "convert", "nb.ipynb", "-o", "nb.py")
    assert findings_in(tmp_path / "nb.py") == told
    for command, ending in EXPORTS:
        tool("marimo", "-q", "export", command, "nb.py", "-o", f"out.{ending}")
        assert findings_in(tmp_path / f"out.{ending}") == told


def test_the_body_of_a_magic_stays_a_cell(tool, tmp_path):
    (tmp_path / "nb.ipynb").write_bytes((FIXTURES / "notebook.ipynb").read_bytes())
    tool("marimo", "-q", "convert", "nb.ipynb", "-o", "nb.py")
    assert findings_in(tmp_path / "nb.py") == findings_in(FIXTURES / "notebook.ipynb")


@pytest.mark.parametrize(("command", "ending"), EXPORTS)
def test_so_has_all_that_it_makes_of_its_own_notebooks(tool, tmp_path, command, ending):
    """Its cells may stand in any order. In a notebook for Jupyter, which runs them as they stand, they are sorted."""
    (tmp_path / "nb.py").write_bytes((FIXTURES / "marimo.py").read_bytes())
    sort = ["--sort", "topological"] if command == "ipynb" else []
    tool("marimo", "-q", "export", command, "nb.py", *sort, "-o", f"out.{ending}")
    told = findings_in(FIXTURES / "marimo.py")
    assert told
    assert findings_in(tmp_path / f"out.{ending}") == told
