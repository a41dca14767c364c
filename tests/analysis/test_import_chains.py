"""Imports that lead on: chains of re-exports, star imports and circles, held against Python's own import."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.engine.project import Files
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Const, Provenance

MODULES = ("a", "b", "c", "d")
NAMES = ("x", "y", "_z")
ABSENT = ("ext", "lib.core")  # modules without a file of the project, such as those of C
MOST_QUESTIONS = 20_000
HEAD = "from keras.layers import Dense\nfrom keras.regularizers import l2\n"
_number = count()


class Counted(Files):
    """The project's files, which are asked for only so often: an endless search ends in an error."""

    def __init__(self) -> None:
        super().__init__()
        found, self.questions = self.find, 0

        def find(module: str, importer: str) -> str | None:
            self.questions += 1
            assert self.questions < MOST_QUESTIONS, f"{module} from {importer}: the search does not end"
            return found(module, importer)

        self.find = find


@contextmanager
def package(files: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """A folder with a package of these modules, and the package's name, which no other has."""
    with TemporaryDirectory() as folder:
        name = f"chained{next(_number)}"
        place = Path(folder, name)
        for module, source in files.items():
            file = place / f"{module}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source.replace("PACKAGE", name))
        yield name, Path(folder)


def layers(main: str, folder: Path) -> tuple[LayerCall, ...]:
    return analyse(HEAD + main, str(folder / "main.py"), Project(Counted())).layers


def factor(layer: LayerCall) -> Const | None:
    """The λ that a layer's kernel regularizer is known to have."""
    argument = layer.keyword("kernel_regularizer")
    value = argument.value.arguments[0].value if argument is not None and argument.value.arguments else None
    return value if isinstance(value, Const) and value.provenance is not Provenance.UNKNOWN else None


def imports(modules: tuple[str, ...], names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A statement that imports a name, a module or all names from one of `modules`."""
    module, name = st.sampled_from(modules), st.sampled_from(names)
    return st.one_of(
        st.builds("from .{} import {}".format, module, name),
        st.builds("from .{} import {} as {}".format, module, name, name),
        st.builds("from PACKAGE.{} import {}".format, module, name),
        st.builds("from .{} import *".format, module),
        st.builds("from . import {}".format, module),
        st.builds("import PACKAGE.{}".format, module),
    )


@st.composite
def circles(draw: st.DrawFn) -> dict[str, str]:
    """Modules that may import one another, themselves, and modules that have no file."""
    names = (*NAMES, *MODULES, "ext")
    statements = imports((*MODULES, *ABSENT), names) | st.sampled_from(("x = 0.1", "__all__ = ['x', 'a']"))
    bodies = {module: draw(st.lists(statements, max_size=4)) for module in ("__init__", *MODULES)}
    return {module: "\n".join(body) + "\n" for module, body in bodies.items()}


@st.composite
def chains(draw: st.DrawFn) -> dict[str, str]:
    """Modules that import only later ones, so that every import finds its module complete, and all names first."""
    bodies: dict[str, list[str]] = {"__init__": []}
    for number, module in enumerate(MODULES):
        own = st.builds("{} = {}".format, st.sampled_from(NAMES), st.sampled_from((0.1, 0.2, 0.3, 0.4)))
        public = st.sampled_from(("__all__ = ['x']", "__all__ = ['y', '_z']"))
        later = MODULES[number + 1 :]
        statements = own | public | imports(later, NAMES) if later else own
        body = draw(st.lists(statements, min_size=1, max_size=4))
        bodies[module] = sorted(body, key=lambda statement: "import *" not in statement)
    return {module: "\n".join(body) + "\n" for module, body in bodies.items()}


class TestEnds:
    @given(files=circles(), name=st.sampled_from((*NAMES, *MODULES)), module=st.sampled_from(MODULES))
    @settings(deadline=None)
    def test_whatever_imports_whatever(self, files: dict[str, str], name: str, module: str):
        with package(files) as (pkg, folder):
            main = (
                f"from {pkg}.{module} import {name} as given\nimport {pkg}\n"
                f"Dense(1, kernel_regularizer=l2(given))\nDense(1, kernel_regularizer=l2({pkg}.{module}.{name}.x))\n"
            )
            assert len(layers(main, folder)) == 2

    @pytest.mark.parametrize(
        "files",
        [
            pytest.param({"__init__": "from .a import a\n"}, id="a name like its module that has no file"),
            pytest.param(
                {"__init__": "from .a import *\n", "a": "from PACKAGE import _ext\nfrom PACKAGE._ext import f\n"},
                id="a module of C that a star import is searched for",
            ),
            pytest.param(
                {
                    "__init__": "from ._u import *\nfrom .a import *\n",
                    "_u": "from ._f import *\n",
                    "a": "from PACKAGE import _f\nfrom PACKAGE._u import _f as _g\n",
                },
                id="a star import of what only a module of C has",
            ),
        ],
    )
    def test_a_path_that_would_grow_by_each_import(self, files):
        with package({"b": "", **files}) as (pkg, folder):
            main = f"import {pkg}\nfrom {pkg} import a, _f\nDense(1, kernel_regularizer=l2({pkg}.a.a.f(_f.x)))\n"
            assert len(layers(main, folder)) == 1

    def test_many_modules_that_each_import_all_names_of_all_others(self):
        modules = [f"m{number}" for number in range(14)]
        body = "".join(f"from .{module} import *\n" for module in modules)
        with package({"__init__": "", **dict.fromkeys(modules, body)}) as (pkg, folder):
            main = f"from {pkg}.m0 import decay\nDense(1, kernel_regularizer=l2(decay))\n"
            assert [factor(layer) for layer in layers(main, folder)] == [None]


class TestIsWhatPythonImports:
    @given(files=chains(), name=st.sampled_from(NAMES), module=st.sampled_from(MODULES))
    @settings(deadline=None)
    def test_a_known_value_is_the_one_that_runs(self, files: dict[str, str], name: str, module: str):
        with package(files) as (pkg, folder):
            found = layers(
                f"from {pkg}.{module} import {name} as given\nimport {pkg}.{module}\n"
                f"Dense(1, kernel_regularizer=l2(given))\nDense(1, kernel_regularizer=l2({pkg}.{module}.{name}))\n",
                folder,
            )
            known = [factor(layer) for layer in found]
            real = imported(f"{pkg}.{module}", name, folder)
            assert real is None or all(value is None or value.value == real for value in known)

    def test_a_chain_of_any_length(self):
        modules = {f"m{number}": f"from .m{number + 1} import decay\n" for number in range(20)}
        with package({"__init__": "", **modules, "m20": "decay = 0.25\n"}) as (pkg, folder):
            (layer,) = layers(f"from {pkg}.m0 import decay\nDense(1, kernel_regularizer=l2(decay))\n", folder)
            known = factor(layer)
            assert known is not None
            assert known.value == 0.25

    def test_a_star_import_leaves_private_names_and_those_out_of_all(self):
        files = {
            "a": "from .b import *\nfrom .c import *\n_z = 0.1\n",
            "b": "_z = y = 0.2\n",
            "c": "__all__ = ['x']\nx = 0.3\ny = 0.4\n",
        }
        with package({"__init__": "", **files}) as (pkg, folder):
            main = f"from {pkg}.a import _z, y\n" + "".join(
                f"Dense(1, kernel_regularizer=l2({name}))\n" for name in ("_z", "y")
            )
            assert [found and found.value for found in map(factor, layers(main, folder))] == [0.1, 0.2]
            assert [imported(f"{pkg}.a", name, folder) for name in ("_z", "y")] == [0.1, 0.2]


def imported(module: str, name: str, folder: Path) -> object | None:
    """What Python finds by a name in a module; None where the import fails."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        return getattr(importlib.import_module(module), name, None)
    except (ImportError, AttributeError):
        return None
    finally:
        sys.path.remove(str(folder))
        for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == module.partition(".")[0]]:
            del sys.modules[loaded]
