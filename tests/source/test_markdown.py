import pytest

from kreglint.source.markdown import Block, python_blocks


def blocks(text):
    return [block[:3] for block in python_blocks(text)]


@pytest.mark.parametrize(
    "info", ["python", "py", "python3", "Python", "python title='a.py'", "{.python}", "{python}", " python "]
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
