"""KRG109: names that `keras.regularizers` does not have, however they are reached, and who asks for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.catalog.model import load
from kreglint.engine.api import check_paths, check_source
from kreglint.settings.schema import Settings

IMPORTS = "import keras\nimport tensorflow as tf\nfrom keras import layers, regularizers\n"


def messages(code: str, version: str = "3.15", before: str = IMPORTS) -> list[str]:
    settings = Settings(select=("KRG109",), keras_version=version)
    return [each.message for each in check_source(before + code, "a.py", settings)]


class TestReached:
    @pytest.mark.parametrize(
        "use",
        [
            "regularizers.ridge(0.1)",
            "regularizers . ridge  (  # a comment\n0.1)",
            "keras.regularizers.ridge(0.1)",
            "tf.keras.regularizers.ridge",
            "x = regularizers\nx.ridge(0.1)",
            "import keras.regularizers as R\nR.ridge(0.1)",
            "from tensorflow.keras import regularizers as R\nR.ridge(0.1)",
            "from tf_keras import regularizers as R\nR.ridge(0.1)",
            "getattr(regularizers, 'ridge')(0.1)",
            "layers.Dense(4, kernel_regularizer=regularizers.ridge)",
        ],
    )
    def test_an_attribute(self, use):
        version = "2.21" if "tf_keras" in use else "3.15"
        [message] = messages(use, version)
        assert message == (
            f"keras.regularizers has no 'ridge'; did you mean 'l2'? Keras {version[0]} raises AttributeError"
        )

    @pytest.mark.parametrize(
        ("statement", "error"),
        [
            ("from keras.regularizers import l12", "ImportError"),
            ("from tensorflow.keras.regularizers import l2, l12 as both", "ImportError"),
            ("from keras import regularizer", "ImportError"),
            ("from keras.regularizer import l2", "ModuleNotFoundError"),
            ("import keras.regularizer", "ModuleNotFoundError"),
            ("from keras.layers import l2", "ImportError"),
        ],
    )
    def test_an_import(self, statement, error):
        [message] = messages(statement)
        assert message.endswith(f"Keras 3 raises {error}")

    def test_a_module_that_is_misspelt_is_told_once(self):
        assert len(messages("from keras.regulariser import l1, l2\nlayers.Dense(4, kernel_regularizer=l2(0.1))")) == 1
        assert len(messages("from keras import regularizer\nlayers.Dense(4, kernel_regularizer=regularizer.l2())")) == 1

    def test_a_class_of_the_file_is_named(self):
        body = "class Sparse(regularizers.Regularizer):\n    pass\n\n\nregularizers.Sparse()"
        assert "this file has a 'Sparse' of its own" in messages(body)[0]


class TestMeant:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("ridge", "l2"),
            ("Lasso", "l1"),
            ("elastic_net", "l1_l2"),
            ("L1_L2", "L1L2"),
            ("l12", "L1L2"),
            ("I2", "l2"),
            ("l2_regularizer", "L2"),
            ("weight_decay", "l2"),
            ("orthogonal", "orthogonal_regularizer"),
        ],
    )
    def test_the_nearest_name_is_told(self, name, meant):
        assert f"did you mean '{meant}'?" in messages(f"regularizers.{name}(0.1)")[0]

    def test_a_name_that_is_like_none_has_none(self):
        assert messages("regularizers.spectral(0.1)") == [
            "keras.regularizers has no 'spectral': Keras 3 raises AttributeError"
        ]


class TestVersions:
    @pytest.mark.parametrize(("version", "number"), [("2.3", 1), ("2.15", 0), ("3.15", 0)])
    def test_the_classes_came_with_tensorflow(self, version, number):
        assert len(messages("regularizers.L2(0.1)", version)) == number

    @pytest.mark.parametrize("version", ["2.3", "2.15", "2.21", "3.0", "3.15", "3.16"])
    @given(data=st.data())
    def test_no_name_of_a_version_is_missed_there(self, version, data):
        name = data.draw(st.sampled_from(sorted(load(version).regularizers)))
        assert messages(f"from keras.regularizers import {name}\nregularizers.{name}", version) == []

    def test_what_a_module_of_an_older_keras_imports_for_itself_is_there(self):
        assert messages("from keras.regularizers import K, np\nfrom keras.layers import regularizers as r", "2.3") == []


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    from keras.regularizers import l12\nexcept ImportError:\n    l12 = None",
        "try:\n    regularizers.ridge(0.1)\nexcept (AttributeError, TypeError):\n    pass",
        "try:\n    regularizers.ridge(0.1)\nexcept Exception:\n    pass",
        "if hasattr(regularizers, 'ridge'):\n    regularizers.ridge(0.1)",
        "def make():\n    if not hasattr(regularizers, 'ridge'):\n        return 1\n    return regularizers.ridge(0.1)",
        "if 'ridge' in dir(regularizers):\n    regularizers.ridge(0.1)",
        "if keras.__version__ < '2':\n    from keras.regularizers import ridge",
        "if tf.__version__ < '2':\n    regularizers.ridge(0.1)",
        "regularizers.ridge = print\nregularizers.ridge(0.1)",
        "setattr(regularizers, 'ridge', print)\nregularizers.ridge(0.1)",
        "getattr(regularizers, 'ridge', None)",
        "import pytest\nwith pytest.raises(ImportError):\n    from keras.regularizers import ridge",
        "regularizers.__doc__, regularizers.L2.from_config",
        "from tensorflow.python.keras import regularizers as inner\ninner.math_ops",
        "from .regularizers import ridge",
        "import mynets.regularizers as own\nown.ridge(0.1)",
        "class Block:\n    def __init__(self, regularizer):\n        self.regularizer = regularizer",
    ],
)
def test_what_is_there_or_is_asked_for(body):
    assert messages(body) == []


@pytest.mark.parametrize("handlers", ["finally:\n    pass", "except KeyboardInterrupt:\n    pass"])
def test_a_try_that_does_not_catch_it(handlers):
    assert len(messages(f"try:\n    regularizers.ridge(0.1)\n{handlers}")) == 1


def test_a_project_with_a_keras_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "keras"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "regularizers.py").write_text("def ridge(factor):\n    return factor\n")
    source = "from keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer=regularizers.ridge(0.1))\n"
    (tmp_path / "net.py").write_text(source)
    settings = Settings(select=("KRG109",), keras_version="3.15")
    assert [report.diagnostics for report in check_paths(["net.py"], settings)] == [()]
    (package / "regularizers.py").unlink()
    assert [len(report.diagnostics) for report in check_paths(["net.py"], settings)] == [1]
