"""Calls: of imported names, of builtins, of partials, and of what the user has defined."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

from kreglint.analysis import bounds
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import DefinitionBinding, RestBinding, Scope, lookup
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least, is_callable, is_instance, surest
from kreglint.analysis.values.evaluation import mappings, records
from kreglint.analysis.values.evaluation.arguments import merged_arguments
from kreglint.analysis.values.evaluation.displays import DisplayEvaluation
from kreglint.analysis.values.evaluation.functions import FunctionEvaluation
from kreglint.analysis.values.evaluation.python_functions import BUILTINS, FUNCTIONS, of_builtin, of_number
from kreglint.analysis.values.frames import Body, ClassBody
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Resolution,
    Symbol,
    Unknown,
    Value,
    one_of,
)

PARTIAL = "functools.partial"
NUMBER_TYPES: dict[str, Callable[[str | int | float], int | float]] = {"float": float, "int": int}


class CallEvaluation(FunctionEvaluation, DisplayEvaluation):
    """Works out calls."""

    def call(self, node: nodes.Call, scope: Scope, time: int) -> Value:
        paths = self.paths.of(node.func, scope, time)
        callee = self._of_project_alone(node, paths)
        if callee is not None:
            return self._call_of_value(node, callee, scope, time)
        if paths:
            made = [self._construct(node, path, scope, time) for path in paths]
            together = one_of([value for values in made for value in values], self.span(node))
            return self._named_for_callers(together, node, scope, time)
        if isinstance(node.func, nodes.Name):
            return self._call_of_name(node, node.func, scope, time)
        if isinstance(node.func, nodes.Lambda):
            return self._call_of_value(node, self.value(node.func, scope, time), scope, time)
        return self.method_of_value(node, scope, time) or self._call_of_attribute(node, scope, time)

    def _call_of_attribute(self, node: nodes.Call, scope: Scope, time: int) -> Value:
        if isinstance(node.func, nodes.Attribute) and node.func.attr.value.startswith("parse_"):
            options = self.parsed(node, self.value(node.func.value, scope, time), scope, time)
            if options is not None:
                return options
        if isinstance(node.func, nodes.Attribute) and node.func.attr.value in records.METHODS:
            owner = self.value(node.func.value, scope, time)
            arguments = self.arguments(node, scope, time)
            found = records.of_method(node.func.attr.value, owner, arguments, self.span(node))
            if found is not None:
                return found
        callee = self.value(node.func, scope, time)
        if isinstance(callee, Unknown):
            return self.unknown(self.span(node), "returned by a call")
        return self._call_of_value(node, callee, scope, time)

    def _of_project_alone(self, node: nodes.Call, paths: tuple[str, ...]) -> Value | None:
        """The function, class or partial of another file that is called, or several."""
        if not paths or any(canonical(path) is not None for path in paths):
            return None
        callee = self.symbol(self.span(node.func), paths)
        if isinstance(callee, OneOf):
            return callee if all(isinstance(way, Function) for way in callee.alternatives) else None
        made = isinstance(callee, Construct) and callee.symbol.path in (PARTIAL, *records.NAMED_TUPLES)
        return callee if isinstance(callee, Function) or made else None

    def _construct(self, node: nodes.Call, path: str, scope: Scope, time: int) -> list[Value]:
        """The call of an imported name."""
        if path in FUNCTIONS and all(not arg.star and arg.keyword is None for arg in node.args):
            given = tuple(self.value(arg.value, scope, time) for arg in node.args)
            found = of_number(path, given, self.span(node))
            if found is not None:
                return [found]
        symbol = Symbol(span=self.span(node.func), path=path, canonical=canonical(path))
        arguments = self.arguments(node, scope, time)
        found = self.of_library(path, arguments, self.span(node))
        return [found] if found is not None else self._constructs(node, symbol, arguments)

    @abstractmethod
    def of_library(self, path: str, arguments: tuple[Argument, ...], span: Span) -> Value | None:
        """What a call of Python's own library gives back, where more is known than what was called."""

    def _constructs(self, node: nodes.Call, symbol: Symbol, arguments: tuple[Argument, ...]) -> list[Value]:
        """One value for each combination of the arguments' alternatives."""
        choices = [a.value.alternatives if isinstance(a.value, OneOf) else (a.value,) for a in arguments]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > bounds.COMBINATIONS:
            return [self.unknown(self.span(node), "too many combinations of branches")]
        callee = self.span(node.func)
        return [
            Construct(
                span=self.span(node),
                symbol=symbol,
                callee_span=callee,
                arguments=tuple(replace(a, value=v) for a, v in zip(arguments, values, strict=True)),
            )
            for values in product(*choices)
        ]

    def _named_for_callers(self, made: Value, node: nodes.Call, scope: Scope, time: int) -> Value:
        """Several values of a call are its callers' doing where no argument has branches of its own."""
        if not isinstance(made, OneOf):
            return made
        sources = {a.value.resolution for a in self.arguments(node, scope, time) if isinstance(a.value, OneOf)}
        return replace(made, resolution=Resolution.CALLERS) if sources == {Resolution.CALLERS} else made

    def _call_of_name(self, node: nodes.Call, func: nodes.Name, scope: Scope, time: int) -> Value:
        binding = lookup(func.value, scope, time)
        if binding is None:
            return self._call_of_builtin(node, func.value, scope, time)
        callee = self.value(func, scope, time)
        if isinstance(callee, Unknown) and not isinstance(binding, DefinitionBinding):
            return self.unknown(self.span(node), f"returned by '{func.value}'")
        return self._call_of_value(node, callee, scope, time)

    def _call_of_value(self, node: nodes.Call, callee: Value, scope: Scope, time: int) -> Value:
        match callee:
            case Function(kind="class", body=ClassBody() as cls):
                return self.instance(self.span(node), callee, cls, self.arguments(node, scope, time))
            case Function(body=Body() as body):
                arguments = self.arguments(node, scope, time)
                return at_least(self.returned(self.span(node), callee.name, body, arguments), callee.resolution)
            case Construct() if callee.symbol.path == PARTIAL:
                return at_least(self._call_of_partial(node, callee, scope, time), callee.resolution)
            case Construct() if callee.symbol.path in records.NAMED_TUPLES:
                found = records.made(callee, self.arguments(node, scope, time), self.span(node))
                return found or self.unknown(self.span(node), "a named tuple that is not followed")
            case OneOf(alternatives=alternatives):
                made = [self._call_of_value(node, way, scope, time) for way in alternatives]
                return one_of(made, self.span(node))
            case Unknown(reason=reason):
                return self.unknown(self.span(node), reason)
        return self.unknown(self.span(node), "returned by something that is not followed")

    def _call_of_partial(self, node: nodes.Call, callee: Construct, scope: Scope, time: int) -> Value:
        """A call of `functools.partial(function, …)`, with its own arguments after those."""
        if callee.has_star or not callee.positional:
            return self.unknown(self.span(node), "made by a partial whose arguments are not all known")
        place = self.span(node)
        arguments = merged_arguments(callee.arguments[1:], self.arguments(node, scope, time), place)
        match callee.positional[0].value:
            case Symbol() as symbol:
                return one_of(self._constructs(node, symbol, arguments), place)
            case Function(body=Body() as body, name=name):
                return self.returned(place, name, body, arguments)
            case Construct() as inner if inner.symbol.path == PARTIAL and not inner.has_star:
                outer = replace(inner, arguments=merged_arguments(inner.arguments, callee.arguments[1:], place))
                return self._call_of_partial(node, outer, scope, time)
        return self.unknown(self.span(node), "made by a partial of something that is not followed")

    def _call_of_builtin(self, node: nodes.Call, name: str, scope: Scope, time: int) -> Value:
        if name in NUMBER_TYPES and len(node.args) == 1 and not node.args[0].star:
            return self.converted(node, name, self.value(node.args[0].value, scope, time))
        if name == "dict":
            return self._dict_made(node, scope, time)
        if name in ("isinstance", "callable") and len(node.args) == 1 + (name == "isinstance"):
            return self._asked(node, name, scope, time)
        if name == "vars" and len(node.args) == 1:
            options = self.options(self.value(node.args[0].value, scope, time), self.span(node))
            return options or self.unknown(self.span(node), "returned by 'vars'")
        if name == "getattr" and 2 <= len(node.args) <= 3:
            return self._got_attribute(node, scope, time)
        if name in BUILTINS and all(not arg.star and arg.keyword is None for arg in node.args):
            given = tuple(self.value(arg.value, scope, time) for arg in node.args)
            found = of_builtin(name, given, self.span(node))
            if found is not None:
                return found
        return self.unknown(self.span(node), f"returned by '{name}'")

    @abstractmethod
    def options(self, value: Value, span: Span) -> Mapping | None:
        """The options of a command line as a dict; None for any other value."""

    def _got_attribute(self, node: nodes.Call, scope: Scope, time: int) -> Value:
        """`getattr(owner, "name")`, or with a default that takes the place of what is certainly not there."""
        span = self.span(node)
        owner, name, *default = (self.value(arg.value, scope, time) for arg in node.args)
        given = name.value if isinstance(name, Const) else None
        found = self.attribute_of(given, span, owner) if isinstance(given, str) else None
        if found is None and default and isinstance(owner, Const):
            return default[0]
        return found or self.unknown(span, "returned by 'getattr'")

    def _asked(self, node: nodes.Call, name: str, scope: Scope, time: int) -> Value:
        """`isinstance(value, kind)` with kinds of Python's own, or `callable(value)`."""
        value = self.value(node.args[0].value, scope, time)
        answer = is_callable(value)
        if name == "isinstance":
            kinds = node.args[1].value
            named = [element.value for element in kinds.elements] if isinstance(kinds, nodes.Tuple) else [kinds]
            names = [
                kind.value for kind in named if isinstance(kind, nodes.Name) and not lookup(kind.value, scope, time)
            ]
            answer = is_instance(value, names) if len(names) == len(named) else None
        if answer is None:
            return self.unknown(self.span(node), f"returned by '{name}'")
        return Const(span=self.span(node), value=answer, resolution=surest(value))

    def _dict_made(self, node: nodes.Call, scope: Scope, time: int) -> Value:
        """`dict(base, key=…, **more)`."""
        span = self.span(node)
        found: Value = Mapping(span=span, entries=())
        for arg in node.args:
            given = self.keyword_as_dict(arg, self.value(arg.value, scope, time), span)
            found = self.updated(found, given if arg.star != "*" else self.unknown(span, "unpacked"), span)
        return found

    def converted(self, node: nodes.Call, kind: str, given: Value) -> Value:
        """`float(given)` or `int(given)`, as it is called at the node."""
        span, convert = self.span(node), NUMBER_TYPES.get(kind)
        if isinstance(given, OneOf):
            ways = one_of([self.converted(node, kind, way) for way in given.alternatives], span)
            return replace(ways, resolution=given.resolution) if isinstance(ways, OneOf) else ways
        if isinstance(given, Unknown):
            return given
        if convert is None or not isinstance(given, Const) or not isinstance(given.value, (str, int, float)):
            return self.unknown(span, f"returned by '{kind}'")
        try:
            return self.computed(node, convert(given.value), given)
        except (ValueError, OverflowError):
            return self.unknown(span, "a conversion that fails")

    def rest_passed(self, site: CallSite, binding: RestBinding) -> Value | None:
        """The keywords of a call that no parameter takes, as a dict; None where they are not all known."""
        function, span = binding.statement, self.span(site.node)
        if not isinstance(function, nodes.FunctionDef):
            return None
        found: Value = Mapping(span=span, entries=())
        for arg in site.node.args:
            if arg.star == "**" or arg.keyword is not None:
                given = self.keyword_as_dict(arg, self.value(arg.value, site.scope, site.time), span)
                found = self.updated(found, given, span)
        for param in (*function.params.params, *function.params.kwonly_params):
            found = mappings.each(found, partial(mappings.without_entry, key=param.name.value), span)
        ways = found.alternatives if isinstance(found, OneOf) else (found,)
        return found if all(isinstance(way, Mapping) and way.complete for way in ways) else None
