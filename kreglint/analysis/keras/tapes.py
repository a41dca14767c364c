"""Training steps with a tape whose loss has none of the model's own losses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.sources import VARIABLES
from kreglint.analysis.keras.across import Across
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View, called
from kreglint.analysis.keras.steps import Step
from kreglint.analysis.keras.sums import only_value, values_of
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.training import TapeLoss

_TAPE = re.compile(r"^\.?GradientTape$")

def tape_losses(view: View) -> Iterator[TapeLoss]:
    """Yield the losses of one program whose gradient is taken without the model's own."""
    finder = _Finder(view)
    for site in view.program.found.calls_of("gradient"):
        found = finder.tape(site) if called(site.node) == "gradient" and not site.provoked else None
        if found is not None:
            yield found


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def tape(self, site: CallSite) -> TapeLoss | None:
        given = [arg for arg in site.node.args if arg.keyword is None and not arg.star]
        body = self.function_around(site.scope) or self._top_level(site)
        if len(given) < 2 or body is None or not speaks_of(body, _TAPE):
            return None
        loss = given[0].value
        model = self._trained(given[1].value, body)
        if model is None or (isinstance(loss, nodes.Name) and not values_of(loss.value, body)):
            return None
        made = self.models.made_in(model, site.scope, site.time)
        here = bool(made) and Step.of_tape(self.view, self.view.escape, body, site, model).is_plain()
        far = None if here and not self.models.call_other_files(made) else self._elsewhere(model, site, body)
        if not here and not (far is not None and (made or far)):
            return None
        value = only_value(loss, body) if isinstance(loss, nodes.Name) else None
        return TapeLoss(
            span=self.span(loss),
            model=self.written(model),
            made_in=made,
            made_elsewhere=far or (),
            value=self.span(value) if isinstance(value, nodes.Call) else None,
        )

    def _elsewhere(self, model: nodes.Expression, site: CallSite, body: nodes.Node) -> tuple[FarLayer, ...] | None:
        """Return the layers that the model gets in other files.

        None where these do not tell that its losses are left out.
        """
        if not self.models.makers.is_made(model, site.scope, site.time) or self.view.across is None:
            return None
        if not Step.of_tape(self.view, self.view.across, body, site, model).is_plain():
            return None
        return tuple(Across(self.view, self.view.across).layers(model, site.scope, site.time, self.span(site.node)))

    @cached_property
    def _starts(self) -> list[int]:
        return [self.span(statement).start for statement in self.program.module.body]

    def _top_level(self, site: CallSite) -> nodes.Node | None:
        """Return the module's statement around a step outside of functions, or its tape right before it."""
        if site.scope is not self.found.module_scope:
            return None
        place = bisect_right(self._starts, self.span(site.node).start) - 1
        statement = self.program.module.body[place]
        if speaks_of(statement, _TAPE):
            return statement
        before = self.program.module.body[place - 1] if place else None
        return before if isinstance(before, nodes.With) else None

    def _trained(self, node: nodes.Expression, body: nodes.Node) -> nodes.Expression | None:
        """Return the model in `model.trainable_variables`, or in a name that is that."""
        if isinstance(node, nodes.Name):
            node = only_value(node, body) or node
        if isinstance(node, nodes.Attribute) and node.attr.value in VARIABLES:
            return node.value
        return None
