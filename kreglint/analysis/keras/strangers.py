"""Who reads an attribute off what may be an instance of a class, and is not one of the class's own methods.

An object that nobody knows may be such an instance. So a read counts unless its owner is certainly something else: the
instance of another class, or what a library has. What is given to the constructor of the class itself does not count:
it only makes another instance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from kreglint.analysis import bounds
from kreglint.analysis.escape.origins import BUILTINS, is_library
from kreglint.analysis.keras.reader import called
from kreglint.analysis.keras.surroundings import Tree, only_binding
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import (
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    ParameterBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_ASK = ("getattr", "hasattr", "attrgetter")
_SETTINGS = ("argparse.", "absl.", "types.SimpleNamespace", "configparser.", "optparse.")  # they give back no layer
_CALLED = "()"


class Strangers:
    """Reads one program for a class that has this name, there or in another file.

    `is_foreign` tells of the path of an import whether it is a module, or of a library.
    """

    def __init__(self, program: Program, cls: str, is_foreign: Callable[[str], bool] = is_library) -> None:
        self._program = program
        self._tree = Tree(program)
        self._cls = cls
        self._is_foreign = is_foreign

    def reads(self, names: Collection[str], *, by_methods: bool = True) -> bool:
        """True if the program reads one of these attributes; without `by_methods`, not as one of `self`."""
        given = set(self._given())
        return any(
            node not in given and not self._is_other(owner, self._tree.inner_scope(node), by_methods=by_methods)
            for node, owner in self._asked(names)
        )

    def _asked(self, names: Collection[str]) -> Iterator[tuple[nodes.Expression, nodes.Expression | None]]:
        """Yield where the attributes are read, and of what."""
        for node in descendants(self._program.module):
            if isinstance(node, nodes.Attribute):
                if node.attr.value in names and not isinstance(self._tree.parent(node), nodes.AssignTarget):
                    yield node, node.value
            elif isinstance(node, nodes.Call) and called(node) in _ASK:
                told = [(string_of(arg.value) or "").rpartition(".")[2] for arg in node.args]
                if any(each in names for each in told) or (called(node) == "getattr" and told[1:2] == [""]):
                    yield node, node.args[0].value if len(node.args) > 1 else None
            elif isinstance(node, nodes.Subscript) and any(string_of(each) in names for each in descendants(node)):
                yield from ((node, owner) for owner in _owner_of_all(node.value))

    def _given(self) -> Iterator[nodes.Expression]:
        """Yield what the constructor of the class is given."""
        for node in descendants(self._program.module):
            if isinstance(node, nodes.Call) and called(node) == self._cls:
                yield from (arg.value for arg in node.args)

    # What is certainly something else

    def _is_other(self, node: nodes.Expression | None, scope: Scope, *, by_methods: bool) -> bool:
        if not isinstance(node, nodes.Name):
            return node is not None and self._is_value(node, scope)
        own = receiver_class(node.value, scope)
        if own is not None:
            return not by_methods or not self._may_be(self._program.found.objects.classes[own])
        match only_binding(node.value, scope):
            case ParameterBinding(param=param) if param.annotation is not None:
                return self._names_other(param.annotation.annotation, scope)
            case ExpressionBinding(value=value, scope=where) as bound if bound.whole:
                return self._is_value(value, where)
            case ImportBinding(statement=nodes.Import()):
                return True  # a module, whoever wrote it
        return self._is_value(node, scope)

    def _is_value(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if it is something of a library, or made by another class or by what keeps settings."""
        if isinstance(node, nodes.Call) and self._names_other(node.func, scope):
            return True
        path = self._path(node, scope)
        if path is None:
            return False
        return path.startswith(_SETTINGS) if _CALLED in path else self._is_foreign(path)

    def _names_other(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression is a class of this program, and not of the kind."""
        bound = only_binding(node.value, scope) if isinstance(node, nodes.Name) else None
        made = bound.node if isinstance(bound, DefinitionBinding) else None
        return isinstance(made, nodes.ClassDef) and not self._may_be(self._program.found.objects.by_node[made])

    def _may_be(self, site: ClassSite, depth: int = 0) -> bool:
        """True if a class is the one that is asked about, or may derive from it."""
        if site.node.name.value == self._cls or depth > bounds.RELATIVES:
            return True
        return any(self._may_derive(base.value, site, depth) for base in site.node.bases)

    def _may_derive(self, base: nodes.Expression, site: ClassSite, depth: int) -> bool:
        if (dotted(base) or self._cls).rpartition(".")[2] == self._cls:
            return True
        bound = only_binding(base.value, site.outer) if isinstance(base, nodes.Name) else None
        if isinstance(bound, DefinitionBinding) and isinstance(bound.node, nodes.ClassDef):
            return self._may_be(self._program.found.objects.by_node[bound.node], depth + 1)
        if isinstance(base, nodes.Name) and bound is None:
            return base.value not in BUILTINS
        path = self._path(base, site.outer)
        return path is None or not self._is_foreign(path)

    def _path(self, node: nodes.Expression, scope: Scope, depth: int = 0) -> str | None:
        """Return what an expression is by imports."""
        if depth > bounds.NAMES:
            return None
        match node:
            case nodes.Attribute(value=owner, attr=name):
                path = self._path(owner, scope, depth + 1)
                return f"{path}.{name.value}" if path is not None else None
            case nodes.Call(func=func):
                path = self._path(func, scope, depth + 1)
                return f"{path}{_CALLED}" if path is not None else None
            case nodes.Name(value=text):
                bound = only_binding(text, scope)
                if isinstance(bound, ImportBinding):
                    return bound.path
                if isinstance(bound, ExpressionBinding) and bound.whole:
                    return self._path(bound.value, bound.scope, depth + 1)
        return None


def _owner_of_all(node: nodes.Expression) -> Iterator[nodes.Expression]:
    """Yield the object all of whose attributes, or whose configuration, an expression is."""
    if isinstance(node, nodes.Attribute) and node.attr.value == "__dict__":
        yield node.value
    elif isinstance(node, nodes.Call) and called(node) == "vars":
        yield from (arg.value for arg in node.args)
    elif isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute) and called(node) == "get_config":
        yield node.func.value
