"""Classes of the user's own as values, and their instances: what a call makes, and the attributes of both."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ExpressionBinding, ParameterBinding
from kreglint.analysis.semantic.sites import decorator_name
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.constructor_chains import kept_by_keras, set_by_name
from kreglint.analysis.values.functions import FunctionValue, parameters_given, returned
from kreglint.analysis.values.infer import bound
from kreglint.analysis.values.module import At, Call, Frame, Module, OwnClass, OwnFunction
from kreglint.analysis.values.own_classes import (
    BASES_WITHOUT_MEMBERS,
    Base,
    ancestors,
    constructor,
    derived,
    family,
    find,
    is_settled_by_classes,
    members,
)
from kreglint.analysis.values.own_values import OwnValue
from kreglint.analysis.values.records import Items, as_dict, replaced
from kreglint.diagnostics import Span
from kreglint.facts.values import Provenance, Value, one_of, unknown
from kreglint.records import record, replace

_HARMLESS_DECORATORS = ("register_keras_serializable", "final")
_PROPERTIES = (["property"], ["cached_property"])


@record(kw_only=True)
class ClassValue(OwnValue):
    """A class."""

    kind: str = "class"
    of: OwnClass

    @property
    def identity(self) -> object:
        return self.of

    @property
    def definition(self) -> Span | None:
        return self.of.home.span(self.of.site.node)

    def call(self, call: Call) -> Value:
        among = ancestors(self.of)
        if find("__new__", among):
            return OwnValue(span=call.span, name=self.name, kind="instance", provenance=self.provenance)
        for construct in call.at.module.libraries.constructors:
            made = construct(self.of, call)
            if made is not None:
                return at_least(made, self.provenance)
        frame = _frame_of_init(self.of, among, call)
        return InstanceValue(
            span=call.span, name=self.name, of=self.of, certain=True, frame=frame, provenance=self.provenance
        )

    def attribute(self, name: str, span: Span, at: At) -> Value | None:
        return _inherited(name, span, self, ancestors(self.of), at)


@record(kw_only=True)
class InstanceValue(OwnValue):
    """An instance of a class.

    `certain` says that it is of this very class: constructed by a call that is seen, which `frame` is the call of
    `__init__` in, where that is known. Else it is what a method calls `self`, of any class that inheritance ties to
    this one. `fields` are the values that the call gave to what a dataclass or NamedTuple declares; `items` is all
    that a NamedTuple holds, in order.
    """

    kind: str = "instance"
    of: OwnClass
    certain: bool = False
    frame: Frame | None = None
    fields: Items = ()
    items: Items | None = None

    @property
    def identity(self) -> object:
        return (self.of, self.certain, self.frame, self.fields, self.items)

    @property
    def definition(self) -> Span | None:
        return self.of.home.span(self.of.site.node) if self.certain else None

    @property
    def held(self) -> Items | None:
        return self.items

    def method(self, name: str, call: Call) -> Value | None:
        if self.items is None or name not in ("_asdict", "_replace"):
            return None
        if name == "_asdict":
            return as_dict(self, self.items, call)
        changed = replaced(self.items, call.arguments())
        return replace(self, span=call.span, items=changed, fields=changed) if changed is not None else None

    def attribute(self, name: str, span: Span, at: At) -> Value | None:
        if name == "__class__" and not derived(self.of, at.module):
            return class_value(self.of, span)
        among = ancestors(self.of) if self.certain else family(self.of, at.module)
        known = [base for base in among if isinstance(base, OwnClass)]
        if not is_settled_by_classes(name, at.module, *known):
            return None
        by_name = set_by_name(name, span, self.of, self.frame, known)
        ways = [value for cls in known for value in self._set_by_methods(name, span, cls)]
        ways += by_name.values
        given = dict(self.fields).get(name)
        if given is not None:
            ways.append(given)
        else:
            ways += self._had_by_classes(name, span, among, at)
        if not ways:
            return kept_by_keras(name, span, self.of, self.frame) if not by_name.is_open else None
        found = one_of(ways, span)
        return at_least(found, Provenance.DEFAULT) if by_name.is_open else found

    def _set_by_methods(self, name: str, span: Span, cls: OwnClass) -> Iterator[Value]:
        for binding in cls.site.attributes.get(name, ()):
            yield bound(name, span, binding, cls.home.end.within(self._frame_of(binding)))

    def _had_by_classes(self, name: str, span: Span, among: tuple[Base, ...], at: At) -> Iterator[Value]:
        """Yield what its class has by the name, or each of the classes that it may be of."""
        having = find(name, among) if self.certain else [m for cls in among for m in members(name, cls)]
        for cls, binding in having:
            yield _member(name, span, self, cls, binding, at)

    def _frame_of(self, binding: Binding) -> Frame | None:
        """Return the frame in which a method sets an attribute: of the constructor, or any call on a known instance."""
        if _is_reached(binding, self.frame):
            return self.frame
        scope = binding.scope if isinstance(binding, ExpressionBinding) else None
        if scope is None or scope.receiver is None or not (self.certain and self.fields):
            return None
        return Frame({scope.parameters[scope.receiver]: self})


def class_value(cls: OwnClass, span: Span) -> ClassValue:
    return ClassValue(span=span, name=cls.name, of=cls)


def inherited(name: str, span: Span, cls: OwnClass, at: At) -> Value | None:
    """Return what `super().name` is in a method of a class."""
    owner = InstanceValue(span=span, name=cls.name, of=cls)
    return _inherited(name, span, owner, ancestors(cls)[1:], at)


def _inherited(name: str, span: Span, owner: OwnValue, among: tuple[Base, ...], at: At) -> Value | None:
    known = [base for base in among if isinstance(base, OwnClass)]
    found = find(name, among) if is_settled_by_classes(name, at.module, *known) else ()
    return one_of([_member(name, span, owner, cls, binding, at) for cls, binding in found], span) if found else None


def _frame_of_init(cls: OwnClass, among: tuple[Base, ...], call: Call) -> Frame | None:
    body = bound_constructor(cls, among, call.span)
    parameters = parameters_given(body, call.arguments()) if body is not None else None
    return Frame(parameters) if parameters is not None else None


def bound_constructor(cls: OwnClass, among: tuple[Base, ...], span: Span) -> OwnFunction | None:
    """Return the constructor that makes an instance of a class, where it is seen."""
    found = constructor(among)
    if not isinstance(found, OwnFunction):
        return None
    return replace(found, receiver=InstanceValue(span=span, name=cls.name, of=cls))


def _is_reached(binding: Binding, frame: Frame | None) -> bool:
    """True if a binding is made in the function that the frame is a call of."""
    if frame is None or not isinstance(binding, ExpressionBinding):
        return False
    return any(parameter in frame.parameters for parameter in binding.scope.parameters.values())


# What a class has


def _member(name: str, span: Span, owner: OwnValue, cls: OwnClass, binding: Binding, at: At) -> Value:
    """Return what a class has by a name, as it is read from `owner`: methods are bound to it."""
    value = _member_at_home(name, span, owner, cls, binding)
    return at_least(value, Provenance.CROSS_FILE) if cls.home is not at.module else value


def _member_at_home(name: str, span: Span, owner: OwnValue, cls: OwnClass, binding: Binding) -> Value:
    if isinstance(binding, DefinitionBinding) and isinstance(binding.node, nodes.FunctionDef):
        return _method(name, span, owner, binding.node, cls.home)
    for known in cls.home.libraries.members:
        found = known(name, span, cls, binding)
        if found is not None:
            return found
    if _may_manage_fields(cls, name):
        return unknown(span, "a field that a decorator or base class may manage")
    return bound(name, span, binding, cls.home.end)


def _method(name: str, span: Span, owner: OwnValue, definition: nodes.FunctionDef, home: Module) -> Value:
    """Return a method of a class, or what it gives back if it is a property."""
    body = home.own_function(definition)
    decorators = [decorator_name(decorator) for decorator in definition.decorators]
    if decorators in _PROPERTIES and owner.kind == "instance":
        return returned(name, replace(body, receiver=owner), Call(span, span, home.end, tuple))
    receiver = owner if not decorators and owner.kind == "instance" else None
    if decorators == ["classmethod"] and owner.kind == "class":
        receiver = owner
    elif decorators not in ([], ["staticmethod"]):
        return unknown(span, f"'{name}' is decorated")
    return FunctionValue(span=span, name=name, body=replace(body, receiver=receiver))


def _may_manage_fields(cls: OwnClass, name: str) -> bool:
    """True if a decorator or base that is not known may make a field of an annotated name, as pydantic does."""
    annotated = any(one.target.value == name for one in cls.site.annotated() if isinstance(one.target, nodes.Name))
    decorated = any(decorator_name(one) not in _HARMLESS_DECORATORS for one in cls.site.node.decorators)
    return annotated and (decorated or _has_unknown_base(cls))


def _has_unknown_base(cls: OwnClass) -> bool:
    return any(
        isinstance(base, str) and not base.startswith("keras.") and base not in BASES_WITHOUT_MEMBERS
        for base in ancestors(cls)
    )


# What a method is called on


def receiver(span: Span, binding: ParameterBinding, module: Module) -> Value | None:
    """Return the instance or class that a method was called on, where the parameter is its first."""
    site = module.found.objects.classes.get(binding.scope)
    function = module.found.functions.get(binding.statement)
    if site is None or function is None:
        return None
    cls = module.own_class(site.node)
    if _is_class_method(function.node, binding.param):
        return class_value(cls, span) if not derived(cls, module) else None
    if function.scope.receiver != binding.param.name.value:
        return None
    return InstanceValue(span=span, name=cls.name, of=cls)


def _is_class_method(function: nodes.FunctionDef | nodes.Lambda, param: nodes.Param) -> bool:
    """True if a parameter is the class that a class method was called on."""
    if not isinstance(function, nodes.FunctionDef) or [decorator_name(one) for one in function.decorators] != [
        "classmethod"
    ]:
        return False
    return bool(function.params.params) and function.params.params[0] is param
