"""The walk over a tree: the code that is evaluated in its place, neither annotations nor operators."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.syntax.nodes import Node


def descendants(node: Node) -> Iterator[Node]:
    """Yield a node and all that it holds, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack_children(current, stack)


def stack_children(node: Node, stack: list[Node]) -> None:
    """Put the parts of a node that hold code on a stack, the first on top."""
    for name in node.code_backwards:
        part = getattr(node, name)
        if part.__class__ is tuple:
            stack.extend(part[::-1])
        elif part is not None:
            stack.append(part)


def children(node: Node) -> list[Node]:
    """Return the parts of a node that hold code, in source order."""
    found: list[Node] = []
    for name in node.code:
        part = getattr(node, name)
        if part.__class__ is tuple:
            found.extend(part)
        elif part is not None:
            found.append(part)
    return found


def is_same_code(one: object, other: object) -> bool:
    """True if two nodes are of the same code, wherever they stand."""
    if one.__class__ is not other.__class__:
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_same_code, one, other))
    if isinstance(one, Node):
        return all(is_same_code(getattr(one, name), getattr(other, name)) for name in one.fields)
    return one == other
