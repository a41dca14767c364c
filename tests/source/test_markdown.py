import pytest

from kreglint.source.blocks import Block
from kreglint.source.markdown import python_blocks


def blocks(text):
    return [block[:3] for block in python_blocks(text)]


@pytest.mark.parametrize(
    "info",
    ["python", "py", "python3", "py3", "ipython3", "Python", "py title='a.py'", "{.python}", "{python}", " python "],
)
def test_a_block_fenced_as_python_is_found_with_its_row(info):
    assert blocks(f"# Title\n\n```{info}\nx = 1\ny = 2\n```\ntext\n") == [("x = 1\ny = 2\n", 4, "")]


@pytest.mark.parametrize("info", ["", "bash", "pycon", "text", "cpython", "json"])
def test_a_block_of_anything_else_is_not(info):
    assert blocks(f"```{info}\nx = 1\n```\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "~~~python\nx = '```'\n~~~\n",
        "````python\nx = '```'\n````\n",
        "```python\nx = '```'\n`````\n",
        "```python\nx = '```'\n",
    ],
)
def test_a_fence_ends_with_one_of_its_kind_that_is_as_long(text):
    assert blocks(text) == [("x = '```'\n", 2, "")]


def test_a_fence_that_is_indented_as_code_is_belongs_to_the_block():
    code = 'def f():\n    """Example:\n\n    ```\n    f()\n    ```\n    """\n'
    assert blocks(f"```python\n{code}```\n") == [(code, 2, "")]
    listed = "".join(f"   {line}\n" for line in code.splitlines())
    assert blocks(f"1. item\n\n   ```python\n{listed}   ```\n")[0][1:] == (4, "   ")


def test_but_a_cell_of_quarto_or_knitr_ends_there_too():
    assert blocks("```{python}\nx = 1\n    ```\ntext\n```{python}\ny = 2\n```\n") == [
        ("x = 1\n", 2, ""),
        ("y = 2\n", 6, ""),
    ]


def test_what_stands_in_a_comment_is_none():
    comment = "<!--\n```python\nx = 1\n```\n-->\n"
    assert blocks(f"{comment}<!-- a word -->\n```python\ny = 2\n```\n") == [("y = 2\n", 8, "")]


def test_a_comment_begins_outside_of_blocks_only():
    assert blocks('```python\nx = """\n<!--\n"""\n```\n```python\ny = 2\n```\n')[1] == ("y = 2\n", 7, "")


def test_of_a_quotation_the_signs_are_its_margin():
    (block,) = python_blocks("> Note\n>\n> ```python\n> if x:\n>\n>     y\n> ```\n")
    assert block == Block("if x:\n\n    y\n", 4, "> ", frozenset({5}), prompted=True)


def test_a_quotation_ends_its_block():
    assert blocks("> ```python\n> x = 1\n\n```python\ny = 2\n> ```\n```\n") == [
        ("x = 1\n", 2, "> "),
        ("y = 2\n> ```\n", 5, ""),
    ]


def test_a_fence_within_another_block_is_none():
    assert blocks("````markdown\n```python\nx = 1\n```\n````\n```python\ny = 2\n```\n") == [("y = 2\n", 7, "")]


def test_code_in_a_line_opens_no_block():
    assert blocks("``` python ``` is how it begins\n```python\nx = 1\n```\n") == [("x = 1\n", 3, "")]


def test_the_blanks_before_an_indented_fence_are_its_margin():
    assert blocks("- item\n\n  ```python\n  if x:\n      y\n\n  ```\n") == [("if x:\n    y\n\n", 4, "  ")]


def test_blank_lines_without_the_margin_are_known_by_their_rows():
    (block,) = python_blocks("- item\n\n  ```python\n\n  x = 1\n \n  \n  ```\n")
    assert (block.text, block.bare_rows) == ("\nx = 1\n \n\n", {4, 6})


