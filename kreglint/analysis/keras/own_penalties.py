"""What a class or function of the user's own is as a regularizer: what Keras comes to when it calls it.

Of what a decorator, a metaclass, a base that is not seen or code that is not seen may change, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.far_settings import is_set_elsewhere
from kreglint.analysis.keras.reader import View
from kreglint.analysis.keras.results import result_of
from kreglint.analysis.keras.unset_factors import unset_factor
from kreglint.analysis.semantic.scopes import DefinitionBinding
from kreglint.analysis.semantic.sites import FunctionSite, decorator_name, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.module import OwnClass
from kreglint.analysis.values.objects import ClassValue, InstanceValue
from kreglint.analysis.values.own_classes import BASES_WITHOUT_MEMBERS, Base, ancestors, find, is_settled
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.custom import OwnPenalty
from kreglint.records import replace

_REGULARIZERS = "keras.regularizers."
BASE = "keras.regularizers.Regularizer"
_CALL, _INIT = "__call__", "__init__"
_REGISTERS = ("register_keras_serializable", "final")  # decorators that change nothing
# What may give an instance an attribute that no method is seen to set.
_HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__slots__", "__new__")
_MAY_NOT_RUN = (nodes.IfExp, nodes.BooleanOperation, nodes.Lambda, nodes.CompFor)
_ASKS = frozenset(("hasattr", "getattr", "setattr", "vars"))


def own_penalties(view: View, met: Mapping[Span, OwnValue]) -> dict[Span, OwnPenalty]:
    """What is certain of those that the program hands on, by their definition."""
    finder = _Finder(view)
    found = {place: finder.judge(value) for place, value in met.items()}
    return {place: penalty for place, penalty in found.items() if penalty is not None}


class _Finder:
    def __init__(self, view: View) -> None:
        self._view = view

    def judge(self, value: OwnValue) -> OwnPenalty | None:
        match value:
            case FunctionValue(body=body):
                found = _of_function(OwnPenalty(), body.site, bound=body.receiver is not None)
                return replace(found, gives=result_of(body.site, body.home)) if found is not None else None
            case ClassValue(of=cls) | InstanceValue(of=cls):
                return self._of_class(cls)
        return None

    def _of_class(self, cls: OwnClass) -> OwnPenalty | None:
        among = ancestors(cls)
        own = [base for base in among if isinstance(base, OwnClass)]
        named = [base for base in among if isinstance(base, str) and base not in BASES_WITHOUT_MEMBERS]
        of_keras = bool(named) and all(base.startswith(_REGULARIZERS) for base in named)
        if (named and not of_keras) or any(map(_may_be_other, own)):
            return None
        called = _has(_CALL, own)
        if not called and not (is_settled(_CALL, self._view.module, *own) and not self._may_be_changed(cls)):
            return None
        bare = named in ([], [BASE])
        found = OwnPenalty(
            is_regularizer=of_keras, is_callable=called or of_keras, is_empty=not called and named == [BASE]
        )
        if bare:
            found = _made(found, among, own)
        elif not _has(_INIT, own):
            found = replace(found, needs=(), takes=1)  # the factors of Keras' own, with their defaults
        if len(own) == len(named) == 1:
            found = replace(found, lacks=self._unset(own[0], named[0]))
        return self._of_call(found, among, own) if called and bare else found

    def _unset(self, cls: OwnClass, base: str) -> str:
        """The factor of Keras' own regularizer that a class derives from, where nothing sets it."""
        name = unset_factor(cls, base)
        sure = name and not any(_has(hook, [cls]) for hook in _HOOKS) and _is_plain([cls])
        return name if sure and is_settled(name, self._view.module, cls) and not self._may_be_changed(cls) else ""

    def _of_call(self, found: OwnPenalty, among: tuple[Base, ...], own: list[OwnClass]) -> OwnPenalty:
        members = find(_CALL, among)
        cls, binding = members[0] if len(members) == 1 else (None, None)
        if cls is None or not isinstance(binding, DefinitionBinding):
            return found
        site = cls.home.found.functions.get(binding.node)
        if site is None or not isinstance(site.node, nodes.FunctionDef):
            return found
        static = [decorator_name(each) for each in site.node.decorators] == ["staticmethod"]
        judged = _of_function(found, site, bound=not static, static=static)
        if judged is None:
            return found
        judged = replace(judged, gives=result_of(site, cls.home))
        return replace(judged, lacks=self._lacks(site, own)) if not static and not judged.misfit else judged

    def _may_be_changed(self, cls: OwnClass) -> bool:
        """Whether code that is not seen may get the class, and so give it a method."""
        escape = self._view.of(cls.home).escape
        return escape.holders_of(escape.flows.cells.of_name(cls.name, cls.site.outer)).escapes(HOLDS)

    def _lacks(self, called: FunctionSite, own: list[OwnClass]) -> str:
        """An attribute that `__call__` certainly reads and that nothing sets."""
        if any(_has(hook, own) for hook in _HOOKS) or not _is_plain(own) or self._may_be_changed(own[0]):
            return ""
        for name in certainly_read(called):
            known = name.startswith("__") or hasattr(object, name) or name in ("get_config", "from_config")
            there = _has(name, own) or any(name in cls.site.attributes for cls in own)
            if not known and not there and is_settled(name, self._view.module, *own):
                return name if not any(is_set_elsewhere(self._view.of(cls.home), name) for cls in own) else ""
        return ""


