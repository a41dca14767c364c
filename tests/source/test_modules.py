"""Which file an imported module is."""

from __future__ import annotations

from pathlib import Path

import pytest

from kreglint.source.modules import ModuleFinder


@pytest.fixture
def tree(tmp_path: Path):
    """A project with a package, a script, and a `src` folder."""
    files = "setup.py pkg/__init__.py pkg/config.py pkg/sub/__init__.py pkg/sub/net.py src/inner/thing.py train.py"
    for name in f"{files} other/helper.py scripts/helper.py json.py".split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("module", "importer", "expected"),
    [
        (".config", "pkg/other.py", "pkg/config.py"),
        ("..config", "pkg/sub/net.py", "pkg/config.py"),
        (".", "pkg/config.py", "pkg/__init__.py"),
        ("..", "pkg/sub/net.py", "pkg/__init__.py"),
        ("pkg.config", "pkg/sub/net.py", "pkg/config.py"),
        ("pkg", "train.py", "pkg/__init__.py"),
        ("pkg.sub.net", "train.py", "pkg/sub/net.py"),
        ("config", "pkg/other.py", "pkg/config.py"),
        ("inner.thing", "train.py", "src/inner/thing.py"),
        ("helper", "scripts/run.py", "scripts/helper.py"),
    ],
)
def test_a_module_of_the_project(tree, module, importer, expected):
    assert ModuleFinder().find(module, str(tree / importer)) == str(tree / expected)


@pytest.mark.parametrize(
    ("module", "importer"),
    [
        ("numpy", "train.py"),
        (".missing", "pkg/config.py"),
        ("json", "train.py"),
        ("helper", "train.py"),
        ("....x", "train.py"),
    ],
)
def test_what_is_no_module_of_the_project(tree, module, importer):
    assert ModuleFinder().find(module, str(tree / importer)) is None


def test_a_name_that_may_be_two_files_is_neither(tree):
    (tree / "pkg" / "train.py").touch()
    assert ModuleFinder().find("train", str(tree / "pkg" / "config.py")) is None


def test_a_package_that_names_a_module_after_a_library_imports_the_library(tree):
    (tree / "pkg/numpy.py").touch()
    (tree / "scripts/numpy.py").touch()
    find = ModuleFinder().find
    assert find("numpy", str(tree / "pkg/other.py")) is None
    assert find(".numpy", str(tree / "pkg/other.py")) == str(tree / "pkg/numpy.py")
    assert find("numpy", str(tree / "scripts/run.py")) == str(tree / "scripts/numpy.py")


@pytest.mark.parametrize("module", ["above", "..above"])
def test_above_the_project_nothing_is_looked_for(tree, module):
    (tree.parent / "above.py").touch()
    assert ModuleFinder().find(module, str(tree / "train.py")) is None
