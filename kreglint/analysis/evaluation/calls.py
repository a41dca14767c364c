"""Calls: of imported names, of builtins, and of functions of the user's own, whose bodies are followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product

import libcst as cst

from kreglint.analysis.certainty import at_least, truth
from kreglint.analysis.evaluation.arguments import merged_arguments, named_by, with_unpacked
from kreglint.analysis.evaluation.displays import DisplayEvaluation
from kreglint.analysis.evaluation.names import NameEvaluation
from kreglint.analysis.evaluation.operators import OperatorEvaluation
from kreglint.analysis.frames import Body, Frame
from kreglint.analysis.names import canonical
from kreglint.analysis.scopes import Binding, DefinitionBinding, RestBinding, Scope, lookup
from kreglint.analysis.sites import CallSite, Guard, ReturnSite
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
    Symbol,
    Unknown,
    Value,
    one_of,
)

_MOST_COMBINATIONS = 16
_PARTIAL = "functools.partial"
_NUMBER_TYPES: dict[str, Callable[[str | int | float], int | float]] = {"float": float, "int": int}


class CallEvaluation(NameEvaluation, OperatorEvaluation, DisplayEvaluation):
    """Works out calls."""

    def arguments(self, call: cst.Call, scope: Scope, time: int) -> tuple[Argument, ...]:
        """The arguments of a call as written, and after them those that its `**` bring."""
        written = tuple(self._argument(arg, scope, time) for arg in call.args)
        if not any(argument.star == "**" for argument in written):
            return written
        return with_unpacked(written)

    def _argument(self, arg: cst.Arg, scope: Scope, time: int) -> Argument:
        value_span = self.span(arg.value)
        return Argument(
            span=self.span(arg),
            value=self.value(arg.value, scope, time),
            value_span=value_span,
            keyword=arg.keyword.value if arg.keyword is not None else None,
            keyword_span=self.span(arg.keyword) if arg.keyword is not None else None,
            star=arg.star,
            source=self.text[value_span.start : value_span.end],
        )

    def call(self, node: cst.Call, scope: Scope, time: int) -> Value:
        paths = self.paths.of(node.func, scope, time)
        callee = self._of_project_alone(node, paths)
        if callee is not None:
            return self._call_of_value(node, callee, scope, time)
        if paths:
            made = [self._construct(node, path, scope, time) for path in paths]
            together = one_of([value for values in made for value in values], self.span(node))
            return self._named_for_callers(together, node, scope, time)
        if isinstance(node.func, cst.Name):
            return self._call_of_name(node, node.func, scope, time)
        if isinstance(node.func, cst.Lambda):
            return self._call_of_value(node, self.value(node.func, scope, time), scope, time)
        return self.method_of_dict(node, scope, time) or self.unknown(self.span(node), "returned by a call")

    def _of_project_alone(self, node: cst.Call, paths: tuple[str, ...]) -> Function | None:
        """The function or class of another file that is called."""
        if len(paths) != 1 or canonical(paths[0]) is not None:
            return None
        callee = self.symbol(self.span(node.func), paths)
        return callee if isinstance(callee, Function) else None

    def _construct(self, node: cst.Call, path: str, scope: Scope, time: int) -> list[Value]:
        """The call of an imported name."""
        symbol = Symbol(span=self.span(node.func), path=path, canonical=canonical(path))
        return self._constructs(node, symbol, self.arguments(node, scope, time))

    def _constructs(self, node: cst.Call, symbol: Symbol, arguments: tuple[Argument, ...]) -> list[Value]:
        """One value for each combination of the arguments' alternatives."""
        choices = [a.value.alternatives if isinstance(a.value, OneOf) else (a.value,) for a in arguments]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > _MOST_COMBINATIONS:
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
        callee = self.value(func, scope, time)
        if isinstance(callee, Unknown) and not isinstance(binding, DefinitionBinding):
            return self.unknown(self.span(node), f"returned by '{func.value}'")
        return self._call_of_value(node, callee, scope, time)

    def _call_of_value(self, node: cst.Call, callee: Value, scope: Scope, time: int) -> Value:
        match callee:
            case Function(kind="class", name=name, resolution=resolution):
                return Function(span=self.span(node), name=name, kind="instance", resolution=resolution)
            case Function(body=Body() as body):
                arguments = self.arguments(node, scope, time)
                return at_least(self._returned(node, callee.name, body, arguments), callee.resolution)
            case Construct() if callee.symbol.path == _PARTIAL:
                return at_least(self._call_of_partial(node, callee, scope, time), callee.resolution)
            case Unknown(reason=reason):
                return self.unknown(self.span(node), reason)
        return self.unknown(self.span(node), "returned by something that is not followed")

    def _call_of_partial(self, node: cst.Call, callee: Construct, scope: Scope, time: int) -> Value:
        """A call of `functools.partial(function, …)`, with its own arguments after those."""
        if callee.has_star or not callee.positional:
            return self.unknown(self.span(node), "made by a partial whose arguments are not all known")
        arguments = merged_arguments(callee.arguments[1:], self.arguments(node, scope, time))
        match callee.positional[0].value:
            case Symbol() as symbol:
                return one_of(self._constructs(node, symbol, arguments), self.span(node))
            case Function(body=Body() as body, name=name):
                return self._returned(node, name, body, arguments)
            case Construct() as inner if inner.symbol.path == _PARTIAL and not inner.has_star:
                outer = replace(inner, arguments=merged_arguments(inner.arguments, callee.arguments[1:]))
                return self._call_of_partial(node, outer, scope, time)
        return self.unknown(self.span(node), "made by a partial of something that is not followed")

    def _call_of_builtin(self, node: cst.Call, name: str, scope: Scope, time: int) -> Value:
        if name in _NUMBER_TYPES and len(node.args) == 1 and not node.args[0].star:
            given = self.value(node.args[0].value, scope, time)
            if isinstance(given, Const) and isinstance(given.value, (str, int, float)):
                return self._converted(node, partial(_NUMBER_TYPES[name], given.value), given)
        if name == "dict":
            return self._dict_made(node, scope, time)
        return self.unknown(self.span(node), f"returned by '{name}'")

    def _dict_made(self, node: cst.Call, scope: Scope, time: int) -> Value:
        """`dict(base, key=…, **more)`."""
        span = self.span(node)
        found: Value = Mapping(span=span, entries=())
        for arg in node.args:
            value = self.value(arg.value, scope, time)
            given = Mapping(span=span, entries=((arg.keyword.value, value),)) if arg.keyword is not None else value
            found = self.updated(found, given if arg.star != "*" else self.unknown(span, "unpacked"), span)
        return found

    def _converted(self, node: cst.Call, convert: Callable[[], int | float], given: Const) -> Value:
        try:
            number = convert()
        except (ValueError, OverflowError):
            return self.unknown(self.span(node), "a conversion that fails")
        return self.computed(node, number, given)

    # Functions of the user's own

    def _returned(self, node: cst.Call, name: str, body: Body, arguments: tuple[Argument, ...]) -> Value:
        """What a call of a function of the user's own gives back."""
        span = self.span(node)
        if not body.site.plain:
            return self.unknown(span, f"made by '{name}', step by step")
        if not self.may_call():
            return self.unknown(span, "returned through too many calls")
        parameters = body.home.bound_to_parameters(body, arguments)
        if parameters is None:
            return self.unknown(span, f"returned by '{name}', whose arguments are not all known")
        level = self.frame.level + 1 if self.frame is not None else 1
        with body.home.within(Frame(parameters, body.frame, level)):
            values = list(body.home.returned_values(span, body))
        if not values:
            return self.unknown(span, f"'{name}' does not return")
        return self.through(name, span, one_of(values, span), Origin(span))

    def returned_values(self, span: Span, body: Body) -> Iterator[Value]:
        """What a function of this program may give back in the frame of the moment, to a call at `span`."""
        for site, resolution in self._reached(body):
            if site.value is None:
                found: Value = Const(span=span, value=None)
            else:
                found = self.value(site.value, body.site.scope, site.time)
            yield at_least(found, resolution)

    def _reached(self, body: Body) -> Iterator[tuple[ReturnSite, Resolution]]:
        """The returns that this call may come to, each with how sure the conditions on the way are."""
        surest = Resolution.EXACT
        for site in body.site.returns:
            holds, resolution = self._hold(site.guards)
            surest = max(surest, resolution)
            if holds is not False:
                yield site, surest
            if holds is True:
                return

    def _hold(self, guards: tuple[Guard, ...]) -> tuple[bool | None, Resolution]:
        """Whether conditions hold, None where that is not known; and the least sure that was needed for it."""
        holds: bool | None = True
        resolution = Resolution.EXACT
        for guard in guards:
            if guard.test is None:
                holds = None
                continue
            test = self.value(guard.test, guard.scope, guard.time)
            counts = truth(test)
            if counts is None:
                holds = None
                continue
            resolution = max(resolution, test.resolution)
            if counts is not guard.expected:
                return False, resolution
        return holds, resolution

    def bound_to_parameters(self, body: Body, arguments: tuple[Argument, ...]) -> dict[Binding, Value] | None:
        """What each parameter of a function of this program is in a call.

        None where the call does not show which argument sets which, or they do not fit.
        """
        if any(argument.star and not argument.expanded for argument in arguments):
            return None
        params, scope = body.site.node.params, body.site.scope
        given = named_by(params, arguments)
        if given is None:
            return None
        parameters: dict[Binding, Value] = {}
        for param in (*params.posonly_params, *params.params, *params.kwonly_params):
            value = given.pop(param.name.value, None) or self._default_of(param, scope, body.frame)
            if value is None:
                return None
            parameters[scope.parameters[param.name.value]] = value
        if scope.rest is not None:
            parameters[scope.rest] = Mapping(span=self.span(scope.rest.param), entries=tuple(given.items()))
        return parameters if not given or scope.rest is not None else None

    def _default_of(self, param: cst.Param, scope: Scope, frame: Frame | None) -> Value | None:
        if param.default is None:
            return None
        binding = scope.parameters[param.name.value]
        with self.within(frame):
            value = self.value(param.default, binding.scope, binding.time)
        place = self.span(param.default)
        return self.through(param.name.value, place, value, Origin(place))

    def rest_passed(self, site: CallSite, binding: RestBinding) -> Value | None:
        arguments = self.arguments(site.node, site.scope, site.time)
        if any(argument.star and not argument.expanded for argument in arguments):
            return None
        function = binding.statement
        given = named_by(function.params, arguments) if isinstance(function, cst.FunctionDef) else None
        if given is None or not isinstance(function, cst.FunctionDef):
            return None
        taken = {param.name.value for param in (*function.params.params, *function.params.kwonly_params)}
        entries = tuple((name, value) for name, value in given.items() if name not in taken)
        return Mapping(span=self.span(site.node), entries=entries)
