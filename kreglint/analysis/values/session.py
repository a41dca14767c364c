"""The analysis of one file through others: which programs it went into, and where an import leads."""

from __future__ import annotations

from kreglint.analysis import bounds
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.program import Program, star_path
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, ImportBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.memory import Memory
from kreglint.analysis.values.module import Interpreter, Module, Target
from kreglint.analysis.values.project import Project
from kreglint.diagnostics import Elsewhere, Location, Span
from kreglint.records import field, record


@record(frozen=False)
class Session:
    """The programs that one analysis goes through; the first is the file that it is about."""

    project: Project | None
    interpreter: Interpreter
    modules: list[Module] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    entered: set[tuple[str, str]] = field(default_factory=set)  # imports whose values are being worked out
    unversioned: set[Binding] = field(default_factory=set)  # what was found to depend on no version of a library
    _by_file: dict[str, Module | None] = field(default_factory=dict)
    _stars: dict[tuple[str | None, str], bool | None] = field(default_factory=dict)  # by file and name
    _handing_on: list[tuple[str, str]] = field(default_factory=list)  # files and their names, in a chain of imports
    _keras_paths: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def start(self, program: Program) -> Module:
        """Enter the program that the analysis is about; files that it imports may import it in turn."""
        module = self.enter(program)
        self._by_file[program.file] = module
        return module

    def enter(self, program: Program) -> Module:
        module = Module(program, self, len(self.modules))
        self.modules.append(module)
        return module

    def end(self) -> None:
        """Undo the circles between the modules and what was worked out of them, so that all is freed as it is left."""
        for module in self.modules:
            module.derived = None
        self.modules.clear()
        self._by_file.clear()
        self.memory.clear()
        self.unversioned.clear()
        if self.project is not None:
            self.project.release()

    def home(self, span: Span) -> Module:
        """Return the program that a span is of."""
        return self.modules[span.file]

    def elsewhere(self, span: Span) -> Elsewhere | None:
        """Return where a span is that is not of the first program."""
        if span.file == 0:
            return None
        program = self.home(span).program
        return Elsewhere(program.filename, _location(program.text, span.start), _location(program.text, span.end))

    @property
    def seeks_callers(self) -> bool:
        """Whether calls in other files are looked for."""
        return self.project is not None and self.project.seeks_callers

    def users(self, name: str, module: Module) -> list[Module]:
        """The other files of the project that may call what a module defines by a name; none where they are many."""
        own = module.program.file
        files = [file for file in self.project.calling(name, own) if file != own] if self.project is not None else []
        new = [file for file in files if file not in self._by_file]
        if len(files) > bounds.USERS or len(self.modules) + len(new) > bounds.PROGRAMS // 2:
            return []
        return [found for file in files if (found := self._module(file)) is not None]

    def follow(self, path: str, importer: str, *, only_keras: bool = False) -> Target | None:
        """Return what a dotted path means that `importer` imports; None for what no file of the project binds.

        With `only_keras`, files are left unread that certainly define the name themselves.
        """
        if self.project is None:
            return None
        dots = path[: len(path) - len(path.lstrip("."))]
        parts = path[len(dots) :].split(".")
        for count in range(len(parts) - 1, -1 if dots else 0, -1):
            file = self.project.find(dots + ".".join(parts[:count]), importer)
            if file is not None:
                name, rest = parts[count], tuple(parts[count + 1 :])
                if only_keras and not self.project.mentions(file, name):
                    return None
                return self._in_file(file, name, rest, set())
        return None

    def _in_file(self, file: str, name: str, rest: tuple[str, ...], seen: set[str]) -> Target | None:
        """Return what a name of a file means; `seen` are the files that star imports led through before."""
        home = self._module(file)
        if home is None or file in seen:
            return None
        seen.add(file)
        scope = home.program.found.module_scope
        binding = lookup(name, scope, scope.clock.now)
        if binding is not None:
            return Target(home, name, binding, rest)
        path = home.paths.of_star(name)
        if path is not None:
            return Target(home, name, ImportBinding(path), rest)
        for module in reversed(scope.stars):
            # A module without a file, such as one of C, is not looked for among the attributes of its package.
            inner = self._file_of_star(module, file)
            if inner is not None and self._star_brings(module, name, file) is not False:
                found = self._in_file(inner, name, rest, seen)
                if found is not None:
                    return found
        return None

    def star_path(self, module: str, name: str, importer: str) -> str | None:
        """Return the path of a name that `from module import *` brings to a file.

        None where it does not, "" if not known.
        """
        if canonical(module) is not None:
            return star_path(module, name)
        brings = self._star_brings(module, name, importer)
        path = f"{module}.{name}" if module.strip(".") else f"{module}{name}"
        return path if brings else "" if brings is None else None

    def _star_brings(self, module: str, name: str, importer: str) -> bool | None:
        """True if a star import of a file of the project brings a name; None where that is not known."""
        key = (self._file_of_star(module, importer), name)
        if key not in self._stars:
            self._stars[key] = self._brings(module, name, importer, set())
        return self._stars[key]

    def _brings(self, module: str, name: str, importer: str, seen: set[str]) -> bool | None:
        """Return the same by a walk through the files: one among those `seen` before brings nothing more."""
        file = self._file_of_star(module, importer)
        home = self._module(file) if file is not None else None
        if home is None or file is None:
            return None
        if file in seen:
            return False
        seen.add(file)
        scope = home.program.found.module_scope
        public = _public_names(lookup("__all__", scope, scope.clock.now))
        if public is not None:
            return name in public if public else None
        if name.startswith("_"):
            return False
        if lookup(name, scope, scope.clock.now) is not None:
            return True
        found = {self._brings_on(inner, name, file, seen) for inner in scope.stars}
        return None if None in found else True in found

    def _brings_on(self, module: str, name: str, importer: str, seen: set[str]) -> bool | None:
        if canonical(module) is not None:
            return star_path(module, name) is not None
        return self._brings(module, name, importer, seen)

    def _file_of_star(self, module: str, importer: str) -> str | None:
        """Return the file of the project whose names a star import brings; Keras' own modules have none."""
        if self.project is None or canonical(module) is not None:
            return None
        return self.project.find(module, importer)

    def _module(self, file: str) -> Module | None:
        if file not in self._by_file:
            program = self.project.program(file) if self.project and len(self.modules) < bounds.PROGRAMS else None
            self._by_file[file] = self.enter(program) if program is not None else None
        return self._by_file[file]

    def keras_paths(self, path: str, importer: str) -> tuple[str, ...]:
        """Return the paths below Keras that an import through other files leads to.

        The path itself where there are none.
        """
        if self.project is None or canonical(path) is not None:
            return (path,)
        key = (path, importer)
        if key not in self._keras_paths:
            self._keras_paths[key] = (path,)  # what leads back to itself leads nowhere
            self._keras_paths[key] = self._imported_on(path, importer) or (path,)
        return self._keras_paths[key]

    def _imported_on(self, path: str, importer: str) -> tuple[str, ...]:
        target = self.follow(path, importer, only_keras=True)
        if target is None:
            return ()
        file = target.home.program.filename
        step = (file, target.name)
        if step in self._handing_on:  # `from .a import a` where no file has `a`: the path would grow for ever
            return ()
        self._handing_on.append(step)
        paths = target.home.paths.of_binding(target.binding)
        full = tuple(on for one in paths for on in self.keras_paths(".".join((one, *target.rest)), file))
        self._handing_on.pop()
        return full if all(canonical(one) is not None for one in full) else ()


def _public_names(binding: Binding | None) -> frozenset[str] | None:
    """Return the names in an `__all__`, none where it is not a plain list; None where there is no `__all__`."""
    if binding is None:
        return None
    display = binding.value if isinstance(binding, ExpressionBinding) else None
    if not isinstance(display, (nodes.List, nodes.Tuple)):
        return frozenset()
    names = [string_of(element.value) for element in display.elements]
    known = frozenset(name for name in names if name is not None)
    return known if len(known) == len(names) else frozenset()


def _location(text: str, offset: int) -> Location:
    before = text[:offset]
    return Location(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)