def certainly_read(site: FunctionSite) -> Iterator[str]:
    """The attributes of its instance that a method reads whenever it is called, unless it asks for some."""
    node = site.node
    asks = any(isinstance(each, nodes.Name) and each.value in _ASKS for each in descendants(node))
    if asks or not isinstance(node, nodes.FunctionDef):
        return
    for statement in node.body.body:
        if not isinstance(statement, (nodes.SimpleStatementLine, nodes.SmallStatement)):
            return
        stack: list[nodes.Node] = [statement]
        while stack:
            each = stack.pop()
            owner = each.value if isinstance(each, nodes.Attribute) else None
            if (
                isinstance(each, nodes.Attribute)
                and isinstance(owner, nodes.Name)
                and owner.value == site.scope.receiver
            ):
                yield each.attr.value
            if not isinstance(each, _MAY_NOT_RUN):
                stack.extend(children(each))


def _may_be_other(cls: OwnClass) -> bool:
    """Whether a decorator or a metaclass may have put something else in a class's place."""
    return bool(cls.site.node.keywords) or is_remade(cls.site.node)


def _is_plain(own: Iterable[OwnClass]) -> bool:
    """Whether nothing above the classes may have given them methods or attributes, as a dataclass has."""
    return all(decorator_name(each) in _REGISTERS for cls in own for each in cls.site.node.decorators)


def _has(name: str, own: Iterable[OwnClass]) -> bool:
    return any(cls.site.member(name) is not None for cls in own)


def _made(found: OwnPenalty, among: tuple[Base, ...], own: list[OwnClass]) -> OwnPenalty:
    """The same with what its constructor takes; that is not known where it is no plain method."""
    if not _is_plain(own):
        return found
    if not _has(_INIT, own):
        return replace(found, needs=(), takes=0)
    members = find(_INIT, among)
    cls, binding = members[0] if len(members) == 1 else (None, None)
    node = binding.node if isinstance(binding, DefinitionBinding) else None
    if cls is None or not isinstance(node, nodes.FunctionDef) or node.decorators:
        return found
    needs, takes = _parameters(node.params, bound=True)
    return replace(found, needs=needs, takes=takes)


def _parameters(params: nodes.Parameters, *, bound: bool) -> tuple[tuple[str, ...], int | None]:
    """The parameters without a default, and how many are taken by their places: None for any number."""
    places = (*params.posonly_params, *params.params)[1 if bound else 0 :]
    needed = (*places, *params.kwonly_params)
    required = tuple(param.name.value for param in needed if param.default is None)
    return required, None if params.star_arg is not None else len(places)


def _of_function(found: OwnPenalty, site: FunctionSite, *, bound: bool, static: bool = False) -> OwnPenalty | None:
    """What a call of a function with the weights alone comes to."""
    if isinstance(site.node, nodes.FunctionDef) and site.node.decorators and not static:
        return None
    needs, takes = _parameters(site.node.params, bound=bound)
    by_keyword = {param.name.value for param in site.node.params.kwonly_params}
    missing = [name for name in needs if name in by_keyword] or list(needs[1:])
    misfit = f"needs '{missing[0]}' besides the weights" if missing else "takes no weights" if takes == 0 else ""
    nothing = site.plain and bool(site.returns) and all(_is_none(each.value) for each in site.returns)
    return replace(found, misfit=misfit, returns_nothing=nothing)


def _is_none(node: nodes.Expression | None) -> bool:
    return node is None or (isinstance(node, nodes.Name) and node.value == "None")
