"""The file's own layers, regularizers and functions: what becomes of the regularizers that they take or make.

Where a name might be read in some way that is not seen (`locals()`), nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kreglint.analysis.keras.arithmetic import arithmetic, called_numbers
from kreglint.analysis.keras.name_uses import NameUses
from kreglint.analysis.keras.own_layers import OwnLayers
from kreglint.analysis.keras.own_penalties import own_penalties
from kreglint.analysis.keras.own_regularizers import OwnRegularizers
from kreglint.analysis.keras.own_weights import foreign_keywords
from kreglint.analysis.keras.prescribed import is_only_called
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.unforwarded import regularizer_parameters, unforwarded
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.custom import CustomFacts, DroppedParameter, UnusedName

_MADE = frozenset(
    f"keras.regularizers.{name}" for name in ("L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2")
)


def custom_facts(view: View, met: Mapping[Span, OwnValue]) -> CustomFacts:
    """The facts of one program on its own classes and functions; `met` are those that its facts have as values."""
    if "egularizer" not in view.text:
        return CustomFacts()
    finder, own = _Functions(view), OwnRegularizers(view)
    return CustomFacts(
        unforwarded=tuple(unforwarded(view)),
        ignored=tuple(finder.ignored()),
        unused=tuple(finder.unused()),
        regularizers=tuple(own.regularizers()),
        arithmetic=tuple(arithmetic(view)),
        called_numbers=tuple(called_numbers(view)),
        penalties=own_penalties(view, met),
        keras1_hooks=tuple(own.keras1_hooks()),
        of_weights=tuple(foreign_keywords(view)),
    )


class _Functions(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._uses = NameUses(view)
        self._layers = OwnLayers(view)

    def ignored(self) -> Iterator[DroppedParameter]:
        for site in self.found.functions.values():
            node = site.node
            if isinstance(node, nodes.FunctionDef) and not _is_method(site) and not node.decorators:
                for param in regularizer_parameters(node):
                    name = param.name.value
                    read = any(self._uses.of(name, node.body)) or self._uses.reads_all(site)
                    if not read and is_only_called(site, self._layers):
                        yield DroppedParameter(span=self.span(param.name), name=name, within=self.span(node))

    def unused(self) -> Iterator[UnusedName]:
        for site in self.found.functions.values():
            for name, (_, bindings) in site.scope.history.items():
                if len(bindings) == 1 and name not in site.scope.declared and not name.startswith("_"):
                    yield from self._unused(name, bindings[0], site)

    def _unused(self, name: str, binding: object, site: FunctionSite) -> Iterator[UnusedName]:
        if not isinstance(binding, ExpressionBinding) or not binding.whole:
            return
        made = self._made_in(binding.value, binding)
        if made is None or len(list(self._uses.of(name, site.node.body))) != 1 or self._uses.reads_all(site):
            return
        yield UnusedName(span=self.span(made), name=name)

    def _made_in(self, node: nodes.Expression, binding: ExpressionBinding) -> nodes.Call | None:
        """Return the call that makes a regularizer, or the first in a dict or `partial` that does nothing else."""
        if isinstance(node, nodes.Dict):
            inner = [each.value for each in node.elements]
        elif isinstance(node, nodes.Call):
            if self.canonical(node.func, binding.scope, binding.time) in _MADE:
                return node
            inner = (
                [arg.value for arg in node.args if arg.keyword is not None] if self._only_keeps(node, binding) else []
            )
        else:
            return None
        return next(filter(None, (self._made_in(each, binding) for each in inner)), None)

    def _only_keeps(self, call: nodes.Call, binding: ExpressionBinding) -> bool:
        """True if a call does nothing with its keywords but to keep them."""
        is_dict = isinstance(call.func, nodes.Name) and call.func.value == "dict"
        built_in = is_dict and lookup("dict", binding.scope, binding.time) is None
        return built_in or self.paths.of(call.func, binding.scope, binding.time) == ("functools.partial",)


def _is_method(site: FunctionSite) -> bool:
    return site.scope.parent is not None and site.scope.parent.kind == "class"
