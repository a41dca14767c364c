"""What all evaluation shares: each expression is worked out once in each frame, within bounds.

Depth and size of what is worked out are bounded, so that no program can make it fail or take long.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from kreglint.analysis import bounds
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import ChangeBinding, Guard, ParameterBinding, RestBinding, Scope, Ways
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller, Callers
from kreglint.analysis.values.certainty import surest, truth
from kreglint.analysis.values.frames import Body, ClassBody, Frame
from kreglint.analysis.values.session import Session
from kreglint.diagnostics import Span
from kreglint.facts.meaning import FACTORS
from kreglint.facts.values import Argument, Function, Resolution, Unknown, Value


class Evaluation(ABC):
    """The state of the evaluation of one module.

    `default_statements` are the spans from the start of a `def` to a default that was asked for.
    `file` is that of its spans (session.py). `changed_factors` are the attributes `l1`, `l2` and
    `factor` that the file sets on some object.
    """

    def __init__(self, program: Program, session: Session) -> None:
        self.program = program
        self.session = session
        self.file = 0
        self.text = program.text
        self.found = program.found
        self.paths = Paths(
            program.found.module_scope,
            partial(session.star_path, importer=program.filename),
            partial(session.keras_paths, importer=program.filename),
        )
        self.changed_factors = frozenset(site.node.attr.value for site in self.found.attributes if _is_changed(site))
        self.callers = Callers(self.found.calls)
        self.default_statements: set[Span] = set()
        self.frame: Frame | None = None
        self._derived: dict[ClassBody, list[ClassBody]] | None = None
        self._constructed: dict[nodes.Node, list[Caller]] | None = None  # by the constructor's definition
        self.memory = session.memory

    def value(self, node: nodes.Expression, scope: Scope, time: int) -> Value:
        """What the expression is known to be when it is reached in `scope` at `time`."""
        if not self.memory.may_step():
            return self.unknown(self.span(node), "too deeply nested")
        itself: Value = self.unknown(self.span(node), "depends on itself")
        return self.memory.ask((node, time, self.frame), itself, partial(self._value, node, scope, time), steps=1)

    def _value(self, node: nodes.Expression, scope: Scope, time: int) -> Value:
        value = self.work_out(node, scope, time)
        return self.unknown(self.span(node), "too large to follow") if self.memory.is_too_large() else value

    @abstractmethod
    def unpacked_value(self, caller: Caller, parameter: ParameterBinding) -> Value | None:
        """What a call with `*` or `**` gives to a parameter; None where that is not known."""

    @abstractmethod
    def attribute_of(self, name: str, span: Span, owner: Value) -> Value | None:
        """An attribute of a value; None where nothing is known of it."""

    @abstractmethod
    def after_step(self, before: Value, binding: ChangeBinding, span: Span) -> Value:
        """What a name has after a step that changes it."""

    @abstractmethod
    def rest_passed(self, site: CallSite, binding: RestBinding) -> Value | None:
        """The keywords of a call that no parameter takes, as a dict; None where they are not all known."""

    @abstractmethod
    def body(self, node: nodes.FunctionDef | nodes.Lambda) -> Body:
        """A function of this program, as it is defined in the frame of the moment."""

    @abstractmethod
    def class_body(self, node: nodes.ClassDef) -> ClassBody:
        """A class of this program."""

    @abstractmethod
    def receiver(self, span: Span, binding: ParameterBinding) -> Value | None:
        """The instance that a method was called on, where the parameter is its first."""

    @abstractmethod
    def callers_of_method(self, parameter: ParameterBinding) -> Sequence[Caller]:
        """The calls that may set a parameter of a method; none where others than these decide what it is."""

    @abstractmethod
    def instance(self, span: Span, callee: Function, cls: ClassBody, arguments: tuple[Argument, ...]) -> Value:
        """What a call of a class makes."""

    @abstractmethod
    def parsed(self, node: nodes.Call, owner: Value, scope: Scope, time: int) -> Value | None:
        """The options that a parser's `parse_args()` gives back; None for any other call."""

    @abstractmethod
    def work_out(self, node: nodes.Expression, scope: Scope, time: int) -> Value:
        """Work out an expression that was not asked for before."""

    def span(self, node: nodes.Node) -> Span:
        return Span(node.start, node.end, self.file)

    def written(self, node: nodes.Node) -> str:
        """A node as it stands in the program."""
        return self.text[node.start : node.end]

    def unknown(self, span: Span, reason: str) -> Unknown:
        return Unknown(span=span, reason=reason, resolution=Resolution.UNKNOWN)

    @contextmanager
    def within(self, frame: Frame | None) -> Iterator[None]:
        """Work out in another frame; None is that of no call in particular."""
        outer, self.frame = self.frame, frame
        try:
            yield
        finally:
            self.frame = outer

    def hold(self, guards: tuple[Guard, ...]) -> tuple[bool | None, Resolution]:
        """Whether conditions hold, None where that is not known; and the least sure that was needed for it."""
        with self.memory.guarded() as is_within_bounds:
            return self._hold(guards) if is_within_bounds else (None, Resolution.EXACT)

    def _hold(self, guards: tuple[Guard, ...]) -> tuple[bool | None, Resolution]:
        holds: bool | None = True
        resolution = Resolution.EXACT
        for guard in guards:
            if guard.test is None:
                holds = None
                continue
            test = self.value(guard.test, guard.scope, guard.time)
            counts = truth(test)
            if counts is None:
                holds = None
                continue
            resolution = max(resolution, surest(test))
            if counts is not guard.expected:
                return False, resolution
        return holds, resolution

    def ruled_out(self, joins: tuple[Ways, ...]) -> Resolution | None:
        """How surely conditions rule out all ways through one of several joins; None where they may not."""
        for ways in joins:
            tried = [self.hold(guards) for guards in ways]
            if tried and all(holds is False for holds, _ in tried):
                return max(resolution for _, resolution in tried)
        return None

    def may_call(self) -> bool:
        """Whether one more call of the user's own functions is within bounds."""
        return self.memory.may_call() and (self.frame is None or self.frame.level < bounds.FRAMES)


def _is_changed(site: AttributeSite) -> bool:
    """Whether `reg.l2 = …` sets a factor, but not `self.l2 = …`, which is an object of the user's own."""
    owner = site.node.value
    if not site.assigned or site.node.attr.value not in FACTORS or not isinstance(owner, nodes.Name):
        return False
    return receiver_class(owner.value, site.scope) is None
