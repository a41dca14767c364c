"""Calls that are given a regularizer by its name and certainly hand it to no layer.

`dict(kernel_regularizer=…)` and a partial keep it for another call, a class of settings keeps it, a function may only
print it. In a body of the user's own, the parameter is followed by the names that are bound to what holds it; wherever
a call that is not known to be harmless gets one of these, a layer may be behind it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator, Sequence

from kreglint.analysis.libraries.named_tuples import NAMED_TUPLES
from kreglint.analysis.semantic.class_sites import METHOD_DECORATORS
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.sites import CallSite, decorator_name
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module, OwnClass, OwnFunction
from kreglint.analysis.values.objects import ClassValue
from kreglint.analysis.values.own_classes import BASES_WITHOUT_MEMBERS, ancestors
from kreglint.facts.values import Construct, Value

_SUFFIX = "_regularizer"
_PLAIN_DECORATORS = METHOD_DECORATORS | {"staticmethod", "classmethod", "dataclass"}
_CALLS_BACK = frozenset(("setattr", "map", "filter", "exec", "eval"))  # builtins that a layer may be behind
_KEEPS_CALLABLES = frozenset(("functools", "itertools", "operator", "multiprocessing", "concurrent", "threading"))
_NO_LAYERS = ("keras.regularizers.", "keras.optimizers.", "keras.Model", "keras.Sequential", "keras.models.")


class Takers:
    """Tells them among the calls of one program."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._known: dict[tuple[nodes.Node, frozenset[str]], bool] = {}

    def only_takes(self, site: CallSite, paths: tuple[str, ...]) -> bool:
        """True if what a call calls is certainly no layer, and hands no regularizer on to one."""
        if paths and all(_is_of_python(path) or (canonical(path) or "").startswith(_NO_LAYERS) for path in paths):
            return True
        if not paths and isinstance(site.node.func, nodes.Name) and _is_builtin(site):
            return True
        callee = infer(site.node.func, self._module.of(site))
        return all(self._keeps(way, site.node) for way in callee.ways)

    def _keeps(self, callee: Value, call: nodes.Call) -> bool:
        names = frozenset(a.keyword.value for a in call.args if a.keyword and a.keyword.value.endswith(_SUFFIX))
        match callee:
            case Construct():
                return callee.symbol.path in NAMED_TUPLES
            case FunctionValue(body=body):
                return self._remembered(body.site.node, names, lambda: _only_keeps(body, names))
            case ClassValue(of=cls):
                return self._remembered(cls.site.node, names, lambda: _is_settings(cls, names))
        return False

    def _remembered(self, node: nodes.Node, names: frozenset[str], ask: Callable[[], bool]) -> bool:
        key = (node, names)
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


def _only_keeps(body: OwnFunction, names: frozenset[str]) -> bool:
    """True if a function hands no layer what it is given by these names."""
    return _has_plain_decorators(body.site.node) and not _hands_on([body], names)


def _is_settings(cls: OwnClass, names: frozenset[str]) -> bool:
    """True if a class, with all that it inherits, only keeps what its constructor is given."""
    among = ancestors(cls)
    own = [base for base in among if isinstance(base, OwnClass)]
    known = all(isinstance(base, OwnClass) or base in BASES_WITHOUT_MEMBERS for base in among)
    return known and all(_has_plain_decorators(base.site.node) for base in own) and not _hands_on(own, names)


def _is_of_python(path: str) -> bool:
    return path.partition(".")[0] in sys.stdlib_module_names


def _is_builtin(site: CallSite) -> bool:
    name = site.node.func.value if isinstance(site.node.func, nodes.Name) else ""
    return hasattr(builtins, name) and name not in _CALLS_BACK and lookup(name, site.scope, site.time) is None


def _has_plain_decorators(node: nodes.FunctionDef | nodes.ClassDef | nodes.Lambda) -> bool:
    decorators = () if isinstance(node, nodes.Lambda) else node.decorators
    return all(decorator_name(each) in _PLAIN_DECORATORS for each in decorators)


def _hands_on(bodies: Sequence[OwnFunction | OwnClass], names: frozenset[str]) -> bool:
    """True if a call in these bodies may give to a layer what one of the names has, or what is made of it."""
    held = holding([body.site.node for body in bodies], names)
    for body in bodies:
        for site in body.home.found.calls_within(body.site.scope):
            if any(mentions(arg.value, held) for arg in site.node.args) and not _is_harmless(body.home, site):
                return True
    return False


def _is_harmless(home: Module, site: CallSite) -> bool:
    """True if a call makes no layer, and keeps nothing from which one is made later."""
    if isinstance(site.node.func, nodes.Name) and _is_builtin(site):
        return True
    paths = home.paths.of(site.node.func, site.scope, site.time)
    return bool(paths) and all(_is_harmless_path(path) for path in paths)


def _is_harmless_path(path: str) -> bool:
    if (canonical(path) or "").startswith("keras.regularizers."):
        return True
    return _is_of_python(path) and path.partition(".")[0] not in _KEEPS_CALLABLES


def holding(among: Sequence[nodes.Node], names: frozenset[str]) -> frozenset[str]:
    """The names, of variables, attributes and functions alike, by which one may get at what these names have."""
    bindings: list[tuple[nodes.Node, nodes.Node]] = []
    for node in among:
        for each in descendants(node):
            if isinstance(each, nodes.Parameters) and each.star_kwarg is not None:
                names |= {each.star_kwarg.name.value}
            bindings += _bound(each)
    while True:
        new = {name for target, value in bindings if mentions(value, names) for name in _named(target)}
        if new <= names:
            return names
        names |= new


def _bound(node: nodes.Node) -> Iterator[tuple[nodes.Node, nodes.Node]]:
    """Yield what a node binds, and what it is bound to."""
    match node:
        case nodes.Assign(targets=targets, value=value):
            yield from ((each.target, value) for each in targets)
        case nodes.AnnAssign(target=target, value=value) | nodes.Param(name=target, default=value) if value is not None:
            yield target, value
        case nodes.AugAssign(target=target, value=value) | nodes.NamedExpr(target=target, value=value):
            yield target, value
        case nodes.For(target=target, iter=value) | nodes.CompFor(target=target, iter=value):
            yield target, value
        case nodes.WithItem(item=value, asname=nodes.AsName(name=target)) | nodes.FunctionDef(name=target, body=value):
            yield target, value
        case nodes.Match(subject=value, cases=cases):
            yield from ((each.pattern, value) for each in cases)


def _named(node: nodes.Node) -> Iterator[str]:
    for each in descendants(node):
        if isinstance(each, nodes.Name):
            yield each.value
        elif isinstance(each, nodes.Attribute):
            yield each.attr.value


def mentions(node: nodes.Node, names: frozenset[str]) -> bool:
    return any(name in names for name in _named(node))
