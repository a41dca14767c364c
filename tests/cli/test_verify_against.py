"""What `verify --against` reads of the source. None needs Keras."""

import pytest

from kreglint.cli.verify import _inventory

SOURCE = """\
from tensorflow.keras.layers import DepthwiseConv2D
DepthwiseConv2D(3, kernel_regularizer="l2")
"""


@pytest.mark.parametrize(("keras", "kind"), [("2.21.0", "L2"), ("2.15.0", "L2"), ("3.15.1", "invalid")])
def test_the_source_is_read_for_the_keras_that_the_model_has(tmp_path, keras, kind):
    """Keras 2 takes this argument, and ignores it; Keras 3 raises."""
    (tmp_path / "nets.py").write_text(SOURCE, encoding="utf-8")
    (entry,) = _inventory(str(tmp_path / "nets.py"), keras)
    assert [each.kind for each in entry.regularizers] == [kind]


def test_a_keras_that_no_catalog_knows_is_read_as_the_project_says(tmp_path):
    (tmp_path / "nets.py").write_text(SOURCE, encoding="utf-8")
    assert len(_inventory(str(tmp_path), "4.0.0")) == 1
