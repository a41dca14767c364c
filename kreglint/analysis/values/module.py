"""One program in an analysis, and where in it an expression is reached.

An expression has a value at a place: in a scope, at a moment of the walk, and in a frame, which is one call of the
function around it. All of that is in an `At`, so that an answer depends on what is asked and on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.fragments import Fragments
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import Binding, Scope
from kreglint.analysis.semantic.sites import AttributeSite, CallSite, FunctionSite, ImportedName
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller, Callers
from kreglint.analysis.values.memory import Memory
from kreglint.analysis.values.project import Project
from kreglint.diagnostics import Elsewhere, Span
from kreglint.facts.meaning import FACTORS
from kreglint.facts.values import Argument, Construct, Value
from kreglint.records import record


@record(eq=False)
class Frame:
    """What one call passes: the values of the parameters, and the frame in which the function was defined."""

    parameters: dict[Binding, Value]
    outer: Frame | None = None
    level: int = 1

    def value(self, parameter: Binding) -> Value | None:
        """Return what the parameter is in this call, or in one of those around the function; None where none tells."""
        frame: Frame | None = self
        while frame is not None:
            if parameter in frame.parameters:
                return frame.parameters[parameter]
            frame = frame.outer
        return None


class At(NamedTuple):
    """Where an expression is reached. A frame of None is that of no call in particular."""

    module: Module
    scope: Scope
    time: int
    frame: Frame | None = None

    def moved(self, scope: Scope, time: int) -> At:
        """Return another place of the same module, in the same frame."""
        return At(self.module, scope, time, self.frame)

    def within(self, frame: Frame | None) -> At:
        """Return the same place in another frame."""
        return At(self.module, self.scope, self.time, frame)


@record()
class OwnFunction:
    """What a call of a function needs: its site, the frame in which it was defined, and the module it is of.

    `receiver` is what a bound method passes first: the instance or the class.
    """

    site: FunctionSite
    frame: Frame | None
    home: Module
    receiver: Value | None = None

    def inside(self, frame: Frame | None) -> At:
        """Return a place in its body; the moment is that of each of its returns."""
        return At(self.home, self.site.scope, 0, frame)


@record()
class OwnClass:
    """A class, and the module that it is of."""

    site: ClassSite
    home: Module

    @property
    def name(self) -> str:
        return self.site.node.name.value

    @property
    def made_at(self) -> At:
        """Where the class is made, and its bases and decorators are evaluated."""
        return At(self.home, self.site.outer, self.site.time)


class Call(NamedTuple):
    """A call of a value: where it stands, and what it passes, which is worked out when it is asked for.

    `node` is the call as it is written; None for one that Python makes by itself, as of a property.
    """

    span: Span
    callee: Span
    at: At
    arguments: Callable[[], tuple[Argument, ...]]
    node: nodes.Call | None = None

    def passing(self, arguments: tuple[Argument, ...]) -> Call:
        """Return the same call with other arguments."""
        return self._replace(arguments=lambda: arguments)


class Library(NamedTuple):
    """What is known of Python's own and of other libraries. What a table gives None for is not known.

    By dotted path: `calls`, what a call of the name gives back; `attributes`, an attribute of the name or of what a
    call of it made; `made_calls`, what a call of what it made gives back. By its name alone: `builtins`, what a call of
    Python's own function gives back; `methods`, what a call of a method of some value gives back. `followed` are the
    paths of names of which more is known than that a call of them made something.
    `constructors` say what a call of a class of the user's own makes, which a decorator or base of a library decides,
    and `members` what such a class has by a name; the first that knows is right.
    """

    calls: Mapping[str, Callable[[str, Call], Value | None]]
    attributes: Mapping[str, Callable[[Value, str, Span, At], Value | None]]
    made_calls: Mapping[str, Callable[[Construct, Call], Value]]
    builtins: Mapping[str, Callable[[str, Call], Value | None]]
    methods: Mapping[str, Callable[[Value, str, Call], Value | None]]
    followed: frozenset[str]
    constructors: Sequence[Callable[[OwnClass, Call], Value | None]]
    members: Sequence[Callable[[str, Span, OwnClass, Binding], Value | None]]


class Interpreter(NamedTuple):
    """How expressions and bindings are worked out, by their types, and what is known of libraries."""

    expressions: Mapping[type, Callable[[Any, At], Value]]
    bindings: Mapping[type, Callable[[str, Span, Any, At], Value]]
    libraries: Library


class Target(NamedTuple):
    """What an import leads to: a binding of the module-level name `name` in another module."""

    home: Module
    name: str
    binding: Binding
    rest: tuple[str, ...]  # attributes of it that the import's path goes on with


class Analysis(Protocol):
    """What a module asks of the analysis that it is part of."""

    memory: Memory
    interpreter: Interpreter
    entered: set[tuple[str, str]]
    unversioned: set[Binding]
    project: Project | None

    @property
    def seeks_callers(self) -> bool:
        """Whether calls in other files are looked for."""

    def users(self, name: str, module: Module) -> list[Module]:
        """The other files of the project that may call what a module defines by a name; none where they are many."""

    def follow(self, path: str, importer: str) -> Target | None:
        """Return what a dotted path means that `importer` imports; None for what no file of the project binds."""

    def home(self, span: Span) -> Module:
        """Return the module that a span is of."""

    def elsewhere(self, span: Span) -> Elsewhere | None:
        """Return where a span is that is not of the first module."""

    def star_path(self, module: str, name: str, importer: str) -> str | None:
        """Return the path of a name that a star import brings to a file; None where it does not, "" if not known."""

    def keras_paths(self, path: str, importer: str) -> tuple[str, ...]:
        """Return the paths below Keras that an import through other files leads to.

        The path itself where there are none.
        """


class Module:
    """A program that an analysis goes into, with what was found on the way that concerns it as a whole.

    `default_statements` are the spans from the start of a `def` to a default that was asked for.
    `file` is that of its spans (session.py). `changed_factors` are the attributes `l1`, `l2` and
    `factor` that the file sets on some object.
    """

    __slots__ = (
        "analysis",
        "callers",
        "changed_factors",
        "constructions",
        "default_statements",
        "derived",
        "far_calls",
        "file",
        "found",
        "memory",
        "paths",
        "program",
        "text",
    )

    def __init__(self, program: Program, analysis: Analysis, file: int = 0) -> None:
        self.program = program
        self.analysis = analysis
        self.file = file
        self.text = program.text
        self.found = program.found
        self.paths = Paths(
            program.found.module_scope,
            partial(analysis.star_path, importer=program.filename),
            partial(analysis.keras_paths, importer=program.filename),
            unbound=Fragments(program.found, program.text).path,
        )
        self.changed_factors = frozenset(site.node.attr.value for site in self.found.attributes if _is_changed(site))
        self.callers = Callers(self.found.calls)
        self.default_statements: set[Span] = set()
        self.derived: dict[OwnClass, list[OwnClass]] | None = None
        self.constructions: dict[nodes.Node, list[Caller]] | None = None  # by the constructor's definition
        self.far_calls: dict[nodes.Node, list[tuple[Module, CallSite]]] = {}  # of its definitions, in other files
        self.memory = analysis.memory

    @property
    def libraries(self) -> Library:
        return self.analysis.interpreter.libraries

    @property
    def end(self) -> At:
        """The end of the module, in no call."""
        scope = self.found.module_scope
        return At(self, scope, scope.clock.now)

    def at(self, scope: Scope, time: int, frame: Frame | None = None) -> At:
        return At(self, scope, time, frame)

    def of(self, site: CallSite | AttributeSite | ImportedName, frame: Frame | None = None) -> At:
        """Where a call or an attribute is reached."""
        return At(self, site.scope, site.time, frame)

    def span(self, node: nodes.Node) -> Span:
        return Span(node.start, node.end, self.file)

    def written(self, node: nodes.Node) -> str:
        """Return a node as it stands in the program."""
        return self.text[node.start : node.end]

    def sets(self, name: str) -> bool:
        """True if this module sets an attribute of that name on anything but an instance of its own classes."""
        return name in self.found.objects.set_from_outside

    def own_class(self, node: nodes.ClassDef) -> OwnClass:
        return OwnClass(self.found.objects.by_node[node], self)

    def own_function(self, node: nodes.FunctionDef | nodes.Lambda, frame: Frame | None = None) -> OwnFunction:
        """Return a function as it is defined in a frame."""
        return OwnFunction(self.found.functions[node], frame, self)


def _is_changed(site: AttributeSite) -> bool:
    """True if `reg.l2 = …` sets a factor, but not `self.l2 = …`, which is an object of the user's own."""
    owner = site.node.value
    if not site.assigned or site.node.attr.value not in FACTORS or not isinstance(owner, nodes.Name):
        return False
    return receiver_class(owner.value, site.scope) is None
