"""The value of a name: what it is bound to at the moment at which it is read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from kreglint.analysis.semantic import constants
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import (
    ArgsBinding,
    Binding,
    ChangeBinding,
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    LoopBinding,
    OpaqueBinding,
    ParameterBinding,
    RestBinding,
    Scope,
    lookup,
    lookup_earlier,
)
from kreglint.analysis.semantic.sites import CallSite, dotted, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.aliasing import Lent, owner_of
from kreglint.analysis.values.call_graph import UnclearArgumentsError, passed
from kreglint.analysis.values.certainty import at_least, is_foreign, is_regularizer
from kreglint.analysis.values.evaluation.core import Evaluation
from kreglint.analysis.values.evaluation.items import any_of, picked
from kreglint.analysis.values.evaluation.mappings import handed_on, is_changeable, open_mapping, private
from kreglint.analysis.values.frames import ClassBody, Instance
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Const,
    Construct,
    Function,
    OneOf,
    Origin,
    Resolution,
    Symbol,
    Unknown,
    Value,
    one_of,
)


class NameEvaluation(Evaluation):
    """Works out names."""

    def name(self, node: nodes.Name, scope: Scope, time: int) -> Value:
        span = self.span(node)
        binding = lookup(node.value, scope, time)
        if binding is None:
            if node.value in constants.NAMES:
                return Const(span=span, value=constants.NAMES[node.value])
            found = self.symbol(span, self.paths.of(node, scope, time))
            return found or self.unknown(span, f"'{node.value}' is not defined in this file")
        return self.bound(node.value, span, binding)

    def symbol(self, span: Span, paths: tuple[str, ...]) -> Value | None:
        if not paths:
            return None
        return one_of([self._of_path(span, path) for path in paths], span)

    def _of_path(self, span: Span, path: str) -> Value:
        """What an imported name is: one of Keras' own, what another file of the project binds it to, or only a name."""
        known = canonical(path)
        found = self._of_project(path, span) if known is None else None
        return found or Symbol(span=span, path=path, canonical=known)

    def _of_project(self, path: str, span: Span) -> Value | None:
        step = (path, self.program.filename)
        target = self.session.follow(*step) if step not in self.session.entered else None
        if target is None or any(self.sets(name) or target.home.sets(name) for name in (target.name, *target.rest)):
            return None
        self.session.entered.add(step)  # so that files which import from each other in a circle lead nowhere
        with target.home.within(None):
            value: Value | None = target.home.bound(target.name, span, target.binding)
            for name in target.rest:
                value = target.home.attribute_of(name, span, value) if value is not None else None
        self.session.entered.discard(step)
        if value is None or isinstance(value, Unknown):
            return None
        return at_least(value, Resolution.CROSS_FILE)

    def sets(self, name: str) -> bool:
        """Whether this program sets an attribute of that name on anything but an instance of its own classes."""
        return name in self.found.objects.set_from_outside

    def bound(self, name: str, span: Span, binding: Binding) -> Value:
        """The value of a binding, read under `name` at `span`."""
        match binding:
            case ExpressionBinding():
                return self.symbol(span, self.paths.of_binding(binding)) or self._assigned(name, span, binding)
            case ParameterBinding():
                return self._parameter(name, span, binding)
            case DefinitionBinding(node=definition):
                return self._definition(name, span, definition)
            case JoinBinding():
                return self._joined(name, span, binding)
            case OpaqueBinding(reason=reason):
                return self.unknown(span, reason)
            case LoopBinding():
                return self._looped(name, span, binding)
            case ImportBinding():
                found = self.symbol(span, self.paths.of_binding(binding))
                return self.settled(found, name, span) if found else self.unknown(span, f"'{name}' is not followed")
            case ArgsBinding():
                given = self.frame.value(binding) if self.frame is not None else None
                return given or self.unknown(span, "the function's *args")
            case RestBinding():
                return self._rest(name, span, binding)
            case ChangeBinding():
                return self._changed(name, span, binding)
            case _:
                return self.unknown(span, f"'{name}' is not followed")

    def _joined(self, name: str, span: Span, binding: JoinBinding) -> Value:
        """Any of several bindings, but those that conditions on the way to them rule out."""
        ruled_out = [self.ruled_out(joins) for joins in binding.conditions] or [None] * len(binding.alternatives)
        left = [way for way, by in zip(binding.alternatives, ruled_out, strict=True) if by is None]
        value = one_of([self.bound(name, span, way) for way in left or binding.alternatives], span)
        reasons = [by for by in ruled_out if by is not None] if left else []
        return at_least(value, max(reasons)) if reasons and not isinstance(value, Unknown) else value

    def _definition(self, name: str, span: Span, definition: nodes.FunctionDef | nodes.ClassDef) -> Value:
        if is_remade(definition):
            return self.unknown(span, f"'{name}' is decorated")
        if isinstance(definition, nodes.ClassDef):
            return Function(span=span, name=name, kind="class", body=self.class_body(definition))
        return Function(span=span, name=name, kind="function", body=self.body(definition))

    def _assigned(self, name: str, span: Span, binding: ExpressionBinding) -> Value:
        value = self.value(binding.value, binding.scope, binding.time)
        shared = isinstance(binding.statement, nodes.Assign) and len(binding.statement.targets) > 1
        if binding.picks:
            value = picked(value, binding.picks, span)
            shared = shared or not isinstance(binding.value, nodes.Tuple | nodes.List)
        return self._kept(name, span, value, binding, shared=shared)

    def _looped(self, name: str, span: Span, binding: LoopBinding) -> Value:
        """One of the items that a loop goes through."""
        value = any_of(self.value(binding.iterable, binding.scope, binding.time), binding.picks, span)
        return self._kept(name, span, value, binding, shared=not isinstance(binding.iterable, nodes.Tuple | nodes.List))

    def _kept(
        self, name: str, span: Span, value: Value, binding: ExpressionBinding | LoopBinding, *, shared: bool
    ) -> Value:
        """What a name has of a value; nothing is known of a dict or list that is also reached without the name."""
        place = binding.statement if isinstance(binding, ExpressionBinding) else binding.iterable
        found = self.through(name, span, value, Origin(self.span(place)))
        if shared and is_changeable(found):
            return handed_on(found, f"'{name}' is a dict that has other names too", span)
        return self.settled(found, name, span, binding.scope)

    def settled(self, value: Value, name: str, span: Span, owner: Scope | None = None) -> Value:
        """The value of a name, unknown for a dict that the name also hands on to where it may be changed.

        `owner` is the scope that binds the name, where it is known which does.
        """
        if not is_changeable(value):
            return value
        readers = self.found.escapes.get(name, ())
        if any(owner is None or owner_of(name, reader) in (owner, None) for reader in readers):
            return handed_on(value, f"'{name}' is a dict that is handed on, where it may be changed", span)
        lent = Lent(self.found, owner)
        if lent.may_change(name):
            return handed_on(value, f"'{name}' is a dict that is handed on, where it may be changed", span)
        return private(value, partial(lent.shares, name))

    def _changed(self, name: str, span: Span, binding: ChangeBinding) -> Value:
        """A dict after one more step. A step that is repeated in a loop leads back to itself and ends there."""
        place = self.span(binding.step)  # and not the span of who asks first

        def work() -> Value:
            older = lookup_earlier(binding.older)
            before = self.bound(name, place, older) if older is not None else self.unknown(place, "not yet assigned")
            return self.after_step(before, binding, place)

        itself: Value = self.unknown(place, "changed in a loop")
        changed = self.memory.ask((binding.step, self.frame), itself, work)
        return self.settled(changed, name, span, binding.scope)

    def _rest(self, name: str, span: Span, binding: RestBinding) -> Value:
        """What this call passes on by keywords of its own; else what the calls in this file do."""
        given = self.frame.value(binding) if self.frame is not None else None
        owner = self._scope_of(binding)
        if given is not None:
            return self.settled(given, name, span, owner)
        with self.within(None):
            nothing_known: Value = open_mapping(span)
            rest = self.memory.ask((binding, span), nothing_known, partial(self._rest_of_callers, span, binding))
            return self.settled(rest, name, span, owner)

    def _scope_of(self, binding: ParameterBinding | RestBinding) -> Scope | None:
        """The scope of the function whose parameter it is; None for a lambda's, which no statement tells."""
        site = self.found.functions.get(binding.statement)
        if site is None or (site.scope.rest is not binding and binding not in site.scope.parameters.values()):
            return None
        return site.scope

    def _rest_of_callers(self, span: Span, binding: RestBinding) -> Value:
        callers = self.callers.of_rest(binding)
        values = [self.rest_passed(each.site, binding) if each.partial is None else None for each in callers]
        known = [value for value in values if value is not None]
        if not known or len(known) < len(values):
            return open_mapping(span)
        together = one_of([at_least(value, Resolution.CALLERS) for value in known], span)
        return replace(together, resolution=Resolution.CALLERS) if isinstance(together, OneOf) else together

    def _parameter(self, name: str, span: Span, binding: ParameterBinding) -> Value:
        """What this call passes; else what the calls in this file do; else the default."""
        given = self.frame.value(binding) if self.frame is not None else None
        if given is None:
            given = self.receiver(span, binding)
        owner = self._scope_of(binding)
        if given is not None:
            return self.settled(given, name, span, owner)
        with self.within(None):
            return self.settled(self._of_callers(name, span, binding), name, span, owner)

    def _of_callers(self, name: str, span: Span, binding: ParameterBinding) -> Value:
        # A function that calls itself passes nothing new.
        nothing: Value | None = None
        passed = self.memory.ask((binding, span), nothing, partial(self._passed_by_callers, name, span, binding))
        return passed or self.default(name, span, binding)

    def _annotated(self, span: Span, binding: ParameterBinding) -> Value | None:
        """Some instance of the class that a parameter's annotation names: which one, callers decide."""
        annotation = binding.param.annotation
        node = _class_named(annotation.annotation) if annotation is not None else None
        if node is None:
            return None
        if isinstance(node, nodes.SimpleString):
            quoted = str(node.value)
            bound = lookup(quoted, binding.scope, binding.scope.clock.now)
            named = self.bound(quoted, span, bound) if bound is not None else None
        else:
            named = self.value(node, binding.scope, binding.time)
        if not isinstance(named, Function) or not isinstance(named.body, ClassBody):
            return None
        made = Instance(named.body)
        return Function(span=span, name=named.name, kind="instance", body=made, resolution=Resolution.DEFAULT)

    def _passed_by_callers(self, name: str, span: Span, binding: ParameterBinding) -> Value | None:
        """One of what the calls pass, and the default where one leaves it out; None where that is not known."""
        values: list[Value] = []
        omitted = False
        callers = self.callers_of_method(binding) if binding.scope.kind == "class" else self.callers.of(binding)
        for caller in callers:
            try:
                given = passed(caller, binding)
            except UnclearArgumentsError:
                unpacked = self.unpacked_value(caller, binding)
                if unpacked is None:
                    return None
                values.append(at_least(unpacked, Resolution.CALLERS))
                continue
            omitted = omitted or given is None
            if given is not None:
                values.append(self._passed_value(name, span, *given))
        if not values or any(is_foreign(value) for value in values):
            return None
        if omitted and binding.param.default is not None:
            values.append(self.default(name, span, binding))
        together = one_of(values, span)
        if isinstance(together, Unknown):
            return None
        return replace(together, resolution=Resolution.CALLERS) if isinstance(together, OneOf) else together

    def _passed_value(self, name: str, span: Span, arg: nodes.Arg, site: CallSite) -> Value:
        given = self.value(arg.value, site.scope, site.time)
        found = self.through(name, span, given, Origin(self.span(arg.value)))
        return at_least(found, Resolution.CALLERS)

    def default(self, name: str, span: Span, binding: ParameterBinding) -> Value:
        """A parameter's default, which a caller may override."""
        default = binding.param.default
        if default is None:
            return self._annotated(span, binding) or self.unknown(span, f"parameter '{name}' has no default")
        value = self.value(default, binding.scope, binding.time)
        place = self.span(default)
        self.default_statements.add(Span(binding.statement.start, place.end, self.file))
        if name in self.found.changed and is_changeable(value):
            return handed_on(value, f"'{name}' has a default that a call may change for the next one", span)
        found = self.through(name, span, value, Origin(place, is_default=True))
        return at_least(found, Resolution.DEFAULT)

    def through(self, name: str, span: Span, value: Value, place: Origin) -> Value:
        """A value as it is found under a name, which is also a place from which it may be changed."""
        if isinstance(value, Unknown):
            return value
        if isinstance(value, OneOf):
            ways = [self.through(name, span, way, place) for way in value.alternatives]
            unknown = next((way for way in ways if isinstance(way, Unknown)), None)
            return unknown or replace(value, alternatives=tuple(ways), origin=(place, *value.origin))
        if isinstance(value, Construct) and self.changed_factors and is_regularizer(value):
            return self.unknown(span, f"a '{min(self.changed_factors)}' is set after construction in this file")
        return replace(value, origin=(place, *value.origin))


def _class_named(node: nodes.Expression) -> nodes.Name | nodes.Attribute | nodes.SimpleString | None:
    """The class in an annotation: `C` in `Optional[C]`, `C | None` or `"C"`."""
    if isinstance(node, nodes.Subscript) and (dotted(node.value) or "").endswith("Optional") and len(node.slice) == 1:
        index = node.slice[0].slice
        return _class_named(index.value) if isinstance(index, nodes.Index) else None
    if isinstance(node, nodes.BinaryOperation) and isinstance(node.right, nodes.Name) and node.right.value == "None":
        return _class_named(node.left)
    return node if isinstance(node, (nodes.Name, nodes.Attribute, nodes.SimpleString)) else None
