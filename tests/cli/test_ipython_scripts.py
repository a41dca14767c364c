"""Python files with lines of IPython in them, on the command line."""

from __future__ import annotations

import json

COLAB = (
    '# -*- coding: utf-8 -*-\n"""vgg.ipynb"""\n\n!pip install keras\n\n'
    "from keras import layers\n\n"
    "# Commented out IPython magic to ensure Python compatibility.\n# %matplotlib inline\n\n"
    'layers.Dense(4, W_regularizer="l2")\nfiles = !ls\n'
)


def test_one_in_a_folder_is_checked_and_fixed_and_its_lines_of_ipython_stay(kreglint, write):
    file, other = write("colab.py", COLAB), write("lab.ipy", COLAB)
    for _ in ("", "from the cache"):
        lines = kreglint("check").stdout.splitlines()
        assert [line.partition(" ")[0] for line in lines] == ["colab.py:11:17:", "lab.ipy:11:17:"]
    assert "reg" in kreglint("check", "--diff").stdout
    assert kreglint("check", "--fix").returncode == 0
    assert file.read_text() == other.read_text() == COLAB.replace("W_reg", "kernel_reg")


def test_a_comment_is_written(kreglint, write):
    file = write("colab.py", COLAB)
    assert kreglint("check", "--add-noqa").returncode == 0
    assert file.read_text() == COLAB.replace('"l2")', '"l2")  # noqa: KRG501')
    assert kreglint("check").returncode == 0


def test_the_inventory_has_its_layers(kreglint, write):
    write("colab.py", COLAB)
    run = kreglint("report", "--output-format", "json")
    assert (run.returncode, json.loads(run.stdout)["summary"]["layers"]) == (0, 1)


def test_what_python_refuses_for_another_reason_is_told(kreglint, write):
    write("colab.py", COLAB + "x = = 1\n")
    assert kreglint("check").stdout == "colab.py:13:5: KRG900 this file cannot be parsed: invalid syntax\n"
