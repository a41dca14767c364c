import pytest

from kreglint.source.restructured_text import python_blocks


def blocks(text):
    return [(block.text, block.first_row, block.margin) for block in python_blocks(text)]


@pytest.mark.parametrize(
    "directive",
    [
        ".. code-block:: python",
        ".. code-block:: Python",
        ".. code:: python",
        ".. code:: ipython3",
        ".. sourcecode:: py",
        ".. testcode::",
        ".. jupyter-execute::",
        ".. ipython:: python",
    ],
)
def test_a_block_of_python_is_found_with_its_row(directive):
    assert blocks(f"Title\n=====\n\n{directive}\n\n    x = 1\n    y = 2\n\ntext\n") == [("x = 1\ny = 2\n\n", 6, "    ")]


@pytest.mark.parametrize("directive", [".. code-block:: bash", ".. code::", ".. note::", ".. image:: a.png", "Text::"])
def test_a_block_of_anything_else_is_not(directive):
    assert blocks(f"{directive}\n\n    x = 1\n") == []


def test_options_are_no_code():
    assert blocks(".. code-block:: python\n   :linenos:\n   :emphasize-lines: 2\n\n   x = 1\n") == [
        ("x = 1\n", 5, "   ")
    ]


def test_blocks_stand_inside_of_what_holds_text():
    text = ".. note::\n\n   See:\n\n   .. code-block:: python\n\n      if x:\n          y\n\n   More.\n"
    assert blocks(text) == [("if x:\n    y\n\n", 7, "      ")]


def test_statements_of_a_session_are_blocks_of_their_own():
    text = "Text\n\n>>> x = f(\n...     1)\n>>> x\n2\n\n  >>> y = 1\n"
    assert blocks(text) == [("x = f(\n    1)\n", 3, "    "), ("x\n", 5, "    "), ("y = 1\n", 8, "      ")]


def test_a_session_in_a_block():
    text = ".. code-block:: python\n\n   >>> x = 1\n   >>> if x:\n   ...     y = 2\n   ...\n   3\n"
    assert blocks(text) == [("x = 1\n", 3, "       "), ("if x:\n    y = 2\n\n", 4, "       ")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(end):
    assert blocks(f".. code:: python{end}{end}  x = 1{end}") == [(f"x = 1{end}", 3, "  ")]
