"""Records: classes that are told by the fields they have, as those of `dataclasses`, at a small part of their cost.

A record cannot be changed as far as type checkers can tell; at run time nobody pays for that. What `dataclasses` makes
of a class takes longer than all else that its import does, and to fill in a frozen one takes four times as long as to
fill in one of these. Its functions (`fields`, `replace`, `asdict`) take records too, and a dataclass may be one.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        return lambda decorator: decorator


Kind = TypeVar("Kind", bound=type)
Default = TypeVar("Default")
Record = TypeVar("Record")
_NONE_GIVEN: Any = object()


class _Field:
    """One field: its default, or what makes one, and whether it counts in comparisons and is shown."""

    __slots__ = ("compare", "default", "factory", "keyword_only", "name", "repr")

    def __init__(self, default: object, factory: object, *, compare: bool, repr: bool) -> None:  # noqa: A002
        self.name = ""
        self.default = default
        self.factory = factory
        self.compare = compare
        self.repr = repr
        self.keyword_only = False


@overload
def field(*, default: Default, compare: bool = ..., repr: bool = ...) -> Default: ...


@overload
def field(*, default_factory: Callable[[], Default], compare: bool = ..., repr: bool = ...) -> Default: ...


@overload
def field(*, compare: bool = ..., repr: bool = ...) -> Any: ...  # noqa: ANN401


def field(
    *,
    default: object = _NONE_GIVEN,
    default_factory: object = _NONE_GIVEN,
    compare: bool = True,
    repr: bool = True,  # noqa: A002
) -> Any:
    """What to say of a field beside its type."""
    return _Field(default, default_factory, compare=compare, repr=repr)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, frozen: bool = True, eq: bool = True, kw_only: bool = False) -> Callable[[Kind], Kind]:
    """Make a record of a class; without `eq` two are equal if they are the same."""

    def made(kind: Kind) -> Kind:
        own = _own_fields(kind, keyword_only=kw_only)
        fields = {each.name: each for base in reversed(kind.__mro__[1:]) for each in vars(base).get("_fields_", ())}
        fields |= own
        # Slots are told when a class is made: so it is made anew.
        namespace = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
        for name in own:
            namespace.pop(name, None)
        namespace["__slots__"] = tuple(own)
        namespace["_fields_"] = tuple(fields.values())
        namespace["__dataclass_fields__"] = _DataclassFields()
        namespace["__dataclass_params__"] = _DataclassParameters()
        namespace["__init__"] = _initialize
        namespace["__match_args__"] = tuple(name for name, each in fields.items() if not each.keyword_only)
        namespace.setdefault("__repr__", _repr)
        if eq:
            namespace |= _comparison(fields, frozen=frozen)
        return type(kind)(kind.__name__, kind.__bases__, namespace)

    return made


def _own_fields(kind: type, *, keyword_only: bool) -> dict[str, _Field]:
    found: dict[str, _Field] = {}
    for name, annotation in vars(kind).get("__annotations__", {}).items():
        if str(annotation).startswith("ClassVar"):
            continue
        given = vars(kind).get(name, _NONE_GIVEN)
        each = given if isinstance(given, _Field) else _Field(given, _NONE_GIVEN, compare=True, repr=True)
        each.name, each.keyword_only = name, keyword_only
        found[name] = each
    return found


def _initialize(self: Any, *values: object, **named: object) -> None:  # noqa: ANN401
    """Fill in the first record of a kind; the function for all others is made now, since many kinds have none."""
    kind: Any = next(each for each in type(self).__mro__ if "__init__" in vars(each))
    kind.__init__ = _initializer(kind._fields_)
    kind.__init__(self, *values, **named)


def _initializer(fields: tuple[_Field, ...]) -> Callable[..., None]:
    """The function that fills in the fields: written out, since it is called for each record."""
    namespace: dict[str, Any] = {"none_given": _NONE_GIVEN}
    parameters: list[str] = []
    body: list[str] = []
    for each in sorted(fields, key=attrgetter("keyword_only")):
        parameters += ("*",) if each.keyword_only and "*" not in parameters else ()
        value = name = each.name
        if each.factory is not _NONE_GIVEN:
            namespace[f"make_{name}"] = each.factory
            value = f"make_{name}() if {name} is none_given else {name}"
            parameters.append(f"{name}=none_given")
        elif each.default is not _NONE_GIVEN:
            namespace[f"default_{name}"] = each.default
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
        body.append(f"self.{name} = {value}")
    exec(f"def __init__(self, {', '.join(parameters)}):\n {'; '.join(body) or 'pass'}", namespace)
    made: Callable[..., None] = namespace["__init__"]
    return made


def _repr(self: Any) -> str:  # noqa: ANN401
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in self._fields_ if each.repr)
    return f"{type(self).__qualname__}({shown})"


def _comparison(fields: dict[str, _Field], *, frozen: bool) -> dict[str, Any]:
    names = [name for name, each in fields.items() if each.compare]
    content: Callable[[Any], object] = attrgetter(*names) if names else lambda _: ()

    def equal(self: object, other: object) -> bool:
        return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

    def digest(self: object) -> int:
        return hash(content(self))

    return {"__eq__": equal, "__hash__": digest if frozen else None}


def replace(record: Record, **changes: Any) -> Record:  # noqa: ANN401
    """The record with other values in some of its fields."""
    kind = record.__class__
    fields = vars(kind).get("_fields_")
    if fields is None:
        import dataclasses

        return dataclasses.replace(record, **changes)  # type: ignore[type-var]
    new = kind.__new__(kind)
    for each in fields:
        name = each.name
        setattr(new, name, changes.pop(name) if name in changes else getattr(record, name))
    if changes:
        raise TypeError(f"{kind.__name__} has no field '{next(iter(changes))}'")
    return new


class _DataclassFields:
    """What `dataclasses` asks a class for, made when it asks."""

    __slots__ = ()

    def __get__(self, _: object, kind: type) -> dict[str, Any]:
        import dataclasses

        def of(each: _Field) -> tuple[str, Any]:
            given = {} if each.default is _NONE_GIVEN else {"default": each.default}
            if each.factory is not _NONE_GIVEN:
                given = {"default_factory": each.factory}
            made: Callable[..., Any] = dataclasses.field
            return each.name, made(**given, compare=each.compare, repr=each.repr, kw_only=each.keyword_only)

        bare = dataclasses.make_dataclass(
            kind.__name__,
            [(name, "object", value) for name, value in map(of, kind._fields_)],  # type: ignore[attr-defined]
        )
        return {each.name: each for each in dataclasses.fields(bare)}


class _DataclassParameters:
    __slots__ = ()
    frozen = True
