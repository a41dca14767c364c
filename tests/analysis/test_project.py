"""Values and layers that come from other files of a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.diagnostics import Span
from kreglint.facts.file import FileFacts, LayerCall
from kreglint.facts.values import Const, Construct, Function, Provenance, Unknown, Value

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

    def naming(self, word: str, near: str) -> tuple[str, ...]:
        return tuple(f"/{module}.py" for module, text in self.files.items() if word in text)


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
        assert (found.value, found.provenance) == (1e-4, Provenance.CROSS_FILE)

    def test_the_value_is_placed_where_it_is_used_and_tells_where_it_stands(self):
        found = given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config="\nDECAY = 1e-4\n")
        start = len(HEAD + "from config import DECAY\nDense(4, kernel_regularizer=")
        assert found.span == Span(start, start + len("DECAY"))
        place = found.origin[-1].elsewhere
        assert (place.filename, place.location) == ("/config.py", (2, 9))

    def test_a_file_between_hands_it_on(self):
        found = given(
            "from nets import DECAY\nDense(4, kernel_regularizer=DECAY)",
            nets="from config import DECAY",
            config="DECAY = 1e-4",
        )
        assert found.provenance is Provenance.CROSS_FILE

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
        assert found.provenance is Provenance.CROSS_FILE

    def test_a_class_of_the_project(self):
        found = given("from regs import Mine\nDense(4, kernel_regularizer=Mine())", regs="class Mine: pass")
        assert (found.name, found.kind, found.provenance) == ("Mine", "instance", Provenance.CROSS_FILE)

    @pytest.mark.parametrize(
        "declared",
        [
            "from typing import NamedTuple\nclass Sizes(NamedTuple):\n    decay: float = 0.1",
            "from dataclasses import dataclass\n@dataclass\nclass Sizes:\n    decay: float = 0.1",
            "import dataclasses as dc\n@dc.dataclass\nclass Base:\n    decay: float\nclass Sizes(Base): pass",
        ],
    )
    def test_a_field_of_a_class_that_another_file_declares(self, declared):
        found = given("from config import Sizes\nDense(4, kernel_regularizer=Sizes(0.2).decay)", config=declared)
        assert isinstance(found, Const)
        assert (found.value, found.provenance) == (0.2, Provenance.CROSS_FILE)

    def test_facts_hold_nothing_of_the_analysis(self):
        found = given("from regs import make\nDense(4, kernel_regularizer=make)", regs="def make(w): return 0")
        assert type(found) is Function


class TestUnknown:
    def test_what_the_other_file_does_not_tell_stays_an_imported_name(self):
        found = given("from config import DECAY\nDense(4, kernel_regularizer=DECAY)", config="DECAY = input()")
        assert (found.path, found.canonical) == ("config.DECAY", None)

    def test_what_inherits_from_a_named_tuple_of_another_file(self):
        config = "import typing\nclass Base(typing.NamedTuple):\n    decay: float = 0.1\nclass Sizes(Base): pass"
        found = given("from config import Sizes\nDense(4, kernel_regularizer=Sizes(0.2).decay)", config=config)
        assert isinstance(found, Unknown)

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


CLASS = (
    "class Config:\n    decay = 0.1\n    sizes = {'a': {'decay': 0.1}}\ncfg = Config()\nplain = {'a': {'decay': 0.1}}\n"
)


class TestAttributes:
    @pytest.mark.parametrize(
        "source",
        [
            "from config import cfg\nDense(4, kernel_regularizer=cfg.decay)",
            "from config import Config\nDense(4, kernel_regularizer=Config.decay)",
            "import config\nDense(4, kernel_regularizer=config.cfg.decay)",
            "import config\nDense(4, kernel_regularizer=config.Config.decay)",
            "from config import Config\nclass C(Config):\n    pass\nDense(4, kernel_regularizer=C().decay)",
            "import config\nDense(4, kernel_regularizer=config.plain['a']['decay'])",
            "import config\nDense(4, kernel_regularizer=config.cfg.sizes['a']['decay'])",
        ],
    )
    def test_of_what_another_file_binds(self, source):
        value = given(source, config=CLASS)
        assert isinstance(value, Const)
        assert value.value == 0.1
        assert value.provenance is Provenance.CROSS_FILE

    @pytest.mark.parametrize(
        "source",
        [
            "from config import cfg\ncfg.decay = 0.2\nDense(4, kernel_regularizer=cfg.decay)",
            "import config\nconfig.plain = {}\nDense(4, kernel_regularizer=config.plain['a']['decay'])",
            "import config\nconfig.plain['a']['decay'] = 0.2\nDense(4, kernel_regularizer=config.plain['a']['decay'])",
            "from config import cfg\ns=cfg.sizes['a']\ns.clear()\nDense(4, kernel_regularizer=cfg.sizes['a']['decay'])",
        ],
    )
    def test_that_this_file_may_set(self, source):
        value = given(source, config=CLASS)
        assert not isinstance(value, Const)

    def test_a_constant_that_this_file_sets_in_the_other(self):
        value = given(
            "import config\nconfig.decay = 0.2\nDense(4, kernel_regularizer=config.decay)", config="decay = 0.1"
        )
        assert not isinstance(value, Const)

    @pytest.mark.parametrize("annotation", ["Config", "'Config'", "Optional[Config]", "Config | None", "config.Config"])
    def test_of_a_parameter_by_its_annotation(self, annotation):
        source = "import config\nfrom typing import Optional\nfrom config import Config\n"
        source += f"def f(c: {annotation}):\n    Dense(4, kernel_regularizer=c.decay)\n"
        value = given(source, config=CLASS)
        assert isinstance(value, Const)
        assert value.provenance is Provenance.DEFAULT


class TestConditionalImports:
    @pytest.mark.parametrize("inner", ["from tensorflow.keras import *", "from tensorflow.keras import layers"])
    def test_keras_or_a_module_that_stands_for_it(self, inner):
        backend = "from settings import new\nif new():\n    import keras\nelse:\n    import old as keras\n"
        source = "from backend import keras\nkeras.layers.Dense(4, kernel_regularizer='l2')"
        (found,) = facts(source, Folder({"backend": backend, "old": inner})).layers
        assert found.layer == "Dense"

    def test_or_one_that_does_not(self):
        backend = "from settings import new\nif new():\n    import keras\nelse:\n    import old as keras\n"
        source = "from backend import keras\nkeras.layers.Dense(4, kernel_regularizer='l2')"
        (found,) = facts(source, Folder({"backend": backend, "old": "import torch.nn as layers"})).layers
        assert found.layer is None

    CONFIG = (
        "class Config:\n    def __init__(self, kind='mini'):\n"
        "        if kind == 'mini':\n            import mini as c\n"
        "        elif kind == 'full':\n            import full as c\n        else:\n            raise RuntimeError\n"
        "        self.model = c.Model()\n"
    )
    SOURCE = (
        "from config import Config\nclass Net:\n    def __init__(self, config: Config):\n        self.config = config\n"
        "    def build(self):\n        mc = self.config.model\n        Dense(4, kernel_regularizer=mc.decay)\n"
    )

    def test_modules_of_which_one_is_imported(self):
        same = "class Model:\n    def __init__(self):\n        self.decay = 0.1\n"
        value = given(self.SOURCE, config=self.CONFIG, mini=same, full=same)
        assert isinstance(value, Const)
        assert (value.value, value.provenance) == (0.1, Provenance.DEFAULT)

    def test_one_of_them_is_not_found(self):
        model = "class Model:\n    decay = 0.1\n"
        assert isinstance(given(self.SOURCE, config=self.CONFIG, mini=model), Unknown)


class TestStars:
    @pytest.mark.parametrize(
        "files",
        [
            {"config": "DECAY = 0.1"},
            {"config": "__all__ = ['DECAY']\nDECAY = 0.1"},
            {"config": "from base import *", "base": "DECAY = 0.1"},
            {"config": "from base import DECAY", "base": "DECAY = 0.1"},
        ],
    )
    def test_a_constant(self, files):
        value = given("from config import *\nDense(4, kernel_regularizer=DECAY)", **files)
        assert isinstance(value, Const)
        assert value.provenance is Provenance.CROSS_FILE

    def test_keras_through_another_file(self):
        source = "from common import *\nDense(4, kernel_regularizer=l2(0.1))"
        found = analyse(source, "/main.py", Project(Folder({"common": HEAD}))).layers
        assert [layer.layer for layer in found] == ["Dense"]

    @pytest.mark.parametrize(
        ("source", "files"),
        [
            ("from config import *\n", {"config": "__all__ = ['OTHER']\nDECAY = 0.1\nOTHER = 1"}),
            ("from config import *\n", {"config": "__all__ = names()\nDECAY = 0.1"}),
            ("from config import *\nfrom elsewhere import *\n", {"config": "DECAY = 0.1"}),
            ("from config import *\n", {"config": "from other import *", "other": "from config import *"}),
            ("from config import *\n", {"config": "from elsewhere import *\n"}),
        ],
    )
    def test_what_may_not_be_brought(self, source, files):
        assert isinstance(given(f"{source}Dense(4, kernel_regularizer=DECAY)", **files), Unknown)

    def test_the_later_star_wins(self):
        source = "from one import *\nfrom two import *\nDense(4, kernel_regularizer=DECAY)"
        value = given(source, one="DECAY = 0.1", two="DECAY = 0.2")
        assert isinstance(value, Const)
        assert value.value == 0.2

    def test_names_of_its_own_are_not_brought(self):
        assert isinstance(given("from config import *\nDense(4, kernel_regularizer=_D)", config="_D = 0.1"), Unknown)
