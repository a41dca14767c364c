"""Models that a file hands to a class of another one, whose training step leaves their losses out.

`Trainer(model).fit(data)`: the class keeps the model in an attribute, and takes the gradient for its weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.steps import Step
from kreglint.analysis.keras.tapes import Tape, gradients_taken
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, ParameterBinding, Scope
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.facts.training import TapeLoss

_TAPE = "GradientTape"
_ANY = "*"


def handed_on_losses(view: View) -> Iterator[TapeLoss]:
    """Yield the models of one program that such a class gets, as arguments of the calls that make instances."""
    names = set(_imported(view)) if view.first is view else set()
    finder = _Finder(view)
    for site in view.program.found.calls if names else ():
        if site.node.args and not site.provoked and names & {_first_name(site.node.func), _ANY}:
            yield from finder.handed(site)


def _imported(view: View) -> Iterator[str]:
    """Yield the names by which a program knows what it imports from other files of the project."""
    for each in view.program.found.imports:
        if canonical(each.path) is None and view.leads_on(each.path):
            if not isinstance(each.node, nodes.ImportAlias):
                yield _ANY
            elif each.node.asname is not None:
                yield _first_name(each.node.asname.name)
            else:
                yield _first_name(each.node.name)


def _first_name(node: nodes.Node) -> str:
    while isinstance(node, nodes.Attribute):
        node = node.value
    return node.value if isinstance(node, nodes.Name) else ""


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._tapes: dict[View, list[Tape]] = {}

    @cached_property
    def _models(self) -> Models:
        return Models(self.view)

    def handed(self, site: CallSite) -> Iterator[TapeLoss]:
        far = self.view.imported(site.node.func, site.scope, site.time)
        made = far.binding.node if far is not None and isinstance(far.binding, DefinitionBinding) else None
        if far is None or not isinstance(made, nodes.ClassDef) or _TAPE not in far.view.text or is_remade(made):
            return
        owner = far.view.program.found.objects.by_node[made]
        for tape in self._of_class(far.view, owner):
            parameter = _kept(tape.model, tape.site.scope, owner)
            given = self._models.makers.given(site, parameter) if parameter is not None else None
            across = self.view.across if given is not None else None
            if given is not None and across is not None and across.runs_only(site.node, site.scope, made):
                yield from self._left_out(site, given[0], far.view, tape, across)

    def _of_class(self, view: View, owner: ClassSite) -> Iterator[Tape]:
        """Yield the gradients that the methods of a class take."""
        if view not in self._tapes:
            self._tapes[view] = list(gradients_taken(view))
        for tape in self._tapes[view]:
            around = view.program.found.functions.get(tape.body)
            if around is not None and around.scope.parent is owner.scope:
                yield tape

    def _left_out(
        self, site: CallSite, model: nodes.Expression, view: View, tape: Tape, across: Escape
    ) -> Iterator[TapeLoss]:
        made_in = self._models.made_in(model, site.scope, site.time)
        far = layers_elsewhere(self._models, model, site.scope, site.time, self.span(site.node))
        plain = (made_in or far) and Step.of_tape(view, across, tape.body, tape.site, tape.model).is_plain()
        if plain:
            yield TapeLoss(
                span=self.span(model),
                model=self.written(model),
                made_in=made_in,
                made_elsewhere=far,
                taken=view.module.analysis.elsewhere(view.module.span(tape.loss)),
            )


def _kept(model: nodes.Expression, scope: Scope, owner: ClassSite) -> ParameterBinding | None:
    """Return the constructor's parameter that an attribute of an instance is set to, once and for all."""
    if not isinstance(model, nodes.Attribute) or not isinstance(model.value, nodes.Name):
        return None
    bindings = owner.attributes.get(model.attr.value, [])
    only = bindings[0] if len(bindings) == 1 else None
    if receiver_class(model.value.value, scope) is not owner.scope or not isinstance(only, ExpressionBinding):
        return None
    bound = lookup(only.value.value, only.scope, only.time) if isinstance(only.value, nodes.Name) else None
    made = owner.member("__init__")
    own = isinstance(bound, ParameterBinding) and isinstance(made, DefinitionBinding) and bound.statement is made.node
    return bound if isinstance(bound, ParameterBinding) and only.whole and own else None
