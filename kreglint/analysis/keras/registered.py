"""Whether Keras may be told what the name of a class or function of the user's own stands for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.keras.reader import Reader, called
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import DefinitionBinding, ImportBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_ALL_NAMES = frozenset(("globals", "locals", "vars", "dir"))
_ASKING = frozenset(("isinstance", "issubclass"))
_SCOPES = frozenset(("custom_object_scope", "CustomObjectScope"))
# what may make anything known: by a dict that is not seen here, or a class that is worked out
_UNSEEN = frozenset(("get_custom_objects", "register_keras_serializable", "enable_unsafe_deserialization"))
_SUBCLASSES = ("__subclasses__", "__init_subclass__", "getmembers")


class Registrations(Reader):
    """What one program does with the names of its classes and functions."""

    def may_be(self, node: nodes.ClassDef | nodes.FunctionDef, outer: Scope) -> bool:
        """True if it is decorated, or used for more than to make instances, or all names are."""
        if node.decorators or self._uses_all_names:
            return True
        cells = self.view.escape.flows.cells
        own = cells.of_name(node.name.value, outer)
        named = self._names.get(node.name.value, ())
        return any(each not in self._harmless and cells.of_name(each.value, scope) == own for each, scope in named)

    def may_be_imported(self, node: nodes.ClassDef | nodes.FunctionDef) -> bool:
        """The same of what another file defines, by what this one does with the names that it imports."""
        now = self.found.module_scope.clock.now
        return any(self._is(each, scope, now, node) for each, scope in self._read if each not in self._harmless)

    def _is(self, each: nodes.Expression, scope: Scope, time: int, node: nodes.ClassDef | nodes.FunctionDef) -> bool:
        far = self.view.imported(each, scope, time)
        return far is not None and isinstance(far.binding, DefinitionBinding) and far.binding.node is node

    @cached_property
    def tells_unseen(self) -> bool:
        """Whether the program registers something that it does not name, or reaches classes by others."""
        if any(name in self.view.names or f".{name}" in self.view.names for name in _SUBCLASSES):
            return True
        scopes = (site for site in _plain_calls(self.program) if called(site.node) in _SCOPES)
        named = (all(self._is_of_definitions(arg, site) for arg in site.node.args) for site in scopes)
        return registers_unseen(self.program) or not all(named)

    def _is_of_definitions(self, arg: nodes.Arg, site: CallSite) -> bool:
        """True for a dict whose values are names of classes and functions, or of what is imported."""
        elements = arg.value.elements if isinstance(arg.value, nodes.Dict) and not arg.star else ()
        values = [each.value for each in elements if isinstance(each, nodes.DictElement)]
        bound = (lookup(each.value, site.scope, site.time) for each in values if isinstance(each, nodes.Name))
        named = [each for each in bound if isinstance(each, (DefinitionBinding, ImportBinding))]
        return bool(elements) and len(named) == len(elements)

    @cached_property
    def _uses_all_names(self) -> bool:
        """Whether the file reads its names as a dict."""
        plain = (site.node.func for site in self.found.calls if isinstance(site.node.func, nodes.Name))
        return any(func.value in _ALL_NAMES for func in plain)

    @cached_property
    def _read(self) -> list[tuple[nodes.Name | nodes.Attribute, Scope]]:
        """The names and attributes of the file, with their scopes."""
        within = self.view.escape.flows.within(self.program.module, self.found.module_scope)
        return [(node, scope) for node, scope in within if isinstance(node, (nodes.Name, nodes.Attribute))]

    @cached_property
    def _names(self) -> dict[str, list[tuple[nodes.Name, Scope]]]:
        """The names that the file reads, with their scopes."""
        found: dict[str, list[tuple[nodes.Name, Scope]]] = {}
        for node, scope in self._read:
            if isinstance(node, nodes.Name):
                found.setdefault(node.value, []).append((node, scope))
        return found

    @cached_property
    def _harmless(self) -> set[nodes.Node]:
        """The names where they are called, defined, inherited from, given back, asked for, or given as regularizers."""
        calls = [site.node for site in self.found.calls]
        inert = (call for call in calls if isinstance(call.func, nodes.Name) and call.func.value in _ASKING)
        given = {arg.value for call in inert for arg in call.args[1:]}
        bases = {base.value for made in self.found.objects.by_node for base in made.bases}
        params = {
            param.name
            for site in self.found.functions.values()
            for param in (*site.node.params.posonly_params, *site.node.params.params, *site.node.params.kwonly_params)
        }
        return (
            {call.func for call in calls}
            | params
            | self._imported
            | {made.name for made in _definitions(self.program)}
            | given
            | bases
            | {each.value for site in self.found.functions.values() for each in site.returns if each.value is not None}
            | {arg.value for site in self.found.calls for arg in self._regularizers(site)}
        )

    @cached_property
    def _imported(self) -> set[nodes.Node]:
        """The names of the import statements."""
        imports = (nodes.Import, nodes.ImportFrom)
        found = (each for each in descendants(self.program.module) if isinstance(each, imports))
        return {part for each in found for part in descendants(each)}

    def _regularizers(self, site: CallSite) -> Iterator[nodes.Arg]:
        """Yield the arguments of a layer of Keras that are named as its regularizers."""
        named = [arg for arg in site.node.args if arg.keyword and arg.keyword.value.endswith("_regularizer")]
        if named and (self.canonical(site.node.func, site.scope, site.time) or "").startswith("keras.layers."):
            yield from named


def registers_unseen(program: Program) -> bool:
    """True if a program may make anything known to Keras, by a function that does not name what."""
    return any(called(site.node) in _UNSEEN for site in _plain_calls(program))


def _plain_calls(program: Program) -> Iterator[CallSite]:
    """Yield the calls of a program that do not decorate."""
    decorators = (decorator for made in _definitions(program) for decorator in made.decorators)
    decorating = {part for decorator in decorators for part in descendants(decorator.decorator)}
    return (site for site in program.found.calls if site.node not in decorating)


def _definitions(program: Program) -> Iterator[nodes.ClassDef | nodes.FunctionDef]:
    yield from program.found.objects.by_node
    for site in program.found.functions.values():
        if isinstance(site.node, nodes.FunctionDef):
            yield site.node
