"""The classes of the project that a class is made of, down to those of Keras from which all of them derive."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.semantic.class_sites import ClassSite, is_base_constructor
from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes


class Kin(NamedTuple):
    """A class, and the program in which it stands."""

    view: View
    site: ClassSite


def lineage(view: View, site: ClassSite, roots: Collection[str], steps: int = bounds.BASE_STEPS) -> tuple[Kin, ...]:
    """A class of a program and all that it derives from until one of the roots, nearest first.

    Empty where it may derive from anything else, or where a base is not what its definition says.
    """
    found = [Kin(view, site)]
    reader = Reader(view)
    for base in site.node.bases:
        if reader.canonical(base.value, site.outer, site.time) in roots:
            continue
        kin = _base(reader, base.value, site)
        above = lineage(*kin, roots, steps - 1) if kin is not None and steps else ()
        if not above:
            return ()
        found += above
    return tuple(found) if site.node.bases else ()


def member_of(kin: Iterable[Kin], name: str) -> tuple[Kin, Binding] | None:
    """What the nearest of several classes that has something by a name has, and which that is."""
    members = ((each, each.site.member(name)) for each in kin)
    return next(((each, member) for each, member in members if member is not None), None)


def runs_base(site: ClassSite) -> bool:
    """True if the constructor of a class with one base certainly runs that of the base, or is that itself."""
    made = site.member("__init__")
    function = made.node if isinstance(made, DefinitionBinding) and isinstance(made.node, nodes.FunctionDef) else None
    rows = function.body.body if function is not None else ()
    parts = (part for row in rows for part in (row.body if isinstance(row, nodes.SimpleStatementLine) else (row,)))
    calls = (part.value for part in parts if isinstance(part, nodes.Expr) and isinstance(part.value, nodes.Call))
    runs = any(is_base_constructor(call.func) for call in calls)
    return len(site.node.bases) == 1 and (made is None or runs)


def _base(reader: Reader, node: nodes.Expression, site: ClassSite) -> Kin | None:
    """The class of the project that a base is, in this file or another."""
    made: nodes.Node | None = reader.definition(node, site.outer, site.time)
    view = reader.view
    if made is None:
        far = view.imported(node, site.outer, site.time)
        made = far.binding.node if far is not None and isinstance(far.binding, DefinitionBinding) else None
        view = far.view if far is not None else view
    if not isinstance(made, nodes.ClassDef) or is_remade(made) or made.keywords:
        return None
    return Kin(view, view.program.found.objects.by_node[made])
