"""Which calls of a program call a method of it."""

from __future__ import annotations

from collections.abc import Sequence

from kreglint.analysis import bounds
from kreglint.analysis.semantic.scopes import ParameterBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller
from kreglint.analysis.values.evaluation.attributes import AttributeEvaluation
from kreglint.analysis.values.frames import Body, ClassBody, Instance
from kreglint.facts.values import Const, Construct, Function, Mapping, Symbol, Value

_CONSTRUCTOR = "__init__"


class MethodEvaluation(AttributeEvaluation):
    """Works out who calls a method."""

    def callers_of_method(self, parameter: ParameterBinding) -> Sequence[Caller]:
        """The calls that may set a parameter of a method; none where others than these decide what it is.

        It is not known who calls a method that is handed on, or that may be called on something unknown.
        """
        site, function = self.found.objects.classes.get(parameter.scope), parameter.statement
        if site is None or not isinstance(function, nodes.FunctionDef) or function.decorators:
            return ()
        name = function.name.value
        if name in self.found.objects.handed_on:
            return ()
        cls = self.class_body(site.node)
        found = [self._caller(call, cls) for call in self.callers.of_methods(name)]
        if name == _CONSTRUCTOR:
            found += self._constructions(function)
        known = [caller for caller in found if caller is not None]
        return [caller for caller in known if caller.bound >= 0] if len(known) == len(found) else ()

    def _caller(self, site: CallSite, cls: ClassBody) -> Caller | None:
        """A call of a method by this name: another class's has `bound` below 0; None where that is not known."""
        func = site.node.func
        if not isinstance(func, nodes.Attribute):
            return None
        with self.within(None):
            above = self.after_super(func.value, site.scope)
            owner = self.value(func.value, site.scope, site.time) if above is None else None
        if above is not None:
            return Caller(site, 1 if cls in self.ancestors(above)[1:] else -1)
        return _called_on(site, owner, self.family(cls)) if owner is not None else None

    def _constructions(self, constructor: nodes.FunctionDef) -> list[Caller]:
        """The calls that construct the class of a constructor, or one that inherits it."""
        if self._constructed is None:
            by_constructor: dict[nodes.Node, list[Caller]] = {}
            self._constructed = by_constructor
            with self.memory.apart():
                for node, site in self.callers.of_classes():
                    found = self.constructor(self.ancestors(self.class_body(node)))
                    if isinstance(found, Body):
                        by_constructor.setdefault(found.site.node, []).append(Caller(site, 1))
        calls = self._constructed.get(constructor, [])
        return calls if len(calls) <= bounds.CALLERS else []


def _called_on(site: CallSite, owner: Value, family: tuple[ClassBody, ...]) -> Caller | None:
    match owner:
        case Function(kind="instance", body=Instance(of=of)):
            return Caller(site, 1 if of in family else -1)
        case Function(kind="class", body=ClassBody() as called):
            return Caller(site, 0 if called in family else -1)
        case Const() | Symbol() | Construct() | Mapping():
            return Caller(site, -1)
    return None
