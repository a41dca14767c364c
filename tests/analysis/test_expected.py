"""Code in which nothing is a fault: for other versions of Keras, or whose failure is expected."""

import pytest

from kreglint.engine.api import check_source
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORTS = """\
import contextlib
import keras
import pytest
import tensorflow as tf
import unittest
from contextlib import suppress
from importlib.metadata import version
from keras import layers, regularizers
KERAS_THREE = keras.__version__.startswith("3.")
def is_new():
    return int(keras.__version__.split(".")[0]) > 2
"""
FAULTS = {
    "KRG101": "layers.Dense(4, kernel_regularizer='ridge')",
    "KRG611": "layers.Dense(4).add_loss(lambda: 1.0)",
    "KRG613": "keras.Model(inputs, outputs).add_loss(1.0)",
    "KRG405": "regularizers.L1(0.1).l2",
    "KRG406": "layers.Dense(4)(x, kernel_regularizer='l2')",
    "KRG109": "regularizers.Ridge(0.1)",
}
CONDITIONS = [
    "hasattr(keras, 'ops')",
    "not hasattr(tf, 'contrib')",
    "keras.version() < '3'",
    "is_new()",
    "not is_new()",
    "KERAS_THREE",
    "KERAS_THREE and x",
    "version('keras') < '3'",
]


def codes(text: str) -> set[str]:
    return {found.code for found in check_source(IMPORTS + text, "nets.py", Settings(keras_version="3"))}


def block(head: str, *lines: str) -> str:
    return f"{head}\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("code", FAULTS)
def test_each_is_a_fault_elsewhere(code):
    assert code in codes(FAULTS[code] + "\n")


class TestVersions:
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_under_a_condition_that_asks_for_a_version(self, condition):
        assert codes(block(f"if {condition}:", *FAULTS.values())) == set()
        assert codes(block(f"if {condition}:", "pass") + block("else:", *FAULTS.values())) == set()

    @pytest.mark.parametrize("condition", ["x > 2", "hasattr(x, 'ops')", "x.version > 2", "old()", "name == 'keras'"])
    def test_any_other_condition_changes_nothing(self, condition):
        assert codes(block(f"if {condition}:", *FAULTS.values())) >= {"KRG101", "KRG611", "KRG613", "KRG406"}

    @pytest.mark.parametrize("leaves", ["return None", "raise ImportError", "pytest.skip('no')", "self.skipTest('no')"])
    def test_what_follows_in_a_function_that_a_version_leaves(self, leaves):
        lines = ("if KERAS_THREE:", f"    {leaves}", *FAULTS.values())
        assert codes(block("def build(self, x, layer, inputs, outputs):", *lines)) == set()

    def test_what_follows_at_the_top_of_a_module_is_judged(self):
        assert "KRG101" in codes(f"if not KERAS_THREE:\n    raise ImportError\n{FAULTS['KRG101']}\n")

    def test_what_follows_an_assertion_in_a_function(self):
        assert codes(block("def build():", "assert not KERAS_THREE", FAULTS["KRG101"])) == set()

    @pytest.mark.parametrize(
        "decorator",
        [
            "@pytest.mark.skipif(KERAS_THREE, reason='Keras 2')",
            "@unittest.skipIf(is_new(), 'Keras 2')",
            "@unittest.skipUnless(hasattr(keras, 'ops'), 'Keras 3')",
            "@pytest.mark.xfail",
            "@unittest.expectedFailure",
        ],
    )
    def test_a_test_that_runs_with_some_versions(self, decorator):
        assert codes(decorator + "\n" + block("def test_it():", FAULTS["KRG101"])) == set()
        assert codes(decorator + "\n" + block("class Test:", "def test(self):", "    " + FAULTS["KRG101"])) == set()

    def test_a_test_that_runs_on_some_systems(self):
        assert codes("@pytest.mark.skipif(x, reason='no')\n" + block("def test_it():", FAULTS["KRG101"])) == {"KRG101"}

    def test_cases_of_a_version(self):
        text = "major = int(keras.__version__[0])\nmatch major:\n    case 2:\n        "
        assert codes(text + FAULTS["KRG101"] + "\n") == set()

    def test_an_attribute_that_a_class_sets(self):
        own = ("three = KERAS_THREE", "def build(self):", "    if not self.three:", "        " + FAULTS["KRG101"])
        assert codes(block("class Net:", *own)) == set()
        set_by_method = ("def __init__(self):", "    self.three = KERAS_THREE", *own[1:])
        assert codes(block("class Net:", *set_by_method)) == set()

    @pytest.mark.parametrize("imported", ["import keras.ops", "from tensorflow import keras", "from keras import ops"])
    def test_a_flag_of_what_could_be_imported(self, imported):
        flag = block("try:", imported, "NEW = True") + block("except ImportError:", "NEW = False")
        assert codes(flag + block("if not NEW:", FAULTS["KRG101"])) == set()

    def test_a_flag_of_anything_else(self):
        flag = block("try:", "import cupy", "NEW = True") + block("except ImportError:", "NEW = False")
        assert codes(flag + block("if not NEW:", FAULTS["KRG101"])) == {"KRG101"}

    def test_a_flag_of_another_file(self, tmp_path):
        compat = "import keras\nTHREE = keras.__version__ >= '3'\nOTHER = keras.backend.floatx() == 'x'\n"
        (tmp_path / "compat.py").write_text(compat, "utf-8")
        (tmp_path / "pyproject.toml").touch()
        for flag, expected in (("THREE", set()), ("OTHER", {"KRG101"})):
            text = f"{IMPORTS}from compat import {flag}\n" + block(f"if not {flag}:", FAULTS["KRG101"])
            found = check(text, str(tmp_path / "main.py"), Settings(keras_version="3"), Run())
            assert {each.code for each in found} == expected


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            ("ValueError", "KRG101"),
            ("ValueError", "KRG611"),
            ("NotImplementedError", "KRG613"),
            ("RuntimeError", "KRG613"),
            ("AttributeError", "KRG405"),
            ("TypeError", "KRG406"),
            ("(KeyError, ValueError)", "KRG101"),
            ("Exception", "KRG101"),
        ],
    )
    def test_an_error_that_is_caught_or_suppressed(self, error, code):
        caught = block("try:", FAULTS[code]) + block(f"except {error}:", "pass")
        suppressed = error.strip("()")
        assert codes(caught) == set()
        assert codes(block(f"with suppress({suppressed}):", FAULTS[code])) == set()
        assert codes(block(f"with contextlib.suppress({suppressed}):", FAULTS[code])) == set()

    @pytest.mark.parametrize("error", ["KeyError", "OSError", "TypeError"])
    def test_any_other_error_changes_nothing(self, error):
        assert codes(block("try:", FAULTS["KRG101"]) + block(f"except {error}:", "pass")) == {"KRG101"}
        assert codes(block(f"with suppress({error}):", FAULTS["KRG101"])) == {"KRG101"}

    def test_one_that_is_raised_again(self):
        again = block("except ValueError:", "print('no')", "raise")
        assert codes(block("try:", FAULTS["KRG101"]) + again) == {"KRG101"}

    def test_everything_caught_around_a_program_expects_none_of_its_lines_to_fail(self):
        caught = block("except Exception as error:", "print(error)")
        assert codes(block("try:", "x = 1", FAULTS["KRG101"]) + caught) == {"KRG101"}

    def test_what_does_not_fail_is_told(self):
        text = block("try:", "layers.Dense(4, kernel_regularizer='L1L2')") + block("except ValueError:", "pass")
        assert codes(text) == {"KRG302"}
