"""Which call of a file makes what an expression is: by its name, an attribute, or what the only call passes for it."""

from __future__ import annotations

from functools import cached_property

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import Reader
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, ParameterBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
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
            elif isinstance(bound, ExpressionBinding) and bound.whole:
                node, scope, time = bound.value, bound.scope, bound.time
            else:
                return None
        return None

    def is_made(self, node: nodes.Expression, scope: Scope, time: int) -> bool:
        """True if an expression is what a call or a file of the project makes, whatever that is."""
        own = isinstance(node, nodes.Name) and receiver_class(node.value, scope) is not None
        return own or self.call_of(node, scope, time) is not None or self.view.imported(node, scope, time) is not None

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
        if isinstance(self.definition(call.node.func, call.scope, call.time), nodes.ClassDef):
            names = names[1:]
        for index, arg in enumerate(call.node.args):
            name = arg.keyword.value if arg.keyword is not None else names[index] if index < len(names) else ""
            if name == bound.param.name.value:
                return arg.value, call.scope, call.time
        return None


def _constructor(node: nodes.FunctionDef | nodes.ClassDef) -> nodes.FunctionDef | None:
    """Return the `__init__` of a class."""
    parts = node.body.body if isinstance(node, nodes.ClassDef) else ()
    return next((p for p in parts if isinstance(p, nodes.FunctionDef) and p.name.value == "__init__"), None)
