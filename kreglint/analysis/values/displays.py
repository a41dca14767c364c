"""Lists, tuples, sets and dicts, the steps that change a dict, and what is taken out of them."""

from __future__ import annotations

from functools import partial

from kreglint.analysis.semantic.scopes import ChangeBinding, RestBinding
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values import mappings
from kreglint.analysis.values.behaviour import attribute_of
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.items import items_of, view_of
from kreglint.analysis.values.module import At, Module
from kreglint.analysis.values.operators import augmented
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, EntryPlace, Mapping, Sequence, Value, one_of, unknown

_VIEWS = ("items", "keys", "values")
_METHODS = ("get", "pop", "setdefault", "copy")


def display(node: nodes.Tuple | nodes.List | nodes.Set, at: At) -> Value:
    span = at.module.span(node)
    items: list[Value] = []
    for element in node.elements:
        value = infer(element.value, at)
        if isinstance(element, nodes.Element):
            items.append(value)
            continue
        turns = items_of(value)
        if turns is None:
            return unknown(span, "unpacks something else")
        items += turns
    return Sequence(span=span, kind=type(node).__name__.lower(), items=tuple(items))


def dict_display(node: nodes.Dict, at: At) -> Value:
    span = at.module.span(node)
    found: Value = Mapping(span=span, entries=())
    for element in node.elements:
        value = infer(element.value, at)
        if isinstance(element, nodes.DictElement):
            place = _entry_place(element.key, element.value, at.module)
            found = _with_key(found, infer(element.key, at), value, span, place)
        else:
            found = updated(found, value, span)
    return found


def dict_made(call: nodes.Call, at: At) -> Value:
    """`dict(base, key=…, **more)`."""
    span = at.module.span(call)
    found: Value = Mapping(span=span, entries=())
    for arg in call.args:
        given = _keyword_as_dict(arg, infer(arg.value, at), span, at.module)
        found = updated(found, given if arg.star != "*" else unknown(span, "unpacked"), span)
    return found


def keywords_left(site: CallSite, binding: RestBinding, module: Module) -> Value | None:
    """The keywords of a call that no parameter takes, as a dict; None where neither they nor the callers' are known."""
    function, span = binding.statement, module.span(site.node)
    if not isinstance(function, nodes.FunctionDef):
        return None
    found: Value = Mapping(span=span, entries=())
    for arg in site.node.args:
        if arg.star == "**" or arg.keyword is not None:
            given = _keyword_as_dict(arg, infer(arg.value, module.of(site)), span, module)
            found = updated(found, given, span)
    for param in (*function.params.params, *function.params.kwonly_params):
        found = mappings.each(found, partial(mappings.without_entry, key=param.name.value), span)
    known = all(isinstance(way, Mapping) and (way.complete or way.overridable) for way in found.ways)
    return found if known else None


def _entry_place(key: nodes.Expression, value: nodes.Expression, module: Module) -> EntryPlace:
    """Return where an entry of a dict is written; a key that is computed has no text of its own."""
    source = module.written(key) if isinstance(key, nodes.SimpleString) else ""
    return EntryPlace(module.span(key), source, module.span(value), module.written(value))


def _keyword_as_dict(arg: nodes.Arg, value: Value, span: Span, module: Module) -> Value:
    """`key=value` as a dict of one entry; any other argument is the value itself."""
    if arg.keyword is None:
        return value
    key = arg.keyword.value
    place = EntryPlace(module.span(arg.keyword), key, module.span(arg.value), module.written(arg.value))
    return Mapping(span=span, entries=((key, value),), places=((key, place),))


def _with_key(before: Value, key: Value, value: Value, span: Span, place: EntryPlace) -> Value:
    if isinstance(key, Const):
        known = key.value
        return mappings.each(before, lambda mapping: mappings.with_entry(mapping, known, value, place), span)
    return mappings.each(before, mappings.without_anything_known, span)


def updated(before: Value, other: Value, span: Span) -> Value:
    """`{**before, **other}`, for each of what the two may be."""
    return mappings.each(before, lambda mapping: other.map(lambda more: mappings.updated(mapping, more), span), span)


# Steps that change a dict


