"""Classes of the user's own: what they inherit from, and what a call of one makes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

from kreglint.analysis import bounds
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ParameterBinding, Scope
from kreglint.analysis.semantic.sites import decorator_name, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.evaluation import records
from kreglint.analysis.values.evaluation.options import OptionEvaluation
from kreglint.analysis.values.frames import Body, ClassBody, Frame, Instance
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    Origin,
    Resolution,
    Symbol,
    Value,
)

Base: TypeAlias = "ClassBody | str"  # a class whose body is known, or the path of one that is not: "" where that is not
Member: TypeAlias = "tuple[ClassBody, Binding]"  # what a class has by some name

_HARMLESS_DECORATORS = ("register_keras_serializable", "final")
_MAKE_FIELDS = {
    "dataclasses.dataclass",
    "pydantic.dataclasses.dataclass",
    *(f"{package}.{name}" for package in ("attr", "attrs") for name in ("define", "frozen", "mutable")),
}
_FIELDS = ("dataclasses.field", "attr.ib", "attr.field", "attrs.field")
_OF_DATACLASS = ("dataclasses.replace", "dataclasses.asdict")
_ENVIRONMENT = ("os.getenv", "os.environ.get")
_NAMED_TUPLE = "typing.NamedTuple"
_BASES_WITHOUT_MEMBERS = (_NAMED_TUPLE, "abc.ABC", "typing.Generic", "typing.Protocol")


class Field(NamedTuple):
    """A field of a dataclass or NamedTuple: the class that declares it, and whether the constructor takes it."""

    of: ClassBody
    has_default: bool
    taken: bool


class ClassEvaluation(OptionEvaluation):
    """Works out classes and their instances."""

    def bases(self, site: ClassSite) -> tuple[Base, ...]:
        """What a class of this program names as its bases; `_bases_of` asks this of the class's own program."""
        # A class that inherits from itself does not run.
        nothing: tuple[Base, ...] = ()
        return self.memory.ask(site, nothing, partial(self._bases_named, site))

    def _bases_named(self, site: ClassSite) -> tuple[Base, ...]:
        bases = [_named(base) for base in site.node.bases]
        bases = [node for node in bases if not (isinstance(node, nodes.Name) and node.value == "object")]
        with self.within(None):
            return tuple(_base(self.value(node, site.outer, site.time)) for node in bases)

    def ancestors(self, cls: ClassBody) -> tuple[Base, ...]:
        """The class and all that it inherits from, in the order in which a name is looked for."""
        found: dict[Base, None] = {}
        stack: list[Base] = [cls]
        while stack and len(found) < bounds.RELATIVES:
            current = stack.pop()
            if current not in found:
                found[current] = None
                stack.extend(reversed(_bases_of(current)))
        return tuple(found)

    def family(self, cls: ClassBody) -> tuple[ClassBody, ...]:
        """The class and all that inheritance ties to it in these programs: any of them may be the instance's."""
        found, waiting = {cls: None}, [cls]
        while waiting and len(found) < bounds.RELATIVES:
            current = waiting.pop()
            above = [base for base in _bases_of(current) if isinstance(base, ClassBody)]
            new = [other for other in (*above, *self.derived(current)) if other not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return tuple(found)

    def derived(self, cls: ClassBody) -> list[ClassBody]:
        """The classes of this program that name a class as their base."""
        if self._derived is None:
            found: dict[ClassBody, list[ClassBody]] = {}
            self._derived = found
            with self.memory.apart():
                for node in self.found.objects.by_node:
                    below = self.class_body(node)
                    for base in _bases_of(below):
                        if isinstance(base, ClassBody):
                            found.setdefault(base, []).append(below)
        return self._derived.get(cls, [])

    def find(self, name: str, among: tuple[Base, ...]) -> tuple[Member, ...]:
        """Which of several classes has a name; none where one that is not known may have it before.

        More than one where a class inherits from several that have it: the order is Python's own business.
        """
        for number, base in enumerate(among):
            having = members(name, base)
            if having:
                later = () if number == 0 or _is_chain(among) else among[number + 1 :]
                return (*having, *(member for other in later for member in members(name, other)))
            if isinstance(base, str) and not base.startswith("enum.") and base not in _BASES_WITHOUT_MEMBERS:
                return ()
        return ()

    def is_enum(self, cls: ClassBody) -> bool:
        return any(isinstance(base, str) and base.startswith("enum.") for base in self.ancestors(cls))

    # Instances

    def receiver(self, span: Span, binding: ParameterBinding) -> Value | None:
        """The instance that a method was called on, where the parameter is its first."""
        site = self.found.objects.classes.get(binding.scope)
        function = self.found.functions.get(binding.statement)
        if site is None or function is None:
            return None
        if _is_class_method(function.node, binding.param):
            cls = self.class_body(site.node)
            return self.class_of(cls, span) if not self.derived(cls) else None
        if function.scope.receiver != binding.param.name.value:
            return None
        made = Instance(self.class_body(site.node))
        return Function(span=span, name=site.node.name.value, kind="instance", body=made)

    def class_of(self, cls: ClassBody, span: Span) -> Function:
        return Function(span=span, name=cls.site.node.name.value, kind="class", body=cls)

    def instance(self, span: Span, callee: Function, cls: ClassBody, arguments: tuple[Argument, ...]) -> Value:
        """What a call of a class makes."""
        made = partial(Function, span=span, name=callee.name, kind="instance", resolution=callee.resolution)
        among = self.ancestors(cls)
        if self.find("__new__", among):
            return made()
        if self.is_enum(cls):
            return self._member_by_value(span, callee, cls, arguments)
        if self._takes_fields(among):
            fields = self.fields_given(cls, arguments)
            body = Instance(cls, certain=True, fields=fields) if fields is not None else None
            return made(body=self._with_items(body, among))
        tuple_maker = self._named_tuple_below(cls)
        if tuple_maker is not None:
            return records.made(tuple_maker, arguments, span) or made()
        return made(body=Instance(cls, certain=True, frame=self._frame_of_init(cls, made, arguments)))

    def _frame_of_init(self, cls: ClassBody, made: partial[Function], arguments: tuple[Argument, ...]) -> Frame | None:
        found = self.constructor(self.ancestors(cls))
        if not isinstance(found, Body):
            return None
        body = replace(found, receiver=made(body=Instance(cls)))
        parameters = body.home.bound_to_parameters(body, arguments)
        return Frame(parameters) if parameters is not None else None

    def constructor(self, among: tuple[Base, ...]) -> Body | str | None:
        """The `__init__` of the first class that has one, or the path of the class whose own is not seen."""
        for base in among:
            if isinstance(base, str) and base not in _BASES_WITHOUT_MEMBERS:
                return base
            for owner, binding in members("__init__", base):
                definition = binding.node if isinstance(binding, DefinitionBinding) else None
                if not isinstance(definition, nodes.FunctionDef) or definition.decorators:
                    return None
                return replace(owner.home.body(definition), frame=None)
        return None

    def base_constructor(self, node: nodes.Call, scope: Scope) -> str | None:
        """The path of the class whose constructor `super().__init__(…)` calls, where that is not seen."""
        if not isinstance(node.func, nodes.Attribute) or node.func.attr.value != "__init__":
            return None
        cls = self.after_super(node.func.value, scope)
        found = self.constructor(self.ancestors(cls)[1:]) if cls is not None else None
        return found if isinstance(found, str) else None

    def after_super(self, node: nodes.Expression, scope: Scope) -> ClassBody | None:
        """The class whose bases `super()` looks a name up in; None for any other expression."""
        if not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Name) or node.func.value != "super":
            return None
        around: Scope | None = scope
        while around is not None and around.kind != "class":
            around = around.parent
        return self.class_body(self.found.objects.classes[around].node) if around is not None else None

    # What a dataclass or NamedTuple declares

    def has_fields(self, cls: ClassBody) -> bool:
        """Whether a decorator or base makes fields of the annotated names of its body."""
        return _is_dataclass(cls) or _NAMED_TUPLE in _bases_of(cls)

    def _takes_fields(self, among: tuple[Base, ...]) -> bool:
        """Whether the constructor is one that a class makes of its fields."""
        for base in among:
            if members("__init__", base):
                return False
            if isinstance(base, ClassBody) and base.home.has_fields(base):
                return True
        return False

    def _with_items(self, instance: Instance | None, among: tuple[Base, ...]) -> Instance | None:
        """An instance with all its items, if it is a NamedTuple; what inherits from one may hide some of them."""
        if instance is None or _NAMED_TUPLE not in among:
            return instance
        return replace(instance, items=instance.fields) if _NAMED_TUPLE in _bases_of(instance.of) else None

    def _named_tuple_below(self, cls: ClassBody) -> Construct | None:
        """The call of `namedtuple` that is the one base of a class without a constructor."""
        bases = cls.site.node.bases
        if len(bases) != 1 or cls.site.member("__init__") is not None:
            return None
        with cls.home.within(None):
            value = cls.home.value(bases[0].value, cls.site.outer, cls.site.time)
        return value if isinstance(value, Construct) and value.symbol.path in records.NAMED_TUPLES else None

    def _declared(self, cls: ClassBody) -> dict[str, Field] | None:
        """The fields that a constructor sets, in order; None where they are not known."""
        among = self.ancestors(cls)
        if any(isinstance(base, str) and base not in _BASES_WITHOUT_MEMBERS for base in among):
            return None
        found: dict[str, Field] = {}
        for base in reversed(among):
            if isinstance(base, ClassBody) and base.home.has_fields(base):
                for one in base.site.annotated():
                    if _written(one.annotation.annotation).endswith("KW_ONLY"):
                        return None
                    if isinstance(one.target, nodes.Name) and _written(one.annotation.annotation) != "ClassVar":
                        found[one.target.value] = Field(base, one.value is not None, _is_taken(one))
        return found

    def may_manage_fields(self, cls: ClassBody, name: str) -> bool:
        """Whether a decorator or base that is not known may make a field of an annotated name, as pydantic does."""
        annotated = any(one.target.value == name for one in cls.site.annotated() if isinstance(one.target, nodes.Name))
        decorated = any(decorator_name(one) not in _HARMLESS_DECORATORS for one in cls.site.node.decorators)
        return annotated and (decorated or self._has_unknown_base(cls))

    def _has_unknown_base(self, cls: ClassBody) -> bool:
        return any(
            isinstance(base, str) and not base.startswith("keras.") and base not in _BASES_WITHOUT_MEMBERS
            for base in self.ancestors(cls)
        )

    def fields_given(self, cls: ClassBody, arguments: tuple[Argument, ...]) -> tuple[tuple[str, Value], ...] | None:
        """The fields of a class of this program that a call gives values; None where it does not show them all."""
        fields = self._declared(cls)
        if fields is None or any(argument.star and not argument.expanded for argument in arguments):
            return None
        taken = [name for name, field in fields.items() if field.taken]
        by_position = [argument.value for argument in arguments if argument.keyword is None and not argument.star]
        named = {argument.keyword: argument.value for argument in arguments if argument.keyword is not None}
        if len(by_position) > len(taken) or not named.keys() <= set(taken):
            return None
        given = {**dict(zip(taken, by_position, strict=False)), **named}
        return tuple((name, given.get(name) or self._default_of_field(name, field)) for name, field in fields.items())

    def _default_of_field(self, name: str, field: Field) -> Value:
        """What the constructor sets where nothing is given: the default of the class that declares the field."""
        cls, home = field.of, field.of.home
        binding, place = cls.site.member(name), home.span(cls.site.node.name)
        if binding is None or not field.has_default:
            return self.unknown(place, f"field '{name}' has no default")
        with home.within(None):
            value = home.field_default(name, place, binding)
        return at_least(value, Resolution.CROSS_FILE) if home is not self else value

    def field_default(self, name: str, span: Span, binding: Binding) -> Value:
        """The default of a field; `field(default=…)` has it as an argument."""
        value = self.bound(name, span, binding)
        if isinstance(value, Construct) and value.symbol.path in _FIELDS:
            given = value.keyword("default")
            value = given.value if given is not None else self._made_by_factory(span, value)
        return at_least(value, Resolution.DEFAULT)

    def _made_by_factory(self, span: Span, field: Construct) -> Value:
        factory = field.keyword("default_factory") or field.keyword("factory")
        match factory.value if factory is not None else None:
            case Function(body=Body() as body, name=name):
                return self.returned(span, name, body, ())
            case Function(kind="class", body=ClassBody() as cls) as callee:
                return self.instance(span, callee, cls, ())
        return self.unknown(span, "made by a default_factory")

    def of_library(self, path: str, arguments: tuple[Argument, ...], span: Span) -> Value | None:
        """What `dataclasses.replace` or `asdict` gives back, and what the environment does by default."""
        if path in _ENVIRONMENT and len(arguments) == 2:
            default = arguments[1]
            found = at_least(default.value, Resolution.DEFAULT)
            return replace(found, origin=(Origin(default.value_span, is_default=True), *found.origin))
        owner = arguments[0].value if path in _OF_DATACLASS and arguments else None
        match owner:
            case Function(kind="instance", body=Instance(of=cls, certain=True) as made) if self._declared(cls):
                given = {argument.keyword: argument.value for argument in arguments[1:] if argument.keyword is not None}
                if path == "dataclasses.replace" and len(given) == len(arguments) - 1:
                    fields = {**dict(made.fields), **given}
                    return replace(owner, span=span, body=replace(made, fields=tuple(fields.items())))
                if path == "dataclasses.asdict":
                    values = [(name, self.attribute_of(name, span, owner)) for name in self._declared(cls) or ()]
                    entries = tuple((name, value or self.unknown(span, "a field")) for name, value in values)
                    return Mapping(span=span, entries=entries)
        return None

    def _member_by_value(self, span: Span, callee: Function, cls: ClassBody, arguments: tuple[Argument, ...]) -> Value:
        """`Kind("l2")`: the one member of an enum that has a value."""
        given = arguments[0].value if len(arguments) == 1 and not arguments[0].star else None
        members_of = [(name, self.attribute_of(name, span, callee)) for name in cls.site.scope.history]
        for _, member in members_of:
            value = self.attribute_of("value", span, member) if member is not None else None
            if isinstance(given, Const) and isinstance(value, Const) and value.value == given.value:
                return at_least(member, given.resolution) if member is not None else self.unknown(span, "")
        return self.unknown(span, "a member of an enum by its value")


