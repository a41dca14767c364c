"""Whether another file of the project takes a function or class of a file as a value, instead of calling it."""

from __future__ import annotations

import re

from kreglint.analysis.escape.origins import is_library
from kreglint.analysis.keras.far_readers import imports_file, leads_to, stem_of
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.keras.surroundings import Tree, only_binding
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import ImportBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.project import Project

_OF_ALL = re.compile(r"^(?:globals|eval|exec|vars|locals)$|^\.modules$")
_MODULES = re.compile(r"^\.?(?:import_module|__import__)$")  # by names that may be worked out

_ASK_TYPES = ("isinstance", "issubclass", "super", "custom_object_scope", "CustomObjectScope")
_OBJECTS = "custom_objects"  # which Keras makes of their own configurations
_DISPLAYS = (nodes.Element, nodes.Tuple, nodes.List, nodes.DictElement, nodes.Dict)


def is_taken_elsewhere(view: View, name: str, *, of_class: bool = False) -> bool:
    """True if a file may hand on a function or class, or get it by a name that it works out.

    What is asked `of_class` is whether it is chosen among others there.
    """
    project = view.module.analysis.project
    if project is None:
        return False
    own = view.program.file
    naming, importing = project.naming(name, own), project.naming(stem_of(own), own)
    if naming is None or importing is None:
        return True
    for file in dict.fromkeys((*naming, *importing)):
        program = project.program(file) if file != own else None
        if file != own and (program is None or _Taker(program, project, own, name, of_class).takes()):
            return True
    return False


class _Taker:
    """Reads one of the other files."""

    def __init__(self, program: Program, project: Project, own: str, name: str, of_class: bool) -> None:
        self._program = program
        self._project = project
        self._own = own
        self._name = name
        self._of_class = of_class
        self._tree = Tree(program)

    def takes(self) -> bool:
        module = self._program.module
        if speaks_of(module, _MODULES) or any(self._is_taken(node) for node in descendants(module)):
            return True
        return speaks_of(module, _OF_ALL) and imports_file(self._program, self._own, self._project)

    def _is_taken(self, node: nodes.Node) -> bool:
        """True if it is the function, or the whole module, and neither called nor asked for what it has."""
        if not isinstance(node, (nodes.Name, nodes.Attribute)):
            return False
        around = self._tree.parent(node)
        if isinstance(around, (nodes.Attribute, nodes.ImportAlias, nodes.AsName, nodes.AssignTarget)):
            return False
        if isinstance(around, nodes.Call) and around.func is node:
            return False
        path = self._path(node)
        if path is None or is_library(path):
            return False
        if path.rpartition(".")[2] == self._name:
            return not (self._of_class and is_no_choice(node, self._tree))
        return leads_to(path, self._program.filename, self._own, self._project)

    def _path(self, node: nodes.Expression) -> str | None:
        """Return what an expression is by the imports of its file."""
        if isinstance(node, nodes.Attribute):
            path = self._path(node.value)
            return f"{path}.{node.attr.value}" if path is not None else None
        bound = only_binding(node.value, self._tree.inner_scope(node)) if isinstance(node, nodes.Name) else None
        return bound.path if isinstance(bound, ImportBinding) else None


def is_no_choice(node: nodes.Node, tree: Tree) -> bool:
    """True if a class does not stand beside others that may be made instead of it.

    It is then given to a call or has another name, or it only tells a type, also to Keras for what that loads.
    """
    around = tree.parent(node)
    if isinstance(around, nodes.Arg):
        return True
    if isinstance(around, nodes.Assign):
        targets = [each.target for each in around.targets]
        scope = tree.scope(around)
        return all(isinstance(each, nodes.Name) and only_binding(each.value, scope) is not None for each in targets)
    while isinstance(around, _DISPLAYS):
        node, around = around, tree.parent(around)
    if isinstance(around, nodes.Arg):
        call = tree.parent(around)
        given = around.keyword is not None and around.keyword.value == _OBJECTS
        return given or (isinstance(call, nodes.Call) and called(call) in _ASK_TYPES)
    return isinstance(around, (nodes.ComparisonTarget, nodes.Comparison, nodes.Annotation))
