"""`kreglint verify` with real models of both majors."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec

import jsonschema
import pytest

from tests.output.verification_schema import SCHEMA

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        any(find_spec(name) is None for name in ("keras", "tf_keras", "tensorflow")), reason="no Keras (extra: oracle)"
    ),
]

MODEL = """\
import {keras} as keras


def build(units=3, **arguments):
    print("this goes nowhere")
    model = keras.Sequential([
        keras.layers.Input((4,)),
        keras.layers.Dense(units, kernel_regularizer="l2", name="d"),
    ])
    model.compile("adam", "mse")
    return model


def late():
    model = build()
    model.get_layer("d").bias_regularizer = keras.regularizers.L1(0.5)
    return model


def unbuilt():
    return keras.Sequential([keras.layers.Dense(3, kernel_regularizer="l2")])


def batches():
    import numpy as np
    yield np.full((5, 4), 2.0, "float32"), np.zeros((5, 3), "float32")


class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = keras.layers.Dense(units, kernel_regularizer="l1")

    def call(self, inputs):
        return self.dense(inputs)


made = build()
"""


OWN = """\
import {keras} as keras


class Scale(keras.layers.Dense):
    pass


def build():
    return keras.Sequential([keras.layers.Input((4,)), Scale(3, kernel_regularizer="l2", name="scale")])
"""
SAVE = """\
import {keras} as keras, nets, own

layer = keras.layers.Lambda(lambda x: (open("ran", "w").close(), x)[1], output_shape=(4,))
made = {{
    "m": nets.build(),
    "bad": keras.Sequential([keras.layers.Input((4,)), layer]),
    "own": own.build(),
}}
for name in ("m.keras", "m.h5", "bad.keras", "bad.h5", "own.keras"):
    made[name.partition(".")[0]].save(name)
for name in ("m.json", "own.json"):
    open(name, "w").write(made[name.partition(".")[0]].to_json())
"""


@pytest.fixture(scope="module", params=["tf_keras", "keras"])
def models(request, tmp_path_factory):
    """A folder with the models of one major, also as one process of that Keras saves them."""
    folder = tmp_path_factory.mktemp(request.param)
    for name, text in (("nets", MODEL), ("own", OWN), ("save", SAVE)):
        (folder / f"{name}.py").write_text(text.format(keras=request.param), encoding="utf-8")
    subprocess.run([sys.executable, "save.py"], cwd=folder, check=True, capture_output=True)
    (folder / "ran").unlink(missing_ok=True)
    return request.param, folder


@pytest.fixture
def run(models, tmp_path, environment):
    return _runner(*models, tmp_path, environment)


@pytest.fixture
def run3(tmp_path, environment):
    """The same with Keras 3 alone, for what the command line does whatever the Keras."""
    (tmp_path / "nets.py").write_text(MODEL.format(keras="keras"), encoding="utf-8")
    return _runner("keras", None, tmp_path, environment)


def _runner(keras, folder, place, environment):
    if folder is not None:
        shutil.copytree(folder, place, dirs_exist_ok=True)

    def verify(*arguments):
        command = [sys.executable, "-m", "kreglint", "verify", *arguments]
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
        )

    verify.keras, verify.folder = keras, place
    return verify


def test_a_right_model(run):
    done = run("nets.py:build")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nets.py:build: ok, 1 of 1 penalties match" in done.stdout
    assert "this goes nowhere" not in done.stdout


def test_json_has_the_shape_of_the_contract(run3):
    done = run3("nets:build", "--kwargs", '{"units": 5}', "--output-format", "json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert (found["schema"], found["target"], found["ok"], found["backend"]) == (1, "nets:build", True, "tensorflow")
    penalty = found["penalties"][0]
    assert (penalty["layer"], penalty["class"], penalty["variable"], penalty["weights"]) == ("d", "Dense", "kernel", 20)
    assert penalty["regularizer"] == {"kind": "L2", "l1": None, "l2": 0.01, "factor": None}
    assert penalty["relative_error"] <= penalty["tolerance"]
    assert [each["status"] for each in found["penalties"]] == ["match", "unregularized"]
    assert [found[name]["status"] for name in ("total", "training", "prediction")] == ["match"] * 3


def test_a_finding_stands_where_the_layer_was_constructed(run):
    done = run("nets.py:late", "--output-format", "concise")
    assert done.returncode == 1
    assert done.stdout.startswith("nets.py:8:9: KRG802 'd' (Dense) bias_regularizer is L1(l1=0.5) and adds nothing")


def test_html_and_exit_zero(run3):
    done = run3("nets.py:late", "--exit-zero", "--output-format", "html", "--output-file", "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    assert "KRG802" in (run3.folder / "page.html").read_text(encoding="utf-8")


def test_a_model_object_and_a_class(run3):
    assert run3("nets.py:made").returncode == 0
    done = run3("nets.py:Net", "--kwargs", '{"units": 2}', "--input-shape", "4", "--output-format", "json")
    assert json.loads(done.stdout)["penalties"][0]["weights"] == 8


def test_a_model_that_states_no_shape(run3):
    done = run3("nets.py:unbuilt")
    assert done.returncode == 2
    assert "the model states no shape of its inputs" in done.stderr
    assert run3("nets.py:unbuilt", "--input-shape", "4").returncode == 0


def test_data_of_the_user(run3):
    done = run3("nets.py:build", "--data", "nets.py:batches", "--output-format", "json")
    assert json.loads(done.stdout)["training"]["status"] == "match"


@pytest.mark.parametrize("name", ["m.keras", "m.h5", "m.json"])
def test_saved_models(run, name):
    done = run(name, "--output-format", "json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["penalties"][0]["status"] == "match"
    assert found["keras"].startswith("2." if run.keras == "tf_keras" else "3.")


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_a_truncated_saved_model(run, name):
    whole = (run.folder / name).read_bytes()
    (run.folder / name).write_bytes(whole[: len(whole) // 2])
    done = run(name)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kreglint: error: {name}: no whole saved model")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["bad.keras", "bad.h5"])
def test_a_saved_lambda_is_not_run(run, name):
    done = run(name)
    assert done.returncode == 2
    assert "which loading would run; --unsafe-load loads it all the same" in done.stderr
    assert not (run.folder / "ran").exists()
    assert run(name, "--unsafe-load").returncode == 0


@pytest.mark.parametrize("name", ["own.keras", "own.json"])
def test_a_saved_layer_of_the_users_own_is_loaded_only_where_that_is_asked_for(run, name):
    done = run(name)
    assert done.returncode == 2
    assert "it names code outside Keras (own.Scale), which loading would import" in done.stderr
    done = run(name, "--unsafe-load", "--output-format", "json")
    assert [each["class"] for each in json.loads(done.stdout)["penalties"]] == ["Scale", "Scale"]
