"""What a function reads of a model's losses only to show it: printed, logged or kept in a metric, never added.

The value is followed through the names of the function, sums and other functions that only work out a number. What is
handed to anyone else, kept in an attribute or asked for in a condition is not only shown.
"""

from __future__ import annotations

from kreglint.analysis.escape.call_flows import CallFlows
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reader import LIBRARIES, Reader, View
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_SHOWING = (
    "tensorflow.print",
    "tensorflow.summary.",
    "tensorflow.compat.v1.summary.",
    "tensorflow.compat.v1.logging.",
    "tensorflow.debugging.assert_",
    "logging.",
    "absl.logging.",
    "wandb.log",
    "mlflow.log_",
)
_COMPUTING = frozenset(
    """add add_n reduce_sum reduce_mean sum mean cast convert_to_tensor convert_to_numpy identity stop_gradient stack
    concat reshape squeeze multiply divide square sqrt get_value asarray array format as_string constant is_nan isnan
    maximum minimum less greater""".split()
)  # functions of libraries that give numbers, and keep none
_BUILTINS = frozenset("sum float int str len round max min abs format list tuple sorted".split())
_OF_TENSORS = frozenset("numpy item eval tolist format".split())
_METRICS = "keras.metrics."
_LOGGERS = ("logging.getLogger",)
_CARRIERS = (
    nodes.BinaryOperation,
    nodes.UnaryOperation,
    nodes.Comparison,
    nodes.FormattedString,
    nodes.FormattedStringExpression,
    nodes.List,
    nodes.Tuple,
    nodes.Dict,
    nodes.Element,
    nodes.StarredElement,
    nodes.DictElement,
)


