"""Notes the calls of Keras and TensorFlow that matter to penalties beside layers and regularizers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kreglint.analysis.names import canonical
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.reader import GAP
from kreglint.analysis.scopes import Scope
from kreglint.analysis.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.calls import ApiCall
from kreglint.facts.values import Argument

_FUNCTIONS = re.compile(
    r"keras\.optimizers\.\w+(?:\.\w+)?|keras\.mixed_precision\.(?:experimental\.)?set_(?:global_|dtype_)?policy"
    r"|keras\.config\.set_dtype_policy|keras\.(?:backend|config)\.set_floatx"
    r"|tensorflow\.(?:compat\.v1\.)?(?:(?:math\.)?add_n|losses\.get_regularization_loss(?:es)?)"
)
_METHODS = frozenset(("fit", "evaluate", "compiled_loss"))
_NAMES = (
    "optimizers",
    "policy",
    "floatx",
    "add_n",
    "get_regularization_loss",
    "fit(",
    "compiled_loss",
    "Adam",
    "SGD",
)

_DOT = rf"{GAP}\.{GAP}"
_LOSSES = re.compile(rf"\.{GAP}losses\b(?!{GAP}\.)")
_VARIABLES = re.compile(rf"\b(\w+(?:{_DOT}\w+)*){_DOT}(?:trainable_)?(?:variables|weights)\b")
_BLANKS = re.compile(r"[\s\\]+|#.*")
_CATCHES = re.compile(r"\bexcept\b[^:\n]*(?:ValueError|Exception)|\bexcept\s*:")
_ONLY_LOSSES = re.compile(r"([\w.]+)\.losses")

ArgumentsOf = Callable[[CallSite], tuple[Argument, ...]]


def api_calls(program: Program, paths: Paths, arguments_of: ArgumentsOf) -> Iterator[ApiCall]:
    """The calls of one program, in source order."""
    if not any(name in program.text for name in _NAMES):
        return
    bodies = {site.scope: site.node for site in program.found.functions.values()}
    for site in program.found.calls:
        if not site.provoked:
            path, method = _named(site, paths)
            if path or method:
                yield _call(site, path, method, program, bodies, arguments_of(site))


def _named(site: CallSite, paths: Paths) -> tuple[str, str]:
    func = site.node.func
    found = paths.of(func, site.scope, site.time)
    if len(found) == 1:
        path = canonical(found[0]) or found[0]
        return (path, "") if _FUNCTIONS.fullmatch(path) else ("", "")
    if not found and isinstance(func, nodes.Attribute) and func.attr.value in _METHODS:
        return "", func.attr.value
    return "", ""


def _call(
    site: CallSite,
    path: str,
    method: str,
    program: Program,
    bodies: dict[Scope, nodes.FunctionDef | nodes.Lambda],
    arguments: tuple[Argument, ...],
) -> ApiCall:
    func = site.node.func
    body = bodies.get(site.scope)
    place = body.span if body is not None else Span(0, len(program.text))
    around = _text(place, program)
    span = site.node.span
    model = _model_of_losses(arguments)
    return ApiCall(
        span=span,
        callee_span=func.span,
        arguments=arguments,
        path=path,
        method=method,
        owner=_owner(func.value, program) if method and isinstance(func, nodes.Attribute) else "",
        beside_losses=_LOSSES.search(around) is not None,
        of_losses=model,
        trains=_only(_VARIABLES.findall(around)),
        tested=model is not None and (_is_tested(model, program.text) or _CATCHES.search(around) is not None),
        holds=Span(span.end, place.end) if not site.guards else None,
    )


def _owner(node: nodes.Expression, program: Program) -> str:
    return dotted(node) or _text(node.span, program)


def _model_of_losses(arguments: tuple[Argument, ...]) -> str | None:
    """`model` in a call of `model.losses` alone."""
    found = _ONLY_LOSSES.fullmatch(_BLANKS.sub("", arguments[0].source)) if len(arguments) == 1 else None
    return found[1] if found is not None else None


def _only(found: list[str]) -> str | None:
    names = {_BLANKS.sub("", name) for name in found}
    return names.pop() if len(names) == 1 else None


def _is_tested(model: str, text: str) -> bool:
    losses = _DOT.join((*model.split("."), "losses"))
    asks, goes_on = rf"(?:\b(?:if|and|or|not)|len{GAP}\(){GAP}\(*{GAP}", rf"{GAP}\)*{GAP}and"
    return re.search(rf"{asks}{losses}|{losses}{goes_on}\b", text) is not None


def _text(span: Span, program: Program) -> str:
    return program.text[span.start : span.end]
