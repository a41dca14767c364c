"""Which call of a file makes what an expression is: by its name, an attribute, or what the only call passes for it."""

from __future__ import annotations

from functools import cached_property

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import Reader
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    ParameterBinding,
    Pick,
    Scope,
)
from kreglint.analysis.semantic.sites import CallSite, FunctionSite
from kreglint.analysis.semantic.targets import displayed
from kreglint.analysis.syntax import nodes


class Makers(Reader):
    """Finds the calls behind the names of one file."""

    def call_of(self, node: nodes.Expression, scope: Scope, time: int) -> tuple[nodes.Call, Scope, int] | None:
        """Return the one call whose result an expression is, by the names of the file, and where it stands."""
        for _ in range(bounds.MODEL_STEPS):
            if isinstance(node, nodes.Call):
                return node, scope, time
            bound = self.binding(node, scope, time)
            if isinstance(bound, ParameterBinding):
                passed = self.passed(bound, scope)
                only = passed[0] if len(passed) == 1 else None
                if only is None:
                    return None
                node, scope, time = only
            else:
                value = self.value_of(bound)
                if value is None:
                    return None
                node, scope, time = value
        return None

    def value_of(self, bound: Binding | None) -> tuple[nodes.Expression, Scope, int] | None:
        """Return the expression that a name is bound to: also an item of the tuple that a function gives back."""
        if not isinstance(bound, ExpressionBinding):
            return None
        if bound.whole:
            return bound.value, bound.scope, bound.time
        call = bound.value if isinstance(bound.value, nodes.Call) else None
        made = self.function(call.func, bound.scope, bound.time) if call is not None else None
        return item_returned(self.found.functions[made], bound.picks) if made is not None else None

    def function(self, func: nodes.Expression, scope: Scope, time: int) -> nodes.FunctionDef | None:
        """Return the function of the file that an expression is, or `self`'s method; none that is decorated."""
        made: nodes.Node | None = self.definition(func, scope, time)
        if isinstance(func, nodes.Attribute) and isinstance(func.value, nodes.Name):
            own = receiver_class(func.value.value, scope)
            methods = self._methods.get(func.attr.value, []) if own is not None else []
            made = methods[0] if len(methods) == 1 and self._is_of(methods[0], own) else None
        return made if isinstance(made, nodes.FunctionDef) and not made.decorators else None

    @cached_property
    def _methods(self) -> dict[str, list[nodes.FunctionDef]]:
        """The methods of the file by name: where several classes have one, a call may run any."""
        found: dict[str, list[nodes.FunctionDef]] = {}
        for node, site in self.found.functions.items():
            if isinstance(node, nodes.FunctionDef) and site.scope.parent in self.found.objects.classes:
                found.setdefault(node.name.value, []).append(node)
        return found

    def _is_of(self, method: nodes.FunctionDef, own: Scope | None) -> bool:
        site = self.found.objects.classes[own] if own is not None else None
        member = site.member(method.name.value) if site is not None else None
        return isinstance(member, DefinitionBinding) and member.node is method

    def is_made(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if an expression is what a call or a file of the project makes, whatever that is."""
        own = isinstance(node, nodes.Name) and receiver_class(node.value, scope) is not None
        own = own or self.unpacked_from(node, scope, time) is not None
        return own or self.call_of(node, scope, time) is not None or self.view.imported(node, scope, time) is not None

    def unpacked_from(self, node: nodes.Expression, scope: Scope, time: int) -> ExpressionBinding | None:
        """Return the binding of a name that is set to an item of what a call gives."""
        bound = self.binding(node, scope, time) if isinstance(node, (nodes.Name, nodes.Attribute)) else None
        item = isinstance(bound, ExpressionBinding) and bound.picks and isinstance(bound.value, nodes.Call)
        return bound if isinstance(bound, ExpressionBinding) and item else None

    def binding(self, node: nodes.Expression, scope: Scope, time: int) -> Binding | None:
        """Return what a name is bound to, or an attribute that the class sets once."""
        if isinstance(node, nodes.Name):
            return lookup(node.value, scope, time) if receiver_class(node.value, scope) is None else None
        if isinstance(node, nodes.Attribute) and isinstance(node.value, nodes.Name):
            own = receiver_class(node.value.value, scope)
            bound = self.found.objects.classes[own].attributes.get(node.attr.value, []) if own is not None else []
            return bound[0] if len(bound) == 1 else None
        return None

    def passed(self, bound: ParameterBinding, scope: Scope) -> list[tuple[nodes.Expression, Scope, int] | None]:
        """Return what each call in the file passes for a parameter, with where it stands; None where that is not seen.

        What is passed in another file of the project is none of it: the file that is judged calls it too.
        """
        if self.view.first is not self.view:
            return []
        function = self._function_of(bound, scope)
        calls = self._calls_by_function.get(function, []) if function is not None else []
        return [self._given(call, bound, function) for call in calls]

    def given(self, call: CallSite, bound: ParameterBinding) -> tuple[nodes.Expression, Scope, int] | None:
        """Return what a call of a class passes for a parameter of its constructor."""
        return self._given(call, bound, bound.statement)

    def calls_of_class(self, made: nodes.ClassDef) -> list[CallSite]:
        """Return the calls in the file that make an instance of a class of it, in the file that is judged."""
        return self._calls_by_class.get(made, []) if self.view.first is self.view else []

    @cached_property
    def _calls_by_class(self) -> dict[nodes.ClassDef, list[CallSite]]:
        found: dict[nodes.ClassDef, list[CallSite]] = {}
        for call in self.found.calls:
            made = self.definition(call.node.func, call.scope, call.time)
            if isinstance(made, nodes.ClassDef):
                found.setdefault(made, []).append(call)
        return found

    @cached_property
    def _calls_by_function(self) -> dict[nodes.FunctionDef, list[CallSite]]:
        """The calls of each function of the file, and of classes as of their constructors."""
        found: dict[nodes.FunctionDef, list[CallSite]] = {}
        for call in self.found.calls:
            made = self.definition(call.node.func, call.scope, call.time)
            for function in (made, _constructor(made)) if made is not None else ():
                if isinstance(function, nodes.FunctionDef) and call not in found.get(function, ())[-1:]:
                    found.setdefault(function, []).append(call)
        return found

    def _function_of(self, bound: ParameterBinding, scope: Scope) -> nodes.FunctionDef | None:
        current: Scope | None = scope
        while current is not None:
            if bound in current.parameters.values() and current in self.functions:
                node = self.functions[current]
                return node if isinstance(node, nodes.FunctionDef) else None
            current = current.parent
        return None

    def _given(
        self, call: CallSite, bound: ParameterBinding, function: nodes.Node | None
    ) -> tuple[nodes.Expression, Scope, int] | None:
        if not isinstance(function, nodes.FunctionDef) or any(arg.star for arg in call.node.args):
            return None
        names = [param.name.value for param in (*function.params.posonly_params, *function.params.params)]
        if not isinstance(self.definition(call.node.func, call.scope, call.time), nodes.FunctionDef):
            names = names[1:]  # of a class, of this file or another
        for index, arg in enumerate(call.node.args):
            name = arg.keyword.value if arg.keyword is not None else names[index] if index < len(names) else ""
            if name == bound.param.name.value:
                return arg.value, call.scope, call.time
        return None


def _constructor(node: nodes.FunctionDef | nodes.ClassDef) -> nodes.FunctionDef | None:
    """Return the `__init__` of a class."""
    parts = node.body.body if isinstance(node, nodes.ClassDef) else ()
    return next((p for p in parts if isinstance(p, nodes.FunctionDef) and p.name.value == "__init__"), None)


def only_return(site: FunctionSite) -> tuple[nodes.Expression, int] | None:
    """Return what a function gives back, where that is one expression for certain, and when."""
    only = site.returns[0] if len(site.returns) == 1 and site.plain else None
    return (only.value, only.time) if only is not None and only.value is not None and not only.guards else None


def item_returned(site: FunctionSite, picks: tuple[Pick, ...]) -> tuple[nodes.Expression, Scope, int] | None:
    """Return the item that picks take of the one tuple which a function gives back."""
    returned = only_return(site)
    value, left = displayed(returned[0], picks) if returned is not None else (None, picks)
    return (value, site.scope, returned[1]) if returned is not None and value is not None and not left else None
