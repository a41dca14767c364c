"""The names that a program imports of Keras' regularizers, or reads of their module, also where Keras has none such."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.far_settings import imported_programs
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical, keras_root
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.sites import AttributeSite, CallSite, Collected, ImportedName
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.file import NameUse
from kreglint.facts.values import Symbol

_MODULE = "regularizers"
_PREFIX = f"keras.{_MODULE}."
_START = "regul"  # of a module's name that is meant for `regularizers`
_PUBLIC = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.compat.v1.keras", "tensorflow.compat.v2.keras")
_MOVED = frozenset(("l1", "l2", "L1", "L2", "l1_l2", "L1L2", _MODULE))  # what is looked for in other modules of Keras
_OTHER_MODULES = ("", "layers", "models", "constraints", "initializers", "optimizers", "activations")
_ALWAYS_THERE = frozenset(("l1", "l2", "get", "Regularizer"))  # in all versions, so that nobody asks for them
_BY_NAME = frozenset(("hasattr", "getattr", "setattr"))


class _Named(NamedTuple):
    """A name of a module of Keras, which is empty for Keras itself, or None for a module that is none of Keras' API."""

    path: str
    module: str | None


class RegularizerNames(Reader):
    """Reads the names of one program. `statements` are those in which it has found some."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.statements: set[Span] = set()

    def uses(self) -> Iterator[NameUse]:
        imported = list(self._imports())
        yield from imported
        missing = {use.symbol.path for use in imported}
        for site in self.found.attributes:
            if not site.assigned:
                yield from (use for use in self._reads(site) if use.symbol.path not in missing)
        for call in self._calls_by_name:
            if len(call.node.args) == 2 and _name_of(call) == "getattr":
                yield from self._got_by_name(call)

    def _imports(self) -> Iterator[NameUse]:
        told: set[nodes.Node] = set()
        for name in self.found.imports:
            named = _named(name.path) if isinstance(name.node, nodes.ImportAlias) else None
            if named is not None and isinstance(name.node, nodes.ImportAlias):
                node = name.node.name if named.path == name.path else _module_of(name)
                if node not in told:
                    yield self._use(named, self.span(node), name, imported=True)
                told.add(node)

    def _reads(self, site: AttributeSite) -> Iterator[NameUse]:
        for path in self.paths.of(site.node, site.scope, site.time):
            named = _named(path)
            if named is not None and named.path == path and not _is_common(named):
                yield self._use(named, self.span(site.node), site, imported=False)

    def _got_by_name(self, call: CallSite) -> Iterator[NameUse]:
        """`getattr(regularizers, "ridge")`."""
        args = call.node.args
        name = string_of(args[1].value)
        in_try = any(guard.test is None for guard in call.guards)  # or in a loop, which is not told from it
        if name is None or in_try or self.text(args[1].value)[1:-1] != name:
            return
        for path in self.paths.of(args[0].value, call.scope, call.time):
            named = _named(f"{path}.{name}")
            if named is not None and named.module == _MODULE and not _is_common(named):
                string = self.span(args[1].value)
                yield self._use(named, Span(string.start + 1, string.end - 1), call, imported=False)

    def _use(
        self, named: _Named, span: Span, site: ImportedName | AttributeSite | CallSite, *, imported: bool
    ) -> NameUse:
        name = named.path.rpartition(".")[2]
        self.statements.add(site.statement.span)
        in_try = not isinstance(site, CallSite) and site.guarded
        return NameUse(
            symbol=Symbol(span=span, path=named.path, canonical=canonical(named.path)),
            span=span,
            imported=imported,
            guarded=in_try or (not _is_common(named) and self._is_asked_for(name, site)),
            provoked=is_spared(site, self.view.module),
            module=named.module,
            defined=name in self.found.module_scope.history,
        )

    def _is_asked_for(self, name: str, site: ImportedName | AttributeSite | CallSite) -> bool:
        """True if the program asks if there is a name, or may give it to the module, or Keras is one of its own."""
        tests = (guard.test for guard in site.guards if guard.test is not None)
        asked = any(string_of(node) == name for test in tests for node in descendants(test))
        if asked or name in self._asked or name in self.found.objects.set_from_outside or self._has_own_keras:
            return True
        return any(name in each.found.objects.set_from_outside for each in self._imported)

    @cached_property
    def _asked(self) -> frozenset[str]:
        return asked_names(self.found)

    @cached_property
    def _imported(self) -> list[Program]:
        return [*imported_programs(self.view)]

    @cached_property
    def _calls_by_name(self) -> list[CallSite]:
        return calls_by_name(self.found)

    @cached_property
    def _has_own_keras(self) -> bool:
        """Whether the project has a file for Keras' regularizers, as Keras itself and its copies have."""
        project = self.view.module.analysis.project
        modules = ("keras.regularizers", "tensorflow.keras.regularizers")
        return project is not None and any(project.find(name, self.program.filename) for name in modules)


def _named(path: str) -> _Named | None:
    """What a path names among Keras' regularizers, or of a module that is meant for theirs; None for anything else."""
    below = (canonical(path) or "").removeprefix("keras")
    root = keras_root(path) if below else ""
    parts = path[len(root) + 1 :].split(".") if root in _PUBLIC else []
    first = parts[0] if parts else ""
    if first != _MODULE and first[: len(_START)].lower() == _START:
        return _Named(f"{root}.{first}", "")
    module, name = ".".join(parts[:-1]), parts[-1] if parts else ""
    if name in _MOVED and module in _OTHER_MODULES and (module or name != _MODULE):
        return _Named(path, module)
    return _Named(path, _MODULE if module == _MODULE else None) if f"keras{below}".startswith(_PREFIX) else None


def calls_by_name(found: Collected) -> list[CallSite]:
    """The calls that are given the name of an attribute."""
    return [site for site in found.calls if _name_of(site) in _BY_NAME and len(site.node.args) > 1]


def asked_names(found: Collected) -> frozenset[str]:
    """The names that `hasattr`, `setattr` and a `getattr` with a default are called with."""
    asking = (site.node for site in calls_by_name(found) if len(site.node.args) == 3 or _name_of(site) == "hasattr")
    names = (string_of(call.args[1].value) for call in asking)
    return frozenset(name for name in names if name is not None)


def _name_of(site: CallSite) -> str:
    return site.node.func.value if isinstance(site.node.func, nodes.Name) else ""


def _is_common(named: _Named) -> bool:
    return named.module == _MODULE and named.path.rpartition(".")[2] in _ALWAYS_THERE


def _module_of(name: ImportedName) -> nodes.Node:
    """The module that an import statement names: a whole one that is not there fails first."""
    statements = [node for node in descendants(name.statement) if isinstance(node, nodes.ImportFrom)]
    inner = next((node for node in statements if name.node in descendants(node)), None)
    if inner is not None and inner.module is not None:
        return inner.module
    return name.node.name if isinstance(name.node, nodes.ImportAlias) else name.statement
