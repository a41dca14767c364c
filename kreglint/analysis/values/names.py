"""The value of a name: what it is bound to at the moment at which it is read."""

from __future__ import annotations

import builtins
import re
from functools import partial

from kreglint.analysis.semantic import constants
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup, lookup_earlier
from kreglint.analysis.semantic.scopes import (
    ArgsBinding,
    ChangeBinding,
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    LoopBinding,
    OpaqueBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.aliasing import Lent
from kreglint.analysis.values.behaviour import attribute_of
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.displays import after_step
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.infer import bound, infer, ruled_out, through
from kreglint.analysis.values.items import any_of, picked
from kreglint.analysis.values.mappings import handed_on, is_changeable, private
from kreglint.analysis.values.module import At, Module
from kreglint.analysis.values.objects import class_value
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Origin, Provenance, Symbol, Unknown, Value, one_of, unknown

_FORM_FIELD = re.compile(r"[ \t;]*#[ \t]*@param\b")  # behind an assignment in a Colab notebook
_BUILTINS = frozenset(name for name, value in vars(builtins).items() if callable(value) and not name.startswith("_"))


def name(node: nodes.Name, at: At) -> Value:
    span = at.module.span(node)
    binding = lookup(node.value, at.scope, at.time)
    if binding is not None:
        return bound(node.value, span, binding, at)
    if node.value in constants.NAMES:
        return Const(span=span, value=constants.NAMES[node.value])
    found = symbol(span, at.module.paths.of(node, at.scope, at.time), at.module)
    if found is None and node.value in _BUILTINS and not at.module.paths.may_be_of_star(node.value):
        return Symbol(span=span, path=f"builtins.{node.value}")
    return found or unknown(span, f"'{node.value}' is not defined in this file")


def symbol(span: Span, paths: tuple[str, ...], module: Module) -> Value | None:
    """Return what the paths of an imported name stand for; None for no path."""
    return one_of([_of_path(span, path, module) for path in paths], span) if paths else None


def _of_path(span: Span, path: str, module: Module) -> Value:
    """Return what an imported name is: one of Keras, what another file of the project binds, or only a name."""
    known = canonical(path)
    found = _of_project(path, span, module) if known is None else None
    return found or Symbol(span=span, path=path, canonical=known)


def _of_project(path: str, span: Span, module: Module) -> Value | None:
    step = (path, module.program.filename)
    entered = module.analysis.entered
    target = module.analysis.follow(*step) if step not in entered else None
    if target is None or any(module.sets(name) or target.home.sets(name) for name in (target.name, *target.rest)):
        return None
    entered.add(step)  # so that files which import from each other in a circle lead nowhere
    there = target.home.end
    value: Value | None = bound(target.name, span, target.binding, there)
    for attribute in target.rest:
        value = attribute_of(value, attribute, span, there) if value is not None else None
    entered.discard(step)
    if value is None or isinstance(value, Unknown):
        return None
    return at_least(value, Provenance.CROSS_FILE)


# Bindings, by their kind. Each is read under a name, at a span.


def imported(name: str, span: Span, binding: ImportBinding, at: At) -> Value:
    found = symbol(span, at.module.paths.of_binding(binding), at.module)
    return settled(found, name, span, at.module) if found else unknown(span, f"'{name}' is not followed")


def opaque(name: str, span: Span, binding: OpaqueBinding, at: At) -> Value:
    return unknown(span, binding.reason)


def passed_by_position(name: str, span: Span, binding: ArgsBinding, at: At) -> Value:
    """Return the `*args` of a function, in a call that is seen."""
    given = at.frame.value(binding) if at.frame is not None else None
    return given or unknown(span, "the function's *args")


def joined(name: str, span: Span, binding: JoinBinding, at: At) -> Value:
    """Return any of several bindings, but those that conditions on the way to them rule out."""
    excluded = [ruled_out(joins, at) for joins in binding.conditions] or [None] * len(binding.alternatives)
    left = [way for way, by in zip(binding.alternatives, excluded, strict=True) if by is None]
    value = one_of([bound(name, span, way, at) for way in left or binding.alternatives], span)
    reasons = [by for by in excluded if by is not None] if left else []
    return at_least(value, max(reasons)) if reasons and not isinstance(value, Unknown) else value


def defined(name: str, span: Span, binding: DefinitionBinding, at: At) -> Value:
    definition = binding.node
    if is_remade(definition):
        return unknown(span, f"'{name}' is decorated")
    if isinstance(definition, nodes.ClassDef):
        return class_value(at.module.own_class(definition), span)
    return FunctionValue(span=span, name=name, body=at.module.own_function(definition, at.frame))


def assigned(name: str, span: Span, binding: ExpressionBinding, at: At) -> Value:
    found = symbol(span, at.module.paths.of_binding(binding), at.module)
    if found is not None:
        return found
    value = infer(binding.value, at.moved(binding.scope, binding.time))
    if binding.statement is not None and _FORM_FIELD.match(at.module.program.text, binding.statement.end):
        value = at_least(value, Provenance.FORM_FIELD)
    shared = isinstance(binding.statement, nodes.Assign) and len(binding.statement.targets) > 1
    if binding.picks:
        value = picked(value, binding.picks, span)
        shared = shared or not isinstance(binding.value, nodes.Tuple | nodes.List)
    return _kept(name, span, value, binding, at, shared=shared)


def looped(name: str, span: Span, binding: LoopBinding, at: At) -> Value:
    """One of the items that a loop goes through: in a turn that is followed by itself, that of the turn."""
    given = at.frame.value(binding) if at.frame is not None else None
    if given is not None:
        return settled(given, name, span, at.module, binding.scope)
    value = any_of(infer(binding.iterable, at.moved(binding.scope, binding.time)), binding.picks, span)
    shared = not isinstance(binding.iterable, nodes.Tuple | nodes.List)
    return _kept(name, span, value, binding, at, shared=shared)


def _kept(
    name: str, span: Span, value: Value, binding: ExpressionBinding | LoopBinding, at: At, *, shared: bool
) -> Value:
    """Return what a name has of a value; nothing is known of a dict or list that is also reached without the name."""
    place = binding.statement if isinstance(binding, ExpressionBinding) else binding.iterable
    found = through(span, value, Origin(at.module.span(place)), at.module)
    if shared and is_changeable(found):
        return handed_on(found, f"'{name}' is a dict that has other names too", span)
    return settled(found, name, span, at.module, binding.scope)


def settled(value: Value, name: str, span: Span, module: Module, owner: Scope | None = None) -> Value:
    """Return the value of a name, unknown for a dict that the name also hands on to where it may be changed.

    `owner` is the scope that binds the name, where it is known which does.
    """
    if not is_changeable(value):
        return value
    lent = Lent(module.found, owner, module.paths)
    if lent.escapes(name) or lent.may_change(name):
        return handed_on(value, f"'{name}' is a dict that is handed on, where it may be changed", span)
    return private(value, partial(lent.shares, name))


def changed(name: str, span: Span, binding: ChangeBinding, at: At) -> Value:
    """Return a dict after one more step. A step that is repeated in a loop leads back to itself and ends there."""
    module = at.module
    place = module.span(binding.step)  # and not the span of who asks first

    def work() -> Value:
        older = lookup_earlier(binding.older)
        before = bound(name, place, older, at) if older is not None else unknown(place, "not yet assigned")
        return after_step(before, binding, place, at.moved(binding.scope, binding.time))

    itself: Value = unknown(place, "changed in a loop")
    found = module.memory.ask((binding.step, at.frame), itself, work)
    return settled(found, name, span, module, binding.scope)
