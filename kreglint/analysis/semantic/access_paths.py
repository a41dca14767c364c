"""Items of dicts within dicts: by which path they are read, and which of them may be held elsewhere too."""

from __future__ import annotations

from kreglint.analysis.semantic.constants import NotConstantError, literal
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.records import field, record

ANY = ...
"""Stands in a path for a key that is not known."""

Path = tuple[object, ...]


def item(node: nodes.Node) -> tuple[str, Path] | None:
    """Return the name and the keys in `name["a"]["b"]` or `name["a"].get("b")`; None for what does not start at a name.

    An attribute's name has a dot before it, whatever it is an attribute of.
    """
    keys: list[object] = []
    while not isinstance(node, (nodes.Name, nodes.Attribute)):
        if isinstance(node, nodes.Subscript):
            index = node.slice[0].slice if len(node.slice) == 1 else None
            keys.append(_key(index.value if isinstance(index, nodes.Index) else None))
            node = node.value
        elif isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute) and node.func.attr.value == "get":
            keys.append(first_key(node))
            node = node.func.value
        else:
            return None
    name = node.value if isinstance(node, nodes.Name) else f".{node.attr.value}"
    return name, tuple(reversed(keys))


def first_key(call: nodes.Call) -> object:
    """Return the key that a dict's method is given first."""
    first = call.args[0] if call.args else None
    return _key(first.value if first is not None and not first.star and first.keyword is None else None)


def _key(node: nodes.Expression | None) -> object:
    if not isinstance(node, (nodes.SimpleString, nodes.Integer)):
        return ANY
    try:
        return literal(node)
    except NotConstantError:
        return ANY


@record(eq=False)
class Loan:
    """A dict or list, or an item below it, that gets one more name: by an assignment, or as an argument of a call.

    `holder` is the call, or the other name.
    """

    path: Path
    scope: Scope
    time: int
    holder: nodes.Call | str
    argument: nodes.Arg | None = None


@record(frozen=False)
class SharedItems:
    """The items that may be held elsewhere too, or changed in place, by the name at which their path starts."""

    _by_name: dict[str, list[Path]] = field(default_factory=dict)

    loans: dict[str, list[Loan]] = field(default_factory=dict)  # by the name at which the path starts

    def lend(
        self, node: nodes.Node, scope: Scope, time: int, holder: nodes.Call | str, argument: nodes.Arg | None
    ) -> bool:
        """Note what an expression reads as lent; whether it is a path that starts at a name."""
        found = item(node)
        if found is None or found[0].startswith("."):
            return False
        self.loans.setdefault(found[0], []).append(Loan(found[1], scope, time, holder, argument))
        return True

    def note(self, node: nodes.Node, *below: object) -> None:
        """Mark what the expression reads as shared with all that it holds; with `below`, only what it holds there."""
        found = item(node)
        if found is not None:
            self._by_name.setdefault(found[0], []).append((*found[1], *below))

    def has(self, name: str, path: Path) -> bool:
        """True if the item is shared, or one that holds it."""
        return any(
            len(noted) <= len(path) and all(one is ANY or one == key for one, key in zip(noted, path, strict=False))
            for noted in self._by_name.get(name, ())
        )
