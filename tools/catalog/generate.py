"""Write the catalog of an installed Keras: `python -m tools.catalog.generate --keras 2|3|X.Y [--check]`."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

from kreglint.catalog.storage import DATA, path_of, read
from kreglint.versions import Version, newest, parse
from tools.catalog import introspection
from tools.catalog.layer_probes import LayerProbe
from tools.catalog.observation import import_keras, package_of
from tools.catalog.value_probes import ValueProbe
from tools.catalog.writing import text_of, write

_COMMAND = "python -m tools.catalog.generate --keras"


def catalog(keras: ModuleType) -> dict[str, Any]:
    """Everything the catalog holds of an imported Keras."""
    members = list(introspection.public_members(keras))
    return {
        "package": keras.__name__,
        "version": keras.__version__,
        "major": int(keras.__version__.partition(".")[0]),
        "backend": f"tensorflow {importlib.import_module('tensorflow').__version__}",
        "constraint_names": introspection.names_exported_by(keras.constraints),
        "initializer_names": introspection.names_exported_by(keras.initializers),
        "module_paths": sorted(path for path, _ in members),
        **_layers(keras, members),
        **_values(keras),
    }


def _layers(keras: ModuleType, members: list[tuple[str, Any]]) -> dict[str, Any]:
    classes = introspection.layer_classes(keras, members)
    keywords = {keyword for layer in classes for keyword in introspection.declared_regularizers(layer)}
    records, unprobed = {}, {}
    for layer, paths in classes.items():
        name = introspection.canonical_name(layer, paths)
        names = {path.rpartition(".")[2] for path in paths}
        probe = LayerProbe(keras, name, layer)
        if probe.unprobed:
            unprobed[name] = probe.unprobed
        records[name] = {
            "aliases": sorted(names - {name}),
            "exports": [f"keras.{path}" for path in paths],
            "module": layer.__module__,
            "signature": introspection.signature(layer),
            **probe.record(keywords),
        }
    return {"layers": records, "unprobed": unprobed, "regularizer_keywords": sorted(keywords)}


def _values(keras: ModuleType) -> dict[str, Any]:
    probe = ValueProbe(keras)
    return {
        "identifiers": probe.identifiers(),
        "unknown_identifier": probe.unknown_identifier(),
        "regularizers": probe.regularizer_classes(),
        "uncalled": probe.uncalled(),
        "not_a_regularizer": probe.not_a_regularizer(),
        "factors": probe.factors(),
        "constraint_identifiers": probe.constraint_identifiers(),
        "initializer_identifiers": probe.initializer_identifiers(),
        "activation_identifiers": probe.activation_identifiers(),
    }


def check(version: Version, data: dict[str, Any], folder: Path = DATA) -> int:
    """0 where the committed catalog is this one; else 1, with a line on standard error that says what to do."""
    written = read(version, folder) if path_of(version, folder).exists() else None
    if written is not None and text_of(written) == text_of(data):
        return 0
    reason = _difference(written, data["version"])
    print(f"{path_of(version).name} is not up to date: {reason}; run {_COMMAND} {_named(version)}", file=sys.stderr)
    return 1


def _difference(written: dict[str, Any] | None, installed: str) -> str:
    if written is None:
        return "it is missing"
    version = written["version"]
    return "its content differs" if version == installed else f"it is of {version}, installed is {installed}"


def _named(version: Version) -> str:
    return str(version.major if version == newest(version.major) else version)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.catalog.generate", description=__doc__)
    parser.add_argument("--keras", type=_version, required=True, help="a major for its newest version, or 3.5")
    parser.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        keras = import_keras(options.keras)
    except ImportError as error:
        print(f"expected {package_of(options.keras)} and tensorflow to be installed: {error}", file=sys.stderr)
        return 2
    return _check_or_write(keras, options.keras, compare=options.check)


def _check_or_write(keras: ModuleType, version: Version, *, compare: bool) -> int:
    installed = parse(keras.__version__)
    if installed != version and version != newest(version.major):
        print(f"expected Keras {version} to be installed, found {installed}", file=sys.stderr)
        return 2
    data = catalog(keras)
    if compare:
        return check(version, data)
    write(version, data)
    return 0


def _version(text: str) -> Version:
    try:
        return parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
