"""Write the catalogs of Keras 1.2 and 2.3: `python -m tools.catalog.derive SURVEY`.

Their Python is too old for the generator. SURVEY is a JSON file with the signatures of their layers, as `inspect`
showed them on Theano: {"versions": {"keras-2.3.1": {"version", "layers": {name: {"class", "params",
"regularizers", "regularizers_via_kwargs"}}}}}. What values do is written here as Keras 2.3.1 was seen to do it;
where it was not tried, it is what tf_keras does.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kreglint.catalog.storage import read
from kreglint.versions import Version, newest
from tools.catalog.writing import write

_SURVEYED = {Version(1, 2): "keras-1.2.2", Version(2, 3): "keras-2.3.1"}
_CONVERTED = {"W_regularizer", "b_regularizer", "U_regularizer"}  # most layers take them, with a warning
_NOT_A_FLOAT = {"stage": "constructor", "subject": "regularizer", "exception": "TypeError"}
_UNKNOWN = {"stage": "constructor", "exception": "ValueError", "message": "Unknown regularizer: {value}"}
_NAN = {"stage": "none", "silent": True, "kind": "L1L2"}
_HUNDREDTH, _ONE = ({"stage": "none", "kind": "L1L2", "l2": l2, "penalty": 30 * l2} for l2 in (0.01, 1.0))

# Every factor goes through float() or NumPy, and none is refused for its value.
_FACTORS = {
    **dict.fromkeys(("complex", "dict", "callable", "set"), _NOT_A_FLOAT),
    **dict.fromkeys(("none", "L1L2:none", "nan", "inf"), _NAN),
    **dict.fromkeys(("bytes", "Decimal", "Fraction", "np.float16", "np.float32", "str"), _HUNDREDTH),
    **dict.fromkeys(("np.bool", "np.int32", "np.int64"), _ONE),
}
_NOT_TRIED = ("list", "np.array", "tensor", "tuple", "variable", "OrthogonalRegularizer:none")
_STRINGS = ("activation_identifier", "call_text", "constraint_identifier", "empty_str", "initializer_identifier")


def derived(version: Version, survey: Mapping[str, Any]) -> dict[str, Any]:
    """The catalog of Keras 1.2 or 2.3, from its survey and that of tf_keras."""
    base = read(newest(2))
    layers = _layers(survey["layers"], {} if version.major == 1 else base["layers"])
    keywords = {keyword for record in layers.values() for keyword in record["regularizers"]}
    if version.major > 1:
        keywords -= _CONVERTED
    paths = [f"layers.{name}" for name in survey["layers"]]
    paths += [f"regularizers.{name}" for name in survey["regularizers_module"]]
    return base | {
        "package": "keras",
        "version": survey["version"],
        "major": version.major,
        "backend": "theano 1.0.5",
        "layers": layers,
        "unprobed": {},
        "regularizer_keywords": sorted(keywords),
        "module_paths": sorted(paths),
        "identifiers": {name: _identifier(record) for name, record in _named(base["regularizers"], version).items()},
        "regularizers": _named(base["regularizers"], version),
        **_values(base),
    }


def _values(base: Mapping[str, Any]) -> dict[str, Any]:
    factors = {kind: outcome for kind, outcome in base["factors"].items() if kind not in _NOT_TRIED}
    return {
        "unknown_identifier": _UNKNOWN,
        "factors": factors | _FACTORS,
        "not_a_regularizer": base["not_a_regularizer"] | dict.fromkeys(_STRINGS, _UNKNOWN),
        "uncalled": {},
    }


def _named(base: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """The regularizers by name. `l1` and `l2` give an L1L2, and call their only parameter `l`."""
    single = {name: base[name] | {"kind": "L1L2", "l1": 0.0, "l2": 0.0, name: 0.01} for name in ("l1", "l2")}
    if version.major > 1:
        return {name: base[name] for name in ("L1L2", "Regularizer", "l1_l2")} | single
    classes = ("ActivityRegularizer", "L1L2Regularizer", "WeightRegularizer")
    both = dict.fromkeys(("l1l2", "activity_l1l2"), base["l1_l2"])
    return single | both | {f"activity_{k}": v for k, v in single.items()} | dict.fromkeys(classes, base["L1L2"])


def _identifier(record: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("kind", "l1", "l2", "factor")
    return {"trains": True} | {key: value for key, value in record.items() if key in kept}


def _layers(survey: Mapping[str, Any], probed: Mapping[str, Any]) -> dict[str, Any]:
    names = defaultdict(list)
    for name, record in survey.items():
        own = record["class"].rpartition(".")[2]
        names[own if own in survey else name].append(name)
    return {own: _layer(own, sorted(set(every)), survey[own], probed) for own, every in names.items()}


def _layer(name: str, names: list[str], record: Mapping[str, Any], probed: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [parameter for parameter in record["params"] if not parameter.startswith("*")]
    known = probed.get(name, {"regularizers": {}, "signature": {"defaults": {}, "required": []}, "has_weights": None})
    ignored = record.get("regularizers_via_kwargs", ())
    signature = {
        "names": parameters,
        "keyword_only": [k for k, given in record["regularizers"].items() if given["index"] is None],
        "required": [p for p in known["signature"]["required"] if p in parameters],
        "defaults": {p: d for p, d in known["signature"]["defaults"].items() if p in parameters},
    }
    return {
        "aliases": [alias for alias in names if alias != name],
        "exports": [f"keras.layers.{each}" for each in names],
        "module": record["class"].rpartition(".")[0],
        "signature": signature,
        "regularizers": {k: known["regularizers"].get(k, _not_probed()) for k in record["regularizers"]},
        "undeclared": {"usual": "TypeError", "others": dict.fromkeys(ignored, "ignored")},
        "has_weights": bool(record["regularizers"]) if known["has_weights"] is None else known["has_weights"],
    }


def _not_probed() -> dict[str, Any]:
    return {"effect": "unknown", "weights": [], "terms": 0, "ranks": [], "switch": None}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("expected the path of a survey, received " + " ".join(arguments), file=sys.stderr)
        return 2
    surveys = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))["versions"]
    for version, name in _SURVEYED.items():
        write(version, derived(version, surveys[name]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
