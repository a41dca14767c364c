"""Python files with lines of IPython in them."""

from __future__ import annotations

import ast

import pytest

from kreglint.source.jupytext import Header
from kreglint.source.scripts import with_commented_magics, without_ipython

COLAB = "# Commented out IPython magic to ensure Python compatibility."


@pytest.mark.parametrize(
    ("script", "python"),
    [
        ("import keras\n!pip install keras\nx = 1\n", "import keras\n__                \nx = 1\n"),
        ("%matplotlib inline\n", "__                \n"),
        ("if a:\n    !pip install keras\n", "if a:\n    __                \n"),
        ("def f():\n\t%cd x\n\treturn 1\n", "def f():\n\t__   \n\treturn 1\n"),
        ("files = !ls\nx = %time f()\n", "files = __ \nx = __       \n"),
        ("?help\nobj?\nkeras.layers??\n", "__   \n__  \n__            \n"),
        ("!pip install \\\r\n  keras\r\nx = 1\r\n", "__            \r\n       \r\nx = 1\r\n"),
        ("!ls\rx = 1\r", "__ \rx = 1\r"),
        ("!ls\n'''\n!ls\n'''\n", "__ \n'''\n!ls\n'''\n"),
        ("!ls\nx = (a\n% b)\n", "__ \nx = (a\n% b)\n"),
        ("!ls\nx = a \\\n% b\n", "__ \nx = a \\\n% b\n"),
        ("%%time\nx = 1\n", "__    \nx = 1\n"),
        ("x = 1\n\n%%capture\ny = 2\n", "x = 1\n\n__       \ny = 2\n"),
        ("pip install keras\n\nx = 1\n", "__               \n\nx = 1\n"),
        ("x = 1\n\n  \npip install keras", "x = 1\n\n  \n__               "),
        ("# %%\r\nconda install keras\r\n# %% [markdown]\r\n", "# %%\r\n__                 \r\n# %% [markdown]\r\n"),
        ("cd ..\n\nx = 1\n", "__   \n\nx = 1\n"),
    ],
)
def test_what_only_ipython_reads_is_blanked_and_the_rest_stays_in_its_place(script, python):
    assert without_ipython(script) == python
    ast.parse(python)


@pytest.mark.parametrize(
    ("script", "python"),
    [
        (
            f"{COLAB}\ntry:\n#   %cd x\nexcept E:\n  pass\n",
            f"{COLAB}\ntry:\n  __     \nexcept E:\n  pass\n",
        ),
        ("if a:\n    # !ls x\nelse:\n    # %pip\nx = 1\n", "if a:\n    __     \nelse:\n    __    \nx = 1\n"),
        ("!ls\nif a:\n\t# %cd x\n", "__ \nif a:\n\t__     \n"),
    ],
)
def test_a_magic_that_was_made_a_comment_stands_where_a_statement_has_to(script, python):
    assert without_ipython(script) == python
    ast.parse(python)


def test_it_is_a_command_too():
    commands: list[str] = []
    without_ipython("!ls\nif a:\n    # !pip install keras\n", commands)
    assert commands == ["!ls", "!pip install keras"]


def test_no_other_comment_does():
    assert without_ipython("#   !ls x\nif a:\n    # %cd x\n") == "#   !ls x\nif a:\n    __     \n"
    assert without_ipython("if a:\n    # %% of b\nx = 1\n") == "if a:\n    # %% of b\nx = 1\n"


@pytest.mark.parametrize(
    "script",
    [
        "x = (a\n% b)\nprint('!ls')\n",
        "x = a \\\n% b\n",
        "'''\n!pip install keras\n\npip install keras\n%%bash\n'''\n",
        "ls\n\nls -l\n\npip = 1\n",
        "x != 1\n",
        "# %%\n# !ls\nwhy = 1  # why?\n",
        "",
    ],
)
def test_python_stays_as_it_is(script):
    assert without_ipython(script) is script


