"""What other files of the project do that a program's own text does not show: files it imports, and files that set."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.values.project import Project


def imported_programs(view: View) -> Iterator[Program]:
    """Yield the programs of the project that run when a program is imported, but for itself."""
    project = view.module.analysis.project
    seen, waiting = {view.program.file}, [view.program]
    while project is not None and waiting:
        for file in _imported_by(waiting.pop(), project):
            program = project.program(file) if file not in seen else None
            seen.add(file)
            if program is not None:
                waiting.append(program)
                yield program


def _imported_by(program: Program, project: Project) -> Iterator[str]:
    for name in program.found.imports:
        for path in (name.path, name.path.rpartition(".")[0]):
            file = project.find(path, program.filename) if path.strip(".") and canonical(path) is None else None
            if file is not None:
                yield file


def is_set_elsewhere(view: View, name: str) -> bool:
    """True if another file of the project may set an attribute of this name on something."""
    project = view.module.analysis.project
    files = project.naming(name, view.program.filename) if project is not None else ()
    if files is None or project is None:
        return files is None
    programs = (project.program(file) for file in files)
    return any(each is None or name in each.found.objects.set_from_outside for each in programs)
