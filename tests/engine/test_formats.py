"""Programs in texts and scripts of all kinds: where their findings stand, and what they say of their Keras."""

from __future__ import annotations

import json

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.engine.inventory import inventory
from kreglint.engine.reading import read
from kreglint.settings.schema import Settings

IMPORT = "from keras import layers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
ONLY_KERAS_2 = 'layers.Dense(4, kernel_regularizer="l1_l2")\n'
FRONT_MATTER = "---\nkernelspec:\n  name: python3\n---\n"
COLAB = "# Commented out IPython magic to ensure Python compatibility.\n"
INERT_COLUMN = INERT.index('"L1L2"') + 1


def places(content: str, filename: str) -> list[tuple[str, int, int]]:
    return [(found.code, *found.location) for found in check_source(content, filename, Settings(keras_version="3"))]


class TestTexts:
    @pytest.mark.parametrize(
        ("filename", "content"),
        [
            (
                "a.qmd",
                f"---\ntitle: A\n---\n\n```{{python}}\n#| label: one\n{IMPORT}```\n\n```{{python}}\n{INERT}```\n",
            ),
            ("a.Rmd", f"---\ntitle: A\n---\n\n```{{python, echo=FALSE}}\n{IMPORT}\n```\n\n```{{python}}\n{INERT}```\n"),
            (
                "a.md",
                f"{FRONT_MATTER}\n```{{code-cell}}\n{IMPORT}\n\n```\n\n:::{{code-cell}}\n{INERT}:::\n",
            ),
            (
                "a.rst",
                f"A\n=\n\n.. code-block:: python\n\n{IMPORT}".replace("from", "  from")
                + f"\n\n.. code::  python\n\n  {INERT}",
            ),
        ],
        ids=lambda value: value if len(value) < 9 else "",
    )
    def test_a_fault_is_told_by_its_row_and_column_in_the_file(self, filename, content):
        row = 1 + content[: content.index(INERT)].count("\n")
        margin = 2 if filename == "a.rst" else 0
        assert places(content, filename) == [("KRG302", row, INERT_COLUMN + margin)]

    def test_of_a_session_it_is_told_behind_the_prompt_and_has_no_fix(self):
        content = f"A page\n\n>>> {IMPORT}>>> layers.Dense(\n...     4, kernel_regularizer='L1L2')\n<Dense>\n"
        [found] = check_source(content, "a.rst", Settings(keras_version="3"))
        assert (found.code, *found.location, found.fix) == ("KRG302", 5, 31, None)

    def test_a_text_in_another_encoding_matters_only_if_it_has_python(self):
        text = "Übung\n\n```{{{}}}\nlibrary(keras)\n```\n"
        assert check_source(text.format("r").encode("latin-1"), "a.Rmd") == []
        [found] = check_source(text.format("python").encode("latin-1"), "a.Rmd")
        assert (found.code, *found.location) == ("KRG900", 1, 1)

    def test_what_a_document_does_not_run_is_no_part_of_its_program(self):
        content = f"```{{python}}\n{IMPORT}```\n```{{python}}\n#| eval: false\n{INERT}```\n"
        assert places(content, "a.qmd") == []

    def test_a_fix_leaves_the_rest_as_it_was(self):
        content = '# A\n\n```{python}\nfrom keras import layers\nlayers.Dense(4, W_regularizer="l2")\n```\n\n    text\n'
        fixed, _ = fix_source(content, "a.qmd", Settings())
        assert fixed == content.replace("W_reg", "kernel_reg")


