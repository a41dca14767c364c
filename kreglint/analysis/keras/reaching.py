"""Which calls certainly have a part in a value, whichever way is taken to it: what a model's layers are told by.

A value is followed backwards, each name from what it is bound to at that moment. Where several ways lead to it, only
what all of them have counts; what is not followed adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kreglint.analysis.keras.own_callees import Own, OwnCallees, call_frame, constructor_frame
from kreglint.analysis.keras.owned import Owned
from kreglint.analysis.keras.reached import NOTHING, Answers, Part, Parts, common, held, outputs_of, union
from kreglint.analysis.keras.reached_items import Items
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, View
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.lookup import lookup, lookup_earlier
from kreglint.analysis.semantic.scopes import (
    Binding,
    ChangeBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    LoopBinding,
    ParameterBinding,
    Pick,
    Scope,
)
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.infer import hold, ruled_out
from kreglint.analysis.values.module import At, Frame

_OUTPUTS = ("output", "outputs")
_KEEPING = frozenset(("list", "tuple", "reversed", "sorted", "sum", "dict", "set"))  # builtins that hand all on


class Reaching(Items):
    """Follows values of one program, and of those that it calls into."""

    def __init__(self, view: View) -> None:
        self._view = view.first
        self._callees = OwnCallees(self._view)
        self._owned: dict[View, Owned] = {}
        self._answers = Answers()
        self._scopes: dict[ParameterBinding, tuple[View, Scope]] = {}

    def calls(self, node: nodes.Expression, at: At) -> set[nodes.Call]:
        """Return the calls that certainly have a part in what an expression is."""
        found: set[nodes.Call] = set()
        waiting, seen = set(self.of(node, at) or ()), set()
        while waiting:
            part = waiting.pop()
            if isinstance(part, nodes.Call):
                found.add(part)
            elif part not in seen:
                seen.add(part)
                waiting |= self._passed(part)
        return found

    def of(self, node: nodes.Expression, at: At) -> Parts:
        """Return what an expression is certainly made of."""
        match node:
            case nodes.Name():
                return self._name(node, at)
            case nodes.Attribute():
                return self._attribute(node, at)
            case nodes.Call():
                return self._answers.once(node, at.frame, partial(self._call, node, at))
            case nodes.NamedExpr(value=value) | nodes.StarredElement(value=value) | nodes.Await(expression=value):
                return self.of(value, at)
            case nodes.IfExp():
                return common(self.of(way, at) for way in (node.body, node.orelse))
            case nodes.SimpleComprehension():
                return self.each_made(node, at)
            case nodes.Subscript():
                return self.item(node, at)
        return union(self.of(each, at) for each in held(node))

    # Names

    def _name(self, node: nodes.Name, at: At) -> Parts:
        own = receiver_class(node.value, at.scope)
        if own is not None:
            itself = Own(self._view.of(at.module), at.module.found.objects.classes[own].node)
            return union((self._instance(itself, at.frame), self._made_of(itself)))
        bound = lookup(node.value, at.scope, at.time)
        far = bound is None or isinstance(bound, ImportBinding)
        return self._either(bound, at) if bound is not None and not far else self._elsewhere(node, at)

    def _either(self, bound: Binding, at: At) -> Parts:
        """Return what all ways to a name have, but for those that conditions rule out or that are set anew for sure."""
        if not isinstance(bound, JoinBinding):
            return self._bound(bound, at)
        conditions = bound.conditions or ((),) * len(bound.alternatives)
        left = [
            way
            for way, joins in zip(bound.alternatives, conditions, strict=True)
            if not joins or ruled_out(joins, at) is None
        ]
        last = max((self._surely_since(way, at) for way in left), default=0)
        return common(self._bound(way, at) for way in left if not _is_older(way, last))

    def _surely_since(self, way: Binding, at: At) -> int:
        """Return when a name is set so, if that certainly comes before a moment: by a call that runs; else 0."""
        if not isinstance(way, ExpressionBinding) or way.scope is not at.scope or way.time >= at.time:
            return 0
        runs = isinstance(way.value, nodes.Call) and self._of(self._view.of(at.module)).kept.runs(way.value, at.frame)
        return way.time if runs else 0

    def _bound(self, bound: Binding, at: At) -> Parts:
        match bound:
            case ExpressionBinding():
                there = at.moved(bound.scope, bound.time)
                found = self._answers.once(bound, at.frame, partial(self.picked, bound.value, bound.picks, there))
                return union((found, *self.put(bound.value, at))) if bound.whole else found
            case ChangeBinding():
                return self._changed(bound, at)
            case LoopBinding(picks=()):
                return common(self.each(bound.iterable, at.moved(bound.scope, bound.time)))
            case ParameterBinding():
                self._scopes[bound] = (self._view.of(at.module), at.scope)
                return frozenset((bound,))
        return NOTHING

    def put(self, value: nodes.Expression, at: At) -> Iterator[Parts]:
        """Yield what is appended to a list before a moment; nothing is known of one from which anything is taken."""
        for site in self._of(self._view.of(at.module)).put.get(value, ()) if isinstance(value, nodes.List) else ():
            if site.scope is at.scope and site.time < at.time:
                yield from (self.of(arg.value, at.moved(site.scope, site.time)) for arg in site.node.args)

    def _changed(self, bound: ChangeBinding, at: At) -> Parts:
        step, older = bound.step, lookup_earlier(bound.older)
        if not isinstance(step, nodes.AugAssign) or older is None:
            return NOTHING
        there = at.moved(bound.scope, bound.time)
        return union(
            (self._answers.once(bound, at.frame, partial(self._either, older, there)), self.of(step.value, there))
        )

    def _elsewhere(self, node: nodes.Expression, at: At) -> Parts:
        """Return that of a name of another file."""
        far = self._view.of(at.module).imported(node, at.scope, at.time)
        only = far.only_value if far is not None else None
        return self.of(only.value, far.view.module.at(only.scope, only.time)) if far is not None and only else NOTHING

    def _passed(self, bound: ParameterBinding) -> set[Part]:
        """Return what each call passes for a parameter."""
        view, scope = self._scopes[bound]
        given = self._of(view).makers.passed(bound, scope)
        found = common(self.of(each[0], view.module.at(*each[1:])) if each is not None else NOTHING for each in given)
        return set(found or ())

    # Attributes and items

    def _attribute(self, node: nodes.Attribute, at: At) -> Parts:
        own = receiver_class(node.value.value, at.scope) if isinstance(node.value, nodes.Name) else None
        if own is not None:
            made = at.module.found.objects.classes[own].node
            return self._kept(self._view.of(at.module), made, node.attr.value, at.frame)
        if node.attr.value in _OUTPUTS:
            return self.of(node.value, at)
        return self._elsewhere(node, at)

    def _kept(self, view: View, made: nodes.ClassDef, name: str, frame: Frame | None) -> Parts:
        """Return what an attribute of an instance has, whichever of its bindings is in force."""
        owned = self._of(view)
        ways = [self._bound(bound, _top(each, frame)) for each, bound in owned.bindings(made, name)]
        more = [
            self.of(arg.value, view.module.of(site, frame))
            for site in owned.appended(made, name)
            for arg in site.node.args
        ]
        return union((common(ways), *more)) if ways else NOTHING

    # Calls

    def is_tensor(self, node: nodes.Expression, at: At) -> bool:
        return self._callees.is_tensor(node, at)

    def _call(self, node: nodes.Call, at: At) -> Parts:
        return self.of_call(node, (), at)

    def of_call(self, node: nodes.Call, picks: tuple[Pick, ...], at: At) -> Parts:
        itself: frozenset[Part] = frozenset((node,))
        path = self._callees.path(node.func, at)
        given = (arg.value for arg in node.args)
        if path in MODELS or path in SEQUENTIAL:
            outputs = outputs_of(node, path in MODELS)
            made = self.of(outputs, at) if outputs is not None else NOTHING
            return union((itself, made, *self._added(node, at))) if path in SEQUENTIAL else union((itself, made))
        if path is not None or (isinstance(node.func, nodes.Name) and self._is_keeping(node.func, at)):
            return union((itself, *(self.of(each, at) for each in given)))
        own = self._callees.own(node.func, at)
        if own is not None:
            return union((itself, self._of_own(own, node, picks, at)))
        called = self.of(node.func, at)
        of_layer = called is None or any(isinstance(each, nodes.Call) for each in called)
        looped = self._each_in_turn(node, at)
        of_layer = of_layer or looped is not None
        return union((itself, called, looped or NOTHING, *(self.of(each, at) for each in given if of_layer)))

    def _each_in_turn(self, node: nodes.Call, at: At) -> Parts:
        """Return what all items have of a loop that calls each on what the turn before gave; None for another call."""
        bound = lookup(node.func.value, at.scope, at.time) if isinstance(node.func, nodes.Name) else None
        if not isinstance(bound, LoopBinding) or bound.picks or not _is_turned(node, at):
            return None
        if not self._of(self._view.of(at.module)).is_for_each(bound.iterable):
            return None
        return self.of(bound.iterable, at.moved(bound.scope, bound.time))

    def _is_keeping(self, func: nodes.Name, at: At) -> bool:
        return func.value in _KEEPING and lookup(func.value, at.scope, at.time) is None

    def _added(self, made: nodes.Call, at: At) -> Iterator[Parts]:
        """Yield what is certainly added to a Sequential model."""
        owned = self._of(self._view.of(at.module))
        for site in owned.put.get(made, ()):
            if owned.kept.runs(site.node, at.frame):
                there = at.moved(site.scope, site.time)
                yield from (self.of(arg.value, there) for arg in site.node.args)

    def _of_own(self, own: Own, node: nodes.Call, picks: tuple[Pick, ...], at: At) -> Parts:
        """Return what a call of a function or class of the project gives."""
        if isinstance(own.node, nodes.ClassDef):
            frame = constructor_frame(node, at)
            found = union((self._instance(own, frame), self._outputs(own, node, at))) if not picks else NOTHING
        else:
            frame = call_frame(node, at)
            found = self._answers.once((own.node, picks), frame, partial(self._returned, own, picks, frame))
        given = self._callees.given(own, node)
        ways = (self._substituted(part, given, at) for part in found or ())
        return union(ways) if found is not None else None

    def _substituted(self, part: Part, given: dict[Binding, nodes.Expression], at: At) -> Parts:
        if isinstance(part, ParameterBinding) and part in given:
            return self.of(given[part], at)
        return frozenset((part,))

    def _returned(self, own: Own, picks: tuple[Pick, ...], frame: Frame | None) -> Parts:
        """Return what all values have that a function may give back in a frame."""
        site = own.view.program.found.functions[own.node]
        ways: list[Parts] = []
        for each in site.returns if site.plain else ():
            there = own.view.module.at(site.scope, each.time, frame)
            if hold(each.guards, there)[0] is not False:
                ways.append(self.picked(each.value, picks, there) if each.value is not None else NOTHING)
        return common(ways) if ways else NOTHING

    # Instances

    def _instance(self, own: Own, frame: Frame | None) -> Parts:
        """Return what certainly runs when an instance of a class is called."""
        if not isinstance(own.node, nodes.ClassDef):
            return NOTHING
        return self._answers.once(own.node, frame, partial(self._of_class, own.view, own.node, frame))

    def _of_class(self, view: View, node: nodes.ClassDef, frame: Frame | None) -> Parts:
        owned = self._of(view)
        parts = [self._kept(view, node, name, frame) for name in owned.run_by(node)]
        parts += [self.of(value, view.module.of(site, frame)) for value, site in owned.handed_to_base(node)]
        return union(parts)

    def _outputs(self, own: Own, call: nodes.Call, at: At) -> Parts:
        """Return what the outputs have of which a call of a class makes a functional model."""
        made = own.node
        outputs = self._of(own.view).outputs(made, call) if isinstance(made, nodes.ClassDef) else None
        return self.of(outputs, at) if outputs is not None else NOTHING

    def _made_of(self, own: Own) -> Parts:
        """Return what the outputs of all instances of a class have."""
        made = own.node
        calls = self._of(own.view).makers.calls_of_class(made) if isinstance(made, nodes.ClassDef) else ()
        ways = [self._outputs(own, each.node, own.view.module.of(each)) for each in calls]
        return common(ways) if ways else NOTHING

    def _of(self, view: View) -> Owned:
        if view not in self._owned:
            self._owned[view] = Owned(view)
        return self._owned[view]


def _top(view: View, frame: Frame | None) -> At:
    return view.module.at(view.program.found.module_scope, 0, frame)


def _is_turned(node: nodes.Call, at: At) -> bool:
    """True if a call is given what it gave in the turn of a loop before."""
    for arg in node.args:
        bound = lookup(arg.value.value, at.scope, at.time) if isinstance(arg.value, nodes.Name) else None
        ways = bound.alternatives if isinstance(bound, JoinBinding) else ()
        if any(isinstance(way, ExpressionBinding) and way.value is node for way in ways):
            return True
    return False


def _is_older(way: Binding, time: int) -> bool:
    return isinstance(way, ExpressionBinding) and way.time < time