def test_a_block_with_a_line_outside_its_margin_is_left_out():
    assert blocks("  ```python\n  x = (\n1)\n  ```\n") == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(end):
    assert blocks(f"text{end}```python{end}x = 1{end}```{end}") == [(f"x = 1{end}", 3, "")]


def test_a_block_is_a_tuple_of_text_row_and_margin():
    assert next(python_blocks("```py\n```")) == Block("", 2, "")


def rows(text):
    return [(block.text, block.first_row) for block in python_blocks(text)]


@pytest.mark.parametrize(
    "fence",
    [
        "```{code-cell}",
        "```{code-cell} ipython3",
        "```{code-cell} python",
        "```{code-block} python",
        "```{python}",
        "```{python, echo=FALSE}",
        "```{python setup, message=FALSE}",
        "```python {.marimo}",
        "```{python.marimo}",
        ":::{code-cell} ipython3",
    ],
)
def test_cells_of_executable_documents_are_found(fence):
    assert rows(f"# Title\n\n{fence}\nx = 1\n{fence[:3]}\n") == [("x = 1\n", 4)]


@pytest.mark.parametrize(
    "fence", ["```{code-cell} R", "```{code-block} bash", "```{r}", "```{julia}", "```{note}", ":::python", "```{code}"]
)
def test_cells_in_other_languages_are_not(fence):
    assert rows(f"{fence}\nx = 1\n{fence[:3]}\n") == []


@pytest.mark.parametrize(
    ("kernel", "found"),
    [
        ("kernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n", 1),
        ("kernelspec:\n  name: python3\n", 1),
        ("kernelspec:\n  display_name: R\n  language: R\n  name: ir\n", 0),
        ("title: A page\n", 1),
    ],
)
def test_a_cell_without_a_language_is_in_the_documents(kernel, found):
    text = f"---\n{kernel}---\n\n```{{code-cell}}\nx = 1\n```\n"
    assert len(rows(text)) == found


def test_options_of_a_directive_are_no_code():
    assert rows("```{code-cell} ipython3\n:tags: [hide-input]\n:name: a\n\nx = 1\n```\n") == [("\nx = 1\n", 4)]
    assert rows("```{code-cell} ipython3\n---\ntags: [hide-input]\n---\nx = 1\n```\n") == [("x = 1\n", 5)]


@pytest.mark.parametrize(
    "cell",
    [
        "```{python}\n#| eval: false\nx = 1\n```\n",
        "```{python}\n#| echo: false\n#| eval: no\nx = 1\n```\n",
        "```{python, eval=FALSE}\nx = 1\n```\n",
        "```{python, echo=TRUE, eval = F}\nx = 1\n```\n",
        "```{code-cell} ipython3\n:tags: [skip-execution]\nx = 1\n```\n",
        "```{code-cell} ipython3\n---\ntags: [skip-execution]\n---\nx = 1\n```\n",
    ],
)
def test_a_cell_that_its_document_does_not_run_is_left_out(cell):
    assert rows(cell) == []


def test_an_option_that_only_looks_like_it_is_not():
    assert len(rows("```{python}\n#| label: eval-false\n# eval: false\nx = 1\n```\n")) == 1


def test_blocks_stand_inside_of_what_holds_text():
    tab = "````{tab-item} Keras 3\n```python\nx = 1\n```\n````\n"
    note = ":::{versionadded} 3.0\n```python\ny = 2\n```\n:::\n"
    text = f"{tab}{note}```python\nz = 3\n```\n"
    assert rows(text) == [("x = 1\n", 3), ("y = 2\n", 8), ("z = 3\n", 12)]


@pytest.mark.parametrize("info", ["pycon", "python", "{doctest}"])
def test_of_a_session_the_statements_are_read(info):
    text = f"```{info}\n>>> x = f(\n...     1,\n... )\n>>> x\n2\n```\n"
    expected = [] if info == "{doctest}" else [("x = f(\n    1,\n)\n", 2), ("x\n", 5)]
    assert rows(text) == expected
