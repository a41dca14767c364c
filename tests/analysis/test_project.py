"""Values and layers that come from other files of a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.project import Project
from kreglint.facts.file import FileFacts, LayerCall
from kreglint.facts.values import Const, Construct, Function, Resolution, Unknown, Value

HEAD = "from keras.layers import Dense\nfrom keras.regularizers import l2\n"


@dataclass
class Folder:
    """A project's files by their module names; every import is absolute."""

    files: dict[str, str]
    read_files: list[str] = field(default_factory=list)

    def find(self, module: str, importer: str) -> str | None:
        return f"/{module}.py" if module in self.files else None

    def read(self, filename: str) -> str | None:
        self.read_files.append(filename)
        return dedent(self.files[filename.strip("/").removesuffix(".py")])


def facts(source: str, folder: Folder) -> FileFacts:
    return analyse(HEAD + dedent(source), "/main.py", Project(folder))


def layer(source: str, **files: str) -> LayerCall:
    (found,) = facts(source, Folder(files)).layers
    return found


def given(source: str, **files: str) -> Value:
    """What the program's one layer is given as its kernel's regularizer."""
    argument = layer(source, **files).keyword("kernel_regularizer")
    assert argument is not None
    return argument.value


class TestValues:
    @pytest.mark.parametrize(
        "source",
        [
            "from config import DECAY\nDense(4, kernel_regularizer=DECAY)",
            "from config import DECAY as d\nDense(4, kernel_regularizer=d)",
            "import config\nDense(4, kernel_regularizer=config.DECAY)",
            "import config as c\nDense(4, kernel_regularizer=c.DECAY)",
            "from config import DECAY\nreg = DECAY\nDense(4, kernel_regularizer=reg)",
            "def build():\n    from config import DECAY\n    Dense(4, kernel_regularizer=DECAY)",
        ],
    )
    def test_a_constant_by_every_form_of_import(self, source):
        found = given(source, config="DECAY = 1e-4")
        assert isinstance(found, Const)
        assert (found.value, found.resolution) == (1e-4, Resolution.CROSS_FILE)

    def test_the_value_is_placed_where_it_is_used_and_tells_where_it_stands(self):
        found = given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config="\nDECAY = 1e-4\n")
        start = len(HEAD + "from config import DECAY\nDense(4, kernel_regularizer=")
        assert found.span == (start, start + len("DECAY"))
        place = found.origin[-1].elsewhere
        assert (place.filename, place.location) == ("/config.py", (2, 9))

    def test_a_file_between_hands_it_on(self):
        found = given(
            "from nets import DECAY\nDense(4, kernel_regularizer=DECAY)",
            nets="from config import DECAY",
            config="DECAY = 1e-4",
        )
        assert found.resolution is Resolution.CROSS_FILE

    def test_a_star_between_hands_it_on(self):
        files = {"nets": "from config import *", "config": "DECAY = 1e-4"}
        assert isinstance(given("from nets import DECAY\nDense(4, kernel_regularizer=DECAY)", **files), Const)

    def test_a_helper_with_an_argument_of_this_file(self):
        found = given(
            "from regs import make\nDense(4, kernel_regularizer=make(0.1))",
            regs="from keras.regularizers import l2\ndef make(decay):\n    return l2(decay)",
        )
        assert isinstance(found, Construct)
        assert found.symbol.canonical == "keras.regularizers.l2"
        assert found.arguments[0].value.value == 0.1
        assert found.resolution is Resolution.CROSS_FILE

    def test_a_class_of_the_project(self):
        found = given("from regs import Mine\nDense(4, kernel_regularizer=Mine())", regs="class Mine: pass")
        assert (found.name, found.kind, found.resolution) == ("Mine", "instance", Resolution.CROSS_FILE)

    def test_facts_hold_nothing_of_the_analysis(self):
        found = given("from regs import make\nDense(4, kernel_regularizer=make)", regs="def make(w): return 0")
        assert isinstance(found, Function)
        assert found.body is None


class TestUnknown:
    def test_what_the_other_file_does_not_tell_stays_an_imported_name(self):
        found = given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config="DECAY = input()")
        assert (found.path, found.canonical) == ("config.DECAY", None)

    @pytest.mark.parametrize("config", ["DECAY = (", "\x00", "from config import DECAY", "from main import DECAY"])
    def test_a_file_that_does_not_parse_or_leads_in_a_circle(self, config):
        found = given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config=config)
        assert found.canonical is None

    def test_a_name_that_the_other_file_sets_from_a_function(self):
        config = "DECAY = 1\ndef set_it():\n    global DECAY\n    DECAY = 2"
        assert not isinstance(
            given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config=config), Const
        )


class TestLayers:
    @pytest.mark.parametrize(
        "compat",
        [
            "from keras.layers import Conv2D",
            "from keras.layers import Conv2D as Conv",
            "from keras.layers import *",
            "from keras import layers\nConv2D = layers.Conv2D",
            "try:\n    from tf_keras.layers import Conv2D\nexcept ImportError:\n    from keras.layers import Conv2D",
        ],
    )
    def test_a_layer_that_another_file_imports_on(self, compat):
        name = "Conv" if "as Conv" in compat else "Conv2D"
        assert layer(f"from compat import {name}\n{name}(3, 3)", compat=compat).layer == "Conv2D"

    def test_a_class_of_the_same_name_is_no_layer(self):
        assert not facts("from nets import Conv2D\nConv2D(3, 3)", Folder({"nets": "class Conv2D: pass"})).layers

    def test_files_that_define_the_name_are_not_parsed_for_a_callee(self):
        folder = Folder({"nets": "def build():\n    return ("})
        facts("from nets import build\nbuild()", folder)
        assert folder.read_files == ["/nets.py"]

    def test_each_file_is_read_once(self):
        folder = Folder({"config": "A = 1e-4\nB = 2e-4"})
        project = Project(folder)
        source = f"{HEAD}from config import A, B\nDense(4, kernel_regularizer=l2(A + B))"
        for name in ("/one.py", "/two.py"):
            analyse(source, name, project)
        assert folder.read_files == ["/config.py"]


def test_without_a_project_an_import_is_only_a_name():
    (found,) = analyse(f"{HEAD}from config import A\nDense(4, kernel_regularizer=A)").layers
    value = found.keyword("kernel_regularizer").value
    assert not isinstance(value, Const | Unknown)
