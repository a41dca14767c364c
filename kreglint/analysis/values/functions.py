"""Functions of the user's own: what a call passes to their parameters, and what their bodies give back to it."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.semantic.scopes import Binding, ParameterBinding, Scope
from kreglint.analysis.semantic.signature import signature_of
from kreglint.analysis.semantic.sites import ReturnSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of, bind, by_position, has_certain_keys, places_of
from kreglint.analysis.values.call_graph import Caller
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.infer import hold, infer, may_call, through
from kreglint.analysis.values.module import At, Call, Frame, Module, OwnFunction
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, Mapping, Origin, Provenance, Sequence, Value, one_of, unknown
from kreglint.records import record


@record(kw_only=True)
class FunctionValue(OwnValue):
    """A function, a bound method or a lambda."""

    kind: str = "function"
    body: OwnFunction

    @property
    def identity(self) -> object:
        return self.body

    @property
    def definition(self) -> Span | None:
        return self.body.home.span(self.body.site.node)

    def call(self, call: Call) -> Value:
        return at_least(returned(self.name, self.body, call), self.provenance)


def lambda_value(node: nodes.Lambda, at: At) -> Value:
    body = at.module.own_function(node, at.frame)
    return FunctionValue(span=at.module.span(node), name="<lambda>", kind="lambda", body=body)


def returned(name: str, body: OwnFunction, call: Call) -> Value:
    """Return what a call of a function of the user's own gives back."""
    span, at = call.span, call.at
    arguments = call.arguments()
    if not body.site.plain:
        return unknown(span, f"made by '{name}', step by step")
    if not may_call(at):
        return unknown(span, "returned through too many calls")
    parameters = parameters_given(body, arguments)
    if parameters is None:
        return unknown(span, f"returned by '{name}', whose arguments are not all known")
    level = at.frame.level + 1 if at.frame is not None else 1
    values = list(_returned_values(span, body, body.inside(Frame(parameters, body.frame, level))))
    if not values:
        return unknown(span, f"'{name}' does not return")
    return through(span, one_of(values, span), Origin(span), at.module)


def _returned_values(span: Span, body: OwnFunction, at: At) -> Iterator[Value]:
    """Yield what a function may give back to a call at `span`, in that call's frame."""
    for site, provenance in _reached(body, at):
        if site.value is None:
            found: Value = Const(span=span, value=None)
        else:
            found = infer(site.value, at.moved(body.site.scope, site.time))
        yield at_least(found, provenance)


def _reached(body: OwnFunction, at: At) -> Iterator[tuple[ReturnSite, Provenance]]:
    """Yield the returns that this call may come to, each with how sure the conditions on the way are."""
    surest = Provenance.EXACT
    for site in body.site.returns:
        holds, provenance = hold(site.guards, at)
        surest = max(surest, provenance)
        if holds is not False:
            yield site, surest
        if holds is True:
            return


def parameters_given(body: OwnFunction, arguments: tuple[Argument, ...]) -> dict[Binding, Value] | None:
    """Return what each parameter of a function is in a call.

    None where the call does not show which argument sets which, or they do not fit. What callers may pass by `**`
    may take the place of each default.
    """
    unclear = [argument for argument in arguments if argument.star == "**" and not has_certain_keys(argument)]
    is_open = any(map(_is_open, unclear))
    if not all(map(_is_open, unclear)):
        return None
    params, scope, home = body.site.node.params, body.site.scope, body.home
    if body.receiver is not None:
        place = body.receiver.span
        arguments = (Argument(span=place, value=body.receiver, value_span=place), *arguments)
    given = bind(signature_of(params), arguments)
    if given is None:
        return None
    parameters: dict[Binding, Value] = {}
    for param in (*params.posonly_params, *params.params, *params.kwonly_params):
        value = given.named.get(param.name.value) or _default_of(param, scope, body.frame, home, is_open=is_open)
        if value is None:
            return None
        parameters[scope.parameters[param.name.value]] = value
    if scope.rest_by_position is not None and by_position(arguments) is not None:
        place = home.span(scope.rest_by_position.param)
        parameters[scope.rest_by_position] = Sequence(span=place, kind="tuple", items=tuple(given.rest))
    if scope.rest is not None:
        entries = tuple(given.keywords.items())
        place = home.span(scope.rest.param)
        parameters[scope.rest] = Mapping(
            span=place, entries=entries, complete=not is_open, overridable=is_open, places=places_of(arguments)
        )
    return parameters


def _is_open(argument: Argument) -> bool:
    """True if a `**` brings what is known of it and otherwise what callers pass."""
    value = argument.value
    return isinstance(value, Mapping) and value.overridable


def _default_of(
    param: nodes.Param, scope: Scope, frame: Frame | None, home: Module, *, is_open: bool = False
) -> Value | None:
    if param.default is None:
        place = home.span(param)
        return unknown(place, f"parameter '{param.name.value}' is what callers pass by **") if is_open else None
    binding = scope.parameters[param.name.value]
    value = infer(param.default, home.at(binding.scope, binding.time, frame))
    place = home.span(param.default)
    found = through(place, value, Origin(place), home)
    return at_least(found, Provenance.DEFAULT) if is_open else found


def unpacked_value(caller: Caller, parameter: ParameterBinding, at: At) -> Value | None:
    """Return what a call with `*` or `**` gives to a parameter; None where that is not known. `at` is in no frame."""
    site, function = caller.site, parameter.statement
    if caller.partial is not None or not isinstance(function, nodes.FunctionDef):
        return None
    arguments = arguments_of(site.node, at.moved(site.scope, site.time))
    if any(argument.star == "**" and not has_certain_keys(argument) for argument in arguments):
        return None
    place = at.module.span(site.node)
    receiver = Argument(span=place, value=unknown(place, "what it is called on"), value_span=place)
    given = bind(signature_of(function.params), (*[receiver] * caller.bound, *arguments))
    return given.named.get(parameter.param.name.value) if given is not None else None