class Shown(Reader):
    """The reads of losses in one function; `gives_back` says that what it returns is no part of the loss either."""

    def __init__(self, view: View, flows: CallFlows, body: nodes.Node, *, gives_back: bool) -> None:
        super().__init__(view)
        self._flows = flows
        self._body = body
        self._gives_back = gives_back
        self._makers = Makers(view)

    def all(self) -> set[nodes.Node]:
        """Return all that the function evaluates to show losses, and for nothing else."""
        found: set[nodes.Node] = set()
        for node in descendants(self._body):
            if isinstance(node, nodes.Attribute) and node.attr.value == "losses":
                passed: set[nodes.Node] = set()
                if self._is_shown(node, passed):
                    found |= passed
        return found

    def _is_shown(self, node: nodes.Node, passed: set[nodes.Node]) -> bool:
        """True if the value of an expression is only shown; `passed` gets what that value goes through."""
        if node in passed:
            return True
        passed.add(node)
        above = self.program.parents.get(node)
        match above:
            case nodes.Expr():
                return True
            case nodes.Return():
                return self._gives_back
            case nodes.Arg():
                return self._is_shown_by(above, passed)
            case nodes.Attribute():
                return self._is_shown_as(above, passed)
            case nodes.CompFor():
                return self._is_shown_in(above, passed)
            case nodes.Subscript():
                return above.value is node and self._is_shown(above, passed)
        targets = _targets(above, node)
        if targets:
            return all(self._is_name_shown(target, passed) for target in targets)
        return isinstance(above, _CARRIERS) and self._is_shown(above, passed)

    def _is_shown_as(self, read: nodes.Attribute, passed: set[nodes.Node]) -> bool:
        """True if what a method of a value gives is only shown, or something is appended to the list that it is."""
        call = self.program.parents.get(read)
        if not isinstance(call, nodes.Call) or call.func is not read:
            return False
        if read.attr.value == "append" and isinstance(read.value, nodes.Name):
            return isinstance(self.program.parents.get(call), nodes.Expr)
        return read.attr.value in _OF_TENSORS and self._is_shown(call, passed)

    def _is_shown_in(self, loop: nodes.CompFor, passed: set[nodes.Node]) -> bool:
        """True if a comprehension that goes through losses only works out numbers of them, and is only shown."""
        whole = self.program.parents[loop]
        calls = (each for each in descendants(whole) if isinstance(each, nodes.Call))
        plain = isinstance(whole, nodes.SimpleComprehension) and all(map(self._computes, calls))
        return plain and self._is_shown(whole, passed)

    def _is_name_shown(self, target: nodes.Expression, passed: set[nodes.Node]) -> bool:
        """True if all that reads a name, wherever it may be the same, only shows it."""
        if not isinstance(target, nodes.Name):
            return False
        site = self._flows.found.functions.get(self._body)
        scope = site.scope if site is not None else self.found.module_scope
        known = scope if target.value in scope.history else self.found.module_scope
        if target.value not in known.history or target.value in scope.declared:
            return False
        where = self._body if known is scope else self.program.module
        named = (node for node in descendants(where) if isinstance(node, nodes.Name) and node.value == target.value)
        return all(self._is_target(node) or self._is_shown(node, passed) for node in named)

    def _is_target(self, node: nodes.Name) -> bool:
        match self.program.parents[node]:
            case nodes.AssignTarget():
                return True
            case nodes.AugAssign() | nodes.For() as above:
                return above.target is node
        return False

    def _is_shown_by(self, given: nodes.Arg, passed: set[nodes.Node]) -> bool:
        """True if a call that is given a value shows it, or gives back what is only shown."""
        call = self.program.parents[given]
        if not isinstance(call, nodes.Call):
            return False
        if self._shows(call) or self._collects(call, passed):
            passed.add(call)
            return True
        return self._computes(call) and self._is_shown(call, passed)

    def _shows(self, call: nodes.Call) -> bool:
        """True if a call prints, logs or keeps numbers, and nothing comes back that anyone could add."""
        path, func = self._path(call), call.func
        if path.startswith(_SHOWING) or (isinstance(func, nodes.Name) and func.value == "print" and not path):
            return True
        if not isinstance(func, nodes.Attribute):
            return False
        maker = self._maker(func.value, call)
        return (func.attr.value == "update_state" and maker.startswith(_METRICS)) or maker in _LOGGERS

    def _collects(self, call: nodes.Call, passed: set[nodes.Node]) -> bool:
        """True if a call appends to a list that is only shown, or calls a metric and leaves what comes back."""
        func = call.func
        if not isinstance(self.program.parents.get(call), nodes.Expr):
            return False
        if isinstance(func, nodes.Attribute) and func.attr.value == "append":
            return self._is_a_list(func.value, call) and self._is_name_shown(func.value, passed)
        return self._maker(func, call).startswith(_METRICS)

    def _is_a_list(self, node: nodes.Expression, call: nodes.Call) -> bool:
        site = self.view.sites.get(call)
        made = self._makers.binding(node, site.scope, site.time) if site is not None else None
        return isinstance(made, ExpressionBinding) and made.whole and isinstance(made.value, nodes.List)

    def _path(self, call: nodes.Call) -> str:
        path = self._flows.origins.path(call)
        return canonical(path) or path

    def _maker(self, node: nodes.Expression, call: nodes.Call) -> str:
        """Return the path of what makes the object that an expression is, where that is certain."""
        site = self.view.sites.get(call)
        made = self._makers.call_of(node, site.scope, site.time) if site is not None else None
        return self._path(made[0]) if made is not None else ""

    def _computes(self, call: nodes.Call) -> bool:
        """True if a call works out a number, or a list of them, and does nothing else."""
        path, func = self._path(call), call.func
        if path:
            return path.startswith(LIBRARIES) and path.rpartition(".")[2] in _COMPUTING
        if isinstance(func, nodes.Attribute):
            return func.attr.value in _OF_TENSORS
        return isinstance(func, nodes.Name) and func.value in _BUILTINS


def _targets(statement: nodes.Node | None, value: nodes.Node) -> list[nodes.Expression]:
    """Return what a statement sets to a value, or to what it holds."""
    match statement:
        case nodes.Assign():
            return [each.target for each in statement.targets]
        case nodes.AugAssign() if statement.value is value:
            return [statement.target]
        case nodes.For() if statement.iter is value:
            return [statement.target]
    return []
