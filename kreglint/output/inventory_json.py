"""`report --output-format json`: every layer call with its regularizers, and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from kreglint.inventory import Alternative, LayerEntry, Place, RegularizerEntry
from kreglint.output.inventory_summary import finite, summarised
from kreglint.output.json_shape import JsonObject, cell_object, dumped, location_object

SCHEMA = 2


def render(layers: Sequence[LayerEntry], files: int, version: str, *, targets: Iterable[str] = ()) -> Iterator[str]:
    """Yield the whole report; `version` is kreglint's own, `targets` are those of Keras by which it judges."""
    yield dumped(
        {
            "schema": SCHEMA,
            "kreglint": version,
            "targets": list(targets),
            "layers": [_layer_object(layer) for layer in layers],
            "summary": asdict(summarised(layers, files)),
        }
    )


def _layer_object(layer: LayerEntry) -> JsonObject:
    return {
        "entry": layer.entry,
        **place_of_layer(layer),
        "regularizers": [regularizer_object(entry) for entry in layer.regularizers],
    }


def place_of_layer(layer: LayerEntry) -> JsonObject:
    return {
        "filename": layer.filename,
        "cell": layer.cell,
        **({} if layer.code_cell is None else {"code_cell": layer.code_cell}),
        "location": location_object(layer.location),
        "end_location": location_object(layer.end_location),
        "layer": layer.layer,
        "canonical": layer.canonical,
        "name": layer.name,
        "scope": layer.scope,
    }


def regularizer_object(entry: RegularizerEntry) -> JsonObject:
    return {
        "argument": entry.argument,
        "location": location_object(entry.location),
        "end_location": location_object(entry.end_location),
        "source": entry.source,
        **_value_object(entry),
        "effect": entry.effect or {each.version: each.effect for each in entry.effects},
        "resolution": entry.resolution,
        "reason": entry.reason,
        "alternatives": [
            {**_value_object(alternative), "location": location_object(alternative.location)}
            for alternative in entry.alternatives
        ],
        "origin": [_place_object(place) for place in entry.origin],
    }


def _place_object(place: Place) -> JsonObject:
    return {"filename": place.filename, **cell_object(place.cell), "location": location_object(place.location)}


def _value_object(value: RegularizerEntry | Alternative) -> JsonObject:
    return {
        "kind": value.kind,
        "l1": finite(value.l1),
        "l2": finite(value.l2),
        "factor": finite(value.factor),
    }
