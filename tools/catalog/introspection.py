"""What an installed Keras declares: its public paths, layer classes, names and signatures."""

from __future__ import annotations

import inspect
import math
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from kreglint.catalog.storage import JsonValue
from tools.catalog.observation import KerasObject

_ACCESSORS = frozenset({"get", "serialize", "deserialize"})
_NOT_PUBLIC = frozenset({"src", "api"})
_JSON_SCALARS = (bool, int, str)


def public_members(module: ModuleType, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every public object below a module with its dotted path, submodules included."""
    for name in dir(module):
        if name.startswith("_") or name in _NOT_PUBLIC:
            continue
        member = getattr(module, name)
        member_path = f"{path}.{name}" if path else name
        if not inspect.ismodule(member):
            yield member_path, member
        elif member.__name__.startswith(module.__name__ + "."):
            yield member_path, member
            yield from public_members(member, member_path)


def layer_classes(keras: ModuleType, members: list[tuple[str, Any]]) -> dict[type, list[str]]:
    """The public layer classes with their public paths, those below `layers` first."""
    found: dict[type, list[str]] = defaultdict(list)
    for path, member in members:
        if inspect.isclass(member) and issubclass(member, keras.layers.Layer):
            found[member].append(path)
    return {
        layer: sorted(paths, key=lambda path: (not path.startswith("layers."), path.count("."), path))
        for layer, paths in found.items()
        if any(path.startswith("layers.") for path in paths)
    }


def canonical_name(layer: type, paths: list[str]) -> str:
    """The class's own name where it is exported under it, else the name of its first path."""
    names = [path.rpartition(".")[2] for path in paths]
    return layer.__name__ if layer.__name__ in names else names[0]


def names_exported_by(module: ModuleType) -> list[str]:
    """The classes and functions that a module such as `constraints` offers, without its accessors."""
    return sorted(
        name
        for name in dir(module)
        if not name.startswith("_") and name not in _ACCESSORS and callable(getattr(module, name))
    )


def signature(constructor: KerasObject) -> dict[str, Any]:
    """The parameters of a class or function: names in order, keyword-only ones, defaults with a JSON form."""
    parameters = _named_parameters(constructor)
    defaults = {parameter.name: _json_default(parameter.default) for parameter in parameters}
    return {
        "names": [parameter.name for parameter in parameters],
        "keyword_only": [p.name for p in parameters if p.kind is p.KEYWORD_ONLY],
        "required": [p.name for p in parameters if p.default is p.empty],
        "defaults": {name: default for name, default in defaults.items() if default is not None},
    }


def boolean_parameters(callable_class: type) -> dict[str, bool]:
    """Constructor parameters whose default is True or False."""
    parameters = _named_parameters(callable_class)
    return {p.name: p.default for p in parameters if isinstance(p.default, bool)}


def declared_regularizers(callable_class: type) -> list[str]:
    """The constructor's `*_regularizer` parameters, in order."""
    return [p.name for p in _named_parameters(callable_class) if p.name.endswith("_regularizer")]


def _named_parameters(constructor: KerasObject) -> list[inspect.Parameter]:
    """The parameters that have a name of their own, without a class's self."""
    if not inspect.isclass(constructor):
        parameters = list(inspect.signature(constructor).parameters.values())
    elif constructor.__init__ is object.__init__:
        return []
    else:
        parameters = list(inspect.signature(inspect.unwrap(constructor.__init__)).parameters.values())[1:]
    return [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _json_default(default: object) -> JsonValue:
    """The default as JSON has it; None where it has no such form."""
    if isinstance(default, _JSON_SCALARS):
        return default
    if isinstance(default, float) and math.isfinite(default):
        return default
    if isinstance(default, tuple | list):
        items = [_json_default(item) for item in default]
        return None if None in items else items
    return None
