"""What calls in other files of the project pass, where they are looked for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.engine.files import report_files
from kreglint.engine.run import Run
from kreglint.facts.values import Const, Construct, Provenance, Value
from kreglint.settings.schema import Settings

HEAD = "from keras.layers import Dense\nfrom keras.regularizers import l2\n"
BUILDER = HEAD + "def block(x, decay):\n    return Dense(4, kernel_regularizer=l2(decay))(x)\n"


@dataclass
class Folder:
    """A project's files by their module names."""

    files: dict[str, str]

    def find(self, module: str, importer: str) -> str | None:
        return f"/{module}.py" if module in self.files else None

    def read(self, filename: str) -> str | None:
        return self.files.get(filename.strip("/").removesuffix(".py"))

    def calling(self, name: str, near: str) -> tuple[str, ...]:
        return tuple(f"/{module}.py" for module, text in self.files.items() if f"{name}(" in text)

    def naming(self, word: str, near: str) -> tuple[str, ...]:
        return tuple(f"/{module}.py" for module, text in self.files.items() if word in text)


def given(source: str, *, seeks_callers: bool = True, **files: str) -> Value:
    """What the one layer of `nets.py` is given."""
    project = Project(Folder({"nets": source, **files}), seeks_callers=seeks_callers)
    given = [layer.keyword("kernel_regularizer") for layer in analyse(source, "/nets.py", project).layers]
    (argument,) = [each for each in given if each is not None]
    return argument.value


def factor(source: str, *, seeks_callers: bool = True, **files: str) -> Value:
    """The factor of the regularizer that the one layer of `nets.py` is given."""
    found = given(source, seeks_callers=seeks_callers, **files)
    return found.arguments[0].value if isinstance(found, Construct) else found


class TestFunctions:
    @pytest.mark.parametrize(
        "use",
        [
            "from nets import block\nblock(x, 0.1)\n",
            "from nets import block as b\nb(x, decay=0.1)\n# block(\n",
            "import nets\nnets.block(x, 0.1)\n",
            "from nets import block\nDECAY = 0.1\ndef build():\n    return block(x, DECAY)\n",
        ],
    )
    def test_a_call_in_another_file_counts(self, use):
        found = factor(BUILDER, train=use)
        assert isinstance(found, Const)
        assert (found.value, found.provenance) == (0.1, Provenance.CALLERS)

    def test_where_callers_are_not_sought_it_is_not_known(self):
        assert factor(BUILDER, seeks_callers=False, train="from nets import block\nblock(x, 0.1)\n").provenance is (
            Provenance.UNKNOWN
        )

    def test_calls_in_both_files_count(self):
        found = given(BUILDER + "block(1, 0.2)\n", train="from nets import block\nblock(x, 0.1)\n")
        factors = [way.arguments[0].value for way in found.ways if isinstance(way, Construct)]
        assert {each.value for each in factors if isinstance(each, Const)} == {0.1, 0.2}

    def test_another_function_of_that_name_is_not_meant(self):
        assert factor(BUILDER, train="from other import block\nblock(x, 0.1)\n").provenance is Provenance.UNKNOWN

    def test_a_call_that_does_not_show_what_it_passes_leaves_it_unknown(self):
        found = factor(BUILDER, train="from nets import block\nblock(x, **options)\n")
        assert found.provenance is Provenance.UNKNOWN

    def test_what_is_known_of_the_own_file_stays_where_nobody_knows_what_others_pass(self):
        found = factor(BUILDER + "block(1, 0.2)\n", train="from nets import block\nblock(x, **options)\n")
        assert isinstance(found, Const)
        assert found.value == 0.2

    def test_keywords_that_are_passed_on(self):
        source = HEAD + "def block(**kwargs):\n    kw = {'kernel_regularizer': l2(0.1)}\n    kw.update(kwargs)\n"
        source += "    return Dense(4, **kw)\n"
        train = "from nets import block, l2\nblock(kernel_regularizer=l2(0.3))\n"
        assert given(source, train=train).provenance is Provenance.CALLERS
        found = factor(source, train=train)
        assert isinstance(found, Const)
        assert found.value == 0.3


def test_the_constructor_of_a_class_and_what_it_keeps():
    source = HEAD + "class Net:\n    def __init__(self, decay):\n        self.decay = decay\n"
    source += "    def build(self):\n        return Dense(4, kernel_regularizer=l2(self.decay))\n"
    found = factor(source, train="from nets import Net\nNet(0.1).build()\n")
    assert isinstance(found, Const)
    assert (found.value, found.provenance) == (0.1, Provenance.CALLERS)


def test_the_inventory_of_files_on_disk_looks_for_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(BUILDER)
    (tmp_path / "train.py").write_text("from nets import block\nmodel = block(x, 0.1)\n")
    (report,) = report_files(["nets.py"], lambda _: Settings(), Run())
    ((entry,),) = [layer.regularizers for layer in report.layers]
    assert (entry.l2, entry.resolution) == (0.1, "callers")
