"""Notebooks and Markdown files: the same findings as in scripts, told by cell or by the file's own rows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.engine.api import check_source, fix_source
from kreglint.engine.files import check_file, report_content
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORT = "from keras.layers import Dense\n"
INERT = "Dense(4, kernel_regularizer='L1L2')\n"
KERAS1 = "Dense(4, W_regularizer='l2')\n"
BROKEN = "Dense(??)\n"
SETTINGS = Settings(keras_version="3")


def code(text, **more):
    source = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **more}


TEXT = {"cell_type": "markdown", "metadata": {}, "source": ["# Keras"]}


def notebook(*cells):
    document = {"cells": [code(c) if isinstance(c, str) else c for c in cells], "metadata": {}, "nbformat": 4}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def found(content, filename="a.ipynb", settings=SETTINGS):
    return [(d.code, d.cell, tuple(d.location)) for d in check_source(content, filename, settings)]


@pytest.mark.parametrize("cell", [f"\n{IMPORT}{INERT}", [f"\n{IMPORT}", INERT], ["\n", IMPORT, INERT[:9], INERT[9:]]])
def test_the_row_in_the_json_is_that_of_the_string_in_which_the_row_of_the_cell_begins(cell):
    content = notebook(TEXT, {**code(""), "source": cell})
    [inert] = check_source(content, "a.ipynb", SETTINGS)
    assert (inert.cell, inert.location.row) == (2, 3)
    assert INERT[:9] in content.splitlines()[inert.file_row - 1]


def test_a_cell_that_cannot_be_parsed_has_a_row_in_the_json_too():
    content = notebook(IMPORT, f"{IMPORT}{BROKEN}")
    [broken] = check_source(content, "a.ipynb", SETTINGS)
    assert BROKEN.strip() in content.splitlines()[broken.file_row - 1]


def test_no_other_file_has_one():
    assert [each.file_row for each in check_source(IMPORT + INERT, "a.py", SETTINGS)] == [None]


class TestNotebooks:
    def test_findings_are_told_by_cell_and_row_in_the_cell(self):
        content = notebook(TEXT, IMPORT, TEXT, f"x = 1\n{INERT}", KERAS1.rstrip())
        assert found(content) == [("KRG302", 4, (2, 29)), ("KRG501", 5, (1, 10))]

    def test_cells_are_one_program_in_order(self):
        content = notebook(
            IMPORT + "from keras.regularizers import l2", "decay = -0.1", "Dense(4, kernel_regularizer=l2(decay))"
        )
        (diagnostic,) = check_source(content, "a.ipynb", SETTINGS)
        assert (diagnostic.code, diagnostic.cell, diagnostic.end_location.row) == ("KRG201", 3, 1)
        (related,) = diagnostic.related
        assert (related.message, related.cell, related.location.row) == ("λ is set here", 2, 1)

    @pytest.mark.parametrize(
        "cell",
        [
            "%matplotlib inline\n",
            "%%time\nx = 1\n",
            "  # indented\n\n    \nx = 1\n",
            "!pip install keras\n",
            "Dense?\n",
            "await run()\n",
            "%%bash\nDense(4, kernel_regularizer='L1L2')\n",
            "files = !ls\n",
            "async with scope() as x:\n    pass\n",
            "   x = 1\n   y = 2\n",
            "",
            "\n\n",
            "# only this",
        ],
    )
    def test_what_is_no_python_is_left_out(self, cell):
        assert found(notebook(IMPORT, cell, INERT)) == [("KRG302", 3, (1, 29))]

    def test_a_cell_that_ipython_dedents_is_checked_too(self):
        assert found(notebook(IMPORT, f"    x = 1\n    {INERT}")) == [("KRG302", 2, (2, 33))]

    def test_a_value_that_a_magic_gives_is_unknown(self):
        content = notebook(
            IMPORT + "from keras.regularizers import l2", "decay = %env DECAY\nDense(4, kernel_regularizer=l2(decay))"
        )
        assert found(content) == []

    def test_a_cell_that_cannot_be_parsed_is_told_and_the_rest_goes_on(self):
        content = notebook(IMPORT, f"x = 1\n{BROKEN}", INERT)
        assert found(content) == [("KRG900", 2, (2, 7)), ("KRG302", 3, (1, 29))]
        (broken, _) = check_source(content, "a.ipynb", SETTINGS)
        assert broken.message.startswith("this cell cannot be parsed: ")
        assert broken.source_lines == ("Dense(??)",)

    def test_unless_that_is_ignored(self):
        assert found(notebook(IMPORT, BROKEN), settings=Settings(ignore=("KRG900",))) == []

    def test_two_cells_that_parse_only_together_are_two_that_do_not(self):
        assert [code for code, *_ in found(notebook(IMPORT, "x = (\n", "1)\n"))] == ["KRG900", "KRG900"]

    def test_what_is_no_notebook_is_told(self):
        (diagnostic,) = check_source('{"cells": [\n"keras"', "a.ipynb")
        assert (diagnostic.code, diagnostic.cell, diagnostic.location.row) == ("KRG900", None, 2)
        assert diagnostic.message.startswith("this file cannot be read as a notebook: it is no JSON: ")

    def test_bytes_that_are_no_utf_8_are_told(self):
        (diagnostic,) = check_source(b'{"keras": "\xff"}', "a.ipynb")
        assert diagnostic.message == "this file cannot be decoded as utf-8: byte 0xff"

    def test_a_noqa_comment_counts_in_its_own_cell(self):
        assert found(notebook(IMPORT, INERT.replace("\n", "  # noqa: KRG302\n"), INERT)) == [("KRG302", 3, (1, 29))]

    @pytest.mark.parametrize(
        ("cell", "after"),
        [
            ("x = 1\n# noqa: KRG302\n", "x = 1\n"),
            ("x = 1\n# noqa: KRG302", "x = 1\n"),
            ("x = 1  # noqa: KRG302", "x = 1"),
            ("# noqa: KRG302\n", ""),
            ("# noqa: KRG302", ""),
        ],
    )
    def test_a_comment_that_suppresses_nothing_is_told_and_goes(self, cell, after):
        settings = Settings(keras_version="3", extend_select=("KRG902",))
        before = notebook(IMPORT, cell, INERT)
        assert [(code, cell) for code, cell, _ in found(before, settings=settings)] == [("KRG902", 2), ("KRG302", 3)]
        fixed, _ = fix_source(before, "a.ipynb", settings)
        assert ["".join(cell["source"]) for cell in json.loads(fixed)["cells"]] == [IMPORT, after, INERT]

    def test_a_comment_leaves_the_whole_notebook_out(self):
        assert found(notebook("# kreglint: ignore-file", IMPORT, INERT)) == []

    def test_the_inventory_has_cells_too(self):
        content = notebook(IMPORT, BROKEN, INERT).encode()
        report = report_content(content, "a.ipynb", SETTINGS, Run())
        (layer,) = report.layers
        assert (layer.cell, tuple(layer.location), tuple(layer.regularizers[0].location)) == (3, (1, 1), (1, 29))
        assert [(d.code, d.cell) for d in report.diagnostics] == [("KRG900", 2)]

    def test_what_only_libcst_cannot_parse_is_told_by_its_cell_too(self, monkeypatch):
        monkeypatch.setattr("kreglint.engine.compose.is_python", lambda text: True)
        assert found(notebook(IMPORT, f"x = 1\n{BROKEN}", INERT)) == [("KRG900", 2, (2, 7)), ("KRG302", 3, (1, 29))]

    def test_a_fingerprint_stays_where_cells_come_before(self):
        cells = (IMPORT, BROKEN, INERT, BROKEN)
        before = check_source(notebook(*cells), "a.ipynb", SETTINGS)
        after = check_source(notebook("x = 1", TEXT, *cells), "a.ipynb", SETTINGS)
        assert [d.cell for d in after] == [4, 5, 6]
        assert [d.fingerprint for d in after] == [d.fingerprint for d in before]
        assert len({d.fingerprint for d in after}) == 3

    def test_values_come_from_the_files_that_it_imports(self, tmp_path):
        (tmp_path / "settings.py").write_text("\n\nDECAY = -0.1\n")
        content = notebook(
            IMPORT,
            "from settings import DECAY\nfrom keras.regularizers import l2",
            INERT.replace("'L1L2'", "l2(DECAY)"),
        )
        file = tmp_path / "a.ipynb"
        file.write_text(content)
        (diagnostic,) = check_file(str(file), SETTINGS, Run()).diagnostics
        (related,) = diagnostic.related
        assert (diagnostic.code, diagnostic.cell, diagnostic.location.row) == ("KRG201", 3, 1)
        assert (related.filename, related.cell, related.location) == (str(tmp_path / "settings.py"), None, (3, 9))

    def test_the_places_that_a_value_comes_through_have_their_cells(self):
        content = notebook(
            IMPORT + "from keras.regularizers import l2", "decay = 0.1", "Dense(4, kernel_regularizer=l2(decay))"
        )
        (layer,) = report_content(content.encode(), "a.ipynb", SETTINGS, Run()).layers
        (regularizer,) = layer.regularizers
        assert [(place.cell, place.location) for place in regularizer.origin] == [(2, (1, 1))]

    @given(st.lists(st.sampled_from([INERT, KERAS1, "x = 1\n", "", "!ls\n", "# é\n\n"]), max_size=6))
    def test_it_says_what_a_script_of_the_same_cells_says(self, cells):
        script = check_source(IMPORT + "".join(cells).replace("!ls", "ls()"), "a.py", SETTINGS)
        lines = [(number, text) for number, cell in enumerate(cells, start=2) for text in cell.splitlines()]
        told = check_source(notebook(IMPORT, *cells), "a.ipynb", SETTINGS)
        assert [d.message for d in told] == [d.message for d in script]
        assert [d.cell for d in told] == [lines[d.location.row - 2][0] for d in script]


class TestFixingNotebooks:
    def test_only_the_strings_of_the_cells_concerned_change(self):
        output = {"output_type": "stream", "name": "stdout", "text": [KERAS1]}
        before = notebook(TEXT, IMPORT, code(f"%time x\n{KERAS1}# é", outputs=[output]))
        after, remaining = fix_source(before, "a.ipynb", SETTINGS)
        assert after == before.replace(
            '"Dense(4, W_regularizer=\'l2\')\\n",\n    "# é', '"Dense(4, kernel_regularizer=\'l2\')\\n",\n    "# é'
        )
        assert (after != before, remaining) == (True, [])

    def test_an_import_goes_to_the_cell_that_imports(self):
        after, remaining = fix_source(notebook(TEXT, IMPORT, INERT), "a.ipynb", SETTINGS, unsafe=True)
        fixed = "Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))\n"
        assert (after, remaining) == (notebook(TEXT, f"from keras import regularizers\n{IMPORT}", fixed), [])

    def test_an_edit_tells_its_cell(self):
        (diagnostic,) = check_source(notebook(TEXT, IMPORT, INERT), "a.ipynb", SETTINGS)
        assert diagnostic.fix is not None
        assert [(edit.cell, edit.location.row) for edit in diagnostic.fix.edits] == [(2, 1), (3, 1)]

    def test_a_line_that_goes_goes_from_the_list(self):
        cell = "from keras.regularizers import l2\nDense(\n    4,\n    kernel_regularizer=l2(0.0),\n)"
        after, _ = fix_source(notebook(IMPORT, cell), "a.ipynb", SETTINGS)
        assert after == notebook(IMPORT, cell.replace("    kernel_regularizer=l2(0.0),\n", ""))

    @pytest.mark.parametrize(
        "style", [{"indent": 4}, {"separators": (",", ":")}, {"ensure_ascii": True}, {"sort_keys": True}]
    )
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_a_notebook_without_fixes_stays_byte_for_byte(self, style, mark):
        content = mark + json.dumps(json.loads(notebook(TEXT, IMPORT, BROKEN, "x = 'é'")), **style)
        assert fix_source(content, "a.ipynb", SETTINGS, unsafe=True)[0] == content
        assert fix_source(content.encode(), "a.ipynb", SETTINGS, unsafe=True)[0] == content

    def test_what_is_no_notebook_stays_as_it_is(self):
        assert fix_source('{"keras": ', "a.ipynb")[0] == '{"keras": '
        assert fix_source(b'{"keras": "\xff"', "a.ipynb")[0].encode("utf-8", "surrogateescape") == b'{"keras": "\xff"'


class TestMarkdown:
    README = f"# Keras\n\n```python\n{IMPORT}```\n\ntext\n\n- item\n\n  ```py\n  {INERT}  ```\n"

    def test_findings_are_told_by_the_files_own_rows_and_columns(self):
        assert found(self.README, "README.md") == [("KRG302", None, (12, 31))]

    def test_the_quoted_line_is_the_files_own(self):
        (diagnostic,) = check_source(self.README, "README.md", SETTINGS)
        assert diagnostic.source_lines == ("  Dense(4, kernel_regularizer='L1L2')",)

    def test_a_block_that_cannot_be_parsed_is_passed_over(self):
        readme = self.README.replace("text", "```python\nDense(...\n```\n\n```python\n>>> Dense(4)\n```")
        assert [code for code, *_ in found(readme, "README.md")] == ["KRG302"]

    def test_fixes_change_the_block_and_nothing_else(self):
        after, remaining = fix_source(self.README, "README.md", SETTINGS, unsafe=True)
        fixed = "  Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))\n"
        assert after == self.README.replace(f"  {INERT}", fixed).replace("from", "from keras import regularizers\nfrom")
        assert remaining == []

    def test_a_line_that_a_fix_adds_has_the_blocks_margin(self):
        readme = f"- item\n\n  ```py\n  {IMPORT}  {INERT}  ```\n"
        after, _ = fix_source(readme, "README.md", SETTINGS, unsafe=True)
        assert after.startswith(f"- item\n\n  ```py\n  from keras import regularizers\n  {IMPORT}  Dense(")

    def test_a_line_that_goes_goes_with_its_margin_and_a_blank_line_below_needs_none(self):
        call = "  Dense(4\n  , bias_regularizer='l2'\n\n  )\n"
        readme = f"- item\n\n  ```py\n  {IMPORT}{call}  ```\n"
        after, _ = fix_source(readme, "README.md", Settings(extend_select=("KRG702",)), unsafe=True)
        assert after == readme.replace("  , bias_regularizer='l2'\n", "")

    def test_a_byte_order_mark_and_line_ends_stay(self):
        readme = ("\ufeff" + self.README.replace("L1L2", "L2 ")).replace("\n", "\r\n").encode()
        after, _ = fix_source(readme, "README.md", SETTINGS)
        assert after.encode() == readme.replace(b"L2 ", b"l2")


def test_a_finding_in_what_a_magic_runs_shows_the_line_as_it_stands():
    line = f"%time {INERT.strip()}"
    [found] = check_source(notebook(IMPORT, line), "nb.ipynb", SETTINGS)
    assert found.source_lines == (line,)
    [found] = check_source(f"{IMPORT}\n{line}\n", "nb.py", SETTINGS)
    assert found.source_lines == (line,)


@pytest.mark.parametrize(
    "cell", ["pip install keras", "conda install keras\n", "\n  ls -l data \n", "cd ..", "run a.py", "ls"]
)
def test_a_cell_that_is_one_command_can_be_read(cell):
    assert found(notebook(IMPORT, cell, INERT)) == [("KRG302", 3, (1, 29))]


@pytest.mark.parametrize(
    "cell",
    [
        "x = 1\npip install keras",
        "pip install \\\n keras",
        "%%time\npip install keras",
        "pip install keras\n\n",
        "pip = = 1",
        "no x",
    ],
)
def test_ipython_looks_for_a_command_in_a_cell_of_one_line_only(cell):
    assert [(code, cell) for code, cell, _ in found(notebook(IMPORT, cell))] == [("KRG900", 2)]