def after_step(before: Value, binding: ChangeBinding, span: Span, at: At) -> Value:
    """Return what a name has after a step that changes it."""
    step = binding.step
    if isinstance(step, nodes.AugAssign):
        return augmented(before, step, at)
    if isinstance(step, nodes.Subscript):
        key = _key(step, at)
        index = step.slice[0].slice
        if binding.deletes and isinstance(key, Const):
            return mappings.each(before, partial(mappings.without_entry, key=key.value), span)
        if binding.value is not None and key is not None and isinstance(index, nodes.Index):
            place = _entry_place(index.value, binding.value, at.module)
            return _with_key(before, key, infer(binding.value, at), span, place)
    elif isinstance(step, nodes.Call) and isinstance(step.func, nodes.Attribute):
        return _after_method(before, step, step.func.attr.value, at)
    return mappings.each(before, mappings.without_anything_known, span)


def _after_method(before: Value, call: nodes.Call, method: str, at: At) -> Value:
    span = at.module.span(call)
    if method == "update":
        return _after_update(before, call, at)
    arguments = [infer(arg.value, at) for arg in call.args]
    key = arguments[0] if arguments and not any(arg.star or arg.keyword for arg in call.args) else None
    if isinstance(key, Const) and method == "pop":
        known = key.value
        return mappings.each(before, lambda mapping: mappings.without_entry(mapping, known), span)
    if isinstance(key, Const) and method == "setdefault" and len(arguments) == 2:
        known, default = key.value, arguments[1]
        place = _entry_place(call.args[0].value, call.args[1].value, at.module)

        def with_default(mapping: Mapping) -> Mapping:
            if mapping.get(known) is not None:
                return mapping
            return mappings.with_entry(mapping, known, mappings.looked_up(mapping, key, span, default), place)

        return mappings.each(before, with_default, span)
    return mappings.each(before, mappings.without_anything_known, span)


def _after_update(before: Value, call: nodes.Call, at: At) -> Value:
    found, span = before, at.module.span(call)
    for arg in call.args:
        given = _keyword_as_dict(arg, infer(arg.value, at), span, at.module)
        if arg.star == "*":
            found = mappings.each(found, mappings.without_anything_known, span)
        else:
            found = updated(found, given, span)
    return found


# What is taken out of them


def subscript(node: nodes.Subscript, at: At) -> Value:
    """`owner[key]`, for a dict with known entries or a tuple."""
    span = at.module.span(node)
    owner, key = infer(node.value, at), _key(node, at)
    if key is None:
        return unknown(span, "a slice")
    if isinstance(owner, OwnValue) and isinstance(key, Const) and isinstance(key.value, str):
        member = attribute_of(owner, key.value, span, at)  # of an enum: `Kind["L2"]`
        return member if isinstance(member, OwnValue) else unknown(span, "an item of a class")
    return mappings.item_of(owner, key, span)


def _key(node: nodes.Subscript, at: At) -> Value | None:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return infer(index.value, at) if isinstance(index, nodes.Index) and not index.star else None


def method_of_dict(node: nodes.Call, name: str, owner: nodes.Expression, at: At) -> Value | None:
    """Return what a method of a dict gives back; None for any other call. `owner` is what it is called on."""
    before = at.moved(at.scope, at.module.found.before.get(node, at.time))
    span = at.module.span(node)
    if name in _VIEWS and not node.args:
        return _view(name, infer(owner, before), span)
    if name not in _METHODS or any(arg.star or arg.keyword is not None for arg in node.args):
        return None
    value = infer(owner, before)
    if isinstance(value, OwnValue):
        return None
    if name == "copy":
        return mappings.each(value, lambda mapping: mapping, span) if not node.args else None
    if not 1 <= len(node.args) <= 2:
        return None
    key = infer(node.args[0].value, at)
    default: Value | None = Const(span=span, value=None) if name != "pop" else None
    if len(node.args) == 2:
        default = infer(node.args[1].value, at)
    return mappings.each(value, lambda mapping: mappings.looked_up(mapping, key, span, default), span)


def _view(method: str, owner: Value, span: Span) -> Value | None:
    views = [view_of(method, way, span) if isinstance(way, Mapping) else None for way in owner.ways]
    known = [view for view in views if view is not None]
    return one_of(known, span) if len(known) == len(views) else None
