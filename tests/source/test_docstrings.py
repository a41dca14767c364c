"""The examples in docstrings."""

import pytest

from kreglint.source.docstrings import examples_in


def shown(text: str) -> list[tuple[list[tuple[int, str]], int]]:
    return [([(block.first_row, block.text) for block in blocks], row) for blocks, row in examples_in(text)]


@pytest.mark.parametrize(
    ("text", "examples"),
    [
        ('"""A\n\n>>> x\n1\n>>> y\n"""\n', [([(3, "x\n"), (5, "y\n")], 6)]),
        ('def f():\n    """A\n\n    >>> if x:\n    ...     y\n    """\n', [([(4, "if x:\n    y\n")], 6)]),
        ('class A:\n    r"""A\n\n    ```python\n    x = 1\n    ```\n    """\n', [([(5, "x = 1\n")], 7)]),
        ('"""A\n\n```\nx = 1\n```\n~~~py\ny\n~~~\n>>> z\n"""', [([(7, "y\n"), (9, "z\n")], 10)]),
        ("'''A\n\n.. code-block:: python\n\n   x = 1\n'''", [([(5, "x = 1\n")], 6)]),
        ('"""A\n\n>>> x"""; y = 1\n', [([(3, "x")], 3)]),
        ('"""A\n\n```\n>>> x\n```\n"""', [([(4, "x\n")], 6)]),
        ('"""A\n\n>>> x\n>>> y\nTraceback (most recent call last):\nE\n"""', [([(3, "x\n")], 7)]),
        ('""">>> x\n"""\n', [([(1, "x\n")], 2)]),
        (
            '"""A\n\n>>> é\n"""\n\n\nasync def f():\n    """B\n\n    >>> y\n    """\n',
            [([(3, "é\n")], 4), ([(10, "y\n")], 11)],
        ),
    ],
)
def test_each_docstring_has_its_own_with_their_rows(text, examples):
    assert shown(text) == examples


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
