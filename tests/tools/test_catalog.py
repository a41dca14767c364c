"""The committed catalogs are what the installed Keras shows, and the generator says so when they are not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kreglint.versions import Version, newest
from tools.catalog.generate import check

REPOSITORY = Path(__file__).parents[2]


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)


def generate(*arguments):
    return python("-m", "tools.catalog.generate", *arguments)


@pytest.mark.oracle
@pytest.mark.parametrize("major", [2, 3])
def test_the_committed_catalog_is_what_the_installed_keras_shows(major):
    done = generate("--keras", str(major), "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("committed", "reason"),
    [
        ({"version": "2.0.1"}, "it is of 2.0.1, installed is 2.21.0"),
        ({"version": "2.21.0"}, "its content differs"),
        (None, "it is missing"),
    ],
)
def test_an_outdated_catalog_is_named_with_the_command_that_renews_it(committed, reason, tmp_path, capsys):
    path = tmp_path / "keras2.json"
    if committed is not None:
        path.write_text(json.dumps(committed), encoding="utf-8")
    assert check(newest(2), {"version": "2.21.0", "major": 2}, tmp_path) == 1
    assert capsys.readouterr().err == (
        f"keras2.json is not up to date: {reason}; run python -m tools.catalog.generate --keras 2\n"
    )


def test_a_catalog_of_an_older_version_is_renewed_by_its_version(tmp_path, capsys):
    assert check(Version(3, 5), {"version": "3.5.0", "major": 3}, tmp_path) == 1
    assert capsys.readouterr().err == (
        "keras-3.5.json is not up to date: it is missing; run python -m tools.catalog.generate --keras 3.5\n"
    )


def test_a_major_that_keras_does_not_have_is_refused_in_one_line():
    done = generate("--keras", "4")
    assert done.returncode == 2
    assert 'argument --keras: expected a major of Keras ("1", "2", "3")' in done.stderr.splitlines()[-1]


def test_without_keras_the_generator_says_what_it_needs(tmp_path):
    (tmp_path / "keras.py").write_text("raise ImportError('no keras here')\n", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "
        "from tools.catalog.generate import main; sys.exit(main(['--keras', '3']))"
    )
    done = python("-c", code)
    assert done.returncode == 2
    assert done.stderr == "expected keras and tensorflow to be installed: no keras here\n"
