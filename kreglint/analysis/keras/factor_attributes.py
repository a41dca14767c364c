"""The factors that a program reads of regularizers, or sets on them after they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.owners import is_layer
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.regularizer_names import asked_names, calls_by_name
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.semantic.sites import AttributeSite, CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants, is_same_code
from kreglint.analysis.values.infer import infer
from kreglint.diagnostics import Span
from kreglint.facts.late import FactorUse
from kreglint.facts.values import Argument, Const, Construct, Value, unknown

_NAMES = frozenset(("l1", "l2", "factor", "L1", "L2"))
_ASKS = frozenset(("isinstance", "type", "hasattr"))

Localized = Callable[[Value, Span], Value]


def factor_uses(view: View, localized: Localized) -> Iterator[FactorUse]:
    """The reads and the assignments of `l1`, `l2` and `factor` on what certainly is a regularizer of Keras."""
    if "egulari" in view.text:
        yield from _Finder(view, localized).uses()


class _Finder(Reader):
    def __init__(self, view: View, localized: Localized) -> None:
        super().__init__(view)
        self._localized = localized

    def uses(self) -> Iterator[FactorUse]:
        sites = [site for site in self.found.attributes if site.node.attr.value in _NAMES]
        asked = asked_names(self.found) if sites else frozenset()
        for site in sites:
            regularizer = self._regularizer(site)
            if regularizer is not None and not self._is_spared(site, asked):
                yield FactorUse(
                    span=self.span(site.node.attr),
                    name=site.node.attr.value,
                    regularizer=regularizer,
                    assigned=site.assigned,
                    given=self._given(site) if site.assigned else None,
                    set_elsewhere=site.node.attr.value in self.found.objects.set_from_outside,
                )

        yield from self._set_by_name()

    def _set_by_name(self) -> Iterator[FactorUse]:
        """Yield `setattr(regularizer, "l2", value)`."""
        for site in calls_by_name(self.found):
            args, name = site.node.args, string_of(site.node.args[1].value)
            if called(site.node) != "setattr" or name not in _NAMES or len(args) != 3 or any(a.star for a in args):
                continue
            value = infer(args[0].value, self.view.module.of(site))
            if all(map(_is_made_by_keras, value.ways)) and not site.provoked and not is_spared(site, self.view.module):
                yield FactorUse(
                    span=self.span(args[1].value),
                    name=name,
                    regularizer=self._localized(value, self.span(args[0].value)),
                    assigned=True,
                    given=self._argument(args[2].value, site),
                    set_elsewhere=True,
                )

    def _is_spared(self, site: AttributeSite, asked: frozenset[str]) -> bool:
        """True if the program asks what it has before, or goes on without the attribute."""
        tests = (guard.test for guard in site.guards if guard.test is not None)
        names = (node.value for test in tests for node in descendants(test) if isinstance(node, nodes.Name))
        asks = site.node.attr.value in asked or not _ASKS.isdisjoint(names)
        return site.guarded or asks or is_spared(site, self.view.module)

    def _regularizer(self, site: AttributeSite) -> Value | None:
        """What the attribute is of: a regularizer that is made in the program, or that of a layer."""
        owner = site.node.value
        at = self.view.module.of(site)
        if isinstance(owner, nodes.Attribute) and owner.attr.value.endswith("_regularizer"):
            return self._of_layer(owner, site)
        value = self._made(owner, site) or infer(owner, at)
        made = all(map(_is_made_by_keras, value.ways))
        return self._localized(value, self.span(owner)) if made else None

    def _made(self, owner: nodes.Expression, site: AttributeSite) -> Value | None:
        """What is called to make it: where some λ is set later, this alone tells its kind."""
        bound = lookup(owner.value, site.scope, site.time) if isinstance(owner, nodes.Name) else None
        if not isinstance(bound, ExpressionBinding) or not bound.whole or not isinstance(bound.value, nodes.Call):
            return None
        value = infer(bound.value, self.view.module.at(bound.scope, bound.time))
        return value if isinstance(value, Construct) and _is_regularizer(value) else None

    def _of_layer(self, owner: nodes.Attribute, site: AttributeSite) -> Value | None:
        """The regularizer that the layer was given by that name; it is not known for one of a model's layers."""
        at, span = self.view.module.of(site), self.span(owner)
        value = infer(owner.value, at)
        if isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.layers."):
            given = value.keyword(owner.attr.value)
            set_later = owner.attr.value in self.found.objects.set_from_outside
            if given is not None and not set_later and isinstance(given.value, (Construct, Const)):
                return self._localized(given.value, span)
        return unknown(span, "a layer's regularizer") if is_layer(owner.value, at) else None

    def _given(self, site: AttributeSite) -> Argument | None:
        """What the attribute is set to, where a plain assignment does it."""
        statement = site.statement
        if not isinstance(statement, nodes.Assign) or all(each.target is not site.node for each in statement.targets):
            return None
        if self._is_overwritten(statement, site.node):
            return None
        return self._argument(statement.value, site)

    def _is_overwritten(self, statement: nodes.Assign, target: nodes.Attribute) -> bool:
        """True if the next statement sets the same attribute anew and calls nothing: no call meets the value."""
        line = self._tree.parent(statement)
        block = self._tree.parent(line) if isinstance(line, nodes.SimpleStatementLine) else line
        rows = children(block) if block is not None else []
        parts = [part for row in rows for part in (row.body if isinstance(row, nodes.SimpleStatementLine) else (row,))]
        later = parts[parts.index(statement) + 1 :] if statement in parts else []
        match later[0] if later else None:
            case nodes.Assign(targets=targets):
                again = any(is_same_code(each.target, target) for each in targets)
            case nodes.AugAssign(target=set_anew):
                again = is_same_code(set_anew, target)
            case _:
                return False
        return again and not any(isinstance(each, nodes.Call) for each in descendants(later[0]))

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.program)

    def _argument(self, node: nodes.Expression, site: AttributeSite | CallSite) -> Argument:
        span = self.span(node)
        value = self._localized(infer(node, self.view.module.of(site)), span)
        return Argument(span=span, value=value, value_span=span, source=self.text(node))


def _is_made_by_keras(value: Value) -> bool:
    return isinstance(value, Construct) and _is_regularizer(value)


def _is_regularizer(value: Construct) -> bool:
    return (value.symbol.canonical or "").startswith("keras.regularizers.")
