"""Which files are looked into: those with a word that a selected rule needs, and those that import such a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.engine import check as checking
from kreglint.engine.api import check_source
from kreglint.engine.check import check
from kreglint.engine.concern import is_concerned, needs_of
from kreglint.engine.run import Run
from kreglint.rules import RULES
from kreglint.rules.prelude import program, shown
from kreglint.settings.schema import Settings
from tests.analysis.projects import made_project, run_of
from tests.rules.needed import with_needed_imports

EXAMPLES = sorted({shown(example.code) for rule in RULES for example in rule.examples()})
FIXTURES = Path(__file__).parents[2] / "fixtures"
EVERYTHING = Settings(select=("ALL",))
SHARED = 'REG = {"kernel_regularizer": "ridge"}\n'
USES = {
    "a name": "from nets import REG\nDense(4, **REG)\n",
    "another name": "from nets import REG as r\nDense(4, **r)\n",
    "the module": "import nets\nDense(4, **nets.REG)\n",
    "another name of the module": "import nets as n\nDense(4, **n.REG)\n",
    "all names": "from nets import *\nDense(4, **REG)\n",
    "several rows": "from nets import (\n    REG,\n)\nDense(\n    4,\n    **REG,\n)\n",
    "a continued row": "from \\\n    nets import REG\nDense(4, **REG)\n",
    "behind a semicolon": "x = 1; from nets import REG\nDense(4, **REG)\n",
    "in a function": "def build():\n    from nets import REG\n    return Dense(4, **REG)\n",
    "through a file between": "from between import REG\nDense(4, **REG)\n",
    "a module of a package": "import pkg.inner\nDense(4, **pkg.inner.REG)\n",
    "a module from a package": "from pkg import inner\nDense(4, **inner.REG)\n",
    "a module that only an attribute names": "import pkg\nDense(4, **pkg.inner.REG)\n",
    "a relative import": "from . import nets\nDense(4, **nets.REG)\n",
    "a module of a folder": "from folder import inner\nDense(4, **inner.REG)\n",
    "a module of a folder, in rows": "from folder import (  # (all)\n    inner,\n)\nDense(4, **inner.REG)\n",
    "a module by the path of its folder": "import folder.inner as i\nDense(4, **i.REG)\n",
    "behind a colon": "if True: from nets import REG\nDense(4, **REG)\n",
    "importlib": "import importlib\nDense(4, **importlib.import_module('nets').REG)\n",
}


STEP = (
    "import tensorflow as tf\n\n\ndef step(x, y):\n    with tf.GradientTape() as tape:\n"
    "        loss = tf.reduce_mean(y - model(x))\n"
    "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
)
SCRIPTED = {
    "nets.py": "import keras\nfrom keras.layers import Dense\nfrom keras.regularizers import L2\n\n\n"
    "def build(units):\n    inputs = keras.Input((4,))\n"
    "    return keras.Model(inputs, Dense(units, kernel_regularizer=L2(0.1))(inputs))\n",
    "middle.py": "from nets import build\n\n\ndef make():\n    return build(3)\n",
    "pkg/__init__.py": "from nets import build\n",
    "pyproject.toml": "",
}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "folder").mkdir()
    for name in ("nets.py", "pkg/inner.py", "folder/inner.py"):
        (tmp_path / name).write_text(SHARED, "utf-8")
    (tmp_path / "between.py").write_text("from nets import REG\n", "utf-8")
    (tmp_path / "plain.py").write_text("RATE = 0.1\n", "utf-8")
    (tmp_path / "pkg" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    return tmp_path


def without_the_gate(monkeypatch, *given, **named):
    with monkeypatch.context() as patch:
        patch.setattr(checking, "is_concerned", lambda *_: True)
        return check(*given, **named)


class TestImports:
    @pytest.mark.parametrize("use", USES.values(), ids=USES)
    def test_what_another_file_has_is_judged_where_it_is_used(self, files, use, monkeypatch):
        text, name = f"from keras.layers import Dense\n{use}", str(files / "main.py")
        found = check(text, name, Settings(), Run())
        assert found == without_the_gate(monkeypatch, text, name, Settings(), Run())
        assert [each.code for each in found] == ["KRG101"]

    @pytest.mark.parametrize(
        "imports",
        ["from plain import RATE", "import plain", "from keras import layers", "import os, json", "from pkg import *"],
    )
    def test_a_file_that_imports_nothing_with_such_a_word_is_done(self, files, imports):
        text = f"import keras\n{imports}\nkeras.layers.Conv2D(8, 3)\n"
        assert not is_concerned(text, str(files / "main.py"), EVERYTHING, Run().project)

    def test_words_that_a_rule_needs_together_may_stand_in_several_files(self, files):
        chosen, main = Settings(select=("KRG605",)), str(files / "main.py")
        (files / "mean.py").write_text("def collected(model):\n    return model.losses\n", "utf-8")
        (files / "on.py").write_text("import mean\n", "utf-8")
        for text in (
            "import keras, on\nimport tensorflow as tf\ntf.add_n\n",
            "from tensorflow import add_n; import on\n",
        ):
            assert is_concerned(text, main, chosen, Run().project)
            assert not is_concerned(text.replace("on\n", "plain\n"), main, chosen, Run().project)
            assert not is_concerned(text.replace("add_n", "add"), main, chosen, Run().project)

    def test_files_that_import_one_another_are_done(self, files):
        (files / "a.py").write_text("import b\n", "utf-8")
        (files / "b.py").write_text("import a\n", "utf-8")
        assert not is_concerned("import keras, a\n", str(files / "main.py"), EVERYTHING, Run().project)

    def test_a_notebook_that_imports_one(self, files):
        cell = {
            "cell_type": "code",
            "source": "from keras.layers import Dense\nfrom nets import REG\nDense(4, **REG)",
        }
        notebook = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
        found = check(notebook, str(files / "main.ipynb"), EVERYTHING, Run())
        assert [each.code for each in found if each.code == "KRG101"] == ["KRG101"]

    def test_what_is_asked_of_other_files_is_told_to_the_cache(self, files):
        asked = Run().project
        is_concerned("import keras, plain\n", str(files / "main.py"), EVERYTHING, asked)
        assert asked.asked.files == {str(files / "plain.py")}


class TestProjects:
    """What is said of a script may depend on what the files that it imports do with a model."""

    @pytest.mark.parametrize(
        "imports",
        [
            "from nets import build\nmodel = build(3)\n",
            "import nets\nmodel = nets.build(3)\n",
            "from pkg import build\nmodel = build(3)\n",
            "import middle\nmodel = middle.make()\n",
        ],
    )
    def test_a_script_without_a_word_of_its_own(self, tmp_path, imports, monkeypatch):
        (tmp_path / "pkg").mkdir()
        for name, text in SCRIPTED.items():
            (tmp_path / name).write_text(text, "utf-8")
        text, name = f"{imports}{STEP}", str(tmp_path / "train.py")
        chosen = Settings(select=("KRG601",))
        assert not needs_of(chosen).within(text)
        found = check(text, name, chosen, Run())
        assert found == without_the_gate(monkeypatch, text, name, chosen, Run())
        assert [each.code for each in found] == ["KRG601"]

    @given(st.integers(0, 2**32))
    @settings(deadline=None, max_examples=15, derandomize=True)
    def test_random_projects(self, seed: int):
        tried = made_project(seed)
        with pytest.MonkeyPatch.context() as monkeypatch:
            for file, text in tried.files.items():
                for chosen in (Settings(select=("KRG305", "KRG601")), EVERYTHING):
                    bare = without_the_gate(monkeypatch, text, file, chosen, run_of(tried))
                    assert check(text, file, chosen, run_of(tried)) == bare


class TestNoParse:
    @pytest.fixture(autouse=True)
    def unread(self, monkeypatch):
        def refuse(*_, **__):
            raise AssertionError("the file was read for its meaning")

        monkeypatch.setattr(checking, "reading", refuse)

    def test_a_file_without_a_word_is_done_after_its_bytes(self):
        assert check_source("import keras\nmodel = keras.Sequential([keras.layers.Dense(4)])\n") == []

    @pytest.mark.parametrize("text", ["import keras\nprint keras.__version__\n", b"import keras\nx = '\xff'\n"])
    def test_one_that_is_not_python_is_read_to_say_so(self, text):
        for chosen in (Settings(), Settings(select=("KRG900",))):
            with pytest.raises(AssertionError, match="was read"):
                check_source(text, settings=chosen)
        assert check_source(text, settings=Settings(ignore=("KRG900",))) == []

    def test_a_word_that_no_selected_rule_needs(self):
        text = "import keras\n\n\ndef total(model):\n    return model.compiled_loss(1, 2)\n"
        assert check_source(text, settings=Settings(select=("KRG302",))) == []
        with pytest.raises(AssertionError, match="was read"):
            check_source(text, settings=Settings(select=("KRG507",)))

    def test_one_of_the_words_that_a_rule_needs_together(self):
        chosen = Settings(select=("KRG605",))
        for text in ("import keras\nx = tf.add_n(parts)\n", "import keras\nx = sum(model.losses)\n"):
            assert check_source(text, settings=chosen) == []
        with pytest.raises(AssertionError, match="was read"):
            check_source("import keras\nx = tf.add_n(model.losses)\n", settings=chosen)

    def test_a_layer_that_the_settings_name(self):
        settings = Settings(layers=(("my.nets.conv_bn", "Conv2D"),))
        text = "import keras\nfrom my.nets import conv_bn as block\n"
        with pytest.raises(AssertionError, match="was read"):
            check_source(text, settings=settings)
        assert check_source("import keras\nfrom my.nets import conv as block\n", settings=settings) == []


class TestSameWithoutTheGate:
    @pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.*")), ids=lambda path: path.name)
    def test_fixtures(self, path, monkeypatch):
        if path.suffix in (".py", ".ipynb", ".md"):
            for chosen in (Settings(), EVERYTHING):
                data, name = path.read_bytes(), str(path)
                with_it = check(data, name, chosen, Run())
                assert without_the_gate(monkeypatch, data, name, chosen, Run()) == with_it

    @given(
        codes=st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=3),
        selected=st.sampled_from([rule.code for rule in RULES if rule.triggers]),
    )
    @settings(deadline=None, max_examples=200)
    def test_examples_of_rules_one_after_the_other(self, codes: list[str], selected: str):
        text = with_needed_imports(program("\n".join(codes)).text)
        with pytest.MonkeyPatch.context() as monkeypatch:
            for chosen in (Settings(select=(selected,)), Settings()):
                assert without_the_gate(monkeypatch, text, "m.py", chosen) == check(text, "m.py", chosen)