@pytest.mark.parametrize(
    ("script", "python"),
    [
        ("# %%\n%%bash\nls -l /tmp\n\n# %%\nx = 1\n", "# %%\n__    \n          \n\n# %%\nx = 1\n"),
        ("#%%\n\n%%html\n<b>\n", "#%%\n\n__    \n   \n"),
        ("%%bash\nls /\n# In[2]:\nx = 1\n", "__    \n    \n# In[2]:\nx = 1\n"),
        (
            "# %% a\n%%writefile a.py\nx = 'it''\n# %%\nx = 1",
            "# %% a\n__              \n         \n# %%\nx = 1",
        ),
    ],
)
def test_a_cell_of_another_language_goes_to_the_next_marker(script, python):
    assert without_ipython(script) == python
    ast.parse(python)


@pytest.mark.parametrize(
    "script",
    [
        "x = 1\n\n%%bash\nls\n\ny = 2\n",  # a notebook that was downloaded: nobody knows where the cell ends
        "%%writefile a.py\nx = 1\n",
        "# %%\nx = 1\n%%bash\nls\n",  # IPython does not read it so either
        "# %%time\n%%bash\nls\n",  # commented out, no marker
        "x = 1\npip install keras\n",
        "pip install keras\nx = 1\n",
        "x = (\n\npip install keras\n\n)\n",
        "time = = 3\n",
        "x = = 3\n",
    ],
)
def test_what_is_not_certainly_of_ipython_stays_and_is_not_python(script):
    assert without_ipython(script) == script


class TestCommentedMagics:
    """jupytext makes comments of what only IPython reads."""

    PERCENT = Header(form="percent", comments_magics=True)
    LIGHT = Header(form="light", comments_magics=True)

    @pytest.mark.parametrize(
        ("script", "python", "commands"),
        [
            ("# !pip install keras\nx = 1\n", "# !pip install keras\nx = 1\n", ["!pip install keras"]),
            ("# %time x = f()\n", "if 1:   x = f()\n", ["%time x = f()"]),
            ("# %prun f(a, b)\r\n", "if 1:   f(a, b)\r\n", ["%prun f(a, b)"]),
            ("# %timeit f(a)\n", "if 1:     f(a)\n", ["%timeit f(a)"]),
            ("if a:\n    # %time x = 1\n    y = 1\n", "if a:\n    if 1:   x = 1\n    y = 1\n", ["%time x = 1"]),
            ("# %time (\n", "# %time (\n", ["%time ("]),
            ("# %%time\nx = 1\n", "# %%time\nx = 1\n", []),
            ("# # !pip install keras\n", "# # !pip install keras\n", []),
            ("#!pip install keras\n", "#!pip install keras\n", []),
            (
                "x = '''\n# !pip install keras\n# %time y = 1\n'''\n",
                "x = '''\n# !pip install keras\n# %time y = 1\n'''\n",
                [],
            ),
            ("x = [\n# %time y = 1\n]\n", "x = [\n# %time y = 1\n]\n", []),
            (
                '# + language="bash"\n# pip install keras\n# ls\n\nx = 1\n',
                '# + language="bash"\n# pip install keras\n# ls\n\nx = 1\n',
                ['+ language="bash"\npip install keras\nls'],
            ),
        ],
    )
    def test_they_are_read_where_they_stand(self, script, python, commands):
        told: list[str] = []
        assert with_commented_magics(script, self.LIGHT, told) == python
        assert (len(python), told) == (len(script), commands)

    @pytest.mark.parametrize("kind", ["[markdown]", "[md]", "[raw]", 'title [markdown] tags=["a"]'])
    def test_the_text_of_a_percent_script_is_no_code(self, kind):
        told: list[str] = []
        script = f"# %% {kind}\n# !pip install a\n\n# %%\n# !pip install b\n\n# %% {kind}\n# %time x = 1\n"
        assert with_commented_magics(script, self.PERCENT, told) == script
        assert told == ["!pip install b"]

    @pytest.mark.parametrize(
        ("magic", "python"), [("# %run a.py\n", "from a import *\n"), ("# %run -n x\n", "exec       \n")]
    )
    def test_what_runs_a_file_brings_its_names(self, magic, python):
        assert with_commented_magics(magic, self.LIGHT, []) == python

    def test_other_scripts_are_left_as_they_are(self):
        told: list[str] = []
        assert with_commented_magics("# %time x = 1\n", Header(form="hydrogen"), told) == "# %time x = 1\n"
        assert told == []
