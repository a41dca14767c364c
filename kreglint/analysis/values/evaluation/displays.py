"""Lists, tuples, sets and dicts, and what is taken out of them."""

from __future__ import annotations

from kreglint.analysis.semantic.scopes import ChangeBinding, Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.evaluation import mappings
from kreglint.analysis.values.evaluation.items import items_of
from kreglint.analysis.values.evaluation.operators import OperatorEvaluation
from kreglint.analysis.values.evaluation.python_functions import TEXT_METHODS, of_mapping, of_text
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, EntryPlace, Function, Mapping, OneOf, Sequence, Value, one_of

_VIEWS = ("items", "keys", "values")
_METHODS = ("get", "pop", "setdefault", "copy")


class DisplayEvaluation(OperatorEvaluation):
    """Works out displays."""

    def display(self, node: nodes.Tuple | nodes.List | nodes.Set, scope: Scope, time: int) -> Value:
        items: list[Value] = []
        for element in node.elements:
            value = self.value(element.value, scope, time)
            if isinstance(element, nodes.Element):
                items.append(value)
                continue
            turns = items_of(value)
            if turns is None:
                return self.unknown(self.span(node), "unpacks something else")
            items += turns
        return Sequence(span=self.span(node), kind=type(node).__name__.lower(), items=tuple(items))

    def dict_display(self, node: nodes.Dict, scope: Scope, time: int) -> Value:
        span = self.span(node)
        found: Value = Mapping(span=span, entries=())
        for element in node.elements:
            value = self.value(element.value, scope, time)
            if isinstance(element, nodes.DictElement):
                place = self._entry_place(element.key, element.value)
                found = self._with_key(found, self.value(element.key, scope, time), value, span, place)
            else:
                found = self.updated(found, value, span)
        return found

    def _entry_place(self, key: nodes.Expression, value: nodes.Expression) -> EntryPlace:
        """Where an entry of a dict is written; a key that is computed has no text of its own."""
        source = self.written(key) if isinstance(key, nodes.SimpleString) else ""
        return EntryPlace(self.span(key), source, self.span(value), self.written(value))

    def keyword_as_dict(self, arg: nodes.Arg, value: Value, span: Span) -> Value:
        """`key=value` as a dict of one entry; any other argument is the value itself."""
        if arg.keyword is None:
            return value
        key = arg.keyword.value
        place = EntryPlace(self.span(arg.keyword), key, self.span(arg.value), self.written(arg.value))
        return Mapping(span=span, entries=((key, value),), places=((key, place),))

    def _with_key(self, before: Value, key: Value, value: Value, span: Span, place: EntryPlace) -> Value:
        if isinstance(key, Const):
            known = key.value
            return mappings.each(before, lambda mapping: mappings.with_entry(mapping, known, value, place), span)
        return mappings.each(before, mappings.without_anything_known, span)

    def updated(self, before: Value, other: Value, span: Span) -> Value:
        """`{**before, **other}`, for each of what the two may be."""

        def with_each(mapping: Mapping) -> Value:
            if mappings.each(other, lambda one: one, span) is other or isinstance(other, Mapping):
                return mappings.each(other, lambda one: mappings.updated(mapping, one), span)
            return mappings.without_anything_known(mapping)

        return mappings.each(before, with_each, span)

    def after_step(self, before: Value, binding: ChangeBinding, span: Span) -> Value:
        """What a name has after a step that changes it."""
        step, scope, time = binding.step, binding.scope, binding.time
        if isinstance(step, nodes.AugAssign):
            return self.augmented(before, step, scope, time)
        if isinstance(step, nodes.Subscript):
            key = self._key(step, scope, time)
            index = step.slice[0].slice
            if binding.value is None or key is None or not isinstance(index, nodes.Index):
                return mappings.each(before, mappings.without_anything_known, span)
            place = self._entry_place(index.value, binding.value)
            return self._with_key(before, key, self.value(binding.value, scope, time), span, place)
        if isinstance(step, nodes.Call) and isinstance(step.func, nodes.Attribute):
            return self._after_method(before, step, step.func.attr.value, scope, time)
        return mappings.each(before, mappings.without_anything_known, span)

    def _after_method(self, before: Value, call: nodes.Call, method: str, scope: Scope, time: int) -> Value:
        span = self.span(call)
        if method == "update":
            return self._after_update(before, call, scope, time)
        arguments = [self.value(arg.value, scope, time) for arg in call.args]
        key = arguments[0] if arguments and not any(arg.star or arg.keyword for arg in call.args) else None
        if isinstance(key, Const) and method == "pop":
            known = key.value
            return mappings.each(before, lambda mapping: mappings.without_entry(mapping, known), span)
        if isinstance(key, Const) and method == "setdefault" and len(arguments) == 2:
            known, default, place = key.value, arguments[1], self._entry_place(call.args[0].value, call.args[1].value)

            def with_default(mapping: Mapping) -> Mapping:
                if mapping.get(known) is not None:
                    return mapping
                return mappings.with_entry(mapping, known, mappings.looked_up(mapping, key, span, default), place)

            return mappings.each(before, with_default, span)
        return mappings.each(before, mappings.without_anything_known, span)

    def _after_update(self, before: Value, call: nodes.Call, scope: Scope, time: int) -> Value:
        found, span = before, self.span(call)
        for arg in call.args:
            given = self.keyword_as_dict(arg, self.value(arg.value, scope, time), span)
            if arg.star == "*":
                found = mappings.each(found, mappings.without_anything_known, span)
            else:
                found = self.updated(found, given, span)
        return found

    def subscript(self, node: nodes.Subscript, scope: Scope, time: int) -> Value:
        """`owner[key]`, for a dict with known entries or a tuple."""
        span = self.span(node)
        owner, key = self.value(node.value, scope, time), self._key(node, scope, time)
        if key is None:
            return self.unknown(span, "a slice")
        if isinstance(owner, Function) and isinstance(key, Const) and isinstance(key.value, str):
            member = self.attribute_of(key.value, span, owner)  # of an enum: `Kind["L2"]`
            return member if isinstance(member, Function) else self.unknown(span, "an item of a class")
        return mappings.item_of(owner, key, span)

    def _key(self, node: nodes.Subscript, scope: Scope, time: int) -> Value | None:
        index = node.slice[0].slice if len(node.slice) == 1 else None
        return self.value(index.value, scope, time) if isinstance(index, nodes.Index) and not index.star else None

    def method_of_value(self, node: nodes.Call, scope: Scope, time: int) -> Value | None:
        """What a method of a dict or string gives back; None for what is no such call."""
        func = node.func
        if not isinstance(func, nodes.Attribute):
            return None
        if func.attr.value in _VIEWS and not node.args:
            owner = self.value(func.value, scope, self.found.before.get(node, time))
            return self._view(func.attr.value, owner, self.span(node))
        if func.attr.value in TEXT_METHODS and not node.args:
            owner = self.value(func.value, scope, time)
            return of_text(func.attr.value, owner, (), self.span(node)) if isinstance(owner, Const) else None
        return self._method_of_dict(node, scope, time)

    def _view(self, method: str, owner: Value, span: Span) -> Value | None:
        ways = owner.alternatives if isinstance(owner, OneOf) else (owner,)
        views = [of_mapping(method, way, span) if isinstance(way, Mapping) else None for way in ways]
        known = [view for view in views if view is not None]
        return one_of(known, span) if len(known) == len(views) else None

    def _method_of_dict(self, node: nodes.Call, scope: Scope, time: int) -> Value | None:
        """What `get`, `pop`, `setdefault` and `copy` of a dict give back; None for what is no such call."""
        func = node.func
        if not isinstance(func, nodes.Attribute) or func.attr.value not in _METHODS:
            return None
        plain = all(not arg.star and arg.keyword is None for arg in node.args)
        owner = self.value(func.value, scope, self.found.before.get(node, time)) if plain else None
        span = self.span(node)
        if func.attr.value == "copy":
            return mappings.each(owner, lambda mapping: mapping, span) if owner is not None and not node.args else None
        if owner is None or not 1 <= len(node.args) <= 2:
            return None
        key = self.value(node.args[0].value, scope, time)
        default: Value | None = Const(span=span, value=None) if func.attr.value != "pop" else None
        if len(node.args) == 2:
            default = self.value(node.args[1].value, scope, time)
        return mappings.each(owner, lambda mapping: mappings.looked_up(mapping, key, span, default), span)
