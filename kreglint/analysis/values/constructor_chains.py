"""What constructors leave in the attributes of an instance other than by `self.x = …`.

A constructor calls that of a base class, with arguments that are known: `super().__init__(**kwargs)`. There `setattr`
may set attributes by names that are worked out, or a layer of Keras keeps the regularizers that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis import bounds
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import LoopBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.functions import FunctionValue, parameters_given
from kreglint.analysis.values.infer import hold, infer
from kreglint.analysis.values.items import items_of, picked, row_of
from kreglint.analysis.values.module import At, Frame, OwnClass, OwnFunction
from kreglint.analysis.values.own_classes import ancestors, base_constructor, constructor
from kreglint.catalog.model import MAJORS, Layer, load
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, Mapping, Provenance, Sequence, Value, one_of, unknown

_LAYERS = "keras.layers."


class _Step(NamedTuple):
    """A constructor in a chain of them, and the call of it."""

    body: OwnFunction
    frame: Frame | None


class _End(NamedTuple):
    """Where a chain leaves the program: the path of a class, and what its constructor is given."""

    path: str
    arguments: tuple[Argument, ...]


class SetByName(NamedTuple):
    """What `setattr` may set an attribute to, and whether callers may have it set to something else."""

    values: tuple[Value, ...] = ()
    is_open: bool = False


def set_by_name(name: str, span: Span, cls: OwnClass, frame: Frame | None, among: list[OwnClass]) -> SetByName:
    """What `setattr(self, key, value)` in the methods of classes sets an attribute to. `frame` is the constructor's."""
    setters = [(site, each) for each in among for site in each.site.setters]
    if not setters:
        return SetByName()
    frames = {step.body.site.scope: step.frame for step in _chain(cls, frame) if isinstance(step, _Step)}
    found = [
        each
        for site, owner in setters
        for each in _set_by(name, span, site, owner.home.of(site, frames.get(_function_around(site.scope))))
    ]
    return SetByName(tuple(each for each in found if each is not None), None in found)


def _function_around(scope: Scope) -> Scope:
    while scope.kind != "function" and scope.parent is not None:
        scope = scope.parent
    return scope


def kept_by_keras(name: str, span: Span, cls: OwnClass, frame: Frame | None) -> Value | None:
    """The regularizer that a layer of Keras, which a class inherits from, was given by the class's constructor."""
    if not name.endswith("_regularizer"):
        return None
    ends = [end for end in _chain(cls, frame) if isinstance(end, _End)]
    found = [_kept(name.lstrip("_"), span, end) for end in ends]
    known = [value for value in found if value is not None]
    return one_of(known, span) if known and len(known) == len(found) else None


def _chain(cls: OwnClass, frame: Frame | None) -> Iterator[_Step | _End]:
    found = constructor(ancestors(cls))
    if isinstance(found, OwnFunction):
        yield from _steps(_Step(found, frame), bounds.BASE_STEPS)
    elif isinstance(found, str):
        yield _End(found, (_from_callers(cls),))


def _from_callers(cls: OwnClass) -> Argument:
    """What is given by whoever constructs a class that has no constructor of its own."""
    span = cls.home.span(cls.site.node.name)
    nothing = Mapping(span=span, entries=(), complete=False, overridable=True)
    return Argument(span=span, value=nothing, value_span=span, star="**")


def _steps(step: _Step, levels: int) -> Iterator[_Step | _End]:
    yield step
    home = step.body.home
    for site in home.found.calls_within(step.body.site.scope) if levels else ():
        if not isinstance(site.node.func, nodes.Attribute) or site.node.func.attr.value != "__init__":
            continue
        at = home.of(site, step.frame)
        path = base_constructor(site.node, site.scope, home)
        if path is not None:
            yield _End(path, arguments_of(site.node, at))
            continue
        callee = infer(site.node.func, at)
        parameters = None
        if isinstance(callee, FunctionValue):
            parameters = parameters_given(callee.body, arguments_of(site.node, at))
        if isinstance(callee, FunctionValue) and parameters is not None:
            yield from _steps(_Step(callee.body, Frame(parameters, callee.body.frame)), levels - 1)


