"""What a function takes by `kwargs.pop("l2_reg", …)`: a parameter like any other, but for where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis.keras.parameter_uses import ParameterUses, Uses
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import ChangeBinding, EarlierBinding, JoinBinding
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.analysis.syntax import nodes

_BRANCHING = (
    nodes.For,
    nodes.While,
    nodes.Try,
    nodes.IfExp,
    nodes.BooleanOperation,
    nodes.Lambda,
    nodes.Comprehension,
    nodes.Match,
)
_USED = Uses((), used=True)


class Popped(NamedTuple):
    """A key that is taken out of a function's `**kwargs`; `key` is the string where it is."""

    key: nodes.Expression
    name: str
    uses: Uses


def popped(site: FunctionSite, reader: ParameterUses) -> Iterator[Popped]:
    """Yield the keys whose values a function takes out and gives a name, with what it does with them."""
    node = site.node
    star = node.params.star_kwarg if isinstance(node, nodes.FunctionDef) and _pops(site, reader) else None
    bindings = site.scope.history.get(star.name.value, ((), ()))[1] if star is not None else ()
    changed = all(isinstance(each, ChangeBinding | EarlierBinding | JoinBinding) for each in bindings[1:])
    if star is None or not changed or reader.of(site, "").used:
        return
    reads = [_read(each, reader) for each in reader.tree.reads(star.name.value, site.scope)]
    known = [each for each in reads if each is not None]
    if len(known) < len(reads):
        return
    taken = [each for each in known if each.taken and each.key is not None]
    for name in dict.fromkeys(string_of(each.key) or "" for each in taken):
        of_key = [each for each in known if each.key is not None and string_of(each.key) == name]
        first = min(reader.span(each.node).end for each in of_key if each.taken)
        whole = [each for each in known if each.key is None]
        if all(reader.span(each.node).start > first for each in whole):
            uses = [_uses(each, site, reader) for each in of_key]
            if any(each.bound for each in of_key):
                kept = tuple(attribute for each in uses for attribute in each.kept)
                key = next(each.key for each in of_key if each.bound and each.key is not None)
                yield Popped(key, name, Uses(kept, used=any(each.used for each in uses)))


def _pops(site: FunctionSite, reader: ParameterUses) -> bool:
    node = site.node
    return any(node.start <= each.node.start < node.end for each in reader.found.calls_of("pop"))


class _Read(NamedTuple):
    """One read of `kwargs`: of a key, or as a whole that is handed on. `taken`: the key is not there any more."""

    node: nodes.Expression
    key: nodes.Expression | None = None
    taken: bool = False
    bound: bool = False


def _read(read: nodes.Name, reader: ParameterUses) -> _Read | None:
    """Return what a read of `kwargs` is; None where anything may be done with them."""
    around = reader.tree.parent(read)
    match around:
        case nodes.Arg(star="**"):
            return _Read(read)
        case nodes.ComparisonTarget(operator=nodes.In() | nodes.NotIn()):
            test = reader.tree.parent(around)
            left = test.left if isinstance(test, nodes.Comparison) else None
            return _Read(read, left) if left is not None and string_of(left) is not None else None
        case nodes.Subscript(slice=(nodes.SubscriptElement(slice=nodes.Index(value=key)),)):
            return _Read(around, key, bound=True) if string_of(key) is not None else None
        case nodes.Attribute(attr=nodes.Name(value="pop" | "get" | "setdefault" as method)):
            call = reader.tree.parent(around)
            if not isinstance(call, nodes.Call) or call.func is not around or not call.args:
                return None
            key = call.args[0].value
            plain = not call.args[0].star and string_of(key) is not None and _is_on_all_ways(call, key, reader)
            bound = not isinstance(reader.tree.parent(call), nodes.Expr)
            return _Read(call, key, taken=method == "pop", bound=bound) if plain else None
    return None


def _is_on_all_ways(call: nodes.Call, key: nodes.Expression, reader: ParameterUses) -> bool:
    """True if every way through the function comes to a call, but for those without the key."""
    node: nodes.Node | None = call
    while node is not None and not isinstance(node, nodes.FunctionDef):
        if isinstance(node, _BRANCHING) or (isinstance(node, nodes.If) and not _asks_for(node.test, key)):
            return False
        node = reader.tree.parent(node)
    return node is not None


def _asks_for(test: nodes.Expression, key: nodes.Expression) -> bool:
    """True if a condition is `"key" in kwargs`."""
    if not isinstance(test, nodes.Comparison) or len(test.comparisons) != 1:
        return False
    is_in = isinstance(test.comparisons[0].operator, nodes.In)
    return is_in and string_of(test.left) is not None and string_of(test.left) == string_of(key)


def _uses(read: _Read, site: FunctionSite, reader: ParameterUses) -> Uses:
    """Return what becomes of the value that a read gives."""
    if not read.bound:
        return Uses((), used=False)
    around = reader.tree.parent(reader.whole(read.node))
    target = around.targets[0].target if isinstance(around, nodes.Assign) and len(around.targets) == 1 else None
    if isinstance(target, nodes.Attribute) and isinstance(target.value, nodes.Name):
        own = receiver_class(target.value.value, site.scope) is not None
        return Uses((target,), used=False) if own else _USED
    if not isinstance(target, nodes.Name) or target.value in site.scope.declared:
        return _USED
    return reader.of(site, target.value)
