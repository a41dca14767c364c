"""jupytext turns texts into notebooks and back: the findings stay, with the text of their lines."""

from __future__ import annotations

import jupytext
import pytest
from jupytext.cli import jupytext as run

from kreglint import check_paths
from tests.formats.conftest import FIXTURES, findings, findings_in
from tests.formats.programs import KERNEL, ten_findings

FORMS = ("py:percent", "py:light", "py:nomarker", "py:hydrogen", "py:sphinx", "md", "md:myst", "Rmd")
CELLS_ONLY = ("colab.py", "script.py", "percent.py", "myst.md", "rmarkdown.Rmd")


def filename(form: str) -> str:
    return f"nb.{form.partition(':')[0]}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty one, in which all is done."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def notebook():
    return ten_findings()


@pytest.fixture(scope="module")
def told(notebook):
    told = findings(jupytext.writes(notebook, "ipynb"), "nb.ipynb")
    assert len(told) == 10
    return told


class TestTenFindings:
    @pytest.mark.parametrize("form", FORMS)
    def test_a_text_has_those_of_the_notebook(self, notebook, told, form):
        assert findings(jupytext.writes(notebook, form), filename(form)) == told

    @pytest.mark.parametrize("form", FORMS)
    def test_the_notebook_of_that_text_has_them_again(self, notebook, told, form):
        back = jupytext.reads(jupytext.writes(notebook, form), form)
        assert findings(jupytext.writes(back, "ipynb"), "nb.ipynb") == told
        assert findings(jupytext.writes(back, form), filename(form)) == told

    @pytest.mark.parametrize("form", FORMS)
    def test_one_run_over_both_tells_them_once(self, notebook, told, form, folder):
        jupytext.write(notebook, "nb.ipynb")
        jupytext.write(notebook, filename(form), fmt=form)
        first, second = check_paths(["nb.ipynb", filename(form)])
        assert (len(first.diagnostics), len(second.diagnostics)) == (10, 0)

    @pytest.mark.parametrize(
        ("option", "value"),
        [("notebook_metadata_filter", "-all"), ("comment_magics", "false"), ("comment_magics", "true")],
    )
    def test_options_of_jupytext_change_nothing(self, told, folder, option, value):
        jupytext.write(ten_findings(), "nb.ipynb")
        run(["--set-formats", "ipynb,py:percent", "--opt", f"{option}={value}", "nb.ipynb"])
        assert findings_in(folder / "nb.py") == told


class TestFixtures:
    @pytest.mark.parametrize("name", CELLS_ONLY)
    def test_the_notebook_of_a_text_has_its_findings(self, name):
        notebook = jupytext.read(FIXTURES / name)
        told = findings_in(FIXTURES / name)
        assert told
        assert findings(jupytext.writes(notebook, "ipynb"), "nb.ipynb") == told

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("name", CELLS_ONLY)
    def test_so_has_any_other_text_once_the_notebook_was_saved_in_jupyter(self, name, form):
        notebook = jupytext.read(FIXTURES / name)
        notebook.metadata = KERNEL  # what jupytext had put there it needs only to write the same file again
        assert findings(jupytext.writes(notebook, form), filename(form)) == findings_in(FIXTURES / name)

    @pytest.mark.parametrize("form", FORMS)
    def test_a_notebook_becomes_any_text(self, form):
        told = findings_in(FIXTURES / "notebook.ipynb")
        text = jupytext.writes(jupytext.read(FIXTURES / "notebook.ipynb"), form)
        assert findings(text, filename(form)) == told

    def test_blocks_in_a_list_are_no_cells(self):
        """To jupytext they are Markdown: the notebook shows them, and does not run them."""
        notebook = jupytext.read(FIXTURES / "tutorial.md")
        assert findings(jupytext.writes(notebook, "ipynb"), "nb.ipynb") == []
        assert findings(jupytext.writes(notebook, "md"), "nb.md") == findings_in(FIXTURES / "tutorial.md")


class TestPairs:
    """Pairs as jupytext makes them, checked as people do: the folder."""

    @pytest.mark.parametrize(
        ("formats", "name", "others"),
        [
            ("ipynb,py:percent", "nb.ipynb", ["nb.py"]),
            ("ipynb,py:light,Rmd", "nb.ipynb", ["nb.Rmd", "nb.py"]),
            ("ipynb,.pct.py:percent,.lgt.py:light", "nb.ipynb", ["nb.lgt.py", "nb.pct.py"]),
            ("notebooks//ipynb,scripts//py:percent", "notebooks/nb.ipynb", ["scripts/nb.py"]),
            ("notebooks///ipynb,scripts///py:percent", "notebooks/a/b/nb.ipynb", ["scripts/a/b/nb.py"]),
            ("notebooks///ipynb,py///_/.py", "notebooks/nb.ipynb", ["py/_nb.py"]),
        ],
    )
    @pytest.mark.parametrize("place", ["metadata", "jupytext.toml", "pyproject.toml"])
    def test_each_finding_is_told_once(self, folder, formats, name, others, place):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        jupytext.write(ten_findings(), name)
        if place == "metadata":
            run(["--set-formats", formats, name])
        else:
            head = "[tool.jupytext]\n" if place == "pyproject.toml" else ""
            (folder / place).write_text(f'{head}formats = "{formats}"\n', "utf-8")
            run(["--sync", name])
        reports = numbers()
        assert sorted(reports) == sorted([name, *others])
        assert sum(reports.values()) == 10

    def test_what_is_changed_in_one_is_told_until_they_are_synchronized(self, folder):
        jupytext.write(ten_findings(), "nb.ipynb")
        run(["--set-formats", "ipynb,py:percent", "nb.ipynb"])
        script = folder / "nb.py"
        script.write_text(script.read_text("utf-8").replace('"L1L2"', '"l1_l3"'), "utf-8")
        assert numbers() == {"nb.ipynb": 10, "nb.py": 1}
        jupytext.write(jupytext.read("nb.py"), "nb.ipynb")
        assert numbers() == {"nb.ipynb": 10, "nb.py": 0}

    def test_fixes_of_both_leave_them_synchronized(self, folder, tool):
        jupytext.write(ten_findings(), "nb.ipynb")
        run(["--set-formats", "ipynb,py:percent", "nb.ipynb"])
        tool("kreglint", "check", ".", "--fix", "--unsafe-fixes", "--isolated", succeeds=False)
        cells = [[cell.source for cell in jupytext.read(name).cells] for name in ("nb.ipynb", "nb.py")]
        assert cells[0] == cells[1]
        assert "W_regularizer" not in (folder / "nb.py").read_text("utf-8")


def numbers() -> dict[str, int]:
    return {report.filename: len(report.diagnostics) for report in check_paths(["."])}
