"""The examples in docstrings."""

import pytest

from kreglint.source.docstrings import programs_in


def shown(text: str) -> list[list[tuple[int, str, int]]]:
    return [[(block.first_row, block.text, block.closing_row) for block in blocks] for blocks in programs_in(text)]


@pytest.mark.parametrize(
    ("text", "examples"),
    [
        ('"""A\n\n>>> x\n1\n>>> y\n"""\n', [(3, "x\n", 6), (5, "y\n", 6)]),
        ('def f():\n    """A\n\n    >>> if x:\n    ...     y\n    """\n', [(4, "if x:\n    y\n", 6)]),
        ('class A:\n    r"""A\n\n    ```python\n    x = 1\n    ```\n    """\n', [(5, "x = 1\n", 7)]),
        ('"""A\n\n```\nx = 1\n```\n~~~py\ny\n~~~\n>>> z\n"""', [(7, "y\n", 10), (9, "z\n", 10)]),
        ("'''A\n\n.. code-block:: python\n\n   x = 1\n'''", [(5, "x = 1\n", 6)]),
        ('"""A\n\n>>> x"""; y = 1\n', [(3, "x", 3)]),
        ('"""A\n\n```\n>>> x\n```\n"""', [(4, "x\n", 6)]),
        ('"""A\n\n>>> x\n>>> y\nTraceback (most recent call last):\nE\n"""', [(3, "x\n", 7)]),
        ('""">>> x\n"""\n', [(1, "x\n", 2)]),
        (
            '"""A\n\n>>> é\n"""\n\n\nasync def f():\n    """B\n\n    >>> y\n    """\n',
            [(3, "é\n", 4), (10, "y\n", 11)],
        ),
    ],
)
def test_their_blocks_have_their_rows_and_the_row_on_which_the_docstring_ends(text, examples):
    assert shown(text) == [examples]


@pytest.mark.parametrize(
    "text",
    [
        '"""A\n\nx = 1\n"""\n',
        'x = """\n>>> x\n"""\n',
        'f"""\n>>> x\n"""\n',
        'def f():\n    x = 1\n    """\n    >>> x\n    """\n',
        '"""\n>>> x\n"""\nx = (\n',
        "# >>> x\n",
        '"""\n```sh\n>>> x\n```\n"""\n',
    ],
)
def test_what_is_no_example_in_a_docstring_is_none(text):
    assert shown(text) == []


DENSE = ">>> layers.Dense(4)"


def module(*examples: str) -> str:
    """A program with a function for each example, which stands in its docstring."""
    return "".join(f'def f{n}():\n    """\n    {text}\n    """\n' for n, text in enumerate(examples))


@pytest.mark.parametrize(
    "examples",
    [
        (DENSE, DENSE),
        (">>> x = 1; print(x)", ">>> x = 2; print(x)"),
        (">>> from keras import layers", ">>> from keras import layers; layers.Dense(4)"),
        (">>> for x in y: print(x)", DENSE),
        (DENSE, ">>> layers = keras.layers"),
    ],
)
def test_docstrings_that_leave_each_other_alone_are_one_program(examples):
    assert len(shown(module(*examples))) == 1


@pytest.mark.parametrize(
    "examples",
    [
        (">>> layers = mine", DENSE),
        (">>> from mine import *", DENSE),
        (DENSE, ">>> from mine import *"),
        (">>> import mine as layers", DENSE),
        (">>> if a: x = 1", ">>> print(x); x = 2"),
        (">>> x = 1", ">>> x += 1"),
        (">>> x = 1", ">>> if a: x = 2\n    >>> print(x)"),
        (">>> f = lambda: layers.Dense(4)", ">>> layers = mine"),
        (">>> def f(): pass", ">>> f()"),
    ],
)
def test_docstrings_that_would_notice_each_other_are_not(examples):
    assert len(shown(module(*examples))) == 2


def test_a_file_is_analysed_once_however_many_docstrings_it_has():
    usual = ">>> x = keras.Input((3,))\n    >>> y = layers.Dense(4)(x)\n    >>> model = keras.Model(x, y)"
    assert len(shown(module(*[usual] * 100))) == 1
