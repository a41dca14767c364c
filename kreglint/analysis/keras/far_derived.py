"""Classes of the project that derive from one of a file, and may do otherwise what its methods do."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.project import Project

_HARMLESS = ("__init__", "call", "build", "get_config", "__doc__", "__module__")  # methods that work out no loss
_LOSSES = ("losses", "add_loss")


def derived_here(view: View, owner: ClassSite) -> Iterator[ClassSite]:
    """Yield the classes of the file that derive from one."""
    waiting, seen = [owner], {owner.node}
    while waiting:
        for each in view.escape.flows.derived.get(waiting.pop().node, ()):
            if each.node not in seen:
                seen.add(each.node)
                waiting.append(each)
                yield each


def is_derived_from(view: View, owner: ClassSite) -> bool:
    """True if a class of any file may derive from one, and so have to take what that one takes."""
    project = view.module.analysis.project
    if any(True for _ in derived_here(view, owner)):
        return True
    own = view.program.file
    return project is not None and _derived(owner.node.name.value, own, project) != []


def may_be_overridden(view: View, owner: ClassSite) -> bool:
    """True if a class of another file may derive from one, and have another part in the loss than that one has."""
    project = view.module.analysis.project
    if project is None:
        return False
    own = view.program.file
    classes = (owner, *derived_here(view, owner))
    members = {name for each in classes for name in each.scope.history}.difference(_HARMLESS)
    waiting = [each.node.name.value for each in classes]
    passed = set(waiting)
    while waiting:
        found = _derived(waiting.pop(), own, project)
        if found is None or any(_differs(each, members) for each in found):
            return True
        new = {each.node.name.value for each in found} - passed
        passed |= new
        waiting += new
    return False


def _derived(name: str, own: str, project: Project) -> list[ClassSite] | None:
    """The classes of other files that have a base of a name; None where these files are not known."""
    files = project.naming(name, own)
    programs = [project.program(file) for file in files if file != own] if files is not None else [None]
    found: list[ClassSite] = []
    for program in programs:
        if program is None:
            return None
        found += (each for each in program.found.objects.by_node.values() if name in _bases(each))
    return found


def _bases(site: ClassSite) -> set[str]:
    return {(dotted(base.value) or "").rpartition(".")[2] for base in site.node.bases}


def _differs(site: ClassSite, members: set[str]) -> bool:
    """True if a class overrides something, has a second base, sets what is not seen or has to do with losses itself."""
    if len(site.node.bases) > 1 or site.node.keywords or members.intersection(site.scope.history):
        return True
    named = (each.attr.value for each in descendants(site.node) if isinstance(each, nodes.Attribute))
    return any(name in _LOSSES for name in named)
