import ast

import pytest

from kreglint.source.magics import WrittenFile, without_magics, written_file


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1\n", "__                \nx = 1\n"),
        ("!pip install \\\n  keras\nx = 1", "__            \n       \nx = 1"),
        ("if a:\n    %timeit f()\n", "if a:\n    if 1:   f()\n"),
        ("if a:\n    %time f()\n", "if a:\n    if 1: f()\n"),
        ("%timeit -n 3 f()\n%timeit x = f()\n%timeit\n", "if 1:        f()\n__             \n__     \n"),
        ("%run nets/a.py -n 3\nx = 1\n", "from nets.a import *\nx = 1\n"),
        ("%run ./a\r\n%run -i 'a.py'\r\n", "from a import *\r\nfrom a import *\r\n"),
        ("x = 1\n%run a.py \\\n  -n 3\nx\n", "x = 1\nfrom a import *\n\nx\n"),
        ("if a:\n    %run a.py\n", "if a:\n    exec     \n"),
        ("%run class.py\n%run nets/import.py\n", "exec         \nexec               \n"),
        ("%run a.ipynb\n%run ../a.py\n", "exec        \nexec        \n"),
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


@pytest.mark.parametrize(
    ("cell", "file"),
    [
        ("%%writefile a.py\nx = 1\n", WrittenFile("a.py", " " * 16 + "\nx = 1\n", more=False)),
        ("\n%%file -a nets/b.py\r\nx", WrittenFile("nets/b.py", "\n" + " " * 19 + "\r\nx", more=True)),
        ("%%writefile --append 'a b.py'\n", WrittenFile("a b.py", " " * 29 + "\n", more=True)),
        ("%%writefile a.txt\nx = 1\n", None),
        ("%%writefile\nx = 1\n", None),
        ("x = 1\n%%writefile a.py\n", None),
    ],
)
def test_what_a_cell_writes_to_a_python_file_stays_in_its_place(cell, file):
    assert written_file(cell) == file
