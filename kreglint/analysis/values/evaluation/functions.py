"""Functions of the user's own: what a call passes to their parameters, and what their bodies give back to it."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.semantic.scopes import Binding, ParameterBinding, Scope
from kreglint.analysis.semantic.sites import ReturnSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.call_graph import Caller
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.evaluation.arguments import (
    by_position,
    has_certain_keys,
    named_by,
    places_of,
    with_unpacked,
)
from kreglint.analysis.values.evaluation.names import NameEvaluation
from kreglint.analysis.values.frames import Body, Frame
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, Mapping, Origin, Resolution, Value, one_of
from kreglint.facts.values import Sequence as SequenceValue


class FunctionEvaluation(NameEvaluation):
    """Works out what functions return."""

    def arguments(self, call: nodes.Call, scope: Scope, time: int) -> tuple[Argument, ...]:
        """The arguments of a call as written, and after them those that its `**` bring."""
        written = tuple(self._argument(arg, scope, time) for arg in call.args)
        if not any(argument.star == "**" for argument in written):
            return written
        return with_unpacked(written)

    def _argument(self, arg: nodes.Arg, scope: Scope, time: int) -> Argument:
        value_span = self.span(arg.value)
        return Argument(
            span=self.span(arg),
            value=self.value(arg.value, scope, time),
            value_span=value_span,
            keyword=arg.keyword.value if arg.keyword is not None else None,
            keyword_span=self.span(arg.keyword) if arg.keyword is not None else None,
            keyword_source=arg.keyword.value if arg.keyword is not None else "",
            star=arg.star,
            source=self.written(arg.value),
        )

    def returned(self, span: Span, name: str, body: Body, arguments: tuple[Argument, ...]) -> Value:
        """What a call, at `span`, of a function of the user's own gives back."""
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
            holds, resolution = self.hold(site.guards)
            surest = max(surest, resolution)
            if holds is not False:
                yield site, surest
            if holds is True:
                return

    def bound_to_parameters(self, body: Body, arguments: tuple[Argument, ...]) -> dict[Binding, Value] | None:
        """What each parameter of a function of this program is in a call.

        None where the call does not show which argument sets which, or they do not fit.
        """
        if any(argument.star == "**" and not has_certain_keys(argument) for argument in arguments):
            return None
        params, scope = body.site.node.params, body.site.scope
        if body.receiver is not None:
            place = body.receiver.span
            arguments = (Argument(span=place, value=body.receiver, value_span=place), *arguments)
        given = named_by(params, arguments)
        if given is None:
            return None
        parameters: dict[Binding, Value] = {}
        for param in (*params.posonly_params, *params.params, *params.kwonly_params):
            value = given.pop(param.name.value, None) or self._default_of(param, scope, body.frame)
            if value is None:
                return None
            parameters[scope.parameters[param.name.value]] = value
        positional = by_position(arguments)
        if scope.rest_by_position is not None and positional is not None:
            items = tuple(positional[len(params.posonly_params) + len(params.params) :])
            parameters[scope.rest_by_position] = SequenceValue(
                span=self.span(scope.rest_by_position.param), kind="tuple", items=items
            )
        if scope.rest is not None:
            parameters[scope.rest] = Mapping(
                span=self.span(scope.rest.param), entries=tuple(given.items()), places=places_of(arguments)
            )
        return parameters if not given or scope.rest is not None else None

    def unpacked_value(self, caller: Caller, parameter: ParameterBinding) -> Value | None:
        """What a call with `*` or `**` gives to a parameter; None where that is not known."""
        site, function = caller.site, parameter.statement
        if caller.partial is not None or not isinstance(function, nodes.FunctionDef):
            return None
        arguments = self.arguments(site.node, site.scope, site.time)
        if any(argument.star == "**" and not has_certain_keys(argument) for argument in arguments):
            return None
        place = self.span(site.node)
        receiver = Argument(span=place, value=self.unknown(place, "what it is called on"), value_span=place)
        named = named_by(function.params, (*[receiver] * caller.bound, *arguments))
        return named.get(parameter.param.name.value) if named is not None else None

    def _default_of(self, param: nodes.Param, scope: Scope, frame: Frame | None) -> Value | None:
        if param.default is None:
            return None
        binding = scope.parameters[param.name.value]
        with self.within(frame):
            value = self.value(param.default, binding.scope, binding.time)
        place = self.span(param.default)
        return self.through(param.name.value, place, value, Origin(place))
