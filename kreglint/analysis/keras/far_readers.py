"""Whether anything of the project reads an attribute off what may be an instance of an own class, in any file."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

from kreglint.analysis import bounds
from kreglint.analysis.escape.origins import is_library
from kreglint.analysis.keras.reader import View
from kreglint.analysis.keras.strangers import Strangers
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.project import Project

_PACKAGE = "__init__.py"


def is_read_by_others(view: View, cls: str, names: Collection[str]) -> bool:
    """True if anything but the class itself may read one of these attributes, in its file or in another."""
    foreign = _foreign(view.module.analysis.project, view.program.filename)
    here = Strangers(view.program, cls, foreign).reads(names, by_methods=False)
    return here or is_read_elsewhere(view, cls, names)


def is_read_elsewhere(view: View, cls: str, names: Collection[str]) -> bool:
    """True if a file that may have an instance of a class may read one of these attributes."""
    project = view.module.analysis.project
    return project is not None and _Project(project, view.program.file, cls).reads(names)


class _Project:
    """Reads the other files of a project for a class of one of them."""

    def __init__(self, project: Project, own: str, cls: str) -> None:
        self._project = project
        self._own = own
        self._cls = cls

    def reads(self, names: Collection[str]) -> bool:
        return any(self._is_read(name) for name in sorted(names))

    def _is_read(self, name: str) -> bool:
        files = self._project.naming(name, self._own)
        return files is None or any(self._reads(file, name) for file in files if file != self._own)

    def _reads(self, file: str, name: str) -> bool:
        program = self._project.program(file)
        if program is None:
            return True
        foreign = _foreign(self._project, file)
        return Strangers(program, self._cls, foreign).reads((name,)) and self._may_get(program)

    def _may_get(self, program: Program) -> bool:
        """True if a program may have an instance, or is imported by one that may have it and hand it on."""
        waiting, seen = [program], {program.filename}
        while waiting:
            current = waiting.pop()
            if self._may_have(current):
                return True
            users = self._project.naming(stem_of(current.filename), self._own)
            if users is None or len(seen) > bounds.IMPORTS:
                return True
            for file in (each for each in users if each not in seen):
                user = self._project.program(file)
                if user is None:
                    return True
                if imports_file(user, current.filename, self._project):
                    seen.add(file)
                    waiting.append(user)
        return False

    def _may_have(self, program: Program) -> bool:
        """True if a program is that of the class, names it, or imports its file or a package around that."""
        named = any(_names(node, self._cls) for node in descendants(program.module))
        return named or program.filename == self._own or imports_file(program, self._own, self._project)


def stem_of(filename: str) -> str:
    """Return the last name by which a file is imported."""
    folder, name = os.path.split(filename)
    return os.path.basename(folder) if name == _PACKAGE else name.removesuffix(".py")  # noqa: PTH119


def imports_file(program: Program, filename: str, project: Project) -> bool:
    """True if a program imports a file, or a package around it."""
    return any(
        leads_to(path, program.filename, filename, project)
        for name in program.found.imports
        for path in (name.path, name.path.rpartition(".")[0])
    )


def leads_to(path: str, importer: str, filename: str, project: Project) -> bool:
    """True if a path of imports is a file, or a package around it."""
    found = project.find(path, importer) if path.strip(".") else None
    if found is None or os.path.basename(found) != _PACKAGE:  # noqa: PTH119
        return found == filename
    return filename.startswith(os.path.dirname(found) + os.sep)  # noqa: PTH120


def _foreign(project: Project | None, importer: str) -> Callable[[str], bool]:
    """Return what tells of the path of an import whether it is a module, or of no file of the project."""
    if project is None:
        return is_library

    def is_foreign(path: str) -> bool:
        is_own = path.startswith(".") or project.find(path.partition(".")[0], importer) is not None
        return not is_own or project.find(path, importer) is not None

    return is_foreign


def _names(node: nodes.Node, cls: str) -> bool:
    """True if a class is read, imported or told by its name."""
    if isinstance(node, nodes.SimpleString):
        return string_of(node) == cls
    return isinstance(node, nodes.Name) and node.value == cls
