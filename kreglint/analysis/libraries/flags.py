"""absl, and TensorFlow's copies of it: flags as a program has them that is run without any."""

from __future__ import annotations

from kreglint.analysis.semantic.signature import Signature
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.module import At, Module
from kreglint.analysis.values.own_classes import is_settled
from kreglint.diagnostics import Span
from kreglint.facts.values import Argument, Const, Construct, Origin, Provenance, Symbol, Value, one_of
from kreglint.records import replace

_MODULES = (
    "absl.flags",
    "tensorflow.flags",
    "tensorflow.app.flags",
    "tensorflow.compat.v1.flags",
    "tensorflow.compat.v1.app.flags",
)
_PLAIN = "DEFINE_bool DEFINE_boolean DEFINE_enum DEFINE_float DEFINE_integer DEFINE_string".split()
# of which the value is what the default is; others make a list of it
_SIGNATURE = Signature(("name", "default"), takes_rest=True, takes_keywords=True)


def flag(owner: Value, name: str, span: Span, at: At) -> Value | None:
    """Return what `FLAGS.name` is by default, where the module defines it."""
    if not isinstance(owner, Symbol) or not is_settled(name, at.module):
        return None
    package = owner.path.removesuffix(".FLAGS")
    defined = [_defined(site, package, at.module) for site in at.module.found.calls_of("DEFINE_")]
    ways = [value for known, value in filter(None, defined) if known == name]
    return one_of([at_least(way, Provenance.DEFAULT) for way in ways], span) if ways else None


def held(owner: Value, name: str, span: Span, at: At) -> Value | None:
    """Return what the holder that `DEFINE_float("name", 0.1, …)` gives back has as its value by default."""
    if name not in ("value", "default") or not isinstance(owner, Construct) or owner.has_star:
        return None
    default = _given(owner.arguments).get("default")
    return _by_default(default) if default is not None else None


def _defined(site: CallSite, package: str, module: Module) -> tuple[str | None, Value] | None:
    paths = module.paths.of(site.node.func, site.scope, site.time)
    if not paths or paths[0].rpartition(".")[0] != package or paths[0].rpartition(".")[2] not in _PLAIN:
        return None
    given = _given(arguments_of(site.node, module.of(site)))
    name, default = given.get("name"), given.get("default")
    if name is None or default is None:
        return None
    text = name.value.value if isinstance(name.value, Const) and isinstance(name.value.value, str) else None
    return text, replace(default.value, origin=(Origin(default.value_span, is_default=True),))


def _given(arguments: tuple[Argument, ...]) -> dict[str, Argument]:
    """Return the arguments of a definition by the names of its parameters."""
    by_keyword = {each.keyword: each for each in arguments if each.keyword is not None}
    bound = _SIGNATURE.bind([each for each in arguments if each.keyword is None and not each.star], by_keyword)
    return bound.named if bound is not None else {}


def _by_default(default: Argument) -> Value:
    found = at_least(default.value, Provenance.DEFAULT)
    return replace(found, origin=(Origin(default.value_span, is_default=True), *found.origin))


ATTRIBUTES = {
    **{f"{module}.FLAGS": flag for module in _MODULES},
    **{f"{module}.{name}": held for module in _MODULES for name in _PLAIN},
}
FOLLOWED = frozenset(f"{module}.FLAGS" for module in _MODULES)
