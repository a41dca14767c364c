"""The walk over expressions: notes their calls, and binds the names that they and assignment targets bind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from kreglint.analysis.semantic.access_paths import ANY, first_key
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import (
    ArgsBinding,
    Binding,
    ChangeBinding,
    Clock,
    EarlierBinding,
    ExpressionBinding,
    Guard,
    LoopBinding,
    OpaqueBinding,
    ParameterBinding,
    Pick,
    RestBinding,
    Scope,
    ScopeKind,
    join,
)
from kreglint.analysis.semantic.sites import AttributeSite, CallSite, Collected, FunctionSite, ReturnSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children

_ATTRIBUTE_FUNCTIONS = ("getattr", "setattr", "delattr", "vars")
_ATTRIBUTE_STORES = ("__dict__", "__setattr__", "__delattr__")
_CHANGING_METHODS = ("update", "setdefault", "pop", "popitem", "clear")
_READING_METHODS = frozenset(("get", "keys", "copy", "items", "values"))
_DICT_METHODS = frozenset((*_READING_METHODS, *_CHANGING_METHODS))
_TAKING_METHODS = ("pop", "setdefault")
_SHARING_METHODS = ("items", "values", "copy", "popitem")
_COPIERS = frozenset(("dict", "sorted", "list", "set", "tuple", "enumerate", "zip", "reversed", "max", "min", "sum"))
_READERS = frozenset(("print", "len", "str", "bool", "float", "int", *_COPIERS))  # builtins that keep none of them
_COMPREHENSIONS = (nodes.GeneratorExp, nodes.ListComp, nodes.SetComp, nodes.DictComp)
_PASSING_SCOPES = ("comprehension", "generator")  # a walrus in them binds in the scope around them


class ExpressionWalk:
    """The state of the walk: the scope and statement it is in, and whether a fault here would be on purpose."""

    def __init__(self, module: nodes.Module, attribute_names: frozenset[str]) -> None:
        self.clock = Clock()
        self.module_scope = Scope("module", "", None, self.clock)
        self.scope = self.module_scope
        self.statement: nodes.Node = module
        self.started = 0
        self.walruses: dict[tuple[Scope, str], list[Binding]] = {}
        self.provoked = False
        self.guarded = False
        self.conditional = False
        self.guards: tuple[Guard, ...] = ()
        self.around: tuple[Guard, ...] = ()  # the guards of the functions in which this one stands
        self.function_site: FunctionSite | None = None
        self.read_on: set[int] = set()  # items, by identity, of which only what they hold is read
        self.attribute_names = attribute_names
        self.found = Collected(self.module_scope)
        self.visitors: dict[type[nodes.Node], Callable[..., bool]] = {
            nodes.Name: self.name,
            nodes.Call: self.call,
            nodes.Attribute: self.attribute,
            nodes.Subscript: self.subscript,
            nodes.Comparison: self.comparison,
            nodes.IfExp: self.choice,
            nodes.BooleanOperation: self.operation,
            nodes.BinaryOperation: self.combination,
            nodes.StarredDictElement: self.starred,
            nodes.NamedExpr: self.walrus,
            nodes.Lambda: self.lambda_,
            nodes.Yield: self.yield_,
            **dict.fromkeys(_COMPREHENSIONS, self.nested_comprehension),
        }

    def expression(self, node: nodes.Node) -> None:
        """Note the calls in an expression, and the names that it binds."""
        stack = [node]
        while stack:
            current = stack.pop()
            visit = self.visitors.get(current.__class__)
            if visit is None or visit(current):
                stack.extend(reversed(children(current)))

    def name(self, node: nodes.Name) -> bool:
        """Note a name that is read for itself: whoever gets a dict or list by it may change it."""
        self.found.escapes.setdefault(node.value, set()).add(self.scope)
        return False

    def subscript(self, node: nodes.Subscript) -> bool:
        self.note_item(node)
        return self.parts_but_names(node.value, *node.slice)

    def note_item(self, node: nodes.Subscript | nodes.Call) -> None:
        """Note an item that is read for itself: whoever gets a dict by it may change it."""
        if id(node) not in self.read_on:
            self.found.shared.note(node)

    def comparison(self, node: nodes.Comparison) -> bool:
        return self.parts_but_names(node.left, *(target.comparator for target in node.comparisons))

    def choice(self, node: nodes.IfExp) -> bool:
        """`body if test else orelse`; a chain of them is walked without going deeper."""
        outer = self.guards
        rest: nodes.Expression = node
        while isinstance(rest, nodes.IfExp):
            self.expression(rest.test)
            self.under(Guard(rest.test, self.scope, self.clock.now), rest.body)
            self.guards += (Guard(rest.test, self.scope, self.clock.now, expected=False),)
            rest = rest.orelse
        self.expression(rest)
        self.guards = outer
        return False

    def operation(self, node: nodes.BooleanOperation) -> bool:
        """`left and right`; what stands on the left is walked without going deeper."""
        operations = [node]
        while isinstance(operations[-1].left, nodes.BooleanOperation):
            operations.append(operations[-1].left)
        self.expression(operations[-1].left)
        for each in reversed(operations):
            self.under(Guard(each.left, self.scope, self.clock.now, isinstance(each.operator, nodes.And)), each.right)
        return False

    def combination(self, node: nodes.BinaryOperation) -> bool:
        """`left + right`; what stands on the left is walked without going deeper.

        A list that is added to another, or a dict that is united with one, is read for what it holds.
        """
        operations = [node]
        while isinstance(operations[-1].left, nodes.BinaryOperation):
            operations.append(operations[-1].left)
        self.operand(operations[-1].left, operations[-1].operator)
        for each in reversed(operations):
            self.operand(each.right, each.operator)
        return False

    def operand(self, node: nodes.Expression, operator: nodes.BinaryOperator) -> None:
        if isinstance(operator, (nodes.Add, nodes.BitOr)) and isinstance(node, nodes.Name):
            self.found.shared.note(node, ANY)
        else:
            self.expression(node)

    def under(self, guard: Guard, node: nodes.Expression) -> None:
        """Walk an expression that is evaluated only where a condition holds."""
        outer, self.guards = self.guards, (*self.guards, guard)
        self.expression(node)
        self.guards = outer

    def starred(self, node: nodes.StarredDictElement) -> bool:
        self.found.shared.note(node.value, ANY)
        return self.parts_but_names(node.value)

    def parts_but_names(self, *parts: nodes.Node) -> bool:
        """Walk the parts; a plain name, attribute or item among them hands nothing on."""
        for part in parts:
            if isinstance(part, nodes.Attribute):
                self.read_attribute(part)
            elif not isinstance(part, nodes.Name):
                self.read_on.add(id(part))
                self.expression(part)
        return False

    def call(self, node: nodes.Call) -> bool:
        unpacked = id(node) in self.read_on  # `**vars(owner)` hands on no more than what the owner holds
        if isinstance(node.func, nodes.Name) and node.func.value in _ATTRIBUTE_FUNCTIONS and not unpacked:
            self.note_attribute_function(node, node.func.value)
        self.found.calls.append(
            CallSite(node, self.statement, self.scope, self.clock.now, self.provoked, self.around + self.guards)
        )
        func = node.func
        if (
            isinstance(func, nodes.Attribute)
            and isinstance(func.value, nodes.Name)
            and func.attr.value in _DICT_METHODS
        ):
            self.dict_method(node, func.value.value, func.attr.value)
        elif isinstance(func, nodes.Name):
            self.call_arguments(node, harmless=func.value in _READERS, copied=func.value in _COPIERS)
        elif isinstance(func, nodes.Attribute):
            self.method(node, func)
            self.call_arguments(node)
        else:
            self.expression(func)
            self.call_arguments(node)
        return False

    def method(self, node: nodes.Call, func: nodes.Attribute) -> None:
        """A method that is called, which is not handed on; nor is the dict that it only reads."""
        if func.attr.value == "get":
            self.note_item(node)
            self.read_on.add(id(func.value))
        elif isinstance(func.value, nodes.Attribute):
            self.share_items(node, func.attr.value)
        if isinstance(func.value, nodes.Attribute) and func.attr.value not in _READING_METHODS:
            self.found.objects.handed_on.add(func.value.attr.value)
        self.read_attribute(func)

    def dict_method(self, node: nodes.Call, name: str, method: str) -> None:
        """`name.update(…)` and the like: what looks so may be the method of a dict."""
        update = method == "update"
        self.call_arguments(node, harmless=update, copied=update)
        self.found.before[node] = self.clock.now
        self.share_items(node, method)
        if method in _CHANGING_METHODS:
            self.change(name, node)

    def share_items(self, node: nodes.Call, method: str) -> None:
        """Note which items of a dict its method gives to others."""
        assert isinstance(node.func, nodes.Attribute)
        if method == "get":
            self.note_item(node)
        elif method in _TAKING_METHODS:
            self.found.shared.note(node.func.value, first_key(node))
        elif method in _SHARING_METHODS:
            self.found.shared.note(node.func.value, ANY)

    def call_arguments(self, node: nodes.Call, *, harmless: bool = False, copied: bool = False) -> None:
        """Walk the arguments. A `harmless` call keeps none of them; one that copies a dict keeps what it holds."""
        for arg in node.args:
            if arg.star or (harmless and arg.keyword is None):
                if copied or arg.star:
                    self.found.shared.note(arg.value, ANY)
                self.parts_but_names(arg.value)
            elif isinstance(node.func, nodes.Name) and self.lent(arg.value, node, arg):
                self.parts_but_names(arg.value)
            else:
                self.expression(arg.value)

    def lent(self, node: nodes.Expression, holder: nodes.Call | str, argument: nodes.Arg | None = None) -> bool:
        """Note a name or an item that gets one more name; whether it is one."""
        is_item = isinstance(node, (nodes.Name, nodes.Subscript))
        return is_item and self.found.shared.lend(node, self.scope, self.clock.now, holder, argument)

    def change(self, name: str, step: nodes.Node, value: nodes.Expression | None = None) -> None:
        """Bind a name anew whose dict is changed in place, or note that a name of another scope is."""
        scope = self.scope
        self.found.changed.add(name)
        if name not in scope.history or name in scope.declared or scope.kind == "class":
            self.found.escapes.setdefault(name, set()).add(scope)
            return
        now = self.clock.now
        scope.bind(name, ChangeBinding(step, EarlierBinding(scope, name, now), scope, now, value))

    def note_attribute_function(self, node: nodes.Call, function: str) -> None:
        """`setattr(owner, "x", …)` and `getattr` with a plain name are about that one; anything else about any."""
        objects = self.found.objects
        name = node.args[1].value if len(node.args) > 1 else None
        text = string_of(name)
        if text is not None:
            (objects.handed_on if function == "getattr" else objects.set_from_outside).add(text)
        elif function == "getattr":
            objects.hands_on_any = True
        else:
            objects.untraceable = True

    def attribute(self, node: nodes.Attribute) -> bool:
        """Note an attribute that is read for itself: whoever gets a dict by it may change it."""
        self.found.objects.handed_on.add(node.attr.value)
        self.read_attribute(node)
        return False

    def read_attribute(self, node: nodes.Attribute) -> None:
        if node.attr.value in _ATTRIBUTE_STORES:
            self.found.objects.untraceable = True
        if node.attr.value in self.attribute_names:
            self.found.attributes.append(
                AttributeSite(
                    node,
                    self.statement,
                    self.scope,
                    self.clock.now,
                    self.provoked,
                    self.guarded,
                    guards=self.around + self.guards,
                )
            )
        if isinstance(node.value, nodes.Attribute):
            self.read_attribute(node.value)
        else:
            self.expression(node.value)

    def walrus(self, node: nodes.NamedExpr) -> bool:
        """Bind in the midst of a statement: whatever else stands in it may see the name before or after."""
        scope = self.scope
        while scope.kind in _PASSING_SCOPES and scope.parent is not None:
            scope = scope.parent
        if isinstance(node.target, nodes.Name) and node.target.value not in scope.declared:
            name = node.target.value
            before = EarlierBinding(scope, name, self.started - 1)
            states = self.walruses.setdefault((scope, name), [before])
            states.append(ExpressionBinding(node.value, node, self.scope, self.clock.now))
            scope.bind(name, join(states))
            scope.insert(name, self.started, join(states))
        elif isinstance(node.target, nodes.Name):
            scope.bind(node.target.value, OpaqueBinding("set in the midst of an expression"))
        return True

    def lambda_(self, node: nodes.Lambda) -> bool:
        self.defaults(node.params)
        outer = self.started, self.walruses

        def body() -> None:
            self.started, self.walruses = self.clock.tick(), {}
            site = self.enter_function(node)
            self.expression(node.body)
            site.returns.append(ReturnSite(node.body, self.clock.now))

        self.nested("lambda", "<lambda>", self.clock.now, node.params, body)
        self.started, self.walruses = outer
        return False

    def iterated(self, node: nodes.Expression) -> None:
        """Walk what a loop or unpacking goes through: it gets hold of what that holds, but not of itself."""
        self.found.shared.note(node, ANY)
        self.parts_but_names(node)

    def nested_comprehension(self, node: nodes.Comprehension) -> bool:
        kind: ScopeKind = "generator" if isinstance(node, nodes.GeneratorExp) else "comprehension"
        self.iterated(node.for_in.iter)
        self.nested(kind, f"<{kind}>", self.clock.now, None, partial(self.comprehension, node))
        return False

    def comprehension(self, node: nodes.Comprehension) -> None:
        self.found.comprehensions[node] = self.scope
        loop: nodes.CompFor | None = node.for_in
        while loop is not None:
            if loop is not node.for_in:  # the first is evaluated outside
                self.iterated(loop.iter)
            self.bind_loop_target(loop.target, loop.iter)
            for condition in loop.ifs:
                self.expression(condition.test)
            loop = loop.inner_for_in
        for name in ("elt", "key", "value"):
            part = getattr(node, name, None)
            if isinstance(part, nodes.Node):
                self.expression(part)

    def nested(
        self,
        kind: ScopeKind,
        name: str,
        defined_at: int,
        parameters: nodes.Parameters | None,
        walk_body: Callable[[], object],
        *,
        receiver: str | None = None,
    ) -> None:
        outer, left = self.scope, (self.guards, self.function_site, self.around)
        self.around += self.guards
        self.scope = Scope(kind, name, outer, self.clock)
        self.scope.receiver = receiver
        if parameters is not None:
            self.bind_parameters(parameters, outer, defined_at)
        walk_body()
        self.scope = outer
        self.guards, self.function_site, self.around = left

    def enter_function(self, node: nodes.FunctionDef | nodes.Lambda) -> FunctionSite:
        """Note the function whose scope was entered; what is returned from here on is its own."""
        self.guards = ()
        self.function_site = self.found.functions[node] = FunctionSite(node, self.scope)
        return self.function_site

    def yield_(self, node: nodes.Yield) -> bool:
        if self.function_site is not None:
            self.function_site.plain = False
        return True

    def defaults(self, parameters: nodes.Parameters) -> None:
        for param in _all_params(parameters):
            if param.default is not None:
                self.expression(param.default)

    def bind_parameters(self, parameters: nodes.Parameters, outer: Scope, defined_at: int) -> None:
        for param in _all_params(parameters):
            binding = ParameterBinding(param, self.statement, outer, defined_at)
            self.scope.parameters[param.name.value] = binding
            self.scope.bind(param.name.value, binding)
        if isinstance(parameters.star_arg, nodes.Param):
            self.scope.rest_by_position = ArgsBinding(parameters.star_arg)
            self.scope.bind(parameters.star_arg.name.value, self.scope.rest_by_position)
        if parameters.star_kwarg is not None:
            self.scope.rest = RestBinding(parameters.star_kwarg, self.statement, outer)
            self.scope.bind(parameters.star_kwarg.name.value, self.scope.rest)

    def bind_target(self, target: nodes.Expression, binding: Binding) -> None:
        """Bind every name in an assignment's target; what is not a name is only read."""
        if isinstance(target, nodes.Name):
            self.scope.bind(target.value, binding)
        elif isinstance(target, (nodes.Tuple, nodes.List)):
            for element in target.elements:
                self.bind_target(element.value, binding)
        elif isinstance(target, nodes.Attribute):
            self.bind_attribute(target, binding)
            self.found.attributes.append(
                AttributeSite(
                    target, self.statement, self.scope, self.clock.now, self.provoked, self.guarded, assigned=True
                )
            )
            self.expression(target.value)
        elif isinstance(target, nodes.Subscript):
            self.change_item(target, binding)
        else:
            self.expression(target)

    def change_item(self, target: nodes.Subscript, binding: Binding) -> None:
        """`owner[key] = …`, or `del owner[key]`."""
        self.parts_but_names(target.value, *target.slice)
        if isinstance(target.value, nodes.Name):
            value = binding.value if isinstance(binding, ExpressionBinding) and binding.whole else None
            self.change(target.value.value, target, value)
        elif isinstance(target.value, nodes.Attribute):
            self.found.objects.set_from_outside.add(target.value.attr.value)
        else:
            self.found.shared.note(target.value)

    def bind_attribute(self, target: nodes.Attribute, binding: Binding) -> None:
        """Note what `self.x` may be, or that an attribute of this name is set on something else."""
        objects, name = self.found.objects, target.attr.value
        receiver = receiver_class(target.value.value, self.scope) if isinstance(target.value, nodes.Name) else None
        if receiver is None:
            objects.set_from_outside.add(name)
        else:
            objects.classes[receiver].attributes.setdefault(name, []).append(binding)

    def bind_loop_target(self, target: nodes.Expression, iterable: nodes.Expression) -> None:
        now = self.clock.now
        for part, picks in unpacked_targets(target):
            self.bind_target(part, LoopBinding(iterable, self.scope, now, picks))


def unpacked_targets(target: nodes.Expression) -> Iterator[tuple[nodes.Expression, tuple[Pick, ...]]]:
    """Each target that an assignment binds, in order, with the picks that lead to its part of the value."""
    stack: list[tuple[nodes.Expression, tuple[Pick, ...]]] = [(target, ())]
    while stack:
        current, picks = stack.pop()
        if isinstance(current, (nodes.Tuple, nodes.List)):
            stack += reversed([(element.value, (*picks, pick)) for element, pick in _picked(current.elements)])
        else:
            yield current, picks


def _picked(elements: Sequence[nodes.BaseElement]) -> Iterator[tuple[nodes.BaseElement, Pick]]:
    """The elements of a target. What stands behind a starred one is counted from the end."""
    starred = next(
        (i for i, element in enumerate(elements) if isinstance(element, nodes.StarredElement)), len(elements)
    )
    for index, element in enumerate(elements):
        after = len(elements) - index
        if index == starred:
            yield element, Pick(index, starred=True, stop=-(after - 1) or None)
        else:
            yield element, Pick(index if index < starred else -after)


def _all_params(parameters: nodes.Parameters) -> Iterable[nodes.Param]:
    return (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
