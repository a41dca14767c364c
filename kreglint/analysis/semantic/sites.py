"""What the walk notes for later: calls, attributes and imports, each with its scope and moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from kreglint.analysis.semantic.access_paths import SharedItems
from kreglint.analysis.semantic.class_sites import Objects
from kreglint.analysis.semantic.scopes import Guard, Scope
from kreglint.analysis.syntax import nodes
from kreglint.records import field, record

_HARMLESS_DECORATORS = (
    "register_keras_serializable",
    "dataclass",
    "define",
    "frozen",
    "final",
    "wraps",
)  # give back what they are given


ImportStatement: TypeAlias = "nodes.Import | nodes.ImportFrom"


@record(eq=False)
class CallSite:
    """A call, with the scope and moment in which it is made and the statement that it is part of.

    `guards` are the conditions around it, also those around the functions in which it stands.
    """

    node: nodes.Call
    statement: nodes.Node
    scope: Scope
    time: int
    provoked: bool
    guards: tuple[Guard, ...] = ()


@record(eq=False)
class AttributeSite:
    """An attribute that is read, or `assigned` to."""

    node: nodes.Attribute
    statement: nodes.Node
    scope: Scope
    time: int
    provoked: bool
    guarded: bool
    assigned: bool = False
    guards: tuple[Guard, ...] = ()


@record(eq=False)
class ImportedName:
    """One name that an import statement brings in, or the module that a star brings all names of.

    `guarded`: it stands in a `try`, so it may fail. `conditional`: in a `try` or an `if`, so that it proves
    nothing about what is installed. `provoked`: its failure is what a test asks for.
    """

    path: str
    node: nodes.ImportAlias | nodes.ImportFrom
    statement: nodes.Node
    scope: Scope
    time: int
    provoked: bool
    guarded: bool
    conditional: bool
    guards: tuple[Guard, ...] = ()


@record(eq=False)
class ReturnSite:
    """A `return`, or the expression of a lambda; `value` is None where nothing is given back."""

    value: nodes.Expression | None
    time: int
    guards: tuple[Guard, ...] = ()


@record(frozen=False, eq=False)
class FunctionSite:
    """A function or lambda, with its own scope and what it gives back, in source order.

    `plain` is false for what gives back something of its own making: a generator, a coroutine.
    """

    node: nodes.FunctionDef | nodes.Lambda
    scope: Scope
    returns: list[ReturnSite] = field(default_factory=list)
    plain: bool = True


@record(frozen=False)
class Collected:
    """What the walk noted, in source order."""

    module_scope: Scope
    scopes: list[Scope] = field(default_factory=list)  # those within it
    calls: list[CallSite] = field(default_factory=list)
    attributes: list[AttributeSite] = field(default_factory=list)
    imports: list[ImportedName] = field(default_factory=list)
    objects: Objects = field(default_factory=Objects)
    functions: dict[nodes.Node, FunctionSite] = field(default_factory=dict)
    comprehensions: dict[nodes.Node, Scope] = field(default_factory=dict)
    escapes: dict[str, set[Scope]] = field(default_factory=dict)  # names read so that others may change what they hold
    changed: set[str] = field(default_factory=set)  # names whose dict or list is changed in place
    returned: set[str] = field(default_factory=set)  # names of a function's own that it gives back
    shared: SharedItems = field(default_factory=SharedItems)
    moments: list[tuple[nodes.Node, Scope, int]] = field(default_factory=list)  # of statements and what is in them
    before: dict[nodes.Call, int] = field(default_factory=dict)  # the moment before a method that changes its dict
    _by_prefix: dict[str, list[CallSite]] = field(default_factory=dict)
    _by_scope: dict[Scope, list[CallSite]] = field(default_factory=dict)
    _around: dict[Scope, nodes.FunctionDef | nodes.Lambda] = field(default_factory=dict)

    def calls_within(self, scope: Scope) -> list[CallSite]:
        """Return the calls in a function's body, those of functions within it too."""
        if not self._by_scope:
            for site in self.calls:
                around: Scope | None = site.scope
                while around is not None and around.kind != "module":
                    self._by_scope.setdefault(around, []).append(site)
                    around = around.parent
        return self._by_scope.get(scope, [])

    @property
    def by_scope(self) -> dict[Scope, nodes.FunctionDef | nodes.Lambda]:
        """The functions by the scopes of their bodies, once the walk has ended."""
        if not self._around:
            self._around.update((site.scope, site.node) for site in self.functions.values())
        return self._around

    def functions_around(self, scope: Scope) -> Iterator[nodes.FunctionDef]:
        """Yield the functions in which a scope is, or which it is the body of, the innermost first."""
        current: Scope | None = scope
        while current is not None:
            node = self.by_scope.get(current)
            if isinstance(node, nodes.FunctionDef):
                yield node
            current = current.parent

    def calls_of(self, prefix: str) -> list[CallSite]:
        """Return the calls of any method or function of a module whose name starts so."""
        if prefix not in self._by_prefix:
            self._by_prefix[prefix] = [site for site in self.calls if _is_method_call(site.node, prefix)]
        return self._by_prefix[prefix]


def _is_method_call(call: nodes.Call, prefix: str) -> bool:
    return isinstance(call.func, nodes.Attribute) and call.func.attr.value.startswith(prefix)


def dotted(node: nodes.Expression) -> str | None:
    """Return the text of a plain dotted name, None for anything else."""
    parts: list[str] = []
    while isinstance(node, nodes.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, nodes.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def decorator_name(decorator: nodes.Decorator) -> str:
    """Return the last part of a decorator's name, `wraps` for `@functools.wraps(Conv2D)`."""
    node = decorator.decorator
    return (dotted(node.func if isinstance(node, nodes.Call) else node) or "").rpartition(".")[2]


def is_remade(definition: nodes.FunctionDef | nodes.ClassDef) -> bool:
    """True if a decorator may have put something else in the definition's place."""
    return any(decorator_name(decorator) not in _HARMLESS_DECORATORS for decorator in definition.decorators)
