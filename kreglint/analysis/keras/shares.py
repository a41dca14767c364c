"""Which losses of a replica are its share of that of the whole batch, and what else tells of the number of replicas."""

from __future__ import annotations

from functools import cached_property

from kreglint.analysis import bounds
from kreglint.analysis.escape.origins import is_library
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.sums import values_of
from kreglint.analysis.semantic.scopes import ExpressionBinding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_NUMBER = "num_replicas_in_sync"
_AVERAGE = ".nn.compute_average_loss"  # divides by the size of the whole batch


class Shares(Reader):
    """Reads the losses of one program."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._makers = Makers(view)

    def is_share(self, node: nodes.Expression, function: nodes.FunctionDef, steps: int = bounds.TERM_STEPS) -> bool:
        """True if what a function works out certainly becomes the loss of the whole batch by summing over replicas."""
        if not steps:
            return False
        match node:
            case nodes.Name():
                values = values_of(node.value, function.body)
                return bool(values) and all(self.is_share(value, function, steps - 1) for value, _ in values)
            case nodes.BinaryOperation(operator=nodes.Add()):
                return self.is_share(node.left, function, steps) and self.is_share(node.right, function, steps)
            case nodes.BinaryOperation(operator=nodes.Divide()):
                return self.is_share(node.left, function, steps) or self._tells_number(node.right, function)
            case nodes.BinaryOperation(operator=nodes.Multiply()):
                return self.is_share(node.left, function, steps) or self.is_share(node.right, function, steps)
            case nodes.Call():
                return self._gives_share(node, steps)
        return False

    def _gives_share(self, node: nodes.Call, steps: int) -> bool:
        site = self.view.sites[node]
        paths = self.paths.of(node.func, site.scope, site.time)
        if paths:
            return all(path.endswith(_AVERAGE) for path in paths)
        callee = self.view.escape.flows.origins.callee(node, site.scope)
        made = callee.functions[0] if len(callee.functions) == 1 and not callee.strange else None
        if not isinstance(made, nodes.FunctionDef) or made not in self.found.functions:
            return False
        given = [each.value for each in self.found.functions[made].returns]
        return bool(given) and all(each is not None and self.is_share(each, made, steps - 1) for each in given)

    def _tells_number(self, node: nodes.Expression, function: nodes.FunctionDef) -> bool:
        scope = self.found.functions[function].scope
        return self.tells_number(node, scope, scope.clock.now)

    def tells_number(self, node: nodes.Expression, scope: Scope, time: int, steps: int = bounds.MODEL_STEPS) -> bool:
        """True if an expression is made of the number of replicas."""
        for part in descendants(node):
            if isinstance(part, nodes.Attribute) and part.attr.value == _NUMBER:
                return True
            bound = self._makers.binding(part, scope, time) if isinstance(part, (nodes.Name, nodes.Attribute)) else None
            place = (bound.value, bound.scope, bound.time) if isinstance(bound, ExpressionBinding) else None
            if steps and place is not None and self.tells_number(*place, steps - 1):
                return True
        return False

    def divides(self, node: nodes.Expression, scope: Scope, time: int, steps: int = bounds.MODEL_STEPS) -> bool:
        """True if something in an expression is divided, or worked out by own functions or code that is not seen."""
        for part in descendants(node):
            if isinstance(part, nodes.BinaryOperation) and isinstance(part.operator, nodes.Divide):
                return True
            paths = self.paths.of(part.func, scope, time) if isinstance(part, nodes.Call) else ()
            if isinstance(part, nodes.Call) and not (paths and all(map(is_library, paths))):
                return True
            bound = self._makers.binding(part, scope, time) if isinstance(part, (nodes.Name, nodes.Attribute)) else None
            place = (bound.value, bound.scope, bound.time) if isinstance(bound, ExpressionBinding) else None
            if steps and place is not None and self.divides(*place, steps - 1):
                return True
        return False

    @cached_property
    def asks_number(self) -> bool:
        """True if the program compares the number of replicas to anything, by which it may do otherwise with one."""
        names = {
            target.target.value
            for node in descendants(self.program.module)
            if isinstance(node, nodes.Assign) and _has_number(node.value)
            for target in node.targets
            if isinstance(target.target, nodes.Name)
        }
        compared = (node for node in descendants(self.program.module) if isinstance(node, nodes.Comparison))
        return any(
            _has_number(node) or any(isinstance(part, nodes.Name) and part.value in names for part in descendants(node))
            for node in compared
        )

    @cached_property
    def changes_rate(self) -> bool:
        """True if the program sets a learning rate after an optimizer is made."""
        rates = ("learning_rate", "lr")
        set_here = any(each.assigned and each.node.attr.value in rates for each in self.found.attributes)
        for node in descendants(self.program.module):
            if not isinstance(node, nodes.Call):
                continue
            func = node.func
            owner = func.value if isinstance(func, nodes.Attribute) and called(node).startswith("assign") else None
            given = node.args[0].value if node.args and called(node) in ("set_value", "setattr") else None
            for each in (owner, given):
                set_here = set_here or (isinstance(each, nodes.Attribute) and each.attr.value in rates)
            set_here = set_here or called(node) == "setattr"
        return set_here


def _has_number(node: nodes.Node) -> bool:
    return any(isinstance(part, nodes.Attribute) and part.attr.value == _NUMBER for part in descendants(node))
