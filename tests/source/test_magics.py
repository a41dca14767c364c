import ast

import pytest

from kreglint.source.magics import without_magics


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1\n", "__                \nx = 1\n"),
        ("!pip install \\\n  keras\nx = 1", "__            \n       \nx = 1"),
        ("if a:\n    %timeit f()\n", "if a:\n    __         \n"),
        ("if a:\n    %time f()\n", "if a:\n    if 1: f()\n"),
        ("%time x = f(\\\n  1)\n%prun  f()  # why\n", "if 1: x = f(\\\n  1)\nif 1:  f()  # why\n"),
        ("%time -x y\n%time for x in y: f()\n", "__        \n__                   \n"),
        ("x = %time f()\n", "x = __       \n"),
        ("?Dense\nx = 1", "__    \nx = 1"),
        ("Dense?\nx = 1", "__    \nx = 1"),
        ("keras.layers??", "__            "),
        ("%timeit?", "__      "),
        ("files = !ls\n", "files = __ \n"),
        ("a, b = %sql select\n", "a, b = __         \n"),
        ("!\nx = 1", "_\nx = 1"),
        ("%%time\nx = 1\n", "      \nx = 1\n"),
        ("\n%%capture out\nx = 1\n%matplotlib inline", "\n             \nx = 1\n__                "),
        ("%cd a\r\nx = 1\r\n", "__   \r\nx = 1\r\n"),
    ],
)
def test_what_only_ipython_reads_is_blanked_and_the_rest_stays_in_its_place(cell, python):
    assert without_magics(cell) == python
    ast.parse(python)


@pytest.mark.parametrize(
    "cell",
    [
        "x = (a\n % b)\n",
        "x = a % b\n",
        "s = '''\n%matplotlib\n!ls\n'''\n",
        "x = [1,\n!= 2]".replace("!=", "-"),
        "a != b",
        "await f()\n",
        "async for x in y:\n    pass\n",
        "# what?\n",
        "print('?')\n",
        "",
    ],
)
def test_python_stays_as_it_is(cell):
    assert without_magics(cell) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "s = '''\n%a\n'''\n!ls\n",
        "f(1,\n   2)  # %x?\n!ls\n",
        "x = a \\\n % b\n!ls\n",
        "s = 'a\\\n%b'\n!ls\n",
        "s = 'a\\\r\n%b'\r\n!ls\r\n",
    ],
)
def test_what_looks_like_a_magic_inside_a_statement_stays(cell):
    assert without_magics(cell) == cell.replace("!ls", "__ ")


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "R", "writefile a.py", "sql"])
def test_a_cell_of_another_language_has_no_python(magic):
    assert without_magics(f"%%{magic}\nx = 1\n") is None


def test_what_is_no_python_even_so_keeps_its_places():
    assert without_magics("!ls\nx = (?)\n") == "__ \nx = (?)\n"
