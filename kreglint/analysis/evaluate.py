"""From an expression to its value, on demand.

Names are looked up at the moment at which the expression is reached (scopes.py). An expression is worked out once.
Depth and size of what is worked out are bounded, so that no program can make it fail or take long.
What is not understood is Unknown, with the reason that a reader of the file would give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

import libcst as cst

from kreglint.analysis import constants
from kreglint.analysis.callers import Callers, UnclearArgumentsError, passed
from kreglint.analysis.certainty import at_least, is_foreign, is_regularizer, no_surer_than, truth
from kreglint.analysis.names import canonical
from kreglint.analysis.objects import receiver_class
from kreglint.analysis.paths import Paths
from kreglint.analysis.positions import Positions
from kreglint.analysis.scopes import (
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    ImportBinding,
    JoinBinding,
    LoopBinding,
    OpaqueBinding,
    ParameterBinding,
    Scope,
    lookup,
)
from kreglint.analysis.sites import CallSite, Collected, dotted
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Origin,
    Resolution,
    Sequence,
    Symbol,
    Unknown,
    Value,
    one_of,
)

_DEEPEST = 60
_LARGEST = 5_000  # parts that a value may have, each counted as often as it is used
_MOST_COMBINATIONS = 16
_HARMLESS_DECORATORS = ("register_keras_serializable", "dataclass", "final")  # give back what they are given
_NUMBER_TYPES: dict[str, Callable[[str | int | float], int | float]] = {"float": float, "int": int}


class Evaluator:
    """Works out the expressions of one module.

    `star_path(module, name)` tells the dotted path of a name that `from module import *` brings, or None.
    `default_statements` are the spans from the start of a `def` to a default that was asked for.
    `changed_factors` are the attributes `l1`, `l2` and `factor` that the file sets on some object.
    """

    def __init__(
        self,
        text: str,
        found: Collected,
        positions: Positions,
        star_path: Callable[[str, str], str | None],
        changed_factors: frozenset[str] = frozenset(),
    ) -> None:
        self._text = text
        self._objects = found.objects
        self._callers = Callers(found.calls)
        self._passed: dict[ParameterBinding, Value | None] = {}
        self._positions = positions
        self.paths = Paths(found.module_scope, star_path)
        self._changed_factors = changed_factors
        self._values: dict[cst.CSTNode, Value] = {}
        self._sizes: dict[cst.CSTNode, int] = {}
        self.default_statements: set[Span] = set()
        self._depth = 0
        self._size = 0

    # Layers

    def is_layer(self, node: cst.BaseExpression, scope: Scope, time: int) -> bool:
        """Whether the expression is certainly a Keras layer: built here, or taken from a model's `layers`."""
        passed: set[Binding] = set()
        while isinstance(node, cst.Name):
            binding = lookup(node.value, scope, time)
            if isinstance(binding, LoopBinding):
                return _is_layers_attribute(binding.iterable)
            if not isinstance(binding, ExpressionBinding) or binding.index is not None or binding in passed:
                break
            passed.add(binding)
            node, scope, time = binding.value, binding.scope, binding.time
        if isinstance(node, cst.Subscript):
            return _is_layers_attribute(node.value)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_layer":
            return True
        value = self.value(node, scope, time)
        return isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers.")

    # Values

    def value(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        """What the expression is known to be when it is reached in `scope` at `time`."""
        known = self._values.get(node)
        if known is not None:
            self._size += self._sizes.get(node, 1)
            return known
        if self._depth >= _DEEPEST:
            return self._unknown(node, "too deeply nested")
        self._values[node] = self._unknown(node, "depends on itself")
        around, self._size = self._size, 1
        self._depth += 1
        value = self._work_out(node, scope, time)
        self._depth -= 1
        if self._size > _LARGEST:
            value, self._size = self._unknown(node, "too large to follow"), 1
        self._values[node], self._sizes[node] = value, self._size
        self._size += around
        return value

    def arguments(self, call: cst.Call, scope: Scope, time: int) -> tuple[Argument, ...]:
        return tuple(self._argument(arg, scope, time) for arg in call.args)

    def _argument(self, arg: cst.Arg, scope: Scope, time: int) -> Argument:
        value_span = self._positions.span(arg.value)
        return Argument(
            span=self._positions.span(arg),
            value=self.value(arg.value, scope, time),
            value_span=value_span,
            keyword=arg.keyword.value if arg.keyword is not None else None,
            keyword_span=self._positions.span(arg.keyword) if arg.keyword is not None else None,
            star=arg.star,
            source=self._text[value_span.start : value_span.end],
        )

    def _unknown(self, node: cst.CSTNode, reason: str) -> Unknown:
        return Unknown(span=self._positions.span(node), reason=reason, resolution=Resolution.UNKNOWN)

    def _work_out(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        match node:
            case cst.Name():
                return self._name(node, scope, time)
            case cst.Attribute():
                return self._attribute(node, scope, time)
            case cst.Call():
                return self._call(node, scope, time)
            case cst.Tuple() | cst.List() | cst.Set():
                return self._display(node, scope, time)
            case cst.Dict():
                return self._dict(node, scope, time)
            case cst.IfExp():
                branches = [self.value(branch, scope, time) for branch in (node.body, node.orelse)]
                return one_of(branches, self._positions.span(node))
            case cst.BooleanOperation():
                return self._either(node, scope, time)
            case cst.Lambda():
                return Function(span=self._positions.span(node), name="<lambda>", kind="lambda")
            case _:
                return self._constant(node, scope, time)

    def _either(self, node: cst.BooleanOperation, scope: Scope, time: int) -> Value:
        """`left or right`, `left and right`: one of the two, by the truth of the left."""
        left = self.value(node.left, scope, time)
        takes_left = isinstance(node.operator, cst.Or)
        chosen: list[Value] = []
        for way in left.alternatives if isinstance(left, OneOf) else (left,):
            counts = truth(way)
            if counts is None:
                return self._unknown(node, "by the truth of something that is not known")
            other = self.value(node.right, scope, time)
            chosen.append(way if counts is takes_left else no_surer_than(other, way))
        return one_of(chosen, self._positions.span(node))

    def _constant(self, node: cst.BaseExpression, scope: Scope, time: int) -> Value:
        try:
            if isinstance(node, cst.UnaryOperation):
                operand = self._operand(node.expression, scope, time)
                return self._computed(node, constants.unary(node.operator, operand.value), operand)
            if isinstance(node, cst.BinaryOperation):
                left = self._operand(node.left, scope, time)
                right = self._operand(node.right, scope, time)
                return self._computed(node, constants.binary(node.operator, left.value, right.value), left, right)
            return self._computed(node, constants.literal(node))
        except constants.NotConstantError as reason:
            return self._unknown(node, str(reason))

    def _operand(self, node: cst.BaseExpression, scope: Scope, time: int) -> Const:
        value = self.value(node, scope, time)
        if isinstance(value, Const):
            return value
        raise constants.NotConstantError(value.reason if isinstance(value, Unknown) else "a computed value")

    def _computed(self, node: cst.BaseExpression, value: object, *operands: Const) -> Value:
        if not isinstance(value, (str, bytes, int, float, complex, type(None))):
            return self._unknown(node, "a computed value")
        return Const(
            span=self._positions.span(node),
            value=value,
            origin=tuple(dict.fromkeys(place for operand in operands for place in operand.origin)),
            resolution=max((operand.resolution for operand in operands), default=Resolution.EXACT),
        )

    def _display(self, node: cst.Tuple | cst.List | cst.Set, scope: Scope, time: int) -> Value:
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return self._unknown(node, "unpacks something else")
        items = tuple(self.value(element.value, scope, time) for element in node.elements)
        return Sequence(span=self._positions.span(node), kind=type(node).__name__.lower(), items=items)

    def _dict(self, node: cst.Dict, scope: Scope, time: int) -> Value:
        entries: list[tuple[object, Value]] = []
        complete = True
        for element in node.elements:
            key = self.value(element.key, scope, time) if isinstance(element, cst.DictElement) else None
            if isinstance(key, Const):
                entries.append((key.value, self.value(element.value, scope, time)))
            else:
                complete = False
        return Mapping(span=self._positions.span(node), entries=tuple(entries), complete=complete)

    def _attribute(self, node: cst.Attribute, scope: Scope, time: int) -> Value:
        found = self._symbol(node, self.paths.of(node, scope, time))
        if found is not None:
            return found
        given = self._given_to_instance(node, scope)
        if given:
            return one_of([self._bound(node.attr, binding) for binding in given], self._positions.span(node))
        inner: cst.BaseExpression = node.value
        while isinstance(inner, cst.Attribute):
            inner = inner.value
        owner = f"'{inner.value}'" if isinstance(inner, cst.Name) else "an expression"
        return self._unknown(node, f"an attribute of {owner}")

    def _given_to_instance(self, node: cst.Attribute, scope: Scope) -> tuple[Binding, ...]:
        """All that `self.x` may be; empty where it is no such attribute or others set it too."""
        receiver = receiver_class(node.value.value, scope) if isinstance(node.value, cst.Name) else None
        if receiver is None or not self._objects.is_settled(node.attr.value):
            return ()
        return self._objects.bindings(node.attr.value, receiver)

    def _symbol(self, node: cst.CSTNode, paths: tuple[str, ...]) -> Value | None:
        if not paths:
            return None
        span = self._positions.span(node)
        symbols: list[Value] = [Symbol(span=span, path=path, canonical=canonical(path)) for path in paths]
        return one_of(symbols, span)

    def _name(self, node: cst.Name, scope: Scope, time: int) -> Value:
        span = self._positions.span(node)
        binding = lookup(node.value, scope, time)
        if binding is None:
            if node.value in constants.NAMES:
                return Const(span=span, value=constants.NAMES[node.value])
            path = self.paths.of_star(node.value)
            found = self._symbol(node, (path,)) if path is not None else None
            return found or self._unknown(node, f"'{node.value}' is not defined in this file")
        return self._bound(node, binding)

    def _bound(self, node: cst.Name, binding: Binding) -> Value:
        span = self._positions.span(node)
        match binding:
            case ExpressionBinding():
                return self._symbol(node, self.paths.of_binding(binding)) or self._assigned(node, binding)
            case ParameterBinding():
                return self._parameter(node, binding)
            case DefinitionBinding(node=definition):
                if _is_remade(definition):
                    return self._unknown(node, f"'{node.value}' is decorated")
                kind = "class" if isinstance(definition, cst.ClassDef) else "function"
                return Function(span=span, name=node.value, kind=kind)
            case JoinBinding(alternatives=alternatives):
                return one_of([self._bound(node, part) for part in alternatives], span)
            case OpaqueBinding(reason=reason):
                return self._unknown(node, reason)
            case LoopBinding():
                return self._unknown(node, "set by a loop")
            case ImportBinding(path=path):
                return Symbol(span=span, path=path, canonical=canonical(path))
            case _:
                return self._unknown(node, f"'{node.value}' is not followed")

    def _assigned(self, node: cst.Name, binding: ExpressionBinding) -> Value:
        value = self.value(binding.value, binding.scope, binding.time)
        if binding.index is not None:
            fresh = isinstance(binding.value, cst.List)
            if not isinstance(value, Sequence) or not (value.kind == "tuple" or fresh):
                return self._unknown(node, "unpacked from something that is not a plain list or tuple")
            if binding.index >= len(value.items):
                return self._unknown(node, "unpacked from too few items")
            value = value.items[binding.index]
        return self._through(node, value, Origin(self._positions.span(binding.statement)))

    def _parameter(self, node: cst.Name, binding: ParameterBinding) -> Value:
        """What the calls in this file pass; the default where there are none, or one passes what is not known."""
        if binding not in self._passed:
            self._passed[binding] = None  # a function that calls itself passes nothing new
            self._passed[binding] = self._passed_by_callers(node, binding)
        return self._passed[binding] or self._default(node, binding)

    def _passed_by_callers(self, node: cst.Name, binding: ParameterBinding) -> Value | None:
        """One of what the calls pass, and the default where one leaves it out; None where that is not known."""
        values: list[Value] = []
        omitted = False
        for site in self._callers.of(binding):
            try:
                arg = passed(site, binding)
            except UnclearArgumentsError:
                return None
            omitted = omitted or arg is None
            if arg is not None:
                values.append(self._passed_value(node, arg, site))
        if not values or any(is_foreign(value) for value in values):
            return None
        if omitted and binding.param.default is not None:
            values.append(self._default(node, binding))
        together = one_of(values, self._positions.span(node))
        if isinstance(together, Unknown):
            return None
        return replace(together, resolution=Resolution.CALLERS) if isinstance(together, OneOf) else together

    def _passed_value(self, node: cst.Name, arg: cst.Arg, site: CallSite) -> Value:
        given = self.value(arg.value, site.scope, site.time)
        found = self._through(node, given, Origin(self._positions.span(arg.value)))
        return at_least(found, Resolution.CALLERS)

    def _default(self, node: cst.Name, binding: ParameterBinding) -> Value:
        default = binding.param.default
        if default is None:
            return self._unknown(node, f"parameter '{node.value}' has no default")
        value = self.value(default, binding.scope, binding.time)
        place = self._positions.span(default)
        self.default_statements.add(Span(self._positions.span(binding.statement).start, place.end))
        found = self._through(node, value, Origin(place, is_default=True))
        return at_least(found, Resolution.DEFAULT)

    def _through(self, node: cst.Name, value: Value, place: Origin) -> Value:
        """A value as it is found under a name, which is also a place from which it may be changed."""
        if isinstance(value, Unknown):
            return value
        if isinstance(value, OneOf):
            ways = [self._through(node, way, place) for way in value.alternatives]
            unknown = next((way for way in ways if isinstance(way, Unknown)), None)
            return unknown or replace(value, alternatives=tuple(ways), origin=(place, *value.origin))
        if isinstance(value, Mapping):
            return self._unknown(node, f"'{node.value}' is a dict, which may be changed after it is made")
        if isinstance(value, Sequence) and value.kind != "tuple":
            changing = self._unknown(node, f"in a {value.kind}, which may be changed after it is made")
            value = replace(value, items=(changing,) * len(value.items))
        if isinstance(value, Construct) and self._changed_factors and is_regularizer(value):
            return self._unknown(node, f"a '{min(self._changed_factors)}' is set after construction in this file")
        return replace(value, origin=(place, *value.origin))

    # Calls

    def _call(self, node: cst.Call, scope: Scope, time: int) -> Value:
        paths = self.paths.of(node.func, scope, time)
        if paths:
            made = [self._construct(node, path, scope, time) for path in paths]
            together = one_of([value for values in made for value in values], self._positions.span(node))
            return self._named_for_callers(together, node, scope, time)
        if isinstance(node.func, cst.Name):
            return self._call_of_name(node, node.func, scope, time)
        return self._unknown(node, "returned by a call")

    def _construct(self, node: cst.Call, path: str, scope: Scope, time: int) -> list[Value]:
        """The call of an imported name: one value for each combination of its arguments' alternatives."""
        arguments = self.arguments(node, scope, time)
        choices = [a.value.alternatives if isinstance(a.value, OneOf) else (a.value,) for a in arguments]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > _MOST_COMBINATIONS:
            return [self._unknown(node, "too many combinations of branches")]
        callee = self._positions.span(node.func)
        symbol = Symbol(span=callee, path=path, canonical=canonical(path))
        return [
            Construct(
                span=self._positions.span(node),
                symbol=symbol,
                callee_span=callee,
                arguments=tuple(replace(a, value=v) for a, v in zip(arguments, values, strict=True)),
            )
            for values in product(*choices)
        ]

    def _named_for_callers(self, made: Value, node: cst.Call, scope: Scope, time: int) -> Value:
        """Several values of a call are its callers' doing where no argument has branches of its own."""
        if not isinstance(made, OneOf):
            return made
        sources = {a.value.resolution for a in self.arguments(node, scope, time) if isinstance(a.value, OneOf)}
        return replace(made, resolution=Resolution.CALLERS) if sources == {Resolution.CALLERS} else made

    def _call_of_name(self, node: cst.Call, func: cst.Name, scope: Scope, time: int) -> Value:
        binding = lookup(func.value, scope, time)
        if binding is None:
            return self._call_of_builtin(node, func.value, scope, time)
        if isinstance(binding, DefinitionBinding) and _is_remade(binding.node):
            return self._unknown(node, f"'{func.value}' is decorated")
        if isinstance(binding, DefinitionBinding) and isinstance(binding.node, cst.ClassDef):
            return Function(span=self._positions.span(node), name=func.value, kind="instance")
        return self._unknown(node, f"returned by '{func.value}'")

    def _call_of_builtin(self, node: cst.Call, name: str, scope: Scope, time: int) -> Value:
        if name in _NUMBER_TYPES and len(node.args) == 1 and not node.args[0].star:
            given = self.value(node.args[0].value, scope, time)
            if isinstance(given, Const) and isinstance(given.value, (str, int, float)):
                return self._converted(node, partial(_NUMBER_TYPES[name], given.value), given)
        if name == "dict" and all(arg.keyword is not None for arg in node.args):
            entries = tuple((a.keyword, a.value) for a in self.arguments(node, scope, time))
            return Mapping(span=self._positions.span(node), entries=entries)
        return self._unknown(node, f"returned by '{name}'")

    def _converted(self, node: cst.Call, convert: Callable[[], int | float], given: Const) -> Value:
        try:
            number = convert()
        except (ValueError, OverflowError):
            return self._unknown(node, "a conversion that fails")
        return self._computed(node, number, given)


def _is_remade(definition: cst.FunctionDef | cst.ClassDef) -> bool:
    """Whether a decorator may have put something else in the definition's place."""
    for decorator in definition.decorators:
        called = decorator.decorator
        name = dotted(called.func if isinstance(called, cst.Call) else called) or ""
        if name.rpartition(".")[2] not in _HARMLESS_DECORATORS:
            return True
    return False


def _is_layers_attribute(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "layers"
