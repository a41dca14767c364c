"""What was found is told again, unless anything has changed that it depends on."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.engine import check as checking
from kreglint.engine.cache import store
from kreglint.engine.cache.folder import digest
from kreglint.engine.files import check_file, check_file_cached
from kreglint.engine.run import Run
from kreglint.rules import RULES
from kreglint.settings.schema import Settings
from tests.laws import examples

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
IMPORTS = "from keras import layers\nfrom values import REG\nlayers.Dense(4, kernel_regularizer=REG)\n"
PROJECT = {
    "nets.py": "import keras\nfrom keras.layers import Dense\nfrom keras.regularizers import L2\n\n\n"
    "def build(units, rate=0.1):\n    inputs = keras.Input((4,))\n"
    "    return keras.Model(inputs, Dense(units, kernel_regularizer=L2(rate))(inputs))\n",
    "losses.py": "import tensorflow as tf\n\n\ndef error(y, p):\n    return tf.reduce_mean(y - p)\n",
    "train.py": "import tensorflow as tf\nfrom losses import error\nfrom nets import build\nmodel = build(3)\n"
    "def step(x, y):\n    with tf.GradientTape() as tape:\n        loss = error(y, model(x))\n"
    "    return optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)\n"
    "model.layers[0].kernel_regularizer = None\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    (tmp_path / "model.py").write_text(INERT, "utf-8")
    return tmp_path


@pytest.fixture
def judged(monkeypatch):
    """The files that are looked at, not recalled."""
    names = []
    real = checking.judged

    def noted(data, filename, *rest, **named):
        names.append(filename)
        return real(data, filename, *rest, **named)

    monkeypatch.setattr(checking, "judged", noted)
    return names


def run(settings: Settings | None = None, file: str = "model.py"):
    return check_file_cached(file, settings or Settings(), Run())


def codes(report) -> list[str]:
    return [diagnostic.code for diagnostic in report.diagnostics]


def test_a_second_run_says_the_same_and_looks_at_nothing(judged):
    first, second = run(), run()
    assert first == second == check_file("model.py", Settings(), Run())
    assert first.diagnostics[0].noqa_rows == second.diagnostics[0].noqa_rows
    assert judged.count("model.py") == 2  # the first run, and the one without a cache


def test_what_is_suppressed_is_told_again(folder):
    (folder / "model.py").write_text(INERT.rstrip() + "  # noqa: KRG302\n", "utf-8")
    assert run() == run()
    assert [diagnostic.code for diagnostic in run().suppressed] == ["KRG302"]


def test_a_file_that_mentions_nothing_of_ours_has_no_entry(folder):
    (folder / "model.py").write_text("x = 1\n", "utf-8")
    run()
    assert not (folder / ".kreglint_cache").exists()


def test_another_content_is_looked_at(folder, judged):
    run()
    (folder / "model.py").write_text(INERT.replace("L1L2", "l2"), "utf-8")
    assert codes(run()) == []
    assert len(judged) == 2


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (Settings(ignore=("KRG302",)), []),
        (Settings(select=("KRG1",)), []),
        (Settings(per_file_ignores=(("model.py", ("KRG3",)),)), []),
        (Settings(keras_version="2"), ["KRG302"]),
        (Settings(unfixable=("ALL",)), ["KRG302"]),
    ],
)
def test_other_settings_are_other_questions(settings, found, judged):
    run()
    assert codes(run(settings)) == found
    assert run(settings) == check_file("model.py", settings, Run())
    assert judged.count("model.py") == 3


def test_another_name_of_the_same_content_is_another_question(folder):
    (folder / "other.py").write_text(INERT, "utf-8")
    assert run().diagnostics[0].filename == "model.py"
    assert run(file="other.py").diagnostics[0].filename == "other.py"


def test_from_another_folder_the_file_is_called_otherwise(folder, monkeypatch):
    (folder / "nets").mkdir()
    settings = Settings(root=str(folder))
    run(settings)
    monkeypatch.chdir(folder / "nets")
    assert run(settings, "../model.py") == check_file("../model.py", settings, Run())
    assert run(settings, "../model.py").diagnostics[0].filename == "../model.py"


def test_a_kreglint_whose_files_differ_looks_again(judged, monkeypatch):
    run()
    monkeypatch.setattr(store, "_sources", lambda folder: iter([("rule.py", 1, 1)]))
    run()
    assert len(judged) == 2


class TestOtherFiles:
    @pytest.fixture(autouse=True)
    def imports(self, folder):
        (folder / "model.py").write_text(IMPORTS, "utf-8")

    def test_what_an_import_brings_counts(self, folder, judged):
        (folder / "values.py").write_text('REG = "L1L2"\n', "utf-8")
        assert codes(run()) == codes(run()) == ["KRG302"]
        assert len(judged) == 1
        (folder / "values.py").write_text('REG = "l2"\n', "utf-8")
        assert codes(run()) == []

    def test_an_import_that_leads_somewhere_at_last_counts(self, folder):
        assert codes(run()) == []
        (folder / "values.py").write_text('REG = "L1L2"\n', "utf-8")
        assert codes(run()) == ["KRG302"]

    def test_an_import_that_leads_nowhere_any_more_counts(self, folder):
        (folder / "values.py").write_text('REG = "L1L2"\n', "utf-8")
        assert codes(run()) == ["KRG302"]
        (folder / "values.py").unlink()
        assert codes(run()) == []

    def test_a_file_behind_the_imported_one_counts(self, folder):
        (folder / "values.py").write_text("from deeper import REG\n", "utf-8")
        (folder / "deeper.py").write_text('REG = "L1L2"\n', "utf-8")
        assert codes(run()) == codes(run()) == ["KRG302"]
        (folder / "deeper.py").write_text('REG = "l2"\n', "utf-8")
        assert codes(run()) == []

    def test_what_was_asked_for_another_file_does_not_count_here(self, folder, judged):
        (folder / "values.py").write_text('REG = "L1L2"\n', "utf-8")
        (folder / "alone.py").write_text(INERT, "utf-8")
        one = Run()
        for file in ("model.py", "alone.py"):
            check_file_cached(file, Settings(), one)
        (folder / "values.py").write_text('REG = "l2"\n', "utf-8")
        one = Run()
        for file in ("model.py", "alone.py"):
            check_file_cached(file, Settings(), one)
        assert judged == ["model.py", "alone.py", "model.py"]

    @pytest.mark.parametrize(
        ("file", "old", "new", "left"),
        [
            ("nets.py", "L2(rate)", "L2(0.0)", ["KRG305"]),
            ("nets.py", "keras.Model", "wrapped", []),
            ("losses.py", "y - p", "y - p) + sum(MODEL.losses", ["KRG305"]),
            ("losses.py", "error", "other", ["KRG601"]),
        ],
    )
    def test_what_another_file_does_with_a_model_counts(self, folder, file, old, new, left):
        for name, text in PROJECT.items():
            (folder / name).write_text(text, "utf-8")
        chosen = Settings(select=("KRG305", "KRG601"))
        assert codes(run(chosen, "train.py")) == codes(run(chosen, "train.py")) == ["KRG601", "KRG305"]
        (folder / file).write_text(PROJECT[file].replace(old, new), "utf-8")
        assert codes(run(chosen, "train.py")) == left

    def test_a_folder_that_is_a_link_to_another_place_counts(self, folder):
        for name, value in (("a", "L1L2"), ("b", "l2")):
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(f'REG = "{value}"\n', "utf-8")
        (folder / "values").symlink_to("a")
        assert codes(run()) == ["KRG302"]
        (folder / "values").unlink()
        (folder / "values").symlink_to("b")
        assert codes(run()) == []


def test_the_keras_that_the_project_declares_counts(folder):
    (folder / "model.py").write_text(INERT.replace("L1L2", "l1_l2"), "utf-8")
    (folder / "requirements.txt").write_text("keras==2.15\n", "utf-8")
    run()
    (folder / "requirements.txt").write_text("keras==3.15\n", "utf-8")
    assert run() == check_file("model.py", Settings(), Run())
    assert codes(run()) == ["KRG102"]


def test_the_outcome_of_a_crash_is_not_kept(monkeypatch):
    def crash(self, context):
        raise ZeroDivisionError

    [rule] = [rule for rule in RULES if rule.code == "KRG302"]
    with monkeypatch.context() as broken:
        broken.setattr(rule, "check_file", crash)
        assert codes(run()) == ["KRG901"]
    assert codes(run()) == ["KRG302"]


class TestDamage:
    @pytest.mark.parametrize(
        "change",
        [
            lambda entry: entry.pop("found"),
            lambda entry: entry.update(found=[[]]),
            lambda entry: entry.update(found=3),
            lambda entry: entry.update(modules=[["a"]]),
            lambda entry: entry.update(files={"a": 1}),
            lambda entry: entry.update(modules=[[1, 2, 3]]),
        ],
    )
    def test_an_entry_of_another_making_is_looked_past(self, folder, judged, change):
        run()
        [file] = (folder / ".kreglint_cache").glob("*/*/*")
        entry = json.loads(file.read_bytes().partition(b"\n")[2])
        change(entry)
        content = json.dumps(entry).encode()
        file.write_bytes(digest(content).encode() + b"\n" + content)
        assert codes(run()) == ["KRG302"]
        assert len(judged) == 2

    def test_nothing_in_an_entry_is_executed(self, folder):
        run()
        [file] = (folder / ".kreglint_cache").glob("*/*/*")
        content = b"cos\nsystem\n(S'touch executed'\ntR."  # a pickle that runs a command
        file.write_bytes(digest(content).encode() + b"\n" + content)
        assert codes(run()) == ["KRG302"]
        assert not (folder / "executed").exists()


def test_the_folder_is_that_of_the_settings_or_the_roots(folder):
    assert store.place_of(Settings()) == folder / ".kreglint_cache"
    assert store.place_of(Settings(root="/a")) == Path("/a/.kreglint_cache")
    assert store.place_of(Settings(root="/a", cache_dir="b/c")) == Path("/a/b/c")
    assert store.place_of(Settings(root="/a", cache_dir="/d")) == Path("/d")


FILES = (
    "model.py",
    "values.py",
    "deeper.py",
    "values/__init__.py",
    "requirements.txt",
    "pkg/model.py",
    "pkg/values.py",
)
CONTENTS = (
    INERT,
    IMPORTS,
    IMPORTS.replace("from values", "from .values"),
    "from keras import layers\nfrom values import *\nlayers.Dense(4, kernel_regularizer=REG)\n",
    "from deeper import REG\n",
    "from values import REG\n",
    "REG = 'L1L2'\n",
    "REG = 'l2'\n",
    "REG = (\n",
    "keras==2.15\n",
    "keras>=3\n",
    None,
)


@settings(max_examples=examples(60))
@given(edits=st.lists(st.tuples(st.sampled_from(FILES), st.sampled_from(CONTENTS)), min_size=1, max_size=8))
def test_whatever_changes_what_is_told_is_what_a_look_would_find(edits):
    with tempfile.TemporaryDirectory() as place, chdir(place):
        Path("pyproject.toml").touch()
        for name, content in edits:
            change(Path(name), content)
            for file in filter(os.path.isfile, ("model.py", "pkg/model.py")):
                recalled = run(file=file)
                assert recalled == check_file(file, Settings(), Run())


def change(file: Path, content: str | None) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    else:
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, "utf-8")


@contextmanager
def chdir(place: str):
    before = Path.cwd()
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(before)
