"""What becomes of the gradients of a loss: whether they certainly go to an optimizer, for the weights of their model.

They are followed through names, tuples, loops and own functions. Those that are added to something, kept in an
attribute, handed to code that is not seen, or only looked at, do not train the model by this loss as it stands.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.escape.cells import Cell
from kreglint.analysis.escape.origins import BUILTINS, Callee
from kreglint.analysis.keras.reader import LIBRARIES, Reader, View, called
from kreglint.analysis.keras.sums import trained_models
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.syntax import nodes

_APPLYING = {"apply_gradients": 1, "apply": 2}  # what is given at least: others have an `apply` too
_CARRYING = ("zip", "list", "tuple", "enumerate", "iter", "reversed")
_KEEPING = frozenset("identity convert_to_tensor cast".split())  # functions that give the same numbers
_SCALING = frozenset(
    """clip_by_global_norm clip_by_norm clip_by_value clip_by_average_norm where check_numerics multiply divide
    get_unscaled_gradients scalar_mul""".split()
)  # functions that add nothing
_SHOWING = frozenset("print len isinstance type bool id".split())
_DATA = frozenset("shape dtype name device indices".split())


class _Found(NamedTuple):
    """An expression that has gradients: they are all of it, or the item at a path of places in its tuples."""

    node: nodes.Node
    path: tuple[int, ...] = ()


class Applied(Reader):
    """Follows gradients in one program; `scaled` says that they may also be multiplied or clipped on their way."""

    def __init__(self, view: View, *, scaled: bool = True) -> None:
        super().__init__(view)
        self._scaled = scaled
        self._flows = view.escape.flows
        self._cells: dict[nodes.Name, Cell] = {}  # of the names that are sorted by them

    def reach(self, gradients: nodes.Call, variables: str = "") -> bool:
        """True if gradients certainly go to an optimizer, and to nothing that may change them or use them otherwise.

        `variables` are those for which the gradients are taken, as they are written.
        """
        applied = self.applications(gradients)
        return bool(applied) and all(self._is_for(each, gradients, variables) for each in applied)

    def applications(self, gradients: nodes.Call) -> list[nodes.Call]:
        """Return the calls by which optimizers get gradients; none where something else may be done with these."""
        applied: list[nodes.Call] = []
        waiting, passed = [_Found(gradients)], {_Found(gradients)}
        while waiting:
            found = self._next(waiting.pop(), applied)
            if found is None:
                return []
            waiting += [each for each in found if each not in passed]
            passed.update(found)
        return applied

    def _is_for(self, call: nodes.Call, gradients: nodes.Call, variables: str) -> bool:
        """True if gradients are applied to those variables for which they are taken, as far as one function shows."""
        body, scope = self._around(call), self.view.sites[call].scope
        if body is not self._around(gradients) or self.function_around(scope) is None or not variables:
            return True
        given = [arg.value for arg in call.args if arg.keyword is None]
        pairs = given[0] if given else None
        if len(given) < 2 and isinstance(pairs, nodes.Call) and called(pairs) == "zip":
            given = [arg.value for arg in pairs.args]
        if len(given) < 2 or self.written(given[1]) == variables:
            return True
        models = {self.written(each) for each in trained_models(given[1], body)}
        wanted = {self.written(each) for each in self._models_of(gradients, body)}
        return not models or not wanted or bool(models & wanted)

    def _models_of(self, gradients: nodes.Call, body: nodes.Node) -> list[nodes.Expression]:
        given = [arg.value for arg in gradients.args if arg.keyword is None]
        return list(trained_models(given[1], body)) if len(given) > 1 else []

    def _around(self, call: nodes.Call) -> nodes.Node:
        return self.function_around(self.view.sites[call].scope) or self.program.module

    @cached_property
    def _names(self) -> dict[Cell, list[nodes.Name]]:
        """Where the program reads or sets each variable."""
        found: dict[Cell, list[nodes.Name]] = {}
        for node, scope in self._flows.within(self.program.module, self.found.module_scope):
            if isinstance(node, nodes.Name):
                cell = self._flows.cells.of_name(node.value, scope)
                found.setdefault(cell, []).append(node)
                self._cells[node] = cell
        return found

    def _next(self, found: _Found, applied: list[nodes.Call]) -> list[_Found] | None:
        """Return where the gradients of an expression are found next; None where they are lost from sight."""
        node, path = found
        above = self.program.parents.get(node)
        match above:
            case nodes.Expr() | nodes.Comparison() | nodes.ComparisonTarget() | nodes.Param() | nodes.AssignTarget():
                return []
            case nodes.Element() | nodes.StarredElement():
                return self._in_display(above, path)
            case nodes.Assign():
                return self._bound([each.target for each in above.targets], path)
            case nodes.AnnAssign():
                return self._bound([above.target], path) if above.value is node else []
            case nodes.NamedExpr() if above.value is node:
                bound = self._bound([above.target], path)
                return None if bound is None else [*bound, _Found(above, path)]
            case nodes.For() | nodes.CompFor():
                return self._bound([above.target], path) if above.iter is node else []
            case nodes.SimpleComprehension() if above.elt is node:
                return [_Found(above, path)]
            case nodes.IfExp():
                return [_Found(above, path)] if above.test is not node else None
            case nodes.Return():
                return self._given_back(above, path)
            case nodes.Arg():
                return self._given(above, path, applied)
            case _:
                return self._within(above, node, path)

    def _within(self, above: nodes.Node | None, node: nodes.Node, path: tuple[int, ...]) -> list[_Found] | None:
        """Return the same for what is a part of an expression."""
        match above:
            case nodes.Subscript() if above.value is node:
                return self._item(above, path)
            case nodes.Attribute():
                return [] if above.attr.value in _DATA else None
            case nodes.BinaryOperation() if isinstance(above.operator, (nodes.Multiply, nodes.Divide)):
                return [_Found(above)] if self._scaled and not path else None
        return None

    def _in_display(self, element: nodes.BaseElement, path: tuple[int, ...]) -> list[_Found] | None:
        display = self.program.parents[element]
        if not isinstance(display, (nodes.Tuple, nodes.List)):
            return None
        if isinstance(self.program.parents.get(display), nodes.AssignTarget) or self._is_looped(display):
            return []
        place = display.elements.index(element)
        starred = any(isinstance(each, nodes.StarredElement) for each in display.elements)
        is_list = isinstance(display, nodes.List)
        return [_Found(display, () if starred else path if is_list else (place, *path))]

    def _is_looped(self, node: nodes.Node) -> bool:
        """True if a tuple is what a loop or an assignment sets, or is unpacked in such a one."""
        while isinstance(node, (nodes.Tuple, nodes.List, nodes.BaseElement)):
            above = self.program.parents.get(node)
            if isinstance(above, (nodes.For, nodes.CompFor)):
                return above.target is node
            if above is None:
                return False
            node = above
        return isinstance(node, nodes.AssignTarget)

    def _bound(self, targets: list[nodes.Expression], path: tuple[int, ...]) -> list[_Found] | None:
        """Return where the names are read that are set to gradients."""
        found: list[_Found] = []
        for target in targets:
            if isinstance(target, (nodes.Tuple, nodes.List)):
                inner = [each.value for each in target.elements]
                chosen = inner[path[0] : path[0] + 1] if path else inner
                new = self._bound(chosen, path[1:])
            elif isinstance(target, nodes.Name):
                new = [_Found(each, path) for each in self._same(target)]
            else:
                new = None
            if new is None:
                return None
            found += new
        return found

    def _same(self, name: nodes.Name) -> list[nodes.Name]:
        """Return where a name is read, but for what lies behind another statement of the block that sets it."""
        names, own = self._names[self._cells[name]], self._row(name)
        rows = [
            row
            for row in map(self._row, filter(self._is_assigned, names))
            if self.program.parents[row] is self.program.parents[own]
        ]
        first = min((row.end for row in rows if row.start < own.start), default=own.start)
        last = min((row.end for row in rows if row.start > own.start), default=sys.maxsize)
        read = (each for each in names if not self._is_set(each))
        return [each for each in read if each.start < first or own.start <= each.start < last]

    def _row(self, node: nodes.Node) -> nodes.Node:
        """Return the statement of a block in which something stands."""
        while not isinstance(self.program.parents.get(node), (nodes.IndentedBlock, nodes.Module)):
            node = self.program.parents[node]
        return node

    def _is_assigned(self, name: nodes.Name) -> bool:
        above = self.program.parents[name]
        return isinstance(above, nodes.AssignTarget) or (isinstance(above, nodes.Element) and self._is_looped(above))

    def _is_set(self, name: nodes.Name) -> bool:
        above = self.program.parents.get(name)
        return isinstance(above, (nodes.For, nodes.CompFor, nodes.AnnAssign)) and above.target is name

    def _item(self, node: nodes.Subscript, path: tuple[int, ...]) -> list[_Found] | None:
        if isinstance(self.program.parents.get(node), (nodes.AssignTarget, nodes.AugAssign)):
            return None  # another value may be put there
        index = node.slice[0].slice if len(node.slice) == 1 else None
        value = index.value if isinstance(index, nodes.Index) else None
        if not path or not isinstance(value, nodes.Integer):
            return [_Found(node, path)]
        return [_Found(node, path[1:])] if value.value == path[0] else []

    def _given_back(self, node: nodes.Return, path: tuple[int, ...]) -> list[_Found]:
        """Return the calls of the function that gives gradients back."""
        function: nodes.Node | None = node
        while function is not None and not isinstance(function, (nodes.FunctionDef, nodes.Lambda)):
            function = self.program.parents.get(function)
        return [_Found(call, path) for call in self._calls.get(function, ())]

    @cached_property
    def _calls(self) -> dict[nodes.Node | None, list[nodes.Call]]:
        found: dict[nodes.Node | None, list[nodes.Call]] = {}
        for call, scope in self._flows.calls:
            for function in self._flows.origins.callee(call, scope, judged=False).functions:
                found.setdefault(function, []).append(call)
        return found

    def _given(self, arg: nodes.Arg, path: tuple[int, ...], applied: list[nodes.Call]) -> list[_Found] | None:
        """Return the same for an argument of a call."""
        call = self.program.parents[arg]
        site = self.view.sites.get(call) if isinstance(call, nodes.Call) else None
        if site is None:
            return None
        name, callee = called(site.node), self._flows.origins.callee(site.node, site.scope)
        if callee.functions or callee.classes:
            return self._handed(arg, path, site.node, callee)
        if isinstance(site.node.func, nodes.Attribute) and len(site.node.args) >= _APPLYING.get(name, sys.maxsize):
            applied.append(site.node)
            return []
        if isinstance(site.node.func, nodes.Name) and name in BUILTINS:
            return self._given_builtin(arg, path, site.node)
        library = (canonical(callee.path) or callee.path).startswith((*LIBRARIES, "logging."))
        if name in _KEEPING or (name in _SCALING and (library or name == "get_unscaled_gradients")):
            return [_Found(site.node)] if name in _KEEPING or self._scaled else None
        return [] if library else None

    def _given_builtin(self, arg: nodes.Arg, path: tuple[int, ...], call: nodes.Call) -> list[_Found] | None:
        name = called(call)
        if name in _SHOWING:
            return []
        if name not in _CARRYING or arg.star:
            return None
        place = {"zip": call.args.index(arg), "enumerate": 1}.get(name)
        return [_Found(call, path if place is None else (place, *path))]

    def _handed(self, arg: nodes.Arg, path: tuple[int, ...], call: nodes.Call, callee: Callee) -> list[_Found] | None:
        """Return where functions of the file read the parameter that gets gradients."""
        if callee.classes or arg.star or not self._flows.origins.is_own(call, self.view.sites[call].scope, callee):
            return None
        found: list[_Found] = []
        for function in callee.functions:
            name = _parameter(arg, call, function, bound=callee.bound)
            if name is None or function not in self.found.functions:
                return None
            cell = Cell(self.found.functions[function].scope, name)
            found += [_Found(each, path) for each in self._names.get(cell, ())]
        return found


def _parameter(
    arg: nodes.Arg, call: nodes.Call, function: nodes.FunctionDef | nodes.Lambda, *, bound: bool
) -> str | None:
    """Return the parameter of a function that gets an argument of a call."""
    if arg.keyword is not None:
        return arg.keyword.value
    place = call.args.index(arg) + bound
    names = [each.name.value for each in (*function.params.posonly_params, *function.params.params)]
    return names[place] if place < len(names) and not any(each.star for each in call.args) else None
