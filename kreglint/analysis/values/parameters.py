"""The value of a parameter: what this call passes; else what the calls in its file do; else its default."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ParameterBinding, RestBinding, Scope
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.aliasing import Lent
from kreglint.analysis.values.call_graph import Caller, UnclearArgumentsError, passed
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.displays import keywords_left
from kreglint.analysis.values.far_callers import far_callers
from kreglint.analysis.values.functions import unpacked_value
from kreglint.analysis.values.infer import bound, infer, through
from kreglint.analysis.values.mappings import handed_on, is_changeable, open_mapping
from kreglint.analysis.values.method_callers import callers_of_parameter
from kreglint.analysis.values.module import At, Module
from kreglint.analysis.values.names import settled
from kreglint.analysis.values.objects import ClassValue, InstanceValue, receiver
from kreglint.diagnostics import Span
from kreglint.facts.values import Construct, OneOf, Origin, Provenance, Symbol, Unknown, Value, one_of, same, unknown
from kreglint.records import replace


def parameter(name: str, span: Span, binding: ParameterBinding, at: At) -> Value:
    module = at.module
    given = at.frame.value(binding) if at.frame is not None else None
    if given is None:
        given = receiver(span, binding, module)
    if given is None:
        given = _of_callers(name, span, binding, module)
    return settled(given, name, span, module, _scope_of(binding, module))


def _of_callers(name: str, span: Span, binding: ParameterBinding, module: Module) -> Value:
    # A function that calls itself passes nothing new.
    nothing: Value | None = None
    work = partial(_passed_by_callers, name, span, binding, module)
    return module.memory.ask((binding, span), nothing, work) or _default(name, span, binding, module)


def _passed_by_callers(name: str, span: Span, binding: ParameterBinding, module: Module) -> Value | None:
    """What the calls of its own file and of others pass: of the first alone where nobody knows what others do."""
    near, far = callers_of_parameter(binding, module), far_callers(binding, module)
    together = _passed_by(name, span, binding, module, (*near, *far))
    return _passed_by(name, span, binding, module, near) if together is None and far else together


def _passed_by(
    name: str, span: Span, binding: ParameterBinding, module: Module, callers: Sequence[Caller]
) -> Value | None:
    """One of what calls pass, and the default where one leaves it out; None where that is not known."""
    values: list[Value] = []
    omitted = False
    for caller in callers:
        home = caller.home or module
        try:
            given = passed(caller, binding)
        except UnclearArgumentsError:
            unpacked = unpacked_value(caller, binding, home.end)
            if unpacked is None:
                return None
            values.append(at_least(unpacked, Provenance.CALLERS))
            continue
        omitted = omitted or given is None
        if given is not None:
            values.append(_passed_value(span, *given, home))
    if not values or any(_is_foreign(value, module) for value in values):
        return None
    if omitted and binding.param.default is not None:
        default = _default(name, span, binding, module)
        values += [] if any(same(default, value) for value in values) else [default]
    together = one_of(values, span)
    return None if isinstance(together, Unknown) else _by_callers(together)


def _by_callers(value: Value) -> Value:
    return replace(value, provenance=Provenance.CALLERS) if isinstance(value, OneOf) else value


def _passed_value(span: Span, arg: nodes.Arg, site: CallSite, module: Module) -> Value:
    given = infer(arg.value, module.of(site))
    found = through(span, given, Origin(module.span(arg.value)), module)
    return at_least(found, Provenance.CALLERS)


def _is_foreign(value: Value, module: Module) -> bool:
    """True if it comes from another module, which says no more than that it is not known here."""
    if not isinstance(value, Symbol | Construct):
        return False
    symbol = value.symbol if isinstance(value, Construct) else value
    return symbol.canonical is None and symbol.path not in module.libraries.followed


def _default(name: str, span: Span, binding: ParameterBinding, module: Module) -> Value:
    """Return a parameter's default, which a caller may override."""
    default = binding.param.default
    if default is None:
        return _annotated(span, binding, module) or unknown(span, f"parameter '{name}' has no default")
    value = infer(default, module.at(binding.scope, binding.time))
    place = module.span(default)
    module.default_statements.add(Span(binding.statement.start, place.end, module.file))
    if name in module.found.changed and is_changeable(value):
        return handed_on(value, f"'{name}' has a default that a call may change for the next one", span)
    found = through(span, value, Origin(place, is_default=True), module)
    return at_least(found, Provenance.DEFAULT)


