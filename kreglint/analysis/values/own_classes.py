"""Classes of the user's own: what they inherit from, and which of them has a name."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from kreglint.analysis import bounds
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.module import Module, OwnClass, OwnFunction
from kreglint.analysis.values.own_values import OwnValue
from kreglint.facts.values import Symbol, Value

Base: TypeAlias = "OwnClass | str"  # a class whose body is known, or the path of one that is not: "" where that is not
Member: TypeAlias = "tuple[OwnClass, Binding]"  # what a class has by some name

NAMED_TUPLE = "typing.NamedTuple"
BASES_WITHOUT_MEMBERS = (NAMED_TUPLE, "abc.ABC", "typing.Generic", "typing.Protocol")


def bases_of(base: Base) -> tuple[Base, ...]:
    """Return what a class names as its bases."""
    if not isinstance(base, OwnClass):
        return ()
    # A class that inherits from itself does not run.
    nothing: tuple[Base, ...] = ()
    return base.home.memory.ask(base.site, nothing, partial(_bases_named, base))


def _bases_named(cls: OwnClass) -> tuple[Base, ...]:
    bases = [_named(base) for base in cls.site.node.bases]
    bases = [node for node in bases if not (isinstance(node, nodes.Name) and node.value == "object")]
    return tuple(_base(infer(node, cls.made_at)) for node in bases)


def _named(base: nodes.Arg) -> nodes.Expression:
    """Return the class that a base names: `Generic` for `Generic[T]`."""
    return base.value.value if isinstance(base.value, nodes.Subscript) else base.value


def _base(value: Value) -> Base:
    own = own_class(value)
    if own is not None:
        return own
    if not isinstance(value, Symbol) or value.path.startswith("builtins."):  # what a builtin class has is not told
        return ""
    return canonical(value.path) or value.path


def own_class(value: Value) -> OwnClass | None:
    """Return the class that a value is; None for anything else than a class of the user's own."""
    found = value.identity if isinstance(value, OwnValue) and value.kind == "class" else None
    return found if isinstance(found, OwnClass) else None


def ancestors(cls: OwnClass) -> tuple[Base, ...]:
    """Return the class and all that it inherits from, in the order in which a name is looked for."""
    found: dict[Base, None] = {}
    stack: list[Base] = [cls]
    while stack and len(found) < bounds.RELATIVES:
        current = stack.pop()
        if current not in found:
            found[current] = None
            stack.extend(reversed(bases_of(current)))
    return tuple(found)


def family(cls: OwnClass, module: Module) -> tuple[OwnClass, ...]:
    """Return the class and all that inheritance ties to it, there and in a module: any of them may be an instance's."""
    found, waiting = {cls: None}, [cls]
    while waiting and len(found) < bounds.RELATIVES:
        current = waiting.pop()
        above = [base for base in bases_of(current) if isinstance(base, OwnClass)]
        new = [other for other in (*above, *derived(current, module)) if other not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return tuple(found)


def derived(cls: OwnClass, module: Module) -> list[OwnClass]:
    """Return the classes of a module that name a class as their base."""
    if module.derived is None:
        found: dict[OwnClass, list[OwnClass]] = {}
        module.derived = found
        with module.memory.apart():
            for node in module.found.objects.by_node:
                below = module.own_class(node)
                for base in bases_of(below):
                    if isinstance(base, OwnClass):
                        found.setdefault(base, []).append(below)
    return module.derived.get(cls, [])


def members(name: str, base: Base) -> tuple[Member, ...]:
    """Return what a class itself has by a name; nothing for one that is not known."""
    binding = base.site.member(name) if isinstance(base, OwnClass) else None
    return ((base, binding),) if isinstance(base, OwnClass) and binding is not None else ()


def find(name: str, among: tuple[Base, ...]) -> tuple[Member, ...]:
    """Return which of several classes has a name; none where one that is not known may have it before.

    More than one where a class inherits from several that have it: the order is Python's own business.
    """
    for number, base in enumerate(among):
        having = members(name, base)
        if having:
            later = () if number == 0 or _is_chain(among) else among[number + 1 :]
            return (*having, *(member for other in later for member in members(name, other)))
        if isinstance(base, str) and not base.startswith("enum.") and base not in BASES_WITHOUT_MEMBERS:
            return ()
    return ()


def _is_chain(among: tuple[Base, ...]) -> bool:
    return all(len(bases_of(base)) <= 1 for base in among)


def constructor(among: tuple[Base, ...]) -> OwnFunction | str | None:
    """Return the `__init__` of the first class that has one, or the path of the class whose own is not seen."""
    for base in among:
        if isinstance(base, str) and base not in BASES_WITHOUT_MEMBERS:
            return base
        for owner, binding in members("__init__", base):
            definition = binding.node if isinstance(binding, DefinitionBinding) else None
            if not isinstance(definition, nodes.FunctionDef) or definition.decorators:
                return None
            return owner.home.own_function(definition)
    return None


def base_constructor(node: nodes.Call, scope: Scope, module: Module) -> str | None:
    """Return the path of the class whose constructor `super().__init__(…)` calls, where that is not seen."""
    if not isinstance(node.func, nodes.Attribute) or node.func.attr.value != "__init__":
        return None
    cls = after_super(node.func.value, scope, module)
    found = constructor(ancestors(cls)[1:]) if cls is not None else None
    return found if isinstance(found, str) else None


def after_super(node: nodes.Expression, scope: Scope, module: Module) -> OwnClass | None:
    """Return the class whose bases `super()` looks a name up in; None for any other expression."""
    if not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Name) or node.func.value != "super":
        return None
    around: Scope | None = scope
    while around is not None and around.kind != "class":
        around = around.parent
    return module.own_class(module.found.objects.classes[around].node) if around is not None else None


def is_settled(name: str, module: Module, *among: OwnClass) -> bool:
    """Whether nothing that is seen sets the attribute but the classes' own methods, by its name."""
    homes = {module, *(cls.home for cls in among)}
    return all(home.found.objects.is_settled(name) for home in homes)


def is_settled_by_classes(name: str, module: Module, *among: OwnClass) -> bool:
    """Whether nothing that is seen sets the attribute but the classes' own methods, also by a name they work out."""
    homes = {module, *(cls.home for cls in among)}
    return all(home.found.objects.is_settled_by_classes(name) for home in homes)
