"""marimo notebooks as one program, as `marimo edit` 0.25 writes them."""

import pytest

from kreglint.engine.api import check_source, fix_source
from kreglint.settings.schema import Settings
from kreglint.source.marimo import cells_of

HEAD = 'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App(width="medium")\n\n'
TAIL = '\nif __name__ == "__main__":\n    app.run()\n'
IMPORTS = "@app.cell\ndef _():\n    from keras import layers\n    return (layers,)\n\n"
SETUP = "with app.setup:\n    from keras import layers\n\n"
USE = '@app.cell\ndef _(layers):\n    hidden = layers.Dense(4, kernel_regularizer="L1L2")\n    return (hidden,)\n\n'
COLUMN = USE.splitlines()[2].index('"L1L2"') + 1


def notebook(*cells: str) -> str:
    return HEAD + "\n".join(cells) + TAIL


def places(text: str) -> list[tuple[str, int, int]]:
    found = check_source(text, "notebook.py", Settings(keras_version="3"))
    return [(each.code, *each.location) for each in found]


def place_of_fault(text: str) -> tuple[str, int, int]:
    row = 1 + text[: text.index('"L1L2"')].count("\n")
    return ("KRG302", row, COLUMN)


@pytest.mark.parametrize(
    "cells",
    [
        (IMPORTS, USE),
        (USE, IMPORTS),
        (SETUP, USE.replace("_(layers)", "_()")),
        (IMPORTS.replace("@app.cell", "@app.cell(hide_code=True)"), USE.replace("def _", "async def network")),
    ],
)
def test_names_go_from_cell_to_cell_in_the_order_in_which_they_run(cells):
    text = notebook(*cells)
    assert places(text) == [place_of_fault(text)]


def test_a_string_may_have_lines_without_the_indentation_of_its_cell():
    text = notebook(IMPORTS, USE.replace("    hidden", '    text = """\nall\n  of it"""\n    hidden'))
    assert places(text) == [place_of_fault(text)]


def test_what_stands_behind_such_a_string_is_in_its_place():
    behind = 'it"""; layers.Dense(4, kernel_regularizer="L1L2")'
    text = notebook(IMPORTS, f'@app.cell\ndef _(layers):\n    text = """\n{behind}\n    return\n')
    [found] = check_source(text, "notebook.py", Settings(keras_version="3"))
    assert found.location.column == behind.index('"L1L2"') + 1
    assert found.source_lines == (behind,)


def test_values_go_with_them():
    rate = "@app.cell\ndef _():\n    rate = -0.1\n    return (rate,)\n\n"
    dense = "layers.Dense(4, kernel_regularizer=regularizers.L2(rate))"
    use = f"@app.cell\ndef _(layers, rate, regularizers):\n    {dense}\n    return\n"
    imports = IMPORTS.replace("layers\n", "layers, regularizers\n", 1).replace("(layers,)", "layers, regularizers")
    [(code, *_)] = places(notebook(use, rate, imports))
    assert code == "KRG201"


def test_functions_and_classes_of_the_app():
    function = '@app.function\ndef build(reg="L1L2"):\n    return layers.Dense(4, kernel_regularizer=reg)\n\n'
    call = "@app.cell\ndef _():\n    build()\n    return\n\n"
    [(code, *_)] = places(notebook(SETUP, function, call))
    assert code == "KRG302"
    head = "@app.class_definition\nclass Net(layers.Layer):\n    def build(self, shape):\n"
    own = f"{head}        self.inner = layers.Dense(4, kernel_regularizer='ridge')\n\n"
    [(code, *_)] = places(notebook(SETUP, own))
    assert code == "KRG101"


@pytest.mark.parametrize(
    "cells",
    [
        (USE.replace("@app.cell", "@app.cell(disabled=True)"), IMPORTS),
        (IMPORTS.replace("layers,)", ")"), USE.replace("_(layers)", "_()").replace("layers.", "mine.")),
        (IMPORTS, "def helper(layers):\n    return layers\n"),
    ],
)
def test_what_does_not_run_or_is_not_known_is_no_fault(cells):
    assert places(notebook(*cells)) == []


def test_fixes_change_the_cell_and_nothing_else():
    text = notebook(IMPORTS, USE.replace('kernel_regularizer="L1L2"', "W_regularizer='l2'"))
    fixed, _ = fix_source(text, "notebook.py", Settings())
    assert fixed == text.replace("W_reg", "kernel_reg")


def test_a_comment_suppresses_there_too():
    assert places(notebook(IMPORTS, USE.replace('"L1L2")', '"L1L2")  # noqa: KRG302'))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import marimo\nx = 1\n",
        "import marimo\nmarimo.App(\n",
        "# marimo.App(\nx = 1\n",
        "import marimo\nclass A:\n    app = marimo.App()\n",
    ],
)
def test_any_other_file_is_read_as_it_stands(text):
    assert cells_of(text) is None


def test_a_circle_of_cells_is_read_as_it_stands():
    first = "@app.cell\ndef _(b):\n    a = b\n    return (a,)\n\n"
    second = "@app.cell\ndef _(a):\n    b = a\n    return (b,)\n\n"
    blocks = cells_of(notebook(first, second))
    assert [block.text for block in blocks or ()] == ["a = b\n", "b = a\n"]


class TestMarkdown:
    """`marimo export md` writes the cells as they stand: their names tell the order in which they run."""

    USES = '```python {.marimo}\nhidden = layers.Dense(4, kernel_regularizer="L1L2")\n```\n'
    IMPORTS = "```python {.marimo}\nfrom keras import layers\n```\n"

    def places(self, text: str) -> list[tuple[str, int]]:
        return [(each.code, each.location.row) for each in check_source(text, "nb.md", Settings(keras_version="3"))]

    def test_a_cell_runs_after_those_that_bind_its_names(self):
        assert self.places(self.USES + self.IMPORTS) == [("KRG302", 2)]
        assert self.places(self.IMPORTS + self.USES) == [("KRG302", 5)]

    def test_names_in_functions_count_and_those_that_are_their_own_do_not(self):
        function = "```python {.marimo}\ndef make(rate):\n    layers = 1\n    return layers, name\n```\n"
        assert self.places(function + self.USES + "```python {.marimo}\nname = 1\n```\n" + self.IMPORTS) == [
            ("KRG302", 7)
        ]

    def test_a_cell_that_is_switched_off_is_not_read(self):
        assert self.places(self.IMPORTS + self.USES.replace(".marimo}", '.marimo disabled="true"}')) == []

    def test_other_blocks_run_as_they_stand(self):
        assert self.places((self.USES + self.IMPORTS).replace(" {.marimo}", "")) == []

    def test_a_cell_that_is_no_python_keeps_its_place(self):
        assert self.places("```python {.marimo}\n(\n```\n" + self.USES + self.IMPORTS) == [("KRG302", 5)]
