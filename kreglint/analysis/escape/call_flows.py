"""What calls do with the objects that they are given."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.analysis.escape.cells import (
    CALLERS,
    EVERYTHING,
    OUTSIDE,
    Cell,
    attribute_cell,
    call_cell,
    instance_cell,
    item_cell,
    own_cell,
    returned_cell,
)
from kreglint.analysis.escape.flows import Flows
from kreglint.analysis.escape.layer_cells import LayerCells, makes_layer
from kreglint.analysis.escape.linked import Linked
from kreglint.analysis.escape.origins import BUILTINS, Callee, Function, Origins, is_library
from kreglint.analysis.escape.sources import VARIABLES
from kreglint.analysis.escape.ways import BUILT, HELD, MADE, PUT, SAME, Through
from kreglint.analysis.semantic.class_sites import ClassSite, is_base_constructor
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes

_KEEP_FOR_THEMSELVES = ("keras.callbacks.", "tensorflow.train.", "tensorflow.summary.")
_INERT = frozenset("print len isinstance issubclass bool float int str repr type id hasattr callable hash".split())
_BY_NAME = frozenset("getattr setattr delattr vars".split())
_OF_NAMESPACES = frozenset("globals locals vars eval exec".split())
_DERIVING = ("gradient", "jacobian")  # methods of tapes, which give numbers
_RUNNING = "stateless_call"
_CALLING = ("map", "filter", "functools.partial", "functools.partialmethod", "functools.reduce")
_KEEPING_NOTHING = frozenset(
    """apply_gradients apply minimize gradient jacobian watch run experimental_run_v2 build fit evaluate predict
    update_state reduce gather stateless_call stateless_apply""".split()
)  # methods of optimizers, tapes, strategies, models and metrics, which keep numbers


class Named(NamedTuple):
    """An attribute that a builtin function gets or sets by its name, None where that is computed."""

    owner: nodes.Expression
    name: str | None
    is_set: bool
    call: nodes.Call
    scope: Scope


class CallFlows(Flows):
    """All flows of linked programs."""

    def __init__(self, linked: Linked) -> None:
        super().__init__(linked)
        self.assigned = tuple(self.stores)  # by statements: calls add to these
        self.named: list[Named] = []
        self.sites = linked.calls()
        self.origins = Origins(self, self.sites)
        self.layers = LayerCells(self, self.origins)
        for node, scope in self.calls:
            callee = self.origins.callee(node, scope, judged=False)
            for function in callee.functions:
                self.pass_on(node, scope, function, bound=callee.bound)
            for each in callee.classes:
                self._construct(node, scope, each)
        for node, scope in self.calls:
            self._call(node, scope, self.origins.callee(node, scope))
        for target, value, scope in self.stores:
            if not self.origins.is_known(target.value, scope):
                self.feed(OUTSIDE, value, scope, PUT)
        for made, site in self.found.functions.items():
            if isinstance(made, nodes.FunctionDef) and site.scope not in self.origins.called:
                self.link(returned_cell(site.scope), CALLERS)

    def pass_on(self, node: nodes.Call, scope: Scope, function: Function, *, bound: bool) -> None:
        """Note which parameters get the arguments of a call."""
        own, params = self.found.functions[function].scope, function.params
        self.origins.called.add(own)
        is_method = own.parent is not None and own.parent.kind == "class" and bound
        names = [param.name.value for param in (*params.posonly_params, *params.params)][1 if is_method else 0 :]
        every = [*names, *(param.name.value for param in params.kwonly_params)]
        rest = [each.name.value for each in (params.star_arg, params.star_kwarg) if isinstance(each, nodes.Param)]
        place = 0
        for arg in node.args:
            name = arg.keyword.value if arg.keyword is not None else names[place] if place < len(names) else ""
            place += arg.keyword is None
            if arg.star or name not in every:
                for each in (*every, *rest) if arg.star else rest:
                    self.feed(Cell(own, each), arg.value, scope, PUT)
            else:
                self.feed(Cell(own, name), arg.value, scope)

    def _construct(self, node: nodes.Call, scope: Scope, made: ClassSite) -> None:
        cell = call_cell(node)
        self.link(instance_cell(made.scope), cell)
        self.link(Cell(made.node, "<class>"), cell, PUT)
        constructors = [method for each in (made, *self.bases(made)) for method in self._constructors(each)]
        for method in constructors:
            self.pass_on(node, scope, method, bound=True)
        if not constructors and self.is_of_keras(made):
            self._build(node, scope, made)

    def _build(self, node: nodes.Call, scope: Scope, made: ClassSite) -> None:
        """Note that the constructor of a layer or model of Keras makes one of what it is given."""
        for arg in node.args:
            self.feed(own_cell(made.scope), arg.value, scope, BUILT)

    def _constructors(self, made: ClassSite) -> list[nodes.FunctionDef]:
        body = made.node.body.body
        return [each for each in body if isinstance(each, nodes.FunctionDef) and each.name.value == "__init__"]

    def _call(self, node: nodes.Call, scope: Scope, callee: Callee) -> None:
        cell, func = call_cell(node), node.func
        for function in callee.functions:
            site = self.found.functions[function]
            self.link(returned_cell(site.scope), cell, SAME if site.plain else PUT)
        own = self.origins.is_own(node, scope, callee)
        self._give_items(node, callee.functions if own else ())
        if own:
            return  # what it does with its arguments is seen
        self.feed(cell, func, scope, HELD)
        name = func.value if isinstance(func, nodes.Name) else ""
        if name in BUILTINS and not (callee.functions or callee.classes or callee.path or callee.strange):
            self._builtin(node, name, scope)
        elif callee.strange or not isinstance(func, nodes.Attribute) or func.attr.value not in _DERIVING:
            through = _of_library(callee.path) if callee.path and not callee.strange else PUT
            if isinstance(func, nodes.Attribute) and func.attr.value == _RUNNING and not callee.functions:
                through = None  # outputs alone, of a model that is run
            if through is not None:
                for arg in node.args:
                    self.feed(cell, arg.value, scope, through)
        if callee.strange:
            self._give_away(node, scope)
        if isinstance(func, nodes.Attribute) and not callee.path and self.cells.of_module(func, scope) is None:
            self._change(node, func, scope)
        above = _class_around(scope) if is_base_constructor(func) else None
        made = self.found.objects.classes.get(above) if above is not None else None
        if made is not None and self.is_of_keras(made):
            self._build(node, scope, made)
        self._call_back(node, scope)

    def _give_items(self, node: nodes.Call, functions: tuple[Function, ...]) -> None:
        """Note what the targets get that a call is unpacked to: of functions that give back tuples, each its item."""
        items = self.unpacked.get(node, ())
        apart = bool(functions) and all(self.has_items(each, len(items)) for each in functions) if items else False
        for place, item in enumerate(items):
            for function in functions if apart else ():
                self.link(item_cell(self.found.functions[function].scope, place), item)
            if not apart:
                self.link(call_cell(node), item, PUT)

    def _give_away(self, node: nodes.Call, scope: Scope) -> None:
        """Note that unknown code may keep what it is given, and put each of its arguments into any other."""
        cell = call_cell(node)
        self.link(cell, OUTSIDE)
        if isinstance(node.func, nodes.Attribute) and not self.sets_itself(node.func, scope):
            self.feed(OUTSIDE, node.func.value, scope, PUT)
        for arg in node.args:
            if not isinstance(arg.value, nodes.Attribute) or arg.value.attr.value not in VARIABLES:
                for root in self.cells.roots(arg.value, scope):
                    self.link(cell, root, PUT)

    def _change(self, node: nodes.Call, func: nodes.Attribute, scope: Scope) -> None:
        """Note that a method may put its arguments into its object; `add` makes a layer a part of a model."""
        if self.sets_itself(func, scope):
            for arg in node.args if not self.layers.holds_layers(attribute_cell(func.attr.value)) else ():
                self.feed(attribute_cell(func.attr.value), arg.value, scope, PUT)
        elif func.attr.value not in _KEEPING_NOTHING:
            for arg in node.args:
                self.store(func.value, arg.value, scope, into=BUILT if func.attr.value == "add" else None)

    def _call_back(self, node: nodes.Call, scope: Scope) -> None:
        """Note that a function of the file that is an argument may be called with the others."""
        given = Cell(node, "<given>")
        functions = []
        for arg in node.args:
            made = [each for each in self.origins.definitions(arg.value, scope) if not isinstance(each, nodes.ClassDef)]
            functions += made
            if not made:
                self.feed(given, arg.value, scope, PUT)
        if self._runs_unseen(node, scope):
            self.link(given, OUTSIDE, PUT)
        for function in functions if functions else ():
            if isinstance(node.func, nodes.Attribute):
                self.feed(given, node.func.value, scope, PUT)
            own, params = self.found.functions[function].scope, function.params
            for param in (*params.posonly_params, *params.params, *params.kwonly_params):
                if param.name.value != own.receiver:
                    self.link(given, Cell(own, param.name.value), PUT)

    def _runs_unseen(self, node: nodes.Call, scope: Scope) -> bool:
        """True if an argument is a function that is not seen, which may be called with the others."""
        site = self.sites.get(node)
        for arg in node.args if site is not None and len(node.args) > 1 else ():
            paths = self.found.of(arg.value, site.scope, site.time) if site is not None else ()
            if not all(map(is_library, paths)) and not self.cells.is_linked(arg.value, scope):
                return True
        name = node.func.value if isinstance(node.func, nodes.Name) else ""
        calls = self.origins.path(node) in _CALLING or name in _CALLING
        return calls and bool(node.args) and not self.origins.is_known(node.args[0].value, scope)

    def _builtin(self, node: nodes.Call, name: str, scope: Scope) -> None:
        cell, args = call_cell(node), [arg.value for arg in node.args]
        if name in _BY_NAME and args:
            text = string_of(args[1]) if len(args) > 1 else None
            self.named.append(Named(args[0], text, name in ("setattr", "delattr"), node, scope))
        if name == "setattr" and len(args) == 3:
            self.store(args[0], args[2], scope)
            self._name(args[1], args[2], scope)
        elif name == "super":
            current = _class_around(scope)
            if current is not None:
                self.link(own_cell(current), cell)
        elif name in _OF_NAMESPACES:
            self.link(EVERYTHING, cell, PUT)
        if name not in _INERT:
            for each in args:
                self.feed(cell, each, scope, PUT)
        text = string_of(args[1]) if name == "getattr" and len(args) > 1 else None
        if text is not None:
            self.link(attribute_cell(text), cell)

    def _name(self, name: nodes.Expression, value: nodes.Expression, scope: Scope) -> None:
        text = string_of(name)
        if text is not None:
            self.feed(attribute_cell(text), value, scope)


def _class_around(scope: Scope) -> Scope | None:
    current: Scope | None = scope
    while current is not None and current.kind != "class":
        current = current.parent
    return current


def _of_library(path: str) -> Through | None:
    """Return how what a library makes holds what it is given; None where nobody gets it back."""
    name = canonical(path) or path
    if name.startswith(_KEEP_FOR_THEMSELVES):
        return None
    return BUILT if makes_layer(name) else MADE
