"""Check 6: the regularizers survive `from_config`, `clone_model` and being saved and loaded."""

from __future__ import annotations

import gc
import logging
import math
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kreglint.diagnostics import Severity
from kreglint.runtime import faults
from kreglint.runtime.derivatives import own_penalty
from kreglint.runtime.faults import fault
from kreglint.runtime.formulas import seeded
from kreglint.runtime.inputs import Batch, as_tensors
from kreglint.runtime.keras_objects import KerasObject, first_line, is_of_keras
from kreglint.runtime.live import Live, code_allowed
from kreglint.runtime.regularizers import asked
from kreglint.runtime.result import MATCH, MISMATCH, NOT_CHECKED, Check, Fault, NotChecked
from kreglint.runtime.slots import Slot, activity_slots, weight_slots
from kreglint.runtime.twins import twins

_Key = tuple[int, str, int]
_SOME = (2, 4)  # the shape of an output to try an activity regularizer on
_LARGE = 5_000_000  # weights of which no second copy shall linger


def check_survival(live: Live, batch: Batch | None) -> tuple[Check, list[Fault], list[NotChecked]]:
    """Try each way of copying a model, and tell why where the model does not support one.

    `batch` builds a copy that makes its weights when it is called.
    """
    slots = _acting(live)
    if not slots:
        return Check(NOT_CHECKED, "no regularizer acts"), [], []
    found: list[Fault] = []
    left: list[NotChecked] = []
    held = []
    for way, copied in _ways(live):
        try:
            lost = _lost_by(way, copied, slots, live, batch)
        except Exception as error:
            left.append(NotChecked(f"whether the regularizers survive {way}", first_line(error)))
            continue
        finally:
            _free(live)
        found += lost
        held += [] if lost else [way]
    if found:
        return Check(MISMATCH, "regularizers are lost or changed in a copy"), found, left
    if not held:
        return Check(NOT_CHECKED, "no way of copying the model works"), [], left
    return Check(MATCH, f"every regularizer survives {', '.join(held)}"), [], left


def _lost_by(
    way: str, copied: Callable[[], KerasObject], slots: dict[_Key, Slot], live: Live, batch: Batch | None
) -> list[Fault]:
    with _quiet():
        copy = Live(_built(copied(), live, batch))
        after = _acting(copy)
    return list(_lost(way, slots, after, (live, copy)))


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Keras, which warns that .h5 is old, and that a model that is loaded is not trained yet."""
    before = logging.root.manager.disable
    try:
        logging.disable(max(before, logging.WARNING))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _free(live: Live) -> None:
    """Free a copy of a model at once: it is held by cycles, which Python would find when it likes."""
    if sum(math.prod(each.shape) for each in live.model.weights) >= _LARGE:
        gc.collect()


def _ways(live: Live) -> Iterator[tuple[str, Callable[[], KerasObject]]]:
    model = live.model
    with live.keras.utils.custom_object_scope(_custom_objects(live)), code_allowed(live.keras):
        yield "from_config", lambda: type(model).from_config(model.get_config())
        if live.is_graph:
            yield "clone_model", partial(live.keras.models.clone_model, model)
        for ending in (".keras", ".h5") if live.major == 2 else (".keras",):
            yield f"saving as {ending}", partial(_saved, live, ending)


def _custom_objects(live: Live) -> dict[str, type]:
    """Return what a user has to name to Keras: the layer classes that it does not find by itself.

    A class of Keras in this scope would hide what else Keras calls so, as the layer `Add` hides the operation.
    """
    kinds = {type(node.layer) for node in live.nodes}
    return {each.__name__: each for each in kinds if not _is_found(each, live)}


def _is_found(kind: type, live: Live) -> bool:
    if not is_of_keras(kind):
        return bool(live.keras.utils.get_registered_name(kind) != kind.__name__)
    if live.major == 3:
        return True
    try:  # Keras 2 has classes that it does not know by name, as SpectralNormalization; it gives the name back
        return not isinstance(live.keras.layers.deserialize({"class_name": kind.__name__, "config": {}}), str)
    except Exception as error:  # what it knows may want arguments
        return "Unknown" not in first_line(error)


def _saved(live: Live, ending: str) -> KerasObject:
    with tempfile.TemporaryDirectory(prefix="kreglint-") as folder:
        path = str(Path(folder) / f"model{ending}")
        live.model.save(path)
        return live.keras.models.load_model(path, compile=False, safe_mode=False)


def _built(copy: KerasObject, live: Live, batch: Batch | None) -> KerasObject:
    if batch is not None:
        copy(as_tensors(batch.x, live))
    elif not copy.built and getattr(live.model, "get_build_config", None):
        copy.build_from_config(live.model.get_build_config())
    return copy


def _acting(live: Live) -> dict[_Key, Slot]:
    """Return the slots whose regularizer acts, by layer and attribute.

    Weights have no lasting names: they are counted.
    """
    found: dict[_Key, Slot] = {}
    met: Counter[tuple[int, str]] = Counter()
    for slot in (*weight_slots(live), *activity_slots(live)):
        node, attribute = place = id(slot.node), slot.attribute or ""
        if slot.is_activity or _acts(slot, live):
            found[node, attribute, met[place]] = slot
        met[place] += 1
    return found


def _acts(slot: Slot, live: Live) -> bool:
    return slot.acting is not None and asked(slot.configured, live.keras) == asked(slot.acting, live.keras)


def _lost(way: str, slots: dict[_Key, Slot], after: dict[_Key, Slot], both: tuple[Live, Live]) -> Iterator[Fault]:
    live, copy = both
    twin = twins(live.nodes, copy.nodes)
    for (node, attribute, index), slot in slots.items():
        other = twin.get(node)
        there = None if other is None else after.get((id(other), attribute, index))
        before, now = _label(slot, live), None if there is None else _label(there, copy)
        weaker = _changed_value(slot, there, both) if now == before else ""
        if now != before or weaker:
            became = weaker or (f"becomes {now}" if now else "is lost")
            text = f"{slot.node.name!r} ({slot.node.kind}) {slot.what}: {before} {became} by {way}"
            yield fault(faults.LOST_ON_SAVE, text, slot, Severity.WARNING)


def _changed_value(slot: Slot, there: Slot | None, both: tuple[Live, Live]) -> str:
    """Two regularizers of the user's own are told apart by what they give for the same weights, where that is sure."""
    live, copy = both
    one, other = (None if each is None else each.acting or each.configured for each in (slot, there))
    if asked(one, live.keras).kind != "custom":
        return ""
    weights = seeded(_SOME if slot.variable is None else tuple(slot.variable.shape), 0)
    before, again = own_penalty(one, weights, live), own_penalty(one, weights, live)
    now = own_penalty(other, weights, copy)
    if before is None or now is None or before != again or math.isclose(before, now, rel_tol=1e-5, abs_tol=1e-12):
        return ""
    return f"gives {now:.6g} in place of {before:.6g} for the same weights, changed"


def _label(slot: Slot, live: Live) -> str:
    return asked(slot.acting or slot.configured, live.keras).label
