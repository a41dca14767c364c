"""What an assignment, a loop or a deletion binds or changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.reads import parts_but_names
from kreglint.analysis.semantic.scopes import (
    Binding,
    ChangeBinding,
    EarlierBinding,
    ExpressionBinding,
    LoopBinding,
    OpaqueBinding,
    Pick,
)
from kreglint.analysis.semantic.sites import AttributeSite
from kreglint.analysis.semantic.walk import Walk, expression
from kreglint.analysis.syntax import nodes

DELETED = OpaqueBinding("deleted")


def bind_target(walk: Walk, target: nodes.Expression, binding: Binding) -> None:
    """Bind every name in an assignment's target; what is not a name is only read."""
    if isinstance(target, nodes.Name):
        walk.scope.bind(target.value, binding)
    elif isinstance(target, (nodes.Tuple, nodes.List)):
        for element in target.elements:
            bind_target(walk, element.value, binding)
    elif isinstance(target, nodes.Attribute):
        _bind_attribute(walk, target, binding)
        walk.found.attributes.append(
            AttributeSite(
                target, walk.statement, walk.scope, walk.clock.now, walk.provoked, walk.guarded, assigned=True
            )
        )
        expression(walk, target.value)
    elif isinstance(target, nodes.Subscript):
        _change_item(walk, target, binding)
    else:
        expression(walk, target)


def bind_loop_target(walk: Walk, target: nodes.Expression, iterable: nodes.Expression) -> None:
    now = walk.clock.now
    for part, picks in unpacked_targets(target):
        bind_target(walk, part, LoopBinding(iterable, walk.scope, now, picks))


def _change_item(walk: Walk, target: nodes.Subscript, binding: Binding) -> None:
    """Note `owner[key] = …`, or `del owner[key]`."""
    parts_but_names(walk, target.value, *target.slice)
    if isinstance(target.value, nodes.Name):
        value = binding.value if isinstance(binding, ExpressionBinding) and binding.whole else None
        change(walk, target.value.value, target, value, deletes=binding is DELETED)
    elif isinstance(target.value, nodes.Attribute):
        walk.found.objects.set_from_outside.add(target.value.attr.value)
    else:
        walk.found.shared.note(target.value)


def change(
    walk: Walk, name: str, step: nodes.Node, value: nodes.Expression | None = None, *, deletes: bool = False
) -> None:
    """Bind a name anew whose dict is changed in place, or note that a name of another scope is."""
    scope = walk.scope
    walk.found.changed.add(name)
    if name not in scope.history or name in scope.declared or scope.kind == "class":
        walk.found.escapes.setdefault(name, set()).add(scope)
        return
    now = walk.clock.now
    scope.bind(name, ChangeBinding(step, EarlierBinding(scope, name, now), scope, now, value, deletes))


def _bind_attribute(walk: Walk, target: nodes.Attribute, binding: Binding) -> None:
    """Note what `walk.x` may be, or that an attribute of this name is set on something else."""
    objects, name = walk.found.objects, target.attr.value
    receiver = receiver_class(target.value.value, walk.scope) if isinstance(target.value, nodes.Name) else None
    if receiver is None:
        objects.set_from_outside.add(name)
    else:
        objects.classes[receiver].attributes.setdefault(name, []).append(binding)


def unpacked_targets(target: nodes.Expression) -> Iterator[tuple[nodes.Expression, tuple[Pick, ...]]]:
    """Yield each target that an assignment binds, in order, with the picks that lead to its part of the value."""
    stack: list[tuple[nodes.Expression, tuple[Pick, ...]]] = [(target, ())]
    while stack:
        current, picks = stack.pop()
        if isinstance(current, (nodes.Tuple, nodes.List)):
            stack += reversed([(element.value, (*picks, pick)) for element, pick in _picked(current.elements)])
        else:
            yield current, picks


def _picked(elements: Sequence[nodes.BaseElement]) -> Iterator[tuple[nodes.BaseElement, Pick]]:
    """Yield the elements of a target. What stands behind a starred one is counted from the end."""
    starred = next(
        (i for i, element in enumerate(elements) if isinstance(element, nodes.StarredElement)), len(elements)
    )
    for index, element in enumerate(elements):
        after = len(elements) - index
        if index == starred:
            yield element, Pick(index, starred=True, stop=-(after - 1) or None)
        else:
            yield element, Pick(index if index < starred else -after)


def displayed(value: nodes.Expression, picks: tuple[Pick, ...]) -> tuple[nodes.Expression, tuple[Pick, ...]]:
    """Return the element of a display that picks lead to, as in `a, b = f(), g()`, and the picks that are left."""
    while picks and isinstance(value, (nodes.Tuple, nodes.List)):
        element = _element(value, picks[0])
        if element is None:
            break
        value, picks = element, picks[1:]
    return value, picks


def _element(display: nodes.Tuple | nodes.List, pick: Pick) -> nodes.Expression | None:
    """Return the one element that a pick takes, where the places of all are plain to see."""
    elements = display.elements
    if pick.starred or any(isinstance(each, nodes.StarredElement) for each in elements):
        return None
    return elements[pick.place].value if -len(elements) <= pick.place < len(elements) else None
