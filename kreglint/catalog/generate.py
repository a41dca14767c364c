"""Write the catalog of an installed Keras: `python -m kreglint.catalog.generate --keras 2|3 [--check]`."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

from kreglint.catalog import introspection
from kreglint.catalog.layer_probes import LayerProbe
from kreglint.catalog.observation import PACKAGES, import_keras
from kreglint.catalog.value_probes import ValueProbe

DATA = Path(__file__).with_name("data")
_COMMAND = "python -m kreglint.catalog.generate --keras"


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


def text_of(data: dict[str, Any]) -> str:
    """The catalog as the file holds it."""
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


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


def check(path: Path, data: dict[str, Any]) -> int:
    """0 where the file holds this catalog; else 1, with a line on standard error that says what to do."""
    written = path.read_text(encoding="utf-8") if path.exists() else None
    if written == text_of(data):
        return 0
    reason = _difference(written, data["version"])
    print(f"{path.name} is not up to date: {reason}; run {_COMMAND} {data['major']}", file=sys.stderr)
    return 1


def _difference(written: str | None, installed: str) -> str:
    if written is None:
        return "it is missing"
    version = json.loads(written)["version"]
    return "its content differs" if version == installed else f"it is of {version}, installed is {installed}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kreglint.catalog.generate", description=__doc__)
    parser.add_argument("--keras", type=int, choices=sorted(PACKAGES), required=True, help="the major")
    parser.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        keras = import_keras(options.keras)
    except ImportError as error:
        print(f"expected {PACKAGES[options.keras]} and tensorflow to be installed: {error}", file=sys.stderr)
        return 2
    data = catalog(keras)
    path = DATA / f"keras{options.keras}.json"
    if options.check:
        return check(path, data)
    path.write_text(text_of(data), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
