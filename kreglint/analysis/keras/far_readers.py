"""Whether another file of the project may read an attribute of an own layer."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator

from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.project import Project

_PACKAGE = "__init__.py"
_ASK = ("getattr", "hasattr", "attrgetter")


def is_read_elsewhere(view: View, layer: str, names: Collection[str]) -> bool:
    """True if a file that may have a layer, by its class's name or by an import, may read one of these attributes."""
    project = view.module.analysis.project
    if project is None:
        return False
    own = os.path.abspath(view.program.filename)  # noqa: PTH100  (ModuleFinder finds such)
    return any(_is_read(layer, name, own, project) for name in sorted(names))


def _is_read(layer: str, name: str, own: str, project: Project) -> bool:
    files = project.naming(name, own)
    if files is None:
        return True
    for file in files:
        program = project.program(file) if file != own else None
        if program is None and file != own:
            return True
        if program is not None and _may_have(program, layer, own, project) and _reads(program, layer, name):
            return True
    return False


def _may_have(program: Program, layer: str, own: str, project: Project) -> bool:
    """True if a program names a class, or imports its file or a package around that."""
    if any(_names(node, layer) for node in descendants(program.module)):
        return True
    for name in program.found.imports:
        for path in (name.path, name.path.rpartition(".")[0]):
            found = project.find(path, program.filename) if path.strip(".") else None
            package = os.path.dirname(found or "")  # noqa: PTH120
            if found == own or (os.path.basename(found or "") == _PACKAGE and own.startswith(package + os.sep)):  # noqa: PTH119
                return True
    return False


def _names(node: nodes.Node, layer: str) -> bool:
    """True if a class is read, imported or told by its name."""
    if isinstance(node, nodes.SimpleString):
        return string_of(node) == layer
    return isinstance(node, nodes.Name) and node.value == layer


def _reads(program: Program, layer: str, name: str) -> bool:
    """True if a program reads an attribute of anything, but of the instances of classes that are none of that layer."""
    others = set(_of_other_classes(program, layer))
    for node in descendants(program.module):
        if isinstance(node, nodes.Attribute) and node.attr.value == name and node not in others:
            return True
        asks = isinstance(node, nodes.Call) and called(node) in _ASK
        if asks and isinstance(node, nodes.Call) and any(string_of(arg.value) == name for arg in node.args):
            return True
    return False


def _of_other_classes(program: Program, layer: str) -> Iterator[nodes.Node]:
    """Yield the attributes that methods read of their own instance, in classes that do not derive from a layer."""
    for made, site in program.found.functions.items():
        around = site.scope.parent
        cls = program.found.objects.classes.get(around) if around is not None else None
        if cls is None or any((dotted(base.value) or layer).rpartition(".")[2] == layer for base in cls.node.bases):
            continue
        for node in descendants(made):
            owner = node.value if isinstance(node, nodes.Attribute) else None
            if isinstance(owner, nodes.Name) and owner.value == site.scope.receiver:
                yield node
