"""The classes of a module: what they and their methods bind, and what is done to attributes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kreglint.analysis.semantic.scopes import UNBOUND, Binding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.records import field, record

if TYPE_CHECKING:
    from kreglint.analysis.semantic.sites import CallSite

# what stands above a method that is still called with the instance first; `function` is TensorFlow's
METHOD_DECORATORS = frozenset(("property", "cached_property", "abstractmethod", "override", "setter", "function"))


@record(eq=False)
class ClassSite:
    """A class, with its own scope, the moment at which it is made, and what its methods set on `self`.

    `setters` are the calls of `setattr` on `self` by a name that is worked out.
    """

    node: nodes.ClassDef
    scope: Scope
    time: int
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    setters: list[CallSite] = field(default_factory=list)

    @property
    def outer(self) -> Scope:
        """The scope in which the class stands."""
        return self.scope.parent or self.scope

    def member(self, name: str) -> Binding | None:
        """Return what the class itself has by a name, once its body has run."""
        found = self.scope.at(name, self.scope.clock.now)
        return None if found is UNBOUND else found

    def annotated(self) -> Iterator[nodes.AnnAssign]:
        """Yield the annotated names of the body, in order: what a dataclass takes as its fields."""
        for line in self.node.body.body:
            for statement in line.body if isinstance(line, nodes.SimpleStatementLine) else ():
                if isinstance(statement, nodes.AnnAssign) and isinstance(statement.target, nodes.Name):
                    yield statement


@record(frozen=False)
class Objects:
    """The classes of a module, and what it does to attributes in ways that are not followed.

    `set_from_outside` are the names that are set on anything but `self`; `untraceable` says that any name may be
    (`setattr` with a name that is computed, `__dict__`), `untraceable_by_others` that it may be on anything but `self`.
    `handed_on` are the names that are read so that others may call them or change what they hold, and `hands_on_any`
    says that any name may be (`getattr`).
    """

    classes: dict[Scope, ClassSite] = field(default_factory=dict)
    by_node: dict[nodes.ClassDef, ClassSite] = field(default_factory=dict)
    set_from_outside: set[str] = field(default_factory=set)
    untraceable: bool = False
    untraceable_by_others: bool = False
    handed_on: set[str] = field(default_factory=set)
    hands_on_any: bool = False

    def add(self, site: ClassSite) -> None:
        self.classes[site.scope] = self.by_node[site.node] = site

    def is_settled(self, name: str) -> bool:
        """True if only the classes' own methods set the attribute."""
        return not self.untraceable and name not in self.set_from_outside

    def is_settled_by_classes(self, name: str) -> bool:
        """True if only the classes' own methods set the attribute, also by a name that they work out."""
        return not self.untraceable_by_others and name not in self.set_from_outside

    def keeps(self, name: str) -> bool:
        """True if nobody gets hold of what an attribute of this name holds."""
        return not self.hands_on_any and name not in self.handed_on


def is_base_constructor(func: nodes.Expression) -> bool:
    """True if it is `super().__init__`."""
    owner = func.value if isinstance(func, nodes.Attribute) and func.attr.value == "__init__" else None
    return isinstance(owner, nodes.Call) and isinstance(owner.func, nodes.Name) and owner.func.value == "super"


def receiver_class(name: str, scope: Scope) -> Scope | None:
    """Return the class of which `name` is the instance that a method in or around `scope` was called on."""
    current: Scope | None = scope
    while current is not None and current.kind != "class":
        if current.receiver == name:
            return current.parent if len(current.history[name][1]) == 1 else None
        if name in current.history or name in current.declared:
            return None
        current = current.parent
    return None
