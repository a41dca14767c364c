"""Training steps with a tape whose loss has none of the model's own losses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kreglint.analysis.escape.graph import Escape
from kreglint.analysis.keras.applied import Applied
from kreglint.analysis.keras.far_derived import derived_here, may_be_overridden
from kreglint.analysis.keras.left_out import LeftOut
from kreglint.analysis.keras.otherwise import Otherwise
from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.keras.steps import Step
from kreglint.analysis.keras.sums import trained_models, values_of
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.training import TapeLoss

_TAPE = ".GradientTape"


class Tape(NamedTuple):
    """The gradient of a loss that `site` takes, in the code of `body`, for the weights of a model."""

    site: CallSite
    body: nodes.Node
    loss: nodes.Expression
    model: nodes.Expression


def tape_losses(view: View) -> Iterator[TapeLoss]:
    """Yield the losses of one program whose gradient is taken without the losses of a model that it is for."""
    finder = _Finder(view)
    for tape in finder.taken():
        yield from finder.left_out(tape)


def gradients_taken(view: View) -> Iterator[Tape]:
    """Yield the gradients of losses that one program takes for the weights of models."""
    return _Finder(view).taken()


class _Finder(LeftOut):
    @cached_property
    def _applied(self) -> Applied:
        return Applied(self.view)

    def taken(self) -> Iterator[Tape]:
        for site in self.found.calls_of("gradient"):
            if called(site.node) == "gradient" and not site.provoked:
                yield from self._tapes(site)

    def left_out(self, tape: Tape) -> Iterator[TapeLoss]:
        owner = self.class_around(tape.body)
        if owner is not None and self._is_replaced(tape.model, owner):
            return
        found = self._judged(tape)
        facts = [found] if found is not None else list(self._parts(tape))
        if facts and (owner is None or not may_be_overridden(self.view, owner)):
            yield from facts

    def _is_replaced(self, model: nodes.Expression, owner: ClassSite) -> bool:
        """True if a class that derives from the one of a step sets another model there."""
        name = model.attr.value if isinstance(model, nodes.Attribute) and isinstance(model.value, nodes.Name) else None
        return name is not None and any(name in each.attributes for each in derived_here(self.view, owner))

    def _tapes(self, site: CallSite) -> Iterator[Tape]:
        given = [arg for arg in site.node.args if arg.keyword is None and not arg.star]
        body = self.function_around(site.scope) or self._top_level(site)
        if len(given) < 2 or body is None or not self._makes_tape(body):
            return
        loss = given[0].value
        if isinstance(loss, nodes.Name) and not values_of(loss.value, body):
            return
        if not self._applied.reach(site.node, self.written(given[1].value)):
            return
        for model in trained_models(given[1].value, body):
            yield Tape(site, body, loss, model)

    def _judged(self, tape: Tape, *, runs: bool = False) -> TapeLoss | None:
        """Return the loss, where a model's own are not part of it."""
        site, body, loss, model = tape

        def is_plain(escape: Escape) -> bool:  # only of this file `runs` says that it runs the model
            step = self._step(tape, escape)
            plain = step.is_plain(runs=runs and escape is self.view.escape)
            return plain and not Otherwise(self.view, escape, body, step.holders, (model, site.scope)).may_penalize()

        layers = self.layers(model, site.scope, site.time, self.span(site.node), is_plain)
        return self.told(loss, body, self.written(model), layers) if layers is not None else None

    def _step(self, tape: Tape, escape: Escape) -> Step:
        return Step.of_tape(self.view, escape, tape.body, tape.site, tape.model)

    def _parts(self, tape: Tape) -> Iterator[TapeLoss]:
        """Yield the loss for each network in a model that is forgotten where it has the losses of another one."""
        site, model = tape.site, tape.model
        own = receiver_class(model.value, site.scope) if isinstance(model, nodes.Name) else None
        owner = self.found.objects.classes[own] if own is not None else None
        if owner is None or not self.models.kin(owner):
            return
        added = {name for name in owner.attributes if self._has_losses_read(model, name)}
        if not added or not self._step(tape, self.view.escape).runs_model():
            return
        for name in owner.attributes:
            if name not in added and self.models.handed.is_called(owner, name):
                part = nodes.Attribute(model.start, model.end, model, nodes.Name(model.end, model.end, name))
                stopped = self._gives_no_gradient(self.written(part), tape)
                found = self._judged(tape._replace(model=part), runs=True) if not stopped else None
                if found is not None:
                    yield found

    def _gives_no_gradient(self, network: str, tape: Tape) -> bool:
        """True if a step only uses what a network gives where no gradient flows back, behind `stop_gradient`."""
        calls = [each for each in descendants(tape.body) if isinstance(each, nodes.Call)]
        runs = {each for each in calls if self.written(each.func) == network}
        stopped = [each for each in calls if self._path(each).endswith(".stop_gradient")]
        names = {part.value for each in stopped for part in descendants(each) if isinstance(part, nodes.Name)}
        kept = {value for name in names for value, _ in values_of(name, tape.body)}
        kept |= {part for each in stopped for part in descendants(each) if isinstance(part, nodes.Call)}
        return bool(runs) and runs <= kept

    def _path(self, call: nodes.Call) -> str:
        return self.view.escape.flows.origins.path(call)

    def _has_losses_read(self, model: nodes.Expression, name: str) -> bool:
        """True if the losses of an attribute of a model are read somewhere, `self.encoder.losses`."""
        read = (each.value for each, _ in self.view.escape.flows.attributes.get("losses", ()))
        return f"{self.written(model)}.{name}" in map(self.written, read)

    @cached_property
    def _starts(self) -> list[int]:
        return [self.span(statement).start for statement in self.program.module.body]

    def _top_level(self, site: CallSite) -> nodes.Node | None:
        """Return the module's statement around a step outside of functions, or its tape right before it."""
        if site.scope is not self.found.module_scope:
            return None
        place = bisect_right(self._starts, self.span(site.node).start) - 1
        statement = self.program.module.body[place]
        if self._makes_tape(statement):
            return statement
        before = self.program.module.body[place - 1] if place else None
        return before if isinstance(before, nodes.With) else None

    def _makes_tape(self, node: nodes.Node) -> bool:
        """True if a piece of code calls TensorFlow's tape, by whatever name."""
        sites = (self.view.sites.get(each) for each in descendants(node) if isinstance(each, nodes.Call))
        paths = (self.paths.of(site.node.func, site.scope, site.time) for site in sites if site is not None)
        return any(path.startswith("tensorflow.") and path.endswith(_TAPE) for found in paths for path in found)
