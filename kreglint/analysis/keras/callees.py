"""What a call calls: a function of a library by its name, or one of the file."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.reader import LIBRARIES, Reader, View, called
from kreglint.analysis.keras.surroundings import AnyFunction, Tree
from kreglint.analysis.keras.weights import mapped_by
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.syntax import nodes


class Callees(Reader):
    """Tells it of the calls of one program."""

    def __init__(self, view: View, tree: Tree) -> None:
        super().__init__(view)
        self._tree = tree

    def of_library(self, call: nodes.Call) -> str:
        """Return the last name of a function of a library that is called, or of Python's own; empty for any other."""
        site = self._tree.sites.get(call)
        if site is None:
            return ""
        paths = self.paths.of(call.func, site.scope, site.time)
        if paths:
            named = [canonical(path) or path for path in paths]
            return called(call) if all(name.startswith(LIBRARIES) for name in named) else ""
        return call.func.value if isinstance(call.func, nodes.Name) and self.own(call) is None else ""

    def own(self, call: nodes.Call) -> nodes.FunctionDef | None:
        """Return the function of the file that is called, a method of the same object too."""
        site = self._tree.sites.get(call)
        if site is None:
            return None
        if isinstance(call.func, nodes.Attribute) and isinstance(call.func.value, nodes.Name):
            cls = receiver_class(call.func.value.value, site.scope)
            member = self.found.objects.classes[cls].member(call.func.attr.value) if cls is not None else None
            node = member.node if isinstance(member, DefinitionBinding) else None
        else:
            node = self.definition(call.func, site.scope, site.time)
        return node if isinstance(node, nodes.FunctionDef) else None

    def results(self, function: AnyFunction) -> Iterator[tuple[nodes.Node, bool]]:
        """Yield where a function's result goes: the calls of it, or with True, where `add_loss` is given it to call."""
        if isinstance(function, nodes.FunctionDef):
            yield from ((call, False) for call in self._calls_of(function))
            named: nodes.Node | None = function
            name = function.name.value
        else:
            mapping = mapped_by(function, self._tree)
            if mapping is not None:
                yield mapping, False
            if self._is_loss(function):
                yield function, True
            named = self._tree.parent(function)
            target = named.targets[0].target if isinstance(named, nodes.Assign) else None
            name = target.value if isinstance(target, nodes.Name) else ""
        for read in self._tree.reads(name, self._tree.scope(named)) if named is not None and name else ():
            call = self._tree.parent(read)
            if self._is_loss(read):
                yield read, True
            elif isinstance(function, nodes.Lambda) and isinstance(call, nodes.Call) and call.func is read:
                yield call, False

    def _calls_of(self, function: nodes.FunctionDef) -> Iterator[nodes.Call]:
        for site in self.found.calls:
            if called(site.node) == function.name.value and self.own(site.node) is function:
                yield site.node

    def _is_loss(self, function: nodes.Node) -> bool:
        """True if it is an argument of `add_loss`."""
        arg = self._tree.parent(function)
        call = self._tree.parent(arg) if isinstance(arg, nodes.Arg) else None
        return isinstance(call, nodes.Call) and called(call) == "add_loss"