def _annotated(span: Span, binding: ParameterBinding, module: Module) -> Value | None:
    """Return some instance of the class that a parameter's annotation names: which one, callers decide."""
    annotation = binding.param.annotation
    node = _class_named(annotation.annotation) if annotation is not None else None
    if node is None:
        return None
    named: Value | None
    if isinstance(node, nodes.SimpleString):
        quoted = str(node.value)
        known = lookup(quoted, binding.scope, binding.scope.clock.now)
        named = bound(quoted, span, known, module.end) if known is not None else None
    else:
        named = infer(node, module.at(binding.scope, binding.time))
    if not isinstance(named, ClassValue):
        return None
    return InstanceValue(span=span, name=named.name, of=named.of, provenance=Provenance.DEFAULT)


def _class_named(node: nodes.Expression) -> nodes.Name | nodes.Attribute | nodes.SimpleString | None:
    """Return the class in an annotation: `C` in `Optional[C]`, `C | None` or `"C"`."""
    if isinstance(node, nodes.Subscript) and (dotted(node.value) or "").endswith("Optional") and len(node.slice) == 1:
        index = node.slice[0].slice
        return _class_named(index.value) if isinstance(index, nodes.Index) else None
    if isinstance(node, nodes.BinaryOperation) and isinstance(node.right, nodes.Name) and node.right.value == "None":
        return _class_named(node.left)
    return node if isinstance(node, (nodes.Name, nodes.Attribute, nodes.SimpleString)) else None


def rest(name: str, span: Span, binding: RestBinding, at: At) -> Value:
    """Return the `**kwargs` of a function: what this call passes on by keywords of its own; else what the calls do."""
    module = at.module
    given = at.frame.value(binding) if at.frame is not None else None
    if given is None:
        nothing_known: Value = open_mapping(span)
        given = module.memory.ask((binding, span), nothing_known, partial(_rest_of_callers, span, binding, module))
    return settled(given, name, span, module, _scope_of(binding, module))


def _rest_of_callers(span: Span, binding: RestBinding, module: Module) -> Value:
    near, far = module.callers.of_rest(binding), far_callers(binding, module)
    together = _rest_passed_by(span, binding, module, (*near, *far)) if not _is_handed_on(binding, module) else None
    return together or open_mapping(span)


def _rest_passed_by(span: Span, binding: RestBinding, module: Module, callers: Sequence[Caller]) -> Value | None:
    """One of the dicts that calls pass on; None where that is not known, or there are so many that it is a sample."""
    values = [keywords_left(each.site, binding, each.home or module) for each in callers if each.partial is None]
    known = [value for value in values if value is not None]
    if not known or len(known) < len(callers):
        return None
    together = _by_callers(one_of([at_least(value, Provenance.CALLERS) for value in known], span))
    return None if isinstance(together, Unknown) else together


def _is_handed_on(binding: RestBinding, module: Module) -> bool:
    """True if others than the calls that are seen may get at the function that the keywords are passed to."""
    function, found = binding.statement, module.found
    if not isinstance(function, nodes.FunctionDef):
        return True
    name, lent = function.name.value, Lent(found, binding.scope, module.paths)
    return lent.escapes(name) or lent.may_change(name) or (binding.scope.kind == "function" and name in found.returned)


def _scope_of(binding: ParameterBinding | RestBinding, module: Module) -> Scope | None:
    """Return the scope of the function whose parameter it is; None for a lambda's, which no statement tells."""
    site = module.found.functions.get(binding.statement)
    if site is None or (site.scope.rest is not binding and binding not in site.scope.parameters.values()):
        return None
    return site.scope
