"""Notes the calls of Keras and TensorFlow that matter to penalties beside layers and regularizers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.calls import ApiCall
from kreglint.facts.values import Argument

_FUNCTIONS = re.compile(
    r"keras\.optimizers\.\w+(?:\.\w+)?|keras\.mixed_precision\.(?:experimental\.)?set_(?:global_|dtype_)?policy"
    r"|keras\.config\.set_dtype_policy|keras\.(?:backend|config)\.set_floatx"
    r"|tensorflow\.(?:compat\.v1\.)?(?:(?:math\.)?add_n|losses\.get_regularization_loss(?:es)?|get_collection(?:_ref)?|add_to_collections?)"
)
_PLAIN_METHODS = ("fit", "evaluate")  # which add no loss of their own
_METHODS = frozenset((*_PLAIN_METHODS, "compiled_loss"))
_VARIABLES = ("trainable_variables", "trainable_weights", "variables", "weights")
_CAUGHT = ("ValueError", "Exception")

ArgumentsOf = Callable[[CallSite], tuple[Argument, ...]]


def api_calls(program: Program, paths: Paths, arguments_of: ArgumentsOf) -> Iterator[ApiCall]:
    """Yield the calls of one program, in source order."""
    bodies = program.found.by_scope
    around = cache(_Around)
    for site in program.found.calls:
        if not site.provoked:
            path, method = _named(site, paths)
            if path or method:
                body = around(bodies.get(site.scope, program.module))
                yield _call(site, path, method, program, body, around(program.module), arguments_of(site))


def _named(site: CallSite, paths: Paths) -> tuple[str, str]:
    func = site.node.func
    found = paths.of(func, site.scope, site.time)
    if len(found) == 1:
        path = canonical(found[0]) or found[0]
        return (path, "") if _FUNCTIONS.fullmatch(path) else ("", "")
    if not found and isinstance(func, nodes.Attribute) and func.attr.value in _METHODS:
        return "", func.attr.value
    return "", ""


class _Around:
    """What stands in the body of a function, or in a module; it is looked for when it is asked for."""

    def __init__(self, body: nodes.Node) -> None:
        self.span = body.span
        self._body = body

    @cached_property
    def _attributes(self) -> list[nodes.Attribute]:
        return [node for node in descendants(self._body) if isinstance(node, nodes.Attribute)]

    @cached_property
    def reads_losses(self) -> bool:
        """True if the losses of something are read; `keras.losses` in `keras.losses.mse` is a module."""
        owners = {node.value for node in self._attributes}
        return any(node.attr.value == "losses" and node not in owners for node in self._attributes)

    @cached_property
    def trained(self) -> frozenset[str]:
        """Whose variables are named."""
        owners = (dotted(node.value) for node in self._attributes if node.attr.value in _VARIABLES)
        return frozenset(owner for owner in owners if owner is not None)

    @cached_property
    def catches(self) -> bool:
        """True if an error is caught that says that there are no losses."""
        handlers = (node for node in descendants(self._body) if isinstance(node, nodes.ExceptHandler))
        return any(each.type is None or any(map(_is_caught, descendants(each.type))) for each in handlers)

    @cached_property
    def asked(self) -> frozenset[str]:
        """About whose losses a condition asks."""
        tests = (test for node in descendants(self._body) for test in _tests(node))
        return frozenset(owner for test in tests for owner in _owners_of_losses(test))


def _is_caught(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.value in _CAUGHT


def _tests(node: nodes.Node) -> tuple[nodes.Node, ...]:
    """Return the expressions in a node that are asked whether they hold, or how many there are."""
    match node:
        case nodes.If() | nodes.IfExp() | nodes.While() | nodes.Assert() | nodes.CompIf():
            return (node.test,)
        case nodes.BooleanOperation():
            return node.left, node.right
        case nodes.UnaryOperation(operator=nodes.Not()):
            return (node.expression,)
        case nodes.Call(func=nodes.Name(value="len"), args=[argument]):
            return (argument.value,)
    return ()


def _owners_of_losses(node: nodes.Node) -> Iterator[str]:
    for each in descendants(node):
        if isinstance(each, nodes.Attribute) and each.attr.value == "losses":
            yield dotted(each.value) or ""


def _call(
    site: CallSite,
    path: str,
    method: str,
    program: Program,
    around: _Around,
    everywhere: _Around,
    arguments: tuple[Argument, ...],
) -> ApiCall:
    func = site.node.func
    span = site.node.span
    model = _model_of_losses(site.node)
    adds = method not in _PLAIN_METHODS
    return ApiCall(
        span=span,
        callee_span=func.span,
        arguments=arguments,
        path=path,
        method=method,
        owner=_owner(func.value, program) if method and isinstance(func, nodes.Attribute) else "",
        beside_losses=adds and around.reads_losses,
        of_losses=model,
        trains=next(iter(around.trained)) if adds and len(around.trained) == 1 else None,
        tested=model is not None and (model in everywhere.asked or around.catches),
        holds=Span(span.end, around.span.end) if not site.guards else None,
    )


def _owner(node: nodes.Expression, program: Program) -> str:
    return dotted(node) or program.text[node.start : node.end]


def _model_of_losses(call: nodes.Call) -> str | None:
    """`model` in a call of `model.losses` alone."""
    given = call.args[0].value if len(call.args) == 1 else None
    return dotted(given.value) if isinstance(given, nodes.Attribute) and given.attr.value == "losses" else None
