"""Which regularizers a model is configured with, and which of its weights Keras holds them for.

A layer's attribute says what was asked for (`layer.kernel_regularizer`); what Keras acts on is tied to the weight, by
Keras 3 as `variable.regularizer`, by Keras 2 in a function among the layer's losses. Where the two differ is where
penalties go missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kreglint.runtime.keras_objects import KerasObject
from kreglint.runtime.live import LayerNode, Live, bound_penalty, variable_name
from kreglint.runtime.regularizers import same

_SUFFIX = "regularizer"
_BOOKKEEPING = ("captured_weight_regularizer",)  # a list that every layer of Keras 2 has
ACTIVITY = "activity_regularizer"


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """One regularizer of one layer.

    `attribute` is where it was asked for, None where only the weight has it; `configured` is what was asked for;
    `variable` is the weight, None where there is none; `acting` is what Keras holds for the weight.
    """

    node: LayerNode
    attribute: str | None
    configured: KerasObject
    variable: KerasObject | None = None
    acting: KerasObject | None = None

    @property
    def what(self) -> str:
        """What is regularized, by name: the weight, or what the attribute's name says of it."""
        if self.variable is not None:
            return variable_name(self.variable)
        return _stem(self.attribute or "") or "weights"

    @property
    def is_activity(self) -> bool:
        return self.attribute == ACTIVITY

    @property
    def asked_as(self) -> str:
        return self.attribute or f"the regularizer of {self.what}"


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """A weight with the regularizer that Keras holds for it."""

    variable: KerasObject
    regularizer: KerasObject


def weight_slots(live: Live) -> list[Slot]:
    """Return every regularizer of a weight, in the order of the layers.

    A weight that several layers hold has one penalty.
    """
    held = {id(node): list(_held(node, live)) for node in live.nodes}
    slots = [slot for node in live.nodes for slot in _LayerSlots(node, live, held).slots()]
    sharing: dict[int, list[Slot]] = {}
    for slot in slots:
        sharing.setdefault(id(slot.variable), []).append(slot)
    first = {key: _owner(each, live) for key, each in sharing.items()}
    found = (slot if slot.variable is None else _beside(first[id(slot.variable)], slot, live) for slot in slots)
    return [slot for slot in found if slot is not None]


def _owner(sharing: list[Slot], live: Live) -> Slot:
    """Return, of the slots of one weight, that of the layer that asked for what Keras holds, else the innermost."""

    def nearness(slot: Slot) -> tuple[bool, bool, int]:
        asked_for = slot.attribute is not None and slot.acting is not None
        return (asked_for and same(slot.configured, slot.acting, live.keras), asked_for, slot.node.depth)

    return max(sharing, key=nearness)


def _beside(owner: Slot, slot: Slot, live: Live) -> Slot | None:
    """Return what another layer's slot of the same weight is: nothing, or a regularizer that acts on no weight."""
    if slot is owner:
        return slot
    held = owner.configured if owner.acting is None else owner.acting
    if slot.attribute is None or same(slot.configured, held, live.keras):
        return None
    return Slot(slot.node, slot.attribute, slot.configured)


def activity_slots(live: Live) -> list[Slot]:
    """Return every activity regularizer of a layer."""
    found = ((node, getattr(node.layer, ACTIVITY, None)) for node in live.nodes)
    return [Slot(node, ACTIVITY, regularizer) for node, regularizer in found if regularizer is not None]


def misplaced(live: Live) -> list[Slot]:
    """Return the regularizers where a layer wants something else, as in `Dense(4, activation=L2())`."""
    kind = live.keras.regularizers.Regularizer
    return [
        Slot(node, name, value)
        for node in live.nodes
        for name, value in vars(node.layer).items()
        if isinstance(value, kind) and name.lstrip("_") in ("activation", "recurrent_activation", "use_bias")
    ]


class _LayerSlots:
    """Pairs what one layer was asked for with what Keras holds for its weights.

    By name first (`kernel_regularizer` and `kernel`), then the same object under another name, then equal λ under
    another name. A layer that holds layers may have handed its regularizer down to them.
    """

    def __init__(self, node: LayerNode, live: Live, held: dict[int, list[_Held]]) -> None:
        self._node, self._live = node, live
        self._own = {id(each.variable): each for each in held[id(node)]}
        self._below = [
            each for other in live.nodes if other is not node and other.below(node) for each in held[id(other)]
        ]
        self._asked = dict(_attributes(node, live))
        self._variables = live.own_variables(node.layer)

    def slots(self) -> Iterator[Slot]:
        silent = []
        for attribute, regularizer in self._asked.items():
            variable = self._named(attribute)
            if variable is not None and id(variable) in self._own:
                acting = self._own.pop(id(variable)).regularizer
                yield Slot(self._node, attribute, regularizer, variable, acting)
            else:
                silent.append((attribute, regularizer, variable))
        for attribute, regularizer, variable in silent:
            yield from self._elsewhere(attribute, regularizer, variable)
        for each in self._own.values():
            yield Slot(self._node, None, each.regularizer, each.variable, each.regularizer)

    def _elsewhere(self, attribute: str, regularizer: KerasObject, variable: KerasObject | None) -> Iterator[Slot]:
        """Yield the weights under other names that it was given to; else it is silent, unless layers below have it."""
        keras = self._live.keras
        found = [each for each in self._own.values() if same(each.regularizer, regularizer, keras)]
        for each in found:
            del self._own[id(each.variable)]
            yield Slot(self._node, attribute, regularizer, each.variable, each.regularizer)
        handed_down = any(same(each.regularizer, regularizer, keras) for each in self._below)
        if not found and not handed_down and not self._handed_to_activity(regularizer):
            yield Slot(self._node, attribute, regularizer, variable)

    def _handed_to_activity(self, regularizer: KerasObject) -> bool:
        others = (getattr(node.layer, ACTIVITY, None) for node in self._live.nodes if node.below(self._node))
        return any(other is regularizer for other in others)

    def _named(self, attribute: str) -> KerasObject | None:
        """Return the layer's own weight that an attribute's name means.

        Keras 3 calls a depthwise kernel just `kernel`.
        """
        stem = _stem(attribute)
        names = [stem, f"{stem}_kernel", *(["kernel"] if stem == "depthwise" else [])]
        for name in names:
            for variable in self._variables:
                if variable_name(variable) == name:
                    return variable
        return None


def _attributes(node: LayerNode, live: Live) -> Iterator[tuple[str, KerasObject]]:
    """Yield the attributes of a layer that ask for the regularizer of a weight.

    One object may stand under two names.
    """
    kind = live.keras.regularizers.Regularizer
    seen: set[str] = set()
    for name, value in vars(node.layer).items():
        plain = name.lstrip("_")
        named = plain.endswith(_SUFFIX) and value is not None
        other = isinstance(value, kind) and plain not in ("activation", "recurrent_activation", "use_bias")
        if plain != ACTIVITY and plain not in (*seen, *_BOOKKEEPING) and (named or other):
            seen.add(plain)
            yield plain, value


def _stem(attribute: str) -> str:
    return attribute.removesuffix(_SUFFIX).rstrip("_")


def _held(node: LayerNode, live: Live) -> Iterator[_Held]:
    if live.major == 3:
        for variable in live.own_variables(node.layer):
            if getattr(variable, "regularizer", None) is not None:
                yield _Held(variable, variable.regularizer)
        return
    for function in live.callable_losses(node.layer):
        bound = bound_penalty(function)
        if bound.regularizer is not None:
            yield _Held(bound.variable, bound.regularizer)
