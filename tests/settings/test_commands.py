"""What a notebook, a script of IPython or a script with PEP 723's metadata says of the Keras that it runs with."""

import pytest

from kreglint.settings.commands import told_by


def versions(*commands: str, text: str = "", kernel: str = ""):
    found = told_by(commands, text, kernel)
    return None if found is None else [str(each) for each in found.versions]


@pytest.mark.parametrize(
    "command",
    [
        "!pip install keras==2.3.1",
        "%pip install keras==2.3.1",
        "pip install keras==2.3.1\n",
        "!pip3 install -q keras==2.3.1 h5py",
        "!{sys.executable} -m pip install --upgrade keras==2.3.1",
        "!python3 -m pip install 'keras==2.3.1'",
        "!uv pip install keras==2.3.1",
        "!apt-get update && pip install keras==2.3.1",
        "%conda install -c conda-forge -y keras=2.3.1",
        "!mamba install keras=2.3=py37_0",
        "\npip install -r more.txt\npip install keras==2.3.1  # as in the paper\n",
    ],
)
def test_what_is_installed(command):
    assert versions(command) == ["2.3"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('%pip install "tensorflow<2.6"', ["2.4"]),
        ("%tensorflow_version 1.x", ["2.4"]),
        ("!pip install 'keras>=3.14'", ["3.14", "3.15"]),
        ("!pip install tf_keras==2.18.0", ["2.18"]),
        ("%env TF_USE_LEGACY_KERAS=1", ["2.21"]),
        ("%env KERAS_BACKEND=jax\n!pip install keras==3.5", ["3.5"]),
    ],
)
def test_what_decides_on_keras(command, expected):
    assert versions(command) == expected


@pytest.mark.parametrize(
    "command",
    [
        "!pip install keras",
        "!pip install kerastuner==1.0",
        "!pip uninstall keras==2.3.1",
        "!pip download keras==2.3.1",
        "!echo pip install keras==2.3.1",
        "!pip install -r keras==2.3.1",
        "!pip install 'keras==2.3.1",
        "!ls",
        "%tensorflow_version 2.x",
        "%matplotlib inline",
    ],
)
def test_what_says_nothing(command):
    assert versions(command) is None


def test_several_commands_hold_together():
    assert versions("!pip install 'keras>=3.13'", "!pip install 'keras<3.15'") == ["3.13", "3.14"]


class TestScripts:
    def test_the_dependencies_of_a_script(self):
        lines = ("script", 'requires-python = ">=3.10"', "dependencies = [", '  "keras==2.3.1",', "]", "///")
        text = "# /// " + "\n# ".join(lines) + "\nimport keras\n"
        assert versions(text=text) == ["2.3"]

    @pytest.mark.parametrize(
        "text",
        [
            '# /// script\n# dependencies = ["numpy"]\n# ///\n',
            '# /// script\n# dependencies = "keras==2.3.1"\n# ///\n',
            "# /// script\n# dependencies = [\n# ///\n",
            '# /// script\n# dependencies = ["keras==2.3.1"]\n',
            '# /// other\n# dependencies = ["keras==2.3.1"]\n# ///\n',
        ],
    )
    def test_metadata_that_says_nothing(self, text):
        assert versions(text=text) is None


def test_the_magics_of_a_databricks_notebook():
    text = "# Databricks notebook source\n# MAGIC %pip install keras==2.3.1\n\n# COMMAND ----------\nimport keras\n"
    assert versions(text=text) == ["2.3"]
    assert versions(text=text.replace("Databricks", "My")) is None


class TestKernels:
    @pytest.mark.parametrize("kernel", ["TensorFlow 2.3 on Python 3.7", "Python 3 (tensorflow-2.3)", "tensorflow_2.3"])
    def test_a_kernel_that_names_its_tensorflow(self, kernel):
        assert versions(kernel=kernel) == ["2.4"]

    @pytest.mark.parametrize("kernel", ["Python 3", "conda_tensorflow_p36", "TensorFlow", ""])
    def test_one_that_does_not(self, kernel):
        assert versions(kernel=kernel) is None

    def test_what_is_installed_counts_more(self):
        assert versions("!pip install keras==3.15.0", kernel="TensorFlow 2.3") == ["3.15"]
