"""What is told of a loss that a model is trained by, where it leaves the model's own losses out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.across import layers_elsewhere
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.sums import only_value
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.training import TapeLoss


class Layers(NamedTuple):
    """The code of a file that makes a model's layers, and the layers that the model gets by code of other files."""

    made_in: tuple[Span, ...]
    elsewhere: tuple[FarLayer, ...] = ()


class LeftOut(Reader):
    """Finds losses that leave those of a model out; the readers of tapes, methods and `minimize` say where."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.models = Models(view)

    def layers(
        self, model: nodes.Expression, scope: Scope, time: int, place: Span, is_plain: Callable[[Escape], bool]
    ) -> Layers | None:
        """Return where a model gets its layers; None where its losses may be added, or nobody knows its layers.

        `is_plain` tells whether they are left out, as far as a graph shows. Other files are asked only where this one
        does not tell.
        """
        made = self.models.made_in(model, scope, time)
        here = bool(made) and is_plain(self.view.escape)
        if here and not self.models.call_other_files(made):
            return Layers(made)
        across = self.view.across
        known = across is not None and self.models.makers.is_made(model, scope, time) and is_plain(across)
        far = layers_elsewhere(self.models, model, scope, time, place) if known else ()
        return Layers(made, far) if here or far or (known and made) else None

    def class_around(self, body: nodes.Node) -> ClassSite | None:
        """Return the class of which a function is a method."""
        site = self.found.functions.get(body)
        around = site.scope.parent if site is not None else None
        return self.found.objects.classes.get(around) if around is not None else None

    def told(
        self, loss: nodes.Expression, body: nodes.Node, model: str, layers: Layers, *, in_place: bool = False
    ) -> TapeLoss:
        """Return the fact of a loss, with the one call that gives it; `in_place`: that may be the loss as it stands."""
        value = only_value(loss, body) if isinstance(loss, nodes.Name) else loss if in_place else None
        return TapeLoss(
            span=self.span(loss),
            model=model,
            made_in=layers.made_in,
            made_elsewhere=layers.elsewhere,
            value=self.span(value) if isinstance(value, nodes.Call) and model else None,
        )