def notebook(*cells: str, **metadata: object) -> str:
    listed = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    return json.dumps({"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def codes(content: str, filename: str) -> list[str]:
    return [found.code for found in check_source(content, filename)]


class TestVersions:
    def test_one_that_nothing_tells(self):
        assert codes(notebook(IMPORT + ONLY_KERAS_2), "a.ipynb") == ["KRG102"]

    @pytest.mark.parametrize(
        "cell",
        [
            "!pip install keras==2.3.1",
            "%pip install 'tensorflow<2.16'",
            "pip install tensorflow==1.15",
            "%%bash\npip install keras==2.3.1\n",
            "%tensorflow_version 1.x",
        ],
    )
    def test_what_a_cell_installs(self, cell):
        assert codes(notebook(cell, IMPORT + ONLY_KERAS_2), "a.ipynb") == []

    def test_what_a_kernel_is_called(self):
        kernel = {"name": "tf23", "display_name": "TensorFlow 2.3 on Python 3.7"}
        assert codes(notebook(IMPORT + ONLY_KERAS_2, kernelspec=kernel), "a.ipynb") == []

    def test_what_a_script_of_ipython_installs(self):
        assert codes(f"!pip install keras==2.3.1\n{IMPORT}{ONLY_KERAS_2}", "a.py") == []

    @pytest.mark.parametrize(
        "head",
        [
            f"{COLAB}# %tensorflow_version 1.x\n",
            f"{COLAB}try:\n#   %tensorflow_version 1.x\nexcept Exception:\n  pass\n",
            "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py\n# ---\n\n# !pip install keras==2.3.1\n",
        ],
    )
    def test_what_a_script_of_a_notebook_has_as_a_comment(self, head):
        assert codes(f"{head}{IMPORT}{ONLY_KERAS_2}", "a.py") == []

    def test_but_not_what_somebody_commented_out(self):
        assert codes(f"# !pip install keras==2.3.1\n{IMPORT}{ONLY_KERAS_2}", "a.py") == ["KRG102"]

    def test_what_a_script_depends_on(self):
        metadata = '# /// script\n# dependencies = ["keras<3"]\n# ///\n'
        assert codes(metadata + IMPORT + ONLY_KERAS_2, "a.py") == []

    def test_what_is_set_counts_more(self):
        content = notebook("!pip install keras==2.3.1", IMPORT + ONLY_KERAS_2)
        assert [found.code for found in check_source(content, "a.ipynb", Settings(keras_version="3"))] == ["KRG102"]


class TestFormFields:
    """`x = 0.0 #@param {type: "number"}` of Colab: what stands there is what its reader chose last."""

    FIELDS = (
        'rate = 0.0 #@param {type:"number"}',
        "rate = -1.0  # @param",
        "rate = 50 #@param {type:'slider', min:0, max:10}",
        "rate = 0; # @param",
    )

    @pytest.mark.parametrize("field", FIELDS)
    def test_no_rule_speaks_of_its_value(self, field):
        text = f"{IMPORT}from keras.regularizers import L2\n{field}\nlayers.Dense(4, kernel_regularizer=L2(RATE))\n"
        every = Settings(select=("KRG1", "KRG2", "KRG3"))
        assert check_source(text.replace("RATE", "rate"), "a.py", every) == []
        assert check_source(text.replace("RATE", "rate * 2.0"), "a.py", every) == []
        assert check_source(text.replace("RATE", "rate").replace("@param", "param"), "a.py", every) != []

    def test_nor_of_a_string(self):
        text = f'{IMPORT}kind = "L1L2" #@param ["l2", "L1L2"]\nlayers.Dense(4, kernel_regularizer=kind)\n'
        assert codes(text, "a.py") == []
        assert codes(text.replace("#@param", "# of"), "a.py") == ["KRG302"]

    def test_the_inventory_says_so(self):
        imports = f"{IMPORT}from keras.regularizers import L2\n"
        text = f"{imports}{self.FIELDS[2]}\nlayers.Dense(4, kernel_regularizer=L2(rate))\n"
        [layer] = inventory(*read(text, "a.py"), Settings(keras_version="3"))
        [given] = layer.regularizers
        assert (given.kind, given.l2, given.resolution, given.reason) == ("L2", 50, "default", "form field")
