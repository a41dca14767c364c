"""What a call runs: something of a library, or a function or class of the project, and what it passes to that."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ExpressionBinding, ImportBinding
from kreglint.analysis.semantic.signature import signature_of
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.functions import FunctionValue, parameters_given
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import At, Frame
from kreglint.analysis.values.objects import ClassValue, InstanceValue

_HANDING_ON = ("tensorflow.", "numpy.", "functools.", "copy.")  # libraries whose results are made of their arguments


class Own(NamedTuple):
    """A function or class of the project, with the file that it stands in."""

    view: View
    node: nodes.FunctionDef | nodes.ClassDef | nodes.Lambda


class OwnCallees:
    """Finds what calls run, in the program of a view and in those that it imports from."""

    def __init__(self, view: View) -> None:
        self._view = view

    def path(self, func: nodes.Expression, at: At) -> str | None:
        """Return the one path, of Keras or another library, that is certainly called."""
        paths = at.module.paths.of(func, at.scope, at.time)
        names = {canonical(path) or path for path in paths}
        name = names.pop() if len(names) == 1 else ""
        return name if name.startswith(("keras.", *_HANDING_ON)) else None

    def own(self, func: nodes.Expression, at: At) -> Own | None:
        """Return the function or class of the project that is certainly called, as it is written there."""
        view = self._view.of(at.module)
        for _ in range(bounds.CALLEE_STEPS):
            if isinstance(func, nodes.Lambda):
                return Own(view, func)
            bound = self._binding(func, at)
            if isinstance(bound, ExpressionBinding) and bound.whole:
                func, at = bound.value, at.moved(bound.scope, bound.time)
                continue
            if bound is None or isinstance(bound, ImportBinding):
                far = view.imported(func, at.scope, at.time)
                view, bound = (far.view, far.binding) if far is not None else (view, None)
            made = bound.node if isinstance(bound, DefinitionBinding) else None
            return Own(view, made) if made is not None and not is_remade(made) else None
        return None

    def _binding(self, func: nodes.Expression, at: At) -> Binding | None:
        """Return what a name is bound to, or the method of its own that an instance calls."""
        if isinstance(func, nodes.Name):
            return lookup(func.value, at.scope, at.time)
        if isinstance(func, nodes.Attribute) and isinstance(func.value, nodes.Name):
            own = receiver_class(func.value.value, at.scope)
            return at.module.found.objects.classes[own].member(func.attr.value) if own is not None else None
        return None

    def is_tensor(self, node: nodes.Expression, at: At) -> bool:
        """True if an expression is certainly what a layer, or a function of a library, gives."""
        bound = lookup(node.value, at.scope, at.time) if isinstance(node, nodes.Name) else None
        if isinstance(bound, ExpressionBinding) and bound.whole:
            node, at = bound.value, at.moved(bound.scope, bound.time)
        if not isinstance(node, nodes.Call):
            return False
        if self.path(node.func, at) is not None:
            return True
        bound = lookup(node.func.value, at.scope, at.time) if isinstance(node.func, nodes.Name) else None
        layer = bound.value if isinstance(bound, ExpressionBinding) and bound.whole else node.func
        there = at.moved(bound.scope, bound.time) if isinstance(bound, ExpressionBinding) else at
        return isinstance(layer, nodes.Call) and (self.path(layer.func, there) or "").startswith("keras.")

    def given(self, own: Own, call: nodes.Call) -> dict[Binding, nodes.Expression]:
        """Return which expression a call passes for which parameter; empty where it does not show that."""
        found, node = own.view.program.found, own.node
        if isinstance(node, nodes.ClassDef):
            made = found.objects.by_node[node].member("__init__")
            node = made.node if isinstance(made, DefinitionBinding) else node
        if isinstance(node, nodes.ClassDef) or any(arg.star for arg in call.args):
            return {}
        scope, signature = found.functions[node].scope, signature_of(node.params)
        if scope.receiver is not None:
            signature = signature._replace(positional=signature.positional[1:])
        by_place = [arg.value for arg in call.args if arg.keyword is None]
        bound = signature.bind(by_place, {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None})
        named = bound.named if bound is not None else {}
        return {scope.parameters[name]: value for name, value in named.items() if name in scope.parameters}


def call_frame(node: nodes.Call, at: At) -> Frame | None:
    """Return the frame of a call of a function of the project."""
    callee = infer(node.func, at)
    if not isinstance(callee, FunctionValue):
        return None
    passed = parameters_given(callee.body, arguments_of(node, at))
    level = 1 + (at.frame.level if at.frame is not None else 0)
    return Frame(passed, callee.body.frame, level) if passed is not None else None


def constructor_frame(node: nodes.Call, at: At) -> Frame | None:
    """Return the frame of the constructor that a call of a class of the project runs."""
    made = infer(node, at) if isinstance(infer(node.func, at), ClassValue) else None
    return made.frame if isinstance(made, InstanceValue) else None
