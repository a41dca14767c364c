"""Files with more than one program: files that cells write, and examples in docstrings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kreglint.engine.api import check_paths, check_source, fix_source
from kreglint.engine.files import report_content
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORT = "from keras import layers, regularizers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
KERAS_3 = Settings(keras_version="3")
DOCS = Settings(keras_version="3", check_docs=True)


def notebook(*cells: str) -> str:
    found = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": cell} for cell in cells
    ]
    return json.dumps({"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def told(content: str, filename: str, settings: Settings = KERAS_3) -> list[tuple]:
    return [(each.code, each.cell, *each.location) for each in check_source(content, filename, settings)]


COLUMN = INERT.index('"L1L2"') + 1


class TestFilesThatCellsWrite:
    WRITES = f"%%writefile net.py\n{IMPORT}{INERT}"

    def test_each_is_a_program_of_its_own(self):
        assert told(notebook(self.WRITES, INERT), "a.ipynb") == [
            ("KRG302", 1, 3, COLUMN),
            ("KRG302", 2, 1, COLUMN),  # as a fragment: the import above is not the notebook's
        ]
        own = "from mine import layers\n"
        assert told(notebook(own, self.WRITES, INERT), "a.ipynb") == [("KRG302", 2, 3, COLUMN)]
        assert told(notebook(own, f"%%writefile net.py\n{INERT}", self.WRITES), "a.ipynb") == [
            ("KRG302", 2, 2, COLUMN),
            ("KRG302", 3, 3, COLUMN),
        ]

    def test_what_is_added_to_a_file_goes_on_with_it(self):
        first = "%%writefile net.py\nfrom mine import layers\n"
        assert told(notebook(first, f"%%writefile -a net.py\n{INERT}"), "a.ipynb") == []
        assert told(notebook(first, f"%%writefile -a other.py\n{INERT}"), "a.ipynb") == [("KRG302", 2, 2, COLUMN)]

    def test_one_that_is_no_python_is_told_of(self):
        assert told(notebook("%%writefile net.py\nx = keras.(\n"), "a.ipynb") == [("KRG900", 1, 2, 11)]

    def test_other_files_are_passed_over(self):
        assert told(notebook(self.WRITES.replace("net.py", "net.txt")), "a.ipynb") == []

    def test_a_script_with_cells_has_them_too(self):
        text = f"# %%\n!ls\n\n# %%\n{self.WRITES}\n# %%\n%%bash\nls\n"
        assert told(text, "a.py") == [("KRG302", None, 7, COLUMN)]

    def test_so_does_a_text(self):
        text = f"# A\n\n```{{python}}\n{self.WRITES}```\n"
        assert told(text, "a.qmd") == [("KRG302", None, 6, COLUMN)]

    def test_what_the_notebook_installs_tells_their_keras(self):
        install, writes = "!pip install keras==2.3.1", self.WRITES.replace("L1L2", "l1_l2")
        assert told(notebook("!ls", writes), "a.ipynb", Settings()) == [("KRG102", 2, 3, COLUMN)]
        assert told(notebook(install, writes), "a.ipynb", Settings()) == []

    def test_a_comment_in_it_counts(self):
        assert told(notebook(self.WRITES.replace(")\n", ")  # noqa: KRG302\n")), "a.ipynb") == []
        assert told(notebook(f"%%writefile net.py\n# kreglint: ignore-file\n{INERT}", INERT), "a.ipynb") == [
            ("KRG302", 2, 1, COLUMN)
        ]

    def test_it_can_be_fixed(self):
        text = notebook(self.WRITES)
        fixed, _ = fix_source(text, "a.ipynb", Settings(keras_version="3"), unsafe=True)
        written = json.dumps('"L1L2"')[1:-1]
        assert fixed == text.replace(written, "regularizers.L1L2(l1=0.01, l2=0.01)")

    def test_the_inventory_has_its_layers(self):
        found = report_content(notebook(INERT, self.WRITES).encode(), "a.ipynb", Settings(), Run())
        assert [(layer.cell, layer.location.row) for layer in found.layers] == [(1, 1), (2, 3)]


class TestDocstrings:
    def docstring(self, *rows: str) -> str:
        return '"""A module.\n\n' + "".join(f"{row}\n" for row in rows) + '"""\n'

    def test_their_examples_are_read_on_demand(self):
        text = self.docstring(">>> from keras import layers", f">>> {INERT.strip()}")
        assert told(text, "a.py", DOCS) == [("KRG302", None, 4, COLUMN + 4)]
        assert told(text, "a.py") == []

    def test_they_see_the_names_of_the_module_and_those_before_in_the_same_docstring(self):
        rows = (">>> penalty = 'ridge'", ">>> layers.Dense(4, kernel_regularizer=penalty)")
        text = self.docstring(*rows) + IMPORT
        assert told(text, "a.py", DOCS) == [("KRG101", None, 4, 40)]
        other = self.docstring(rows[0]) + IMPORT + f'\ndef f():\n    """\n    {rows[1]}\n    """\n'
        assert told(other, "a.py", DOCS) == []
        assert told(self.docstring(*rows) + "from mine import layers\n", "a.py", DOCS) == []

    def test_what_the_module_says_is_told_once(self):
        text = self.docstring(f">>> {INERT.strip()}", "", f">>> {INERT.strip()}") + IMPORT + INERT
        assert told(text, "a.py", DOCS) == [
            ("KRG302", None, 3, COLUMN + 4),
            ("KRG302", None, 5, COLUMN + 4),
            ("KRG302", None, 8, COLUMN),
        ]

    def test_they_change_nothing_of_what_the_module_does(self):
        module = f"{IMPORT}\ndef dense(reg):\n    return layers.Dense(4, kernel_regularizer=reg)\n"
        text = self.docstring(">>> dense('ridge')") + module
        assert told(text, "a.py") == told(module, "a.py") == []
        settings = Settings(keras_version="3", check_docs=True, select=("ALL",))
        assert [each for each in told(text, "a.py", settings) if each[2] > 4] == []

    @pytest.mark.parametrize("code", ["KRG302", "KRG3", "KRG101, KRG302"])
    def test_a_comment_in_the_example_or_behind_the_docstring_counts(self, code):
        example = f">>> {INERT.strip()}"
        assert told(self.docstring(f"{example}  # noqa: {code}") + IMPORT, "a.py", DOCS) == []
        behind = self.docstring(example)[:-1] + f"  # noqa: {code}\n{IMPORT}"
        assert told(behind, "a.py", DOCS) == []
        assert told(self.docstring(example) + f"{IMPORT[:-1]}  # noqa: {code}\n", "a.py", DOCS) != []

    def test_a_comment_that_suppresses_an_example_is_of_use(self):
        settings = Settings(keras_version="3", check_docs=True, select=("KRG302", "KRG902"))
        behind = self.docstring(f">>> {INERT.strip()}")[:-1] + f"  # noqa: KRG302\n{IMPORT}"
        assert told(behind, "a.py", settings) == []
        unused = self.docstring(f">>> {INERT.strip()}  # noqa: KRG101")[:-1] + f"  # noqa: KRG201\n{IMPORT}"
        assert [found[:3] for found in told(unused, "a.py", settings)] == [
            ("KRG302", None, 3),
            ("KRG902", None, 3),
            ("KRG902", None, 4),
        ]

    def test_fenced_code_is_fixed_in_its_place_and_a_session_is_not(self):
        rows = ("    ```python", f"    {INERT.strip()}", "    ```", "", f">>> {INERT.strip()}")
        text = self.docstring(*rows) + IMPORT
        fixed, _ = fix_source(text, "a.py", DOCS, unsafe=True)
        assert fixed == text.replace('"L1L2"', "regularizers.L1L2(l1=0.01, l2=0.01)", 1)

    def test_a_fix_writes_no_import_for_an_example_into_the_module(self):
        rows = ("```python", INERT.strip(), "```")
        text = self.docstring(*rows) + "from keras import layers\n"
        assert fix_source(text, "a.py", DOCS, unsafe=True)[0] == text

    def test_the_inventory_has_their_layers(self):
        text = self.docstring(f">>> {INERT.strip()}") + IMPORT + INERT
        found = report_content(text.encode(), "a.py", DOCS, Run())
        assert [layer.location.row for layer in found.layers] == [3, 6]

    def test_fingerprints_differ(self):
        text = self.docstring(f">>> {INERT.strip()}") + IMPORT + INERT
        found = check_source(text, "a.py", DOCS)
        assert len({each.fingerprint for each in found}) == 2

    def test_files_beside_it_are_found(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        Path("nets.py").write_text(f'{IMPORT}REG = "ridge"\n')
        rows = (">>> from nets import REG, layers", ">>> layers.Dense(4, kernel_regularizer=REG)")
        Path("a.py").write_text(self.docstring(*rows))
        assert [each.code for report in check_paths(["a.py"], DOCS) for each in report.diagnostics] == ["KRG101"]
