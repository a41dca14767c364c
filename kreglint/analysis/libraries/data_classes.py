"""`dataclasses`, attrs, pydantic's dataclasses and `typing.NamedTuple`: classes whose constructors take fields."""

from __future__ import annotations

from typing import NamedTuple

from kreglint.analysis.semantic.scopes import Binding
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import fields_given
from kreglint.analysis.values.behaviour import attribute_of, called
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.infer import bound
from kreglint.analysis.values.module import Call, Module, OwnClass
from kreglint.analysis.values.objects import InstanceValue
from kreglint.analysis.values.own_classes import BASES_WITHOUT_MEMBERS, NAMED_TUPLE, Base, ancestors, bases_of, members
from kreglint.analysis.values.own_values import OwnValue
from kreglint.analysis.values.records import Items
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Construct, Mapping, Provenance, Value, unknown
from kreglint.records import replace

_MAKE_FIELDS = {
    "dataclasses.dataclass",
    "pydantic.dataclasses.dataclass",
    *(f"{package}.{name}" for package in ("attr", "attrs") for name in ("define", "frozen", "mutable")),
}
_FIELDS = ("dataclasses.field", "attr.ib", "attr.field", "attrs.field")


class _Field(NamedTuple):
    """A field: the class that declares it, and whether the constructor takes it."""

    of: OwnClass
    has_default: bool
    taken: bool


def made(cls: OwnClass, call: Call) -> Value | None:
    """Return an instance of a class that takes fields; None for any other."""
    among = ancestors(cls)
    if not _takes_fields(among):
        return None
    fields = _fields_given(cls, call.arguments(), call.at.module)
    opaque = OwnValue(span=call.span, name=cls.name, kind="instance")
    if fields is None or NAMED_TUPLE not in among:
        return opaque if fields is None else _instance(cls, call.span, fields)
    if NAMED_TUPLE not in bases_of(cls):
        return opaque  # what inherits from a NamedTuple may hide some of its items
    return _instance(cls, call.span, fields, fields)


def _instance(cls: OwnClass, span: Span, fields: Items, items: Items | None = None) -> Value:
    return InstanceValue(span=span, name=cls.name, of=cls, certain=True, fields=fields, items=items)


def _takes_fields(among: tuple[Base, ...]) -> bool:
    """True if the constructor is one that a class makes of its fields."""
    for base in among:
        if members("__init__", base):
            return False
        if isinstance(base, OwnClass) and _has_fields(base):
            return True
    return False


def _has_fields(cls: OwnClass) -> bool:
    """True if a decorator or base makes fields of the annotated names of its body."""
    return _is_dataclass(cls) or NAMED_TUPLE in bases_of(cls)


def _is_dataclass(cls: OwnClass) -> bool:
    for decorator in cls.site.node.decorators:
        node = decorator.decorator
        maker = node.func if isinstance(node, nodes.Call) else node
        paths = cls.home.paths.of(maker, cls.site.outer, cls.site.time)
        if paths and set(paths) <= _MAKE_FIELDS:
            return True
    return False


def _declared(cls: OwnClass) -> dict[str, _Field] | None:
    """Return the fields that a constructor sets, in order; None where they are not known."""
    among = ancestors(cls)
    if any(isinstance(base, str) and base not in BASES_WITHOUT_MEMBERS for base in among):
        return None
    found: dict[str, _Field] = {}
    for base in reversed(among):
        if isinstance(base, OwnClass) and _has_fields(base):
            for one in base.site.annotated():
                if _last_name(one.annotation.annotation) == "KW_ONLY":
                    return None
                if isinstance(one.target, nodes.Name) and _last_name(one.annotation.annotation) != "ClassVar":
                    found[one.target.value] = _Field(base, one.value is not None, _is_taken(one))
    return found


def _last_name(annotation: nodes.Expression) -> str:
    """Return the last name in an annotation: `ClassVar` for `typing.ClassVar[int]`."""
    node = annotation.value if isinstance(annotation, nodes.Subscript) else annotation
    return (dotted(node) or "").rpartition(".")[2]


def _is_taken(field: nodes.AnnAssign) -> bool:
    """True if the constructor takes a field: not one that is `field(init=False)`."""
    given = field.value.args if isinstance(field.value, nodes.Call) else ()
    return not any(arg.keyword is not None and arg.keyword.value == "init" for arg in given)


def _fields_given(cls: OwnClass, arguments: tuple[Argument, ...], module: Module) -> Items | None:
    """Return the fields of a class to which a call gives values; None where it does not show them all."""
    fields = _declared(cls)
    taken = [name for name, field in (fields or {}).items() if field.taken]
    given = fields_given(taken, arguments)
    if fields is None or given is None:
        return None
    return tuple((name, given.get(name) or _default_of(name, field, module)) for name, field in fields.items())


def _default_of(name: str, field: _Field, module: Module) -> Value:
    """Return what the constructor sets where nothing is given: the default of the class that declares the field."""
    cls, home = field.of, field.of.home
    binding, place = cls.site.member(name), home.span(cls.site.node.name)
    if binding is None or not field.has_default:
        return unknown(place, f"field '{name}' has no default")
    value = _default(name, place, binding, home)
    return at_least(value, Provenance.CROSS_FILE) if home is not module else value


def default(name: str, span: Span, cls: OwnClass, binding: Binding) -> Value | None:
    """Return what a class with fields has by the name of one; None for any other class."""
    return _default(name, span, binding, cls.home) if _has_fields(cls) else None


def _default(name: str, span: Span, binding: Binding, home: Module) -> Value:
    """Return the default of a field; `field(default=…)` has it as an argument."""
    value = bound(name, span, binding, home.end)
    if isinstance(value, Construct) and value.symbol.path in _FIELDS:
        given = value.keyword("default")
        value = given.value if given is not None else _made_by_factory(span, value, home)
    return at_least(value, Provenance.DEFAULT)


def _made_by_factory(span: Span, field: Construct, home: Module) -> Value:
    factory = field.keyword("default_factory") or field.keyword("factory")
    if factory is not None and isinstance(factory.value, OwnValue) and factory.value.kind != "instance":
        return called(factory.value, Call(span, span, home.end, tuple))
    return unknown(span, "made by a default_factory")


def replaced(path: str, call: Call) -> Value | None:
    """`dataclasses.replace(instance, …)`."""
    arguments = call.arguments()
    owner = arguments[0].value if arguments else None
    if not isinstance(owner, InstanceValue) or not owner.certain or not _declared(owner.of):
        return None
    given = {argument.keyword: argument.value for argument in arguments[1:] if argument.keyword is not None}
    if len(given) < len(arguments) - 1:
        return None
    return replace(owner, span=call.span, fields=tuple({**dict(owner.fields), **given}.items()))


def as_dict(path: str, call: Call) -> Value | None:
    """`dataclasses.asdict(instance)`."""
    arguments = call.arguments()
    owner = arguments[0].value if arguments else None
    declared = _declared(owner.of) if isinstance(owner, InstanceValue) and owner.certain else None
    if owner is None or not declared:
        return None
    values = [(name, attribute_of(owner, name, call.span, call.at)) for name in declared]
    entries = tuple((name, value or unknown(call.span, "a field")) for name, value in values)
    return Mapping(span=call.span, entries=entries)


CALLS = {"dataclasses.replace": replaced, "dataclasses.asdict": as_dict}
