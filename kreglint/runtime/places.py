"""Where in the source each layer was constructed.

Keras does not note it. A process that is to build a model watches for Keras' base layer class to be imported and lets
its constructor note the line of the program that was running; a model that was made before has no places.
"""

from __future__ import annotations

import inspect
import linecache
import os
import sys
import weakref
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from itertools import islice
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING

from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.result import Place

if TYPE_CHECKING:
    from kreglint.runtime.live import LayerNode

_BASE_CLASS_MODULES = ("keras.src.layers.layer", "keras.src.engine.base_layer", "tf_keras.src.engine.base_layer")
_OWN_PACKAGES = ("keras", "tf_keras", "tensorflow", "kreglint")
_PLACES: weakref.WeakKeyDictionary[KerasObject, Place] = weakref.WeakKeyDictionary()


def place_of(node: LayerNode) -> Place | None:
    """Return where a layer was constructed, or, for one that Keras made inside another, where that was."""
    found = _PLACES.get(node.layer)
    return found if found is not None or node.parent is None else place_of(node.parent)


def watch() -> None:
    """Note the places of all layers that are constructed from here on. Call it before Keras is imported."""
    sys.meta_path.insert(0, _Watcher())


class _Watcher(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in _BASE_CLASS_MODULES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _WatchingLoader(spec.loader)
        return spec


class _WatchingLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _note_constructions(module.__dict__["Layer"])


def _note_constructions(layer_class: KerasObject) -> None:
    """Note constructions by `__new__`: Keras reads the signature of `__init__`, which has to stay."""
    make = layer_class.__new__

    def noting(kind: type, *arguments: object, **keywords: object) -> KerasObject:
        made = make(kind) if make is object.__new__ else make(kind, *arguments, **keywords)
        place = _constructing_line(sys._getframe(1))  # noqa: SLF001  a traceback would cost every layer more
        if place is not None:
            _PLACES[made] = place
        return made

    layer_class.__new__ = noting


def _constructing_line(frame: FrameType | None) -> Place | None:
    """Return the innermost line of the user's program."""
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package not in _OWN_PACKAGES and Path(frame.f_code.co_filename).is_file():
            return _place(frame)
        frame = frame.f_back
    return None


def _place(frame: FrameType) -> Place:
    """Return the call that a frame is at.

    Its line alone before Python 3.11, and where the code has lost its columns.
    """
    filename = frame.f_code.co_filename
    shown = _shown(filename)
    positions: KerasObject = getattr(frame.f_code, "co_positions", tuple)()
    row, end_row, column, end_column = next(islice(positions, frame.f_lasti // 2, None), (None,) * 4)
    if row is None or end_row is None or column is None or end_column is None:
        return Place(shown, frame.f_lineno)
    return Place(shown, row, _characters(filename, row, column), end_row, _characters(filename, end_row, end_column))


def _characters(filename: str, row: int, column: int) -> int:
    """Return a column as people count it, from one of Python's code, which is of UTF-8's bytes and from 0."""
    line = linecache.getline(filename, row)
    return len(line.encode()[:column].decode(errors="replace")) + 1 if line else column + 1


def _shown(filename: str) -> str:
    relative = os.path.relpath(filename)
    return filename if relative.startswith(os.pardir) else relative


def place_of_function(function: KerasObject) -> Place | None:
    """Return where a function of the user's own begins; None for one of Keras or without a file."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None or str(getattr(function, "__module__", "")).partition(".")[0] in _OWN_PACKAGES:
        return None
    return Place(_shown(code.co_filename), code.co_firstlineno) if Path(code.co_filename).is_file() else None
