"""What is said of an attribute that another file may read holds only as long as no other file reads it."""

import pytest

from kreglint.engine.files import check_file_cached
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

LAYERS = """\
from keras.layers import Layer


class Factors(Layer):
    def __init__(self, l2_reg=1e-5):
        super().__init__()
        self.l2_reg = l2_reg

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(4,))

    def call(self, x):
        return x * self.kernel
"""
READER = "from layers import Factors\n\n\ndef price(layer: Factors):\n    return layer.l2_reg\n"


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "layers.py").write_text(LAYERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes() -> list[str]:
    return [each.code for each in check_file_cached("layers.py", Settings(), Run()).diagnostics]


def test_a_new_file_that_reads_it_is_noticed(project):
    assert codes() == ["KRG308"]
    (project / "losses.py").write_text(READER)
    assert codes() == []


def test_a_file_that_no_longer_reads_it_is_noticed(project):
    (project / "losses.py").write_text(READER)
    assert codes() == []
    (project / "losses.py").write_text(READER.replace(".l2_reg", ".kernel"))
    assert codes() == ["KRG308"]


def test_a_file_that_begins_to_read_it_is_noticed(project):
    (project / "losses.py").write_text("from layers import Factors\n\nlayer = Factors(l2_reg=0.1)\n")
    assert codes() == ["KRG308"]
    (project / "losses.py").write_text(READER)
    assert codes() == []


def test_nothing_new_is_judged_again(monkeypatch):
    assert codes() == ["KRG308"]
    monkeypatch.setattr("kreglint.engine.check.judged", None)
    assert codes() == ["KRG308"]
