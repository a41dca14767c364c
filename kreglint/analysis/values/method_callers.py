"""Which calls of a module call a method of one of its classes."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.analysis import bounds
from kreglint.analysis.semantic.scopes import ParameterBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module, OwnClass, OwnFunction
from kreglint.analysis.values.objects import ClassValue, InstanceValue
from kreglint.analysis.values.own_classes import after_super, ancestors, constructor, family
from kreglint.facts.values import Const, Construct, Mapping, Symbol, Value

_CONSTRUCTOR = "__init__"


def callers_of_parameter(parameter: ParameterBinding, module: Module) -> Sequence[Caller]:
    """Return the calls that may set a parameter of a function or method.

    None where others than these decide what it is.
    """
    if parameter.scope.kind != "class":
        return module.callers.of(parameter)
    return _of_method(parameter, module)


def _of_method(parameter: ParameterBinding, module: Module) -> Sequence[Caller]:
    """Return the calls that may set a parameter of a method; none where others than these decide what it is.

    It is not known who calls a method that is handed on, or that may be called on something unknown.
    """
    site, function = module.found.objects.classes.get(parameter.scope), parameter.statement
    if site is None or not isinstance(function, nodes.FunctionDef) or function.decorators:
        return ()
    name = function.name.value
    if name in module.found.objects.handed_on:
        return ()
    cls = module.own_class(site.node)
    found = [_caller(call, cls, module) for call in module.callers.of_methods(name)]
    if name == _CONSTRUCTOR:
        found += _constructions(function, module)
    known = [caller for caller in found if caller is not None]
    return [caller for caller in known if caller.bound >= 0] if len(known) == len(found) else ()


def _caller(site: CallSite, cls: OwnClass, module: Module) -> Caller | None:
    """Return a call of a method by this name: another class's has `bound` below 0; None where that is not known."""
    func = site.node.func
    if not isinstance(func, nodes.Attribute):
        return None
    above = after_super(func.value, site.scope, module)
    if above is not None:
        return Caller(site, 1 if cls in ancestors(above)[1:] else -1)
    return _called_on(site, infer(func.value, module.of(site)), family(cls, module))


def _called_on(site: CallSite, owner: Value, related: tuple[OwnClass, ...]) -> Caller | None:
    match owner:
        case InstanceValue(of=of):
            return Caller(site, 1 if of in related else -1)
        case ClassValue(of=called):
            return Caller(site, 0 if called in related else -1)
        case Const() | Symbol() | Construct() | Mapping():
            return Caller(site, -1)
    return None


def _constructions(function: nodes.FunctionDef, module: Module) -> list[Caller]:
    """Return the calls that construct the class of a constructor, or one that inherits it."""
    if module.constructions is None:
        by_constructor: dict[nodes.Node, list[Caller]] = {}
        module.constructions = by_constructor
        with module.memory.apart():
            for node, site in module.callers.of_classes():
                found = constructor(ancestors(module.own_class(node)))
                if isinstance(found, OwnFunction):
                    by_constructor.setdefault(found.site.node, []).append(Caller(site, 1))
    calls = module.constructions.get(function, [])
    return calls if len(calls) <= bounds.CALLERS else []