def _kept(name: str, span: Span, end: _End) -> Value | None:
    layer = _layer(end.path)
    if layer is None or name not in layer.regularizers:
        return None
    given = next((argument for argument in end.arguments if argument.keyword == name), None)
    if given is not None:
        return given.value
    index = layer.index(name)
    by_position = [argument for argument in end.arguments if argument.keyword is None and argument.star != "**"]
    if any(argument.star for argument in by_position) or (index is not None and len(by_position) > index):
        return None
    provenance = Provenance.EXACT
    for argument in end.arguments:
        for way in argument.value.ways if argument.star == "**" else ():
            if not isinstance(way, Mapping) or not (way.complete or way.overridable):
                return None
            provenance = max(provenance, way.provenance, Provenance.DEFAULT if not way.complete else way.provenance)
    return Const(span=span, value=None, provenance=provenance)


def _layer(path: str) -> Layer | None:
    if not path.startswith(_LAYERS):
        return None
    layers = (load(major).layer(path[len(_LAYERS) :]) for major in reversed(MAJORS))
    return next((layer for layer in layers if layer is not None), None)


# Names that are worked out


def _set_by(name: str, span: Span, site: CallSite, at: At) -> Iterator[Value | None]:
    """What one `setattr(self, key, value)` may set the attribute to; None for what callers may have it set to."""
    arguments = site.node.args
    if len(arguments) != 3 or any(argument.star or argument.keyword for argument in arguments):
        yield unknown(span, "set by a name that is not known")
        return
    _, key, value = (argument.value for argument in arguments)
    turns, is_open = _turns(key, at)
    if is_open:
        yield None
    for turn in turns:
        given = infer(key, turn)
        names = {way.value if isinstance(way, Const) else None for way in given.ways}
        if None in names:
            yield unknown(span, "set by a name that is not known")
        elif name in names and hold(site.guards, turn)[0] is not False:
            found = infer(value, turn)
            yield at_least(found, Provenance.DEFAULT) if is_open else found


def _turns(key: nodes.Expression, at: At) -> tuple[list[At], bool]:
    """The turns of the loop that a key depends on, and whether callers may have it make more.

    Each turn is in a frame of its own; without a loop there is the place itself.
    """
    loop = next((found for found in (_loop(node, at) for node in _names_in(key)) if found is not None), None)
    rows, is_open = _rows(loop, at) if loop is not None else (None, False)
    if loop is None or rows is None:
        return [at], False
    bindings = [binding for _, bound in loop.scope.history.values() for binding in bound]
    targets = [each for each in bindings if isinstance(each, LoopBinding) and each.iterable is loop.iterable]
    level = at.frame.level if at.frame is not None else 1
    frames = [Frame({each: picked(row, each.picks, row.span) for each in targets}, at.frame, level) for row in rows]
    return [at.within(frame) for frame in frames], is_open


def _names_in(node: nodes.Expression) -> Iterator[nodes.Name]:
    return (each for each in descendants(node) if isinstance(each, nodes.Name))


def _loop(node: nodes.Name, at: At) -> LoopBinding | None:
    found = lookup(node.value, at.scope, at.time)
    return found if isinstance(found, LoopBinding) else None


def _rows(loop: LoopBinding, at: At) -> tuple[list[Value] | None, bool]:
    """What a loop goes through, and whether callers may add to it."""
    iterable, place = loop.iterable, at.moved(loop.scope, loop.time)
    method = ""
    if isinstance(iterable, nodes.Call) and isinstance(iterable.func, nodes.Attribute) and not iterable.args:
        method = iterable.func.attr.value
        iterable = iterable.func.value
    if method not in ("", "items", "keys"):
        return None, False
    value = infer(iterable, place)
    rows: list[Value] = []
    is_open = False
    for way in value.ways:
        if isinstance(way, Mapping) and (way.complete or way.overridable):
            is_open = is_open or not way.complete
            rows += [row_of(key, entry, way) if method == "items" else key for key, entry in _entries(way)]
        else:
            items = items_of(way) if isinstance(way, Sequence) and not method else None
            if items is None:
                return None, False
            rows += items
    return rows, is_open


def _entries(mapping: Mapping) -> Iterator[tuple[Value, Value]]:
    for key, value in mapping.entries:
        if isinstance(key, str):
            yield Const(span=mapping.span, value=key), value
