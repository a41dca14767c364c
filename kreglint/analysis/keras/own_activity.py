"""Own layers and models that take an activity regularizer which their output never meets."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.own_layers import OwnLayer, OwnLayers
from kreglint.analysis.keras.parameter_uses import parameters_of
from kreglint.analysis.keras.popped import Popped, popped
from kreglint.analysis.keras.prescribed import is_class_prescribed
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.parameters import DroppedActivity

ACTIVITY = "activity_regularizer"


def dropped_activities(layers: OwnLayers) -> Iterator[DroppedActivity]:
    """Yield those that are never read, that are kept by another name, or that the base class sets anew."""
    for layer in layers.layers:
        taken = _taken(layer, layers)
        if taken is None or not layer.is_called or layer.has(ACTIVITY):
            continue
        kept, used = taken.uses
        if used:
            continue
        names = {each.attr.value for each in kept}
        reset = ACTIVITY in names and is_reset(layer)
        if (ACTIVITY in names and not reset) or (names - {ACTIVITY} and layers.may_be_read(layer, names - {ACTIVITY})):
            continue
        if is_class_prescribed(layer.site, layers):
            continue
        yield DroppedActivity(
            span=layers.span(taken.key),
            owner=layer.name,
            kept=next(iter(sorted(names - {ACTIVITY})), ""),
            reset=reset,
            forward_at=None if kept or layer.is_model or not _is_parameter(taken) else _end_of_super(layer, layers),
        )


def _taken(layer: OwnLayer, layers: OwnLayers) -> Popped | None:
    """Return how a layer's constructor takes an activity regularizer: by a parameter, or out of its keywords."""
    param = activity_parameter(layer)
    if param is not None:
        return Popped(param.name, ACTIVITY, layers.of(layer.made, ACTIVITY))
    return next((each for each in popped(layer.made, layers) if each.name == ACTIVITY), None)


def _is_parameter(taken: Popped) -> bool:
    return isinstance(taken.key, nodes.Name)


def activity_parameter(layer: OwnLayer) -> nodes.Param | None:
    node = layer.made.node
    params = parameters_of(node) if isinstance(node, nodes.FunctionDef) else iter(())
    return next((param for param in params if param.name.value == ACTIVITY), None)


def is_reset(layer: OwnLayer) -> bool:
    """True if the attribute is set once, before the constructor of Keras' base class, and nothing reads it till then.

    A model cannot be set anything before.
    """
    set_to = layer.site.attributes.get(ACTIVITY, [])
    if layer.is_model or len(layer.own) > 1 or len(set_to) != 1 or layer.site.setters:
        return False
    rows = _rows(layer)
    supers = [place for place, row in enumerate(rows) if super_call(row) is not None]
    before = rows[: supers[0] + 1] if len(supers) == 1 else ()
    named = [each for row in before for each in descendants(row) if _is_named(each)]
    targets = [part.target for row in before for part in descendants(row) if isinstance(part, nodes.AssignTarget)]
    return len(named) == 1 and named[0] in targets


def super_call(row: nodes.Node) -> nodes.Call | None:
    """Return the call `super().__init__(…)`, if a row is that and nothing else."""
    parts = row.body if isinstance(row, nodes.SimpleStatementLine) else ()
    call = parts[0].value if len(parts) == 1 and isinstance(parts[0], nodes.Expr) else None
    func = call.func if isinstance(call, nodes.Call) else None
    owner = func.value if isinstance(func, nodes.Attribute) and func.attr.value == "__init__" else None
    named = isinstance(owner, nodes.Call) and isinstance(owner.func, nodes.Name) and owner.func.value == "super"
    return call if named and isinstance(call, nodes.Call) else None


def _rows(layer: OwnLayer) -> tuple[nodes.Node, ...]:
    """Return the statements of the constructor, one after the other."""
    return layer.made.node.body.body if isinstance(layer.made.node, nodes.FunctionDef) else ()


def _is_named(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Attribute) and node.attr.value == ACTIVITY


def _end_of_super(layer: OwnLayer, layers: OwnLayers) -> int | None:
    """Return where the arguments of the only `super().__init__(…)` end; None where it has none."""
    calls = [call for row in _rows(layer) if (call := super_call(row)) is not None]
    args = calls[0].args if len(calls) == 1 else ()
    return layers.span(args[-1]).end if args else None
