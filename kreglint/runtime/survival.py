"""Check 6: the regularizers survive `from_config`, `clone_model` and being saved and loaded."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.faults import fault
from kreglint.runtime.keras_objects import KerasObject, first_line
from kreglint.runtime.live import LayerNode, Live
from kreglint.runtime.regularizers import asked
from kreglint.runtime.result import MATCH, MISMATCH, NOT_CHECKED, Check, Fault, NotChecked
from kreglint.runtime.slots import Slot, activity_slots, weight_slots

_Survivors = dict[tuple[str, str], str]


def check_survival(live: Live) -> tuple[Check, list[Fault], list[NotChecked]]:
    """Each way of copying a model is tried; of one that the model does not support it is told why."""
    slots = {_key(slot): slot for slot in _acting(live)}
    if not slots:
        return Check(NOT_CHECKED, "no regularizer acts"), [], []
    found: list[Fault] = []
    left: list[NotChecked] = []
    held = []
    for way, copied in _ways(live):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Keras finds .h5 old
                after = _labels(Live(copied()))
        except Exception as error:
            why = first_line(error)
            left.append(NotChecked(f"whether the regularizers survive {way}", why))
            continue
        lost = _lost(way, slots, after, live)
        found += lost
        held += [] if lost else [way]
    if found:
        return Check(MISMATCH, "regularizers are lost or changed in a copy"), found, left
    if not held:
        return Check(NOT_CHECKED, "no way of copying the model works"), [], left
    return Check(MATCH, f"every regularizer survives {', '.join(held)}"), [], left


def _acting(live: Live) -> Iterator[Slot]:
    for slot in weight_slots(live):
        if slot.acting is not None and asked(slot.configured, live.keras) == asked(slot.acting, live.keras):
            yield slot
    yield from activity_slots(live)


def _ways(live: Live) -> Iterator[tuple[str, Callable[[], KerasObject]]]:
    model = live.model
    custom = {node.kind: type(node.layer) for node in live.nodes}
    with live.keras.utils.custom_object_scope(custom):
        yield "from_config", partial(_rebuilt, live)
        if (
            getattr(model, "_is_graph_network", False)
            or live.keras.Sequential in type(model).__mro__
            or _functional(live)
        ):
            yield "clone_model", partial(live.keras.models.clone_model, model)
        for ending in (".keras", ".h5") if live.major == 2 else (".keras",):
            yield f"saving as {ending}", partial(_saved, live, ending)


def _functional(live: Live) -> bool:
    return live.major == 3 and any(kind.__name__ == "Functional" for kind in type(live.model).__mro__)


def _rebuilt(live: Live) -> KerasObject:
    copy = type(live.model).from_config(live.model.get_config())
    if not copy.built and getattr(live.model, "get_build_config", None):
        copy.build_from_config(live.model.get_build_config())
    return copy


def _saved(live: Live, ending: str) -> KerasObject:
    with tempfile.TemporaryDirectory(prefix="kreglint-") as folder:
        path = str(Path(folder) / f"model{ending}")
        live.model.save(path)
        return live.keras.models.load_model(path, compile=False)


def _labels(live: Live) -> _Survivors:
    return {_key(slot): asked(slot.acting or slot.configured, live.keras).label for slot in _acting(live)}


def _key(slot: Slot) -> tuple[str, str]:
    """A slot's layer and weight by name, without the model's own name, which a copy may have another."""
    return "/".join(_names(slot.node)), slot.what


def _names(node: LayerNode) -> Iterator[str]:
    if node.parent is not None:
        yield from _names(node.parent)
        yield node.name


def _lost(way: str, slots: dict[tuple[str, str], Slot], after: _Survivors, live: Live) -> list[Fault]:
    found = []
    for key, slot in slots.items():
        before = asked(slot.acting or slot.configured, live.keras).label
        if after.get(key) == before:
            continue
        became = f"becomes {after[key]}" if key in after else "is lost"
        text = f"{slot.node.name!r} ({slot.node.kind}) {slot.what}: {before} {became} by {way}"
        found.append(fault(faults.LOST_ON_SAVE, text, slot, Severity.WARNING))
    return found
