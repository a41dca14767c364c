"""What a file of dependencies declares of the packages that bring Keras."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as BrokenConfigError
from importlib import import_module
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from kreglint.records import record

KERAS, KERAS_NIGHTLY, TF_KERAS, TENSORFLOW = "keras", "keras-nightly", "tf-keras", "tensorflow"
_TENSORFLOWS = frozenset({TENSORFLOW, *(f"{TENSORFLOW}-{kind}" for kind in ("cpu", "gpu", "intel", "macos", "rocm"))})
_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS\W+(?:1|true)\b", re.IGNORECASE)
_CONDA = re.compile(r"^\s*-\s+[\"']?(?:[\w.-]+::)?(?P<name>[\w.-]+)\s*(?P<versions>[=<>!~][^\s\"'#\[]*)?", re.MULTILINE)
_CONDA_LOCKED = re.compile(
    r"^\s*-\s+name:\s*[\"']?(?P<name>[\w.-]+)[\"']?\s*\n\s+version:\s*[\"']?(?P<version>[\w.]+)", re.MULTILINE
)
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
_CONDA_LOCK = "conda-lock.yml"

Named = tuple[str, str]  # a package's name, and the versions of it as a specifier


@record()
class Declared:
    """What one file allows of each package (`KERAS`, `KERAS_NIGHTLY`, `TF_KERAS`, `TENSORFLOW`) that it names.

    `locked`: its versions are those that are installed. `legacy`: it switches TensorFlow to tf_keras.
    """

    file: str
    packages: Mapping[str, SpecifierSet]
    locked: bool = False
    legacy: bool = False


def declared(file: str, text: str) -> Declared | None:
    """What a file of dependencies declares; None where it is none of Keras or TensorFlow, or is broken."""
    try:
        packages = _packages(_named(file, text))
    except (ValueError, KeyError, TypeError, AttributeError, BrokenConfigError):
        return None  # of another form than the tool writes that reads it: not ours to report
    legacy = _LEGACY.search(text) is not None
    locked = file in _LOCKS or file.endswith(_CONDA_LOCK)
    return Declared(file, packages, locked, legacy) if packages or legacy else None


def required(file: str, requirements: Iterable[str], *, legacy: bool = False) -> Declared:
    """What requirements as pip takes them declare; what else stands among them is passed over."""
    return Declared(file, _packages(_of_requirements(requirements)), legacy=legacy)


def _packages(named: Iterable[Named]) -> dict[str, SpecifierSet]:
    packages: dict[str, SpecifierSet] = {}
    for name, versions in named:
        package = _package(name)
        if package is not None:
            packages[package] = packages.get(package, SpecifierSet()) & _specifiers(versions)
    return packages


def _named(file: str, text: str) -> Iterable[Named]:
    if file == "pyproject.toml":
        return _of_pyproject(_toml(text))
    if file == "Pipfile.lock":
        content = json.loads(text)
        return _of_tables(content.get(section, {}) for section in ("default", "develop"))
    if file in _LOCKS:
        return ((each["name"], f"=={each['version']}") for each in _toml(text).get("package", ()))
    if file == "Pipfile":
        content = _toml(text)
        return _of_tables(content.get(section, {}) for section in ("packages", "dev-packages"))
    if file == "setup.cfg":
        return _of_setup_cfg(text)
    if file.endswith(_CONDA_LOCK):
        return ((found["name"], f"=={found['version']}") for found in _CONDA_LOCKED.finditer(text))
    if file.endswith(".txt"):
        return _of_requirements(text.splitlines())
    return ((found["name"], _of_conda(found["versions"] or "")) for found in _CONDA.finditer(text))


def _of_pyproject(content: Mapping[str, Any]) -> Iterator[Named]:
    project, tool = content.get("project", {}), content.get("tool", {})
    yield from _of_requirements(project.get("dependencies", ()))
    for group in (*project.get("optional-dependencies", {}).values(), *content.get("dependency-groups", {}).values()):
        yield from _of_requirements(each for each in group if isinstance(each, str))
    poetry = tool.get("poetry", {})
    groups = [group.get("dependencies", {}) for group in poetry.get("group", {}).values()]
    yield from _of_tables([poetry.get("dependencies", {}), *groups])


def _of_tables(tables: Iterable[Mapping[str, Any]]) -> Iterator[Named]:
    """Dependencies as Poetry and Pipenv write them: `keras = "^3.0"` or `keras = {version = "^3.0"}`."""
    for table in tables:
        for name, given in table.items():
            versions = given.get("version", "") if isinstance(given, dict) else given
            yield name, versions if isinstance(versions, str) else ""


def _of_setup_cfg(text: str) -> Iterator[Named]:
    parser = ConfigParser(interpolation=None)
    parser.read_string(text)
    if parser.has_section("options"):
        yield from _of_requirements(parser["options"].get("install_requires", "").splitlines())
    if parser.has_section("options.extras_require"):
        for value in parser["options.extras_require"].values():
            yield from _of_requirements(value.splitlines())


def _of_requirements(lines: Iterable[str]) -> Iterator[Named]:
    for line in lines:
        text = line.partition(" #")[0].partition(" --")[0].strip().rstrip("\\").strip()
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue  # an option, a comment, a path
        yield requirement.name, str(requirement.specifier)


def _of_conda(versions: str) -> str:
    """`=2.3` and `=2.3.1=py37_0` as pip writes them."""
    if not versions.startswith("=") or versions.startswith("=="):
        return versions
    number = versions[1:].partition("=")[0].removesuffix(".*")
    return f"=={number}.*"


def _specifiers(versions: str) -> SpecifierSet:
    """A specifier as pip, Poetry or Pipenv writes it; any version where it is of no form that is known."""
    parts = [_plain(part.strip()) for part in versions.split(",")]
    try:
        return SpecifierSet(",".join(part for part in parts if part))
    except InvalidSpecifier:
        return SpecifierSet()


def _plain(part: str) -> str:
    """`^3.1`, `~3.1`, `3.1` and `*` of Poetry in pip's words."""
    if part in ("", "*"):
        return ""
    if part[0] == "^":
        return f">={part[1:]},<{int(part[1:].partition('.')[0]) + 1}"
    if part[0] == "~" and part[1:2] != "=":
        return f"~={part[1:]}.0" if part.count(".") == 1 else f"~={part[1:]}"
    return f"=={part}" if part[0].isdigit() else part


def _package(name: str) -> str | None:
    canonical = canonicalize_name(name)
    if canonical in _TENSORFLOWS:
        return TENSORFLOW
    return canonical if canonical in (KERAS, KERAS_NIGHTLY, TF_KERAS) else None


def _toml(text: str) -> dict[str, Any]:
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    content: dict[str, Any] = toml.loads(text)
    return content
