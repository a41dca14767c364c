"""nbconvert makes scripts of notebooks."""

from __future__ import annotations

import nbformat

from tests.formats.conftest import FIXTURES, Findings, findings_in
from tests.formats.programs import KERNEL, ten_findings


def without_lines(found: Findings) -> list[tuple[str, str]]:
    """Return codes and messages: a cell with `%%time` is one line of the script."""
    return [(code, message) for code, message, _ in found]


def test_a_script_has_the_findings_of_the_fixture(tool, tmp_path):
    notebook = nbformat.read(FIXTURES / "notebook.ipynb", 4)
    notebook.metadata = KERNEL  # as Jupyter saves it: nbconvert makes a .txt of what does not tell its script's ending
    nbformat.write(notebook, tmp_path / "nb.ipynb")
    tool("nbconvert", "--to", "script", "nb.ipynb")
    told = findings_in(FIXTURES / "notebook.ipynb")
    assert told
    assert without_lines(findings_in(tmp_path / "nb.py")) == without_lines(told)


def test_a_script_has_all_ten(tool, tmp_path):
    nbformat.write(ten_findings(), tmp_path / "nb.ipynb")
    tool("nbconvert", "--to", "script", "nb.ipynb")
    script, told = findings_in(tmp_path / "nb.py"), findings_in(tmp_path / "nb.ipynb")
    assert len(script) == 10
    assert without_lines(script) == without_lines(told)
    in_calls = [code for code, _, lines in script if lines[0].startswith("get_ipython()")]
    assert in_calls == ["KRG101", "KRG501", "KRG201"]


def test_markdown_has_all_ten_too(tool, tmp_path):
    nbformat.write(ten_findings(), tmp_path / "nb.ipynb")
    tool("nbconvert", "--to", "markdown", "nb.ipynb")
    assert findings_in(tmp_path / "nb.md") == findings_in(tmp_path / "nb.ipynb")
