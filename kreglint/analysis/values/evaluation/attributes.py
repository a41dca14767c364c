"""Attributes: of modules, of classes and of their instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import decorator_name
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.evaluation.classes import Base, ClassEvaluation, members
from kreglint.analysis.values.evaluation.mappings import is_changeable, kind_of, private
from kreglint.analysis.values.frames import ClassBody, Frame, Instance, Parsed, Record
from kreglint.diagnostics import Span
from kreglint.facts.values import Const, Construct, Function, OneOf, Resolution, Symbol, Unknown, Value, one_of

_NAMESPACES = ("types.SimpleNamespace", "argparse.Namespace")
_PROPERTIES = (["property"], ["cached_property"])


class AttributeEvaluation(ClassEvaluation):
    """Works out attributes."""

    def attribute(self, node: nodes.Attribute, scope: Scope, time: int) -> Value:
        span, name = self.span(node), node.attr.value
        paths = self.paths.of(node, scope, time)
        found = self._flag(name, span, paths) or self.symbol(span, paths)
        if found is None:
            cls = self.after_super(node.value, scope)
            if cls is not None:
                found = self._inherited(name, span, cls)
            else:
                found = self.attribute_of(name, span, self.value(node.value, scope, time))
        return self._unshared(node, found) if found is not None else self.unknown(span, _reason(node))

    def _unshared(self, node: nodes.Attribute, value: Value) -> Value:
        """An attribute's value, unknown for a dict that the attribute also hands on to where it may be changed."""
        ways = value.alternatives if isinstance(value, OneOf) else (value,)
        homes = {self, *(self.session.home(way.span) for way in ways)}
        if is_changeable(value) and not all(home.found.objects.keeps(node.attr.value) for home in homes):
            return self.unknown(self.span(node), f"'{node.attr.value}' is a {kind_of(value)} kept in an attribute")
        name = f".{node.attr.value}"
        return private(value, lambda path: any(home.found.shared.has(name, path) for home in homes))

    def attribute_of(self, name: str, span: Span, owner: Value) -> Value | None:
        """An attribute of a value; None where nothing is known of it."""
        match owner:
            case OneOf(alternatives=alternatives):
                ways = [self.attribute_of(name, span, way) for way in alternatives if not _is_none(way)]
                known = [way for way in ways if way is not None]
                return one_of(known, span) if known and len(known) == len(ways) else None
            case Construct() if name in ("value", "default") and (held := self.held_flag(owner)) is not None:
                return held
            case Symbol(path=path) if path.endswith(".FLAGS"):
                return self.flag(f"{path}.{name}", span) if self._is_settled(name) else None
            case Function(kind="instance", body=Record(items=items)):
                found = dict(items).get(name)
            case Function(kind="instance", body=Instance(of=cls)) if name == "__class__" and not self.derived(cls):
                return self.class_of(cls, span)
            case Construct() if owner.symbol.path in _NAMESPACES:
                given = owner.keyword(name)
                found = given.value if given is not None and self._is_settled(name) else None
            case Function(kind="class", body=ClassBody() as cls):
                found = self._of_class(name, span, owner, cls)
            case Function(kind="instance", body=Parsed(home=home)):
                settled = self._is_settled(name) and home.found.objects.is_settled(name)
                found = home.option(name, span) if settled else None
            case Function(kind="instance", body=Instance() as instance):
                found = self._of_instance(name, span, owner, instance)
            case _:
                return None
        if found is None or isinstance(found, Unknown):
            return found
        return replace(at_least(found, owner.resolution), origin=(*owner.origin, *found.origin))

    def _flag(self, name: str, span: Span, paths: tuple[str, ...]) -> Value | None:
        return self.flag(paths[0], span) if len(paths) == 1 and self._is_settled(name) else None

    def _is_settled(self, name: str, *among: ClassBody) -> bool:
        """Whether nothing that is seen sets the attribute but the classes' own methods."""
        homes = {self, *(cls.home for cls in among)}
        return all(home.found.objects.is_settled(name) for home in homes)

    # Of a class

    def _of_class(self, name: str, span: Span, owner: Function, cls: ClassBody) -> Value | None:
        among = self.ancestors(cls)
        known = [base for base in among if isinstance(base, ClassBody)]
        found = self.find(name, among) if self._is_settled(name, *known) else ()
        read = self._member_of_enum if self.is_enum(cls) else self._member
        return one_of([read(name, span, owner, *member) for member in found], span) if found else None

    def _member_of_enum(self, name: str, span: Span, owner: Function, cls: ClassBody, binding: Binding) -> Value:
        if not isinstance(binding, ExpressionBinding):
            return self.unknown(span, f"'{name}' of '{owner.name}' is no plain member")
        with cls.home.within(None):
            value = cls.home.bound(name, span, binding)
        text = Const(span=value.span, value=name)
        made = Instance(
            cls, certain=True, fields=(("value", value), ("_value_", value), ("name", text), ("_name_", text))
        )
        return Function(span=value.span, name=name, kind="instance", body=made, origin=value.origin)

    def _member(self, name: str, span: Span, owner: Function, cls: ClassBody, binding: Binding) -> Value:
        value = self._member_at_home(name, span, owner, cls, binding)
        return at_least(value, Resolution.CROSS_FILE) if cls.home is not self else value

    def _member_at_home(self, name: str, span: Span, owner: Function, cls: ClassBody, binding: Binding) -> Value:
        """What a class of these programs has by a name, as it is read from `owner`: methods are bound to it."""
        home = cls.home
        with home.within(None):
            if isinstance(binding, DefinitionBinding) and isinstance(binding.node, nodes.FunctionDef):
                return home.method(name, span, owner, binding.node)
            if home.has_fields(cls):
                return home.field_default(name, span, binding)
            if home.may_manage_fields(cls, name):
                return self.unknown(span, "a field that a decorator or base class may manage")
            return home.bound(name, span, binding)

    def method(self, name: str, span: Span, owner: Function, definition: nodes.FunctionDef) -> Value:
        """A method of a class of this program, or what it gives back if it is a property."""
        body = replace(self.body(definition), frame=None)
        decorators = [decorator_name(decorator) for decorator in definition.decorators]
        if decorators in _PROPERTIES and owner.kind == "instance":
            return self.returned(span, name, replace(body, receiver=owner), ())
        receiver = owner if not decorators and owner.kind == "instance" else None
        if decorators == ["classmethod"] and owner.kind == "class":
            receiver = owner
        elif decorators not in ([], ["staticmethod"]):
            return self.unknown(span, f"'{name}' is decorated")
        return Function(span=span, name=name, kind="function", body=replace(body, receiver=receiver))

    # Of an instance

    def _of_instance(self, name: str, span: Span, owner: Function, instance: Instance) -> Value | None:
        given = instance.field(name)
        among = self.ancestors(instance.of) if instance.certain else self.family(instance.of)
        known = [base for base in among if isinstance(base, ClassBody)]
        if not self._is_settled(name, *known):
            return None
        ways = [value for cls in known for value in self._set_by_methods(name, span, owner, instance, cls)]
        if given is not None:
            ways.append(given)
        else:
            ways += self._had_by_classes(name, span, owner, instance, among)
        return one_of(ways, span) if ways else None

    def _set_by_methods(
        self, name: str, span: Span, owner: Function, instance: Instance, cls: ClassBody
    ) -> Iterator[Value]:
        home = cls.home
        for binding in cls.site.attributes.get(name, ()):
            with home.within(_frame_of(binding, owner, instance)):
                yield home.bound(name, span, binding)

    def _had_by_classes(
        self, name: str, span: Span, owner: Function, instance: Instance, among: tuple[Base, ...]
    ) -> Iterator[Value]:
        """What the class of an instance has by the name, or each of the classes that it may be of."""
        having = self.find(name, among) if instance.certain else [m for cls in among for m in members(name, cls)]
        for member in having:
            yield self._member(name, span, owner, *member)

    # Of what a class inherits

    def _inherited(self, name: str, span: Span, cls: ClassBody) -> Value | None:
        among = self.ancestors(cls)[1:]
        known = [base for base in among if isinstance(base, ClassBody)]
        found = self.find(name, among) if self._is_settled(name, *known) else ()
        owner = Function(span=span, name=cls.site.node.name.value, kind="instance", body=Instance(cls))
        return one_of([self._member(name, span, owner, *member) for member in found], span) if found else None


def _is_none(value: Value) -> bool:
    """Whether it is None, which has no attribute that a program goes on with."""
    return isinstance(value, Const) and value.value is None


def _frame_of(binding: Binding, owner: Function, instance: Instance) -> Frame | None:
    """The frame in which a method sets an attribute: of the constructor's call, or of any call on a known instance."""
    if _is_reached(binding, instance.frame):
        return instance.frame
    scope = binding.scope if isinstance(binding, ExpressionBinding) else None
    if scope is None or scope.receiver is None or not (instance.certain and instance.fields):
        return None
    return Frame({scope.parameters[scope.receiver]: owner})


def _is_reached(binding: Binding, frame: Frame | None) -> bool:
    """Whether a binding is made in the function that the frame is a call of."""
    if frame is None or not isinstance(binding, ExpressionBinding):
        return False
    return any(parameter in frame.parameters for parameter in binding.scope.parameters.values())


def _reason(node: nodes.Attribute) -> str:
    inner: nodes.Expression = node.value
    while isinstance(inner, nodes.Attribute):
        inner = inner.value
    return f"an attribute of '{inner.value}'" if isinstance(inner, nodes.Name) else "an attribute of an expression"
