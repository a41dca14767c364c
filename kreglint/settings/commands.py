"""What a program says itself of the packages that it runs with: what its cells install, and PEP 723's metadata."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from kreglint.versions import BACKENDS_OF_KERAS_3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.settings.detected import Detected

_INSTALLS = re.compile(
    r"[%!\s]*(?:[\w./{}-]+ +-m +)?(?:uv +)?(?P<tool>pip[\d.]*|conda|mamba|micromamba) +(?:install|add)\b(?P<rest>.*)"
)
_TENSORFLOW_1 = re.compile(r"%?tensorflow_version +1(?:\.x)?\s*")  # 2.x is whatever Colab has
_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS *[= ] *[\"']?(?:1|true)\b", re.IGNORECASE)
_BACKEND = re.compile(r"KERAS_BACKEND *[= ] *[\"']?(?P<name>[a-z]+)")
_PARTS = re.compile(r"&&|\|\||[;|\r\n]")
_WITH_A_VALUE = frozenset(
    "-r --requirement -c --constraint -e --editable -f --find-links -i --index-url --extra-index-url -t --target "
    "--prefix --root --python --platform -n --name -p --channel".split()
)
_CONDA = re.compile(r"([\w.-]+)=([\d.]+)(?:=\w+)?")
_SCRIPT = re.compile(r"^# /// script[ \t]*\r?\n(?P<lines>(?:^#(?: [^\r\n]*)?\r?\n)+?)^# ///[ \t]*$", re.MULTILINE)
_MAGIC = re.compile(r"^# MAGIC[ \t]+([^\r\n]*)", re.MULTILINE)
# What a notebook runs, as a script of it says: Colab comments on its magics, and jupytext names itself in the header.
_COMMENTED = (
    (re.compile(r"^# Commented out IPython magic ", re.MULTILINE), re.compile(r"^# +(%[^\r\n]*)", re.MULTILINE)),
    (re.compile(r"^# +jupytext:", re.MULTILINE), re.compile(r"^[ \t]*# ([%!]\w[^\r\n]*)", re.MULTILINE)),
)
_KERNEL = re.compile(r"tensorflow[ _-]*(?P<version>[12]\.\d+)", re.IGNORECASE)


def told_by(commands: Sequence[str], text: str, kernel: str = "") -> Detected | None:
    """Return the versions of Keras that a program asks for itself; None where it does not say.

    `commands` are what only IPython or a shell reads of it, and `kernel` the name that a notebook's kernel has.
    """
    commands = (*commands, *_of_databricks(text), *_commented(text))
    wanted = [*_installed(commands), *_of_script(text)] or list(_of_backend(commands))
    legacy = any(map(_LEGACY.search, commands))
    if not wanted and not legacy:
        found = _KERNEL.search(kernel)
        wanted = [f"tensorflow=={found['version']}.*"] if found is not None else []
    if not wanted and not legacy:
        return None
    from kreglint.settings.allowed import allowed
    from kreglint.settings.declarations import required

    return allowed([required("this file", wanted, legacy=legacy)])


def _installed(commands: Iterable[str]) -> Iterator[str]:
    """Yield the requirements of `pip install` and its like, and of `%tensorflow_version`."""
    for command in commands:
        for part in _PARTS.split(command):
            install = _INSTALLS.match(part)
            if _TENSORFLOW_1.fullmatch(part.strip()) is not None:
                yield "tensorflow==1.*"
            elif install is not None:
                named = _arguments(install["rest"])
                yield from map(_as_pip_writes_it, named) if "pip" not in install["tool"] else named


def _of_backend(commands: Iterable[str]) -> Iterator[str]:
    """Yield that it is Keras 3 if a command sets a backend in the environment that no Keras 2 has."""
    names = (found["name"] for command in commands for found in _BACKEND.finditer(command))
    if not BACKENDS_OF_KERAS_3.isdisjoint(names):
        yield "keras>=3"


def _of_databricks(text: str) -> list[str]:
    """Return the commands of a notebook that Databricks keeps as a script: comments behind `# MAGIC`."""
    return _MAGIC.findall(text) if text.startswith("# Databricks notebook source") else []


def _commented(text: str) -> list[str]:
    """Return the magics that a script of a notebook has as comments."""
    return [magic for sign, magics in _COMMENTED if sign.search(text) for magic in magics.findall(text)]


def _arguments(written: str) -> Iterator[str]:
    """Yield the arguments of a command, without its options."""
    try:
        words = iter(shlex.split(written, comments=True))
    except ValueError:  # a quotation that does not end
        return
    for word in words:
        if word in _WITH_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            yield word


def _as_pip_writes_it(requirement: str) -> str:
    found = _CONDA.fullmatch(requirement)
    return f"{found[1]}=={found[2].rstrip('.')}.*" if found is not None else requirement


def _of_script(text: str) -> Iterator[str]:
    """Yield the dependencies of a script (PEP 723)."""
    found = _SCRIPT.search(text) if "# /// script" in text else None
    if found is None:
        return
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        content = toml.loads("\n".join(line[2:] for line in found["lines"].splitlines()))
    except ValueError:
        return
    dependencies = content.get("dependencies")
    yield from (each for each in dependencies if isinstance(each, str)) if isinstance(dependencies, list) else ()