def _is_class_method(function: nodes.FunctionDef | nodes.Lambda, param: nodes.Param) -> bool:
    """Whether a parameter is the class that a class method was called on."""
    if not isinstance(function, nodes.FunctionDef) or [decorator_name(one) for one in function.decorators] != [
        "classmethod"
    ]:
        return False
    return bool(function.params.params) and function.params.params[0] is param


def _written(annotation: nodes.Expression) -> str:
    """The last name in an annotation: `ClassVar` for `typing.ClassVar[int]`."""
    node = annotation.value if isinstance(annotation, nodes.Subscript) else annotation
    return (dotted(node) or "").rpartition(".")[2]


def _is_taken(field: nodes.AnnAssign) -> bool:
    """Whether the constructor takes a field: not one that is `field(init=False)`."""
    made = field.value.args if isinstance(field.value, nodes.Call) else ()
    return not any(arg.keyword is not None and arg.keyword.value == "init" for arg in made)


def _bases_of(base: Base) -> tuple[Base, ...]:
    """The bases of a class, asked of the program that it is of: no other program knows where its nodes stand."""
    return base.home.bases(base.site) if isinstance(base, ClassBody) else ()


def _is_dataclass(cls: ClassBody) -> bool:
    for decorator in cls.site.node.decorators:
        node = decorator.decorator
        maker = node.func if isinstance(node, nodes.Call) else node
        paths = cls.home.paths.of(maker, cls.site.outer, cls.site.time)
        if paths and set(paths) <= _MAKE_FIELDS:
            return True
    return False


def members(name: str, base: Base) -> tuple[Member, ...]:
    """What a class itself has by a name; nothing for one that is not known."""
    binding = base.site.member(name) if isinstance(base, ClassBody) else None
    return ((base, binding),) if isinstance(base, ClassBody) and binding is not None else ()


def _is_chain(among: tuple[Base, ...]) -> bool:
    return all(len(_bases_of(base)) <= 1 for base in among)


def _base(value: Value) -> Base:
    match value:
        case Function(kind="class", body=ClassBody() as cls):
            return cls
        case Symbol(path=path):
            return canonical(path) or path
    return ""


def _named(base: nodes.Arg) -> nodes.Expression:
    """The class that a base names: `Generic` for `Generic[T]`."""
    return base.value.value if isinstance(base.value, nodes.Subscript) else base.value
