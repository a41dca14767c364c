"""Where the value of an expression goes: into a loss, back from a function, and whether it is doubled on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from kreglint.analysis import bounds
from kreglint.analysis.keras.callees import Callees
from kreglint.analysis.keras.doubling import Doubling
from kreglint.analysis.keras.surroundings import GATHERING, AnyFunction, Tree
from kreglint.analysis.keras.terms import Terms, summed
from kreglint.analysis.semantic.scopes import ParameterBinding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants, is_same_code
from kreglint.records import record

_SUMS = frozenset(("add_n", "reduce_sum", "sum", "accumulate_n"))
_SAME = frozenset(("cast", "identity", "convert_to_tensor", "reshape", "squeeze", "stack", "expand_dims", "concat"))
_COPIES = frozenset(("list", "tuple", "float", "reversed", "sorted"))
_PRODUCTS = frozenset(("multiply", "scalar_mul"))
_LOSSES = ("add_loss", "gradient", "minimize", "compute_gradients", "get_gradients", "gradients")


@record(frozen=False)
class Fate:
    """What becomes of a value.

    `joined`: it becomes part of a loss. `returned`: one of the functions that were asked for gives it back.
    `doubled`: a factor 2 comes to it on some way before that.
    """

    joined: bool = False
    returned: bool = False
    doubled: bool = False


class Sinks:
    """Follows values of one program. `functions` are those that are asked for by what they return."""

    def __init__(
        self, callees: Callees, tree: Tree, doubling: Doubling, terms: Terms, functions: Collection[AnyFunction]
    ) -> None:
        self._callees, self._tree, self._doubling, self._terms = callees, tree, doubling, terms
        self._functions = functions
        self._fate = Fate()
        self._waiting: list[tuple[nodes.Node, bool]] = []
        self._passed: set[tuple[nodes.Node, bool]] = set()
        self._joined = False
        self._steps: Mapping[type[nodes.Node], Callable[[nodes.Node, nodes.Node], None]] = {
            nodes.Arg: self._argument,
            nodes.Element: self._onward,
            nodes.StarredElement: self._onward,
            nodes.List: self._display,
            nodes.Tuple: self._display,
            nodes.BinaryOperation: self._operation,
            nodes.UnaryOperation: self._onward,
            nodes.ListComp: self._collected,
            nodes.GeneratorExp: self._collected,
            nodes.CompFor: self._looped,
            nodes.For: self._looped,
            nodes.IfExp: self._chosen,
            nodes.Assign: self._assigned,
            nodes.AnnAssign: self._assigned,
            nodes.AugAssign: self._augmented,
            nodes.Return: self._returned,
            nodes.Lambda: self._returned,
            nodes.Attribute: self._method,
        }

    def fate(self, node: nodes.Expression) -> Fate:
        """Return what becomes of the value of an expression."""
        self._fate = Fate()
        self._passed.clear()
        self._waiting.clear()
        self._go(node, joined=False)
        while self._waiting and len(self._passed) < bounds.SINK_STEPS:
            current, self._joined = self._waiting.pop()
            parent = self._tree.parent(current)
            step = self._steps.get(type(parent)) if parent is not None else None
            if step is not None and parent is not None:
                step(parent, current)
        self._fate.doubled = self._fate.doubled or bool(self._waiting)  # a way that is too long may be
        return self._fate

    def _go(self, node: nodes.Node, *, joined: bool | None = None) -> None:
        """Follow a node from here on."""
        state = (node, self._joined if joined is None else joined)
        if state not in self._passed:
            self._passed.add(state)
            self._waiting.append(state)

    def _onward(self, parent: nodes.Node, node: nodes.Node) -> None:
        self._go(parent)

    def _join(self) -> None:
        self._joined = self._fate.joined = True

    def _double(self) -> None:
        self._fate.doubled = self._fate.doubled or not self._joined

    # Expressions

    def _operation(self, parent: nodes.Node, node: nodes.Node) -> None:
        if not isinstance(parent, nodes.BinaryOperation):
            return
        other = parent.right if parent.left is node else parent.left
        if isinstance(parent.operator, nodes.Multiply):
            self._scaled(other)
        elif isinstance(parent.operator, nodes.Divide) and parent.left is node:
            self._divided(other)
        elif isinstance(parent.operator, (nodes.Add, nodes.Subtract)):
            whole = self._whole_sum(parent)
            self._added(node, [term for term in summed(whole) if term is not node])
            self._go(whole)
            return
        else:
            return
        self._go(parent)

    def _whole_sum(self, node: nodes.BinaryOperation) -> nodes.BinaryOperation:
        """Return the outermost sum that an addition is a part of."""
        around = self._tree.parent(node)
        while isinstance(around, nodes.BinaryOperation) and isinstance(around.operator, (nodes.Add, nodes.Subtract)):
            node, around = around, self._tree.parent(around)
        return node

    def _scaled(self, *factors: nodes.Expression) -> None:
        if any(self._doubling.doubles(factor, self._tree.scope(factor)) for factor in factors):
            self._double()

    def _divided(self, *divisors: nodes.Expression) -> None:
        if any(self._doubling.halves(divisor, self._tree.scope(divisor)) for divisor in divisors):
            self._double()

    def _added(self, node: nodes.Node, others: list[nodes.Expression]) -> None:
        if any(is_same_code(other, node) for other in others):
            self._double()
        if any(self._terms.is_other(other) for other in others):
            self._join()

    def _display(self, parent: nodes.Node, node: nodes.Node) -> None:
        """Follow a list of terms, which become one loss where the list is summed."""
        elements = parent.elements if isinstance(parent, (nodes.List, nodes.Tuple)) else ()
        self._added(node, [element.value for element in elements if element is not node])
        self._go(parent)

    def _collected(self, parent: nodes.Node, node: nodes.Node) -> None:
        if getattr(parent, "elt", None) is node:
            self._go(parent)

    def _chosen(self, parent: nodes.Node, node: nodes.Node) -> None:
        if getattr(parent, "test", None) is not node:
            self._go(parent)

    def _looped(self, parent: nodes.Node, node: nodes.Node) -> None:
        """Follow each item of what is gone through."""
        target = getattr(parent, "target", None)
        if getattr(parent, "iter", None) is not node or not isinstance(target, nodes.Name):
            return
        if isinstance(parent, nodes.CompFor):
            around = self._tree.parent(parent)
            item = getattr(around, "elt", None)
            for part in _names(item, target.value) if item is not None else ():
                self._go(part)
        else:
            self._read_as(target.value, self._tree.scope(parent))

    # Statements

    def _assigned(self, parent: nodes.Node, node: nodes.Node) -> None:
        if isinstance(parent, nodes.Assign):
            targets = [target.target for target in parent.targets]
        else:
            targets = [parent.target] if isinstance(parent, nodes.AnnAssign) else []
        for target in targets:
            if isinstance(target, nodes.Name):
                self._named(target.value, node)

    def _named(self, name: str, node: nodes.Node) -> None:
        """Follow a name that has the value, if it never has another one."""
        scope = self._tree.scope(node)
        others = [value for value in self._terms.set_to(name, scope) if value is not node]
        if self._joined or not any(self._terms.is_other(value) and not _reads(value, name) for value in others):
            self._read_as(name, scope)

    def _augmented(self, parent: nodes.Node, node: nodes.Node) -> None:
        if not isinstance(parent, nodes.AugAssign) or not isinstance(parent.target, nodes.Name):
            return
        if not isinstance(parent.operator, (nodes.Add, nodes.Subtract)):
            return
        name, scope = parent.target.value, self._tree.scope(parent)
        others = [value for value in self._terms.set_to(name, scope) if value is not node]
        if any(self._terms.is_other(value) for value in others) or _comes_from_outside(name, scope):
            self._join()
        self._read_as(name, scope)

    def _read_as(self, name: str, scope: Scope) -> None:
        """Follow a name to where it is read, and to what it is multiplied with in place."""
        for node in self._tree.reads(name, scope):
            self._go(node)
        for binding in scope.history.get(name, ((), ()))[1]:
            match getattr(binding, "step", None):
                case nodes.AugAssign(operator=nodes.Multiply(), value=factor):
                    self._scaled(factor)
                case nodes.AugAssign(operator=nodes.Divide(), value=divisor):
                    self._divided(divisor)

    # Functions

    def _argument(self, parent: nodes.Node, node: nodes.Node) -> None:
        call = self._tree.parent(parent)
        if not isinstance(call, nodes.Call) or not isinstance(parent, nodes.Arg):
            return
        others = [arg.value for arg in call.args if arg is not parent]
        if isinstance(call.func, nodes.Attribute) and call.func.attr.value in (*GATHERING, *_LOSSES):
            self._given_to(call.func)
            return
        own = self._callees.own(call)
        if own is not None:
            self._into(own, call, parent)
            return
        function = self._callees.of_library(call)
        if function in _PRODUCTS:
            self._scaled(*others)
        elif function == "add":
            self._added(node, others)
        elif function in ("divide", "truediv", "div", "div_no_nan"):
            self._divided(*others)
        elif function not in _SUMS | _SAME | _COPIES:
            return
        self._go(call)

    def _given_to(self, method: nodes.Attribute) -> None:
        if method.attr.value in _LOSSES:
            self._join()
        elif isinstance(method.value, nodes.Name):
            name, scope = method.value.value, self._scope_of(method.value)
            values = [*self._terms.set_to(name, scope), *self._terms.gathered(name, scope)]
            if any(self._terms.is_other(value) for value in values):
                self._join()
            self._read_as(name, scope)

    def _scope_of(self, node: nodes.Name) -> Scope:
        scope = self._tree.scope(node)
        while scope.parent is not None and node.value not in scope.history:
            scope = scope.parent
        return scope

    def _into(self, function: nodes.FunctionDef, call: nodes.Call, arg: nodes.Arg) -> None:
        """Follow the parameter that an argument sets to the value."""
        params = [*function.params.posonly_params, *function.params.params]
        bound = params[isinstance(call.func, nodes.Attribute) :]
        place = [each for each in call.args if each.keyword is None].index(arg) if arg.keyword is None else -1
        if arg.star or (arg.keyword is None and place >= len(bound)):
            return
        name = arg.keyword.value if arg.keyword is not None else bound[place].name.value
        self._read_as(name, self._tree.scope_of(function))

    def _returned(self, parent: nodes.Node, node: nodes.Node) -> None:
        function = parent if isinstance(parent, nodes.Lambda) else self._tree.function(parent)
        if isinstance(parent, nodes.Lambda) and parent.body is not node:
            return
        if function in self._functions:
            self._fate.returned = True
        for call, as_loss in self._callees.results(function) if function is not None else ():
            if as_loss:
                self._fate.joined = True
            else:
                self._go(call)

    def _method(self, parent: nodes.Node, node: nodes.Node) -> None:
        """Stop at a method: what is read of a value is another one."""


def _comes_from_outside(name: str, scope: Scope) -> bool:
    """True if a function is given what it adds to, and not merely a number to begin with."""
    for binding in scope.history.get(name, ((), ()))[1]:
        if isinstance(binding, ParameterBinding):
            return not isinstance(binding.param.default, (nodes.Integer, nodes.Float))
    return False


def _names(node: nodes.Node, name: str) -> Iterator[nodes.Name]:
    return (each for each in descendants(node) if isinstance(each, nodes.Name) and each.value == name)


def _reads(node: nodes.Node, name: str) -> bool:
    return any(True for _ in _names(node, name))
