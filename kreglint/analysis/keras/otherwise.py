"""Whether a model may be trained with its penalties elsewhere than in the step that leaves them out.

Another step may take its `losses`, Keras may fit it, or something may change its weights by hand: by the factors of its
regularizers, or in a way that is to be undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.cells import OWN, Cell
from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.escape.linked import module_of
from kreglint.analysis.escape.ways import WEIGHTS, WITHIN
from kreglint.analysis.keras.lineage import lineage, member_of
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, View, called
from kreglint.analysis.keras.shown import Shown
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_LOSSES = ("losses", "_losses", "get_losses_for", "regularization_losses", "compute_loss", "compiled_loss")
_KERNELS = "kernel bias gamma beta embeddings depthwise pointwise recurrent activity".split()
_REGULARIZERS = tuple(f"{name}_regularizer" for name in _KERNELS)
FITTING = ("fit", "fit_generator", "train_on_batch")
"""Methods of models by which Keras trains them."""
_STEP = "train_step"
_TESTING = ("test_step", "predict_step")  # methods by which Keras only evaluates
_ASSIGNING = ("assign", "assign_add", "assign_sub")
_SETTING = "set_weights"


class Otherwise:
    """What linked programs do with a model beside a step of it: `body` has that, and `holders` what may be the model.

    `alike` also tells of the other models that the same code makes. `by_fit`: the step is what `fit` itself does.
    """

    def __init__(
        self,
        view: View,
        escape: Escape,
        body: nodes.Node,
        holders: Holders,
        model: tuple[nodes.Expression, Scope],
        *,
        by_fit: bool = False,
    ) -> None:
        self._view = view
        self._escape = escape
        self._flows = escape.flows
        self._body = body
        self._holders = holders
        self._model = model
        self._by_fit = by_fit
        self._shown: dict[nodes.Node, set[nodes.Node]] = {}  # reads of losses that only show them, by the function

    def may_penalize(self) -> bool:
        """True if anything may have the penalties train the model."""
        if self._holders.escapes():
            return True
        if any(self._may_take(node, scope) for node, scope in self._read((*_LOSSES, *_REGULARIZERS))):
            return True
        if any(not self._is_own(node, scope) for node, scope in self._read((_STEP,))):
            return True
        return (not self._by_fit and self._may_be_fitted()) or self._is_changed()

    def _read(self, names: tuple[str, ...]) -> Iterator[tuple[nodes.Attribute, Scope]]:
        """Yield where one of these attributes is read of what may have anything of the model."""
        for name in names:
            for node, scope in self._flows.attributes.get(name, ()):
                if node not in self._set and self._holders.of(node.value, scope) >= WITHIN:
                    yield node, scope

    @cached_property
    def _set(self) -> set[nodes.Node]:
        return {target for target, _, _ in self._flows.assigned}

    def _may_take(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if what is read may become a part of a loss, or change a weight."""
        own = self._flows.sets_itself(node, scope) and not self._holders.may_be(node.value, scope)
        return not (own or self._is_own(node, scope) or self._only_shows(node, scope))

    def _is_own(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if an attribute is a method of the programs, whose body is read by itself."""
        call = self._calls.get(node)
        origins = self._flows.origins
        return call is not None and origins.is_own(call, scope, origins.callee(call, scope))

    @cached_property
    def _calls(self) -> dict[nodes.Node, nodes.Call]:
        return {call.func: call for call, _ in self._flows.calls}

    def _only_shows(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if a function reads losses only to show them, or Keras calls it only to evaluate."""
        around = next(self._flows.found.unit(scope).program.found.functions_around(scope), None)
        if around is not None and around.name.value in _TESTING and self._is_method_of_keras(around):
            return True
        if node.attr.value != "losses" or module_of(scope) is not self._view.program.found.module_scope:
            return False
        body = around or self._view.program.module
        if body not in self._shown:
            gives_back = body is self._body and not self._by_fit
            self._shown[body] = Shown(self._view, self._flows, body, gives_back=gives_back).all()
        return node in self._shown[body]

    def _is_method_of_keras(self, function: nodes.FunctionDef) -> bool:
        around = self._flows.found.functions[function].scope.parent
        owner = self._flows.found.objects.classes.get(around) if around is not None else None
        return owner is not None and self._flows.is_of_keras(owner)

    # What Keras trains

    def _may_be_fitted(self) -> bool:
        """True if `fit` of Keras may train the model, or another one that the same code makes, with its own step."""
        alike: Holders | None = None
        for name in FITTING:
            for node, scope in self._flows.attributes.get(name, ()):
                alike = alike or self._escape.holders(self._model)
                if node not in self._set and alike.of(node.value, scope) >= WITHIN and self._is_by_keras(node, scope):
                    return True
        return False

    def _is_by_keras(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if a method may be that of Keras, and run the step of Keras."""
        if self._is_own(node, scope):
            return False
        cells = self._escape.same(node.value, scope)
        made = [each for each in map(self._class, cells) if each is not None]
        plain = any(isinstance(cell.owner, nodes.Call) and self._escape.is_layer(cell.owner) for cell in cells)
        known = bool(made) and (not plain or all(self._flows.is_of_keras(each) for each in made))
        above = isinstance(node.value, nodes.Call) and called(node.value) == "super"
        own = (_STEP,) if above else (_STEP, node.attr.value)
        return not (known and all(any(self._has(each, name) for name in own) for each in made))

    def _class(self, cell: Cell) -> ClassSite | None:
        """Return the class of which a cell has an instance."""
        named = cell.name in (OWN, "<instance>") and isinstance(cell.owner, Scope)
        return self._flows.found.objects.classes.get(cell.owner) if named and isinstance(cell.owner, Scope) else None

    def _has(self, site: ClassSite, method: str) -> bool:
        """True if a class has a method of the programs, its own or that of a base, which is read by itself."""
        if self._flows.origins.has(site, method):
            return True
        views = [self._view, *self._view.others(self._escape)]
        view = next(each for each in views if site.node in each.program.found.objects.by_node)
        kin = lineage(view, site, MODELS | SEQUENTIAL)
        return member_of(kin, method) is not None

    # What is changed by hand

    def _is_changed(self) -> bool:
        """True if a weight of the model may be set by hand."""
        for name in _ASSIGNING:
            for node, scope in self._flows.attributes.get(name, ()):
                if self._may_be_weight(node.value, scope) and not self._constrains(node):
                    return True
        return any(True for _ in self._read((_SETTING,)))

    def _may_be_weight(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an expression may be a weight of the model: of several that a loop goes through, by its place."""
        if self._holders.of(node, scope) < WEIGHTS:
            return False
        looped = list(self._looped(node.value)) if isinstance(node, nodes.Name) else []
        return not looped or any(self._holders.of(each, scope) >= WEIGHTS for each in looped)

    def _constrains(self, node: nodes.Attribute) -> bool:
        """True if a weight is set to what its constraint gives for it."""
        call = self._calls.get(node)
        given = call.args[0].value if call is not None and len(call.args) == 1 else None
        func = given.func if isinstance(given, nodes.Call) else None
        return isinstance(func, nodes.Attribute) and func.attr.value == "constraint"

    def _looped(self, name: str) -> Iterator[nodes.Expression]:
        """Yield what a name is an item of in the loops of the programs that set it."""
        for unit in self._escape.units:
            for node in descendants(unit.program.module):
                if isinstance(node, (nodes.For, nodes.CompFor)):
                    yield from _item_of(name, node.target, node.iter)


def _item_of(name: str, target: nodes.Expression, value: nodes.Expression) -> Iterator[nodes.Expression]:
    if isinstance(target, nodes.Name):
        if target.value == name:
            yield value
    elif isinstance(target, (nodes.Tuple, nodes.List)):
        zipped = isinstance(value, nodes.Call) and called(value) == "zip" and len(value.args) == len(target.elements)
        for place, element in enumerate(target.elements):
            given = value.args[place].value if zipped and isinstance(value, nodes.Call) else value
            yield from _item_of(name, element.value, given)
