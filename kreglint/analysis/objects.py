"""What `self.x` may be: the attributes that the classes of a module give their instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from kreglint.analysis.scopes import Binding, DefinitionBinding, ExpressionBinding, OpaqueBinding, Scope, join, lookup


@dataclass(frozen=True, slots=True, eq=False)
class ClassSite:
    """A class, with its own scope, the moment at which it is made, and what its methods set on `self`."""

    node: cst.ClassDef
    scope: Scope
    time: int
    attributes: dict[str, list[Binding]] = field(default_factory=dict)


@dataclass(slots=True)
class Objects:
    """The classes of a module, and what it does to attributes in ways that are not followed.

    `set_from_outside` are the names that are set on anything but `self`; `untraceable` says that any name may be
    (`setattr` with a name that is computed, `__dict__`).
    """

    classes: dict[Scope, ClassSite] = field(default_factory=dict)
    set_from_outside: set[str] = field(default_factory=set)
    untraceable: bool = False

    def is_settled(self, name: str) -> bool:
        """Whether only the classes' own methods set the attribute."""
        return not self.untraceable and name not in self.set_from_outside

    def bindings(self, name: str, receiver: Scope) -> tuple[Binding, ...]:
        """All that the attribute may be on an instance of the class, or of one that it is related to."""
        found: list[Binding] = []
        for site in self._family(self.classes[receiver]):
            found += site.attributes.get(name, ())
            found += self._class_bindings(name, site)
        return tuple(found)

    def _family(self, site: ClassSite) -> Sequence[ClassSite]:
        """The class and all that inheritance ties to it in this module: any of them may be the instance's."""
        tied = {known: set(self._bases(known)) for known in self.classes.values()}
        family, waiting = [site], [site]
        while waiting:
            current = waiting.pop()
            near = [other for other in tied if other in tied[current] or current in tied[other]]
            new = [other for other in near if other not in family]
            family += new
            waiting += new
        return family

    def _bases(self, site: ClassSite) -> Iterator[ClassSite]:
        nodes = {known.node: known for known in self.classes.values()}
        for base in site.node.bases:
            binding = lookup(base.value.value, _outer(site), site.time) if isinstance(base.value, cst.Name) else None
            if isinstance(binding, DefinitionBinding) and isinstance(binding.node, cst.ClassDef):
                yield nodes[binding.node]

    def _class_bindings(self, name: str, site: ClassSite) -> Iterator[Binding]:
        """What the class itself has by that name: no more than a default, where it is a field of a dataclass."""
        times_and_bindings = site.scope.history.get(name)
        if times_and_bindings is None:
            return
        foreign = len(site.node.bases) > len(list(self._bases(site)))
        if site.node.decorators:
            yield OpaqueBinding("a field that a decorator manages")
        elif foreign and any(_is_annotated(binding) for binding in times_and_bindings[1]):
            yield OpaqueBinding("a field that a base class may manage")
        else:
            yield join(site.scope.after(name, 0))


def receiver_class(name: str, scope: Scope) -> Scope | None:
    """The class of which `name` is the instance that a method in or around `scope` was called on."""
    current: Scope | None = scope
    while current is not None and current.kind != "class":
        if current.receiver == name:
            return current.parent if len(current.history[name][1]) == 1 else None
        if name in current.history or name in current.declared:
            return None
        current = current.parent
    return None


def _outer(site: ClassSite) -> Scope:
    return site.scope.parent or site.scope


def _is_annotated(binding: Binding) -> bool:
    return isinstance(binding, ExpressionBinding) and isinstance(binding.statement, cst.AnnAssign)
