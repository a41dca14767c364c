"""Which layer of a copied model is which of the original.

A layer that the user did not name has another name in each copy, and the layers of a graph come in another order. So
layers are paired level by level: by name where the names are the same, else by their order where the kinds are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.runtime.live import LayerNode

_Children = dict[int, list[LayerNode]]


def twins(original: Sequence[LayerNode], copy: Sequence[LayerNode]) -> dict[int, LayerNode]:
    """Return the copy's node of each of the original's that has one, by its id. The first of each is the model."""
    return dict(_pairs(original[0], copy[0], (_children(original), _children(copy))))


def _children(nodes: Sequence[LayerNode]) -> _Children:
    found: _Children = {}
    for node in nodes:
        if node.parent is not None:
            found.setdefault(id(node.parent), []).append(node)
    return found


def _pairs(one: LayerNode, other: LayerNode, children: tuple[_Children, _Children]) -> Iterator[tuple[int, LayerNode]]:
    yield id(one), other
    ours, theirs = children[0].get(id(one), []), children[1].get(id(other), [])
    for pair in _matched(ours, theirs):
        yield from _pairs(*pair, children)


def _matched(ours: list[LayerNode], theirs: list[LayerNode]) -> Iterator[tuple[LayerNode, LayerNode]]:
    by_name = {each.name: each for each in theirs}
    same_names = {each.name for each in ours} == by_name.keys()
    if not same_names and [each.kind for each in ours] == [each.kind for each in theirs]:
        yield from zip(ours, theirs, strict=True)
        return
    for each in ours:
        if each.name in by_name:
            yield each, by_name[each.name]
