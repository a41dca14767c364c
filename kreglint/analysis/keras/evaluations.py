"""Whether a model that is fitted may be evaluated on other data, or kept for whoever may do so.

What may be done to the model is asked of the graph of objects: what it is called by, what is read of it, and which
calls are given it. What is not known is taken to evaluate it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.cells import Cell, attribute_cell, call_cell, instance_cell
from kreglint.analysis.escape.effects import Effects, Gift, Read
from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.escape.linked import function_of
from kreglint.analysis.escape.ways import HOLDS, IS
from kreglint.analysis.keras.reader import View, builds_or_shows, called
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.facts.values import Argument, Const

_FITS = {"fit": (5, 6), "fit_generator": (4, 1)}  # by place: the callbacks, and from where on other data may come
_TELLS = frozenset(
    """evaluate evaluate_generator test_on_batch test_step predict predict_generator predict_on_batch predict_classes
    predict_proba predict_step save save_weights save_to_tflite save_own_variables export to_json to_yaml get_weights
    state_dict get_state_tree weights variables non_trainable_weights non_trainable_variables trainable_variables
    trainable_weights kernel bias gamma beta embeddings depthwise_kernel pointwise_kernel recurrent_kernel
    call""".split()
)  # what Keras' models and layers give to those who evaluate or keep them
_QUIET = frozenset(
    """fit fit_generator train_on_batch compile add pop build summary count_params layers get_layer submodules trainable
    losses metrics metrics_names optimizer loss name dtype dtype_policy input inputs output outputs input_shape
    output_shape input_spec get_config from_config built stop_training history load_weights set_weights reset_states
    reset_metrics reset_state add_loss add_metric add_weight run_eagerly jit_compile compiled compiled_loss
    compiled_metrics compute_loss compute_metrics make_train_function train_function train_step supports_masking
    compute_output_shape __class__ __name__
    """.split()
)  # what tells nothing of how good a model is with other data
_DATA = ("validation_data", "validation_split")
_TRAINING = frozenset("gradient jacobian watch apply_gradients apply minimize zip len".split())
_INNER = ("call", "__call__", "build", "compute_output_shape", "train_step", "compute_loss")
_WATCHING = frozenset(
    f"keras.callbacks.{name}"
    for name in (
        "Callback EarlyStopping ReduceLROnPlateau LearningRateScheduler TerminateOnNaN CSVLogger TensorBoard"
        " ProgbarLogger History BaseLogger LambdaCallback RemoteMonitor"
    ).split()
)  # callbacks that neither evaluate nor keep a model
_OF_ALL = frozenset(
    (
        "tensorflow.train.Saver",
        "tensorflow.compat.v1.train.Saver",
        "keras.backend.get_session",
        "tensorflow.compat.v1.keras.backend.get_session",
    )
)  # reach the weights of all models there are


class Evaluations:
    """Asks of one graph whether models are evaluated; `views` are its programs."""

    def __init__(self, escape: Escape, views: list[View]) -> None:
        self._escape = escape
        self._flows = escape.flows
        self._views = {view.program.found.module_scope: view for view in views}
        self._judged: dict[frozenset[Cell], bool] = {}
        self._shown: dict[frozenset[Cell], bool] = {}

    def may_be(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if the model that an expression is may be evaluated, or may be by code that is not seen."""
        same = self._escape.same(node, scope)
        if same not in self._judged:
            self._judged[same] = self._reaches_all or _Model(self, self._escape, node, scope).may_be_evaluated()
        return self._judged[same]

    def shows(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if these programs certainly show that something may evaluate the model, whoever else has it."""
        same = self._escape.same(node, scope)
        if same not in self._shown:
            self._shown[same] = _Model(self, self._escape, node, scope).is_evaluated()
        return self._shown[same]

    @cached_property
    def _reaches_all(self) -> bool:
        """Whether the programs ask TensorFlow for the weights of all models."""
        paths = {self._flows.origins.path(node) for node, _ in self._flows.calls}
        return not paths.isdisjoint(_OF_ALL)

    @cached_property
    def inner(self) -> set[Scope]:
        """The functions that a model or layer runs by itself, wherever it is called."""
        waiting: list[nodes.Node] = [each for name in _INNER for each in self._flows.methods.get(name, ())]
        found = set(waiting)
        while waiting:
            site = self._flows.found.functions[waiting.pop()]
            for node, scope in self._flows.within(site.node.body, site.scope):
                if isinstance(node, nodes.Call):
                    new = set(self._flows.origins.callee(node, scope, judged=False).functions) - found
                    found |= new
                    waiting += new
        return {self._flows.found.functions[each].scope for each in found}

    def is_inner(self, scope: Scope) -> bool:
        """True if code is a part of such a function."""
        current: Scope | None = scope
        while current is not None:
            if function_of(current) in self.inner:
                return True
            current = current.parent
        return False

    def arguments(self, node: nodes.Call) -> tuple[Argument, ...] | None:
        """The arguments of a call, with those that a `**` brings."""
        site = self._flows.sites.get(node)
        if site is None:
            return None
        view = self._views[self._flows.found.unit(site.scope).program.found.module_scope]
        return arguments_of(node, view.module.of(site))

    @cached_property
    def fits(self) -> list[tuple[nodes.Attribute, nodes.Call, Scope]]:
        """The calls that fit something, and what they call."""
        found = ((node.func, node, scope) for node, scope in self._flows.calls if called(node) in _FITS)
        return [(func, node, scope) for func, node, scope in found if isinstance(func, nodes.Attribute)]

    @cached_property
    def trained_with(self) -> set[nodes.Expression]:
        """What is given to those calls that train with it."""
        calls = (node for node, _ in self._flows.calls if called(node) in _TRAINING)
        return {arg.value for node in calls for arg in node.args}


class _Model:
    """One model: `holders` tell of it and its layers, `strict` of itself and of models that are made of it."""

    def __init__(self, asked: Evaluations, escape: Escape, node: nodes.Expression, scope: Scope) -> None:
        self._asked = asked
        self._escape = escape
        self._flows = escape.flows
        holders = escape.holders((node, scope))
        fitted = [each for each in asked.fits if holders.of(each[0].value, each[2])]
        self._fits = {func: (call, asked.arguments(call)) for func, call, _ in fitted}
        self._callbacks = [Callbacks(escape, call, where) for _, call, where in fitted]
        set_by_keras = (attribute_cell("model"),) if any(each.are_own for each in self._callbacks) else ()
        self._holders = escape.holders((node, scope), also=set_by_keras)
        self._strict = escape.holders_of(*escape.same(node, scope), *set_by_keras)
        self._origins = escape.origins(node, scope)

    def may_be_evaluated(self) -> bool:
        """True if anything may evaluate the model or keep it."""
        if self._holders.escapes() or self._holders.is_given_back():
            return True
        if not all(each.are_quiet for each in self._callbacks) or self.is_evaluated():
            return True
        found = Effects(self._escape, self._holders), Effects(self._escape, self._strict)
        return (
            any(map(self._tells, found[1].all_reads()))
            or any(map(self._keeps, found[1].gifts()))
            or any(self._keeps(each) for each in found[0].gifts() if each.callee.path)
            or any(self._is_run(*each) for each in self._flows.calls)
            or any(self._is_of_history(*each) for each in self._flows.attributes.get("model", ()))
        )

    def is_evaluated(self) -> bool:
        """True if it is fitted with other data too, or something is read of it that tells how good it is."""
        validated = any(map(self._validates, self._fits.values()))
        return validated or any(map(self._is_told_of, Effects(self._escape, self._holders).reads(_TELLS)))

    def _validates(self, fit: tuple[nodes.Call, tuple[Argument, ...] | None]) -> bool:
        """True if a call that fits the model may give it other data."""
        node, arguments = fit
        if arguments is None or any(each.star and not each.expanded for each in arguments):
            return True
        by_place = [each for each in arguments if each.keyword is None and not each.star]
        data = [*by_place[_FITS[called(node)][1] :], *(each for each in arguments if each.keyword in _DATA)]
        return not all(isinstance(each.value, Const) and not each.value.value for each in data)

    def _is_told_of(self, read: Read) -> bool:
        """True if what is read of the model or a layer may tell how good it is; a model reads itself as it runs."""
        return read.node not in self._asked.trained_with and not self._asked.is_inner(read.scope)

    def _tells(self, read: Read) -> bool:
        """True if what is read of the model itself is more than what trains it."""
        name, node = read.name, read.node
        if name is None:
            return True
        if name in _FITS:
            return node not in self._fits
        if name in _QUIET or name in _TELLS:
            return False
        own = self._flows.methods.get(name, ())
        if own and not self._asked.is_inner(read.scope):
            return any(self._asked.is_inner(self._flows.found.functions[each].scope) for each in own)
        return not own and attribute_cell(name) not in self._flows.into

    def _keeps(self, gift: Gift) -> bool:
        """True if a call does more with the model than to build on it, or to look at it."""
        if not gift.callee.path and called(gift.node) in _FITS:  # of any model, whose callbacks may get this one too
            others = (arg for arg in gift.node.args if arg.keyword is None or arg.keyword.value != "callbacks")
            return any(self._strict.of(arg.value, gift.scope) >= HOLDS for arg in others)
        return not (builds_or_shows(gift.callee.path) or call_cell(gift.node) in self._origins)

    def _is_run(self, node: nodes.Call, scope: Scope) -> bool:
        """True if a call runs the model, or a layer of it, by hand or as part of another."""
        func = node.func
        if call_cell(node) in self._origins or self._asked.is_inner(scope):
            return False
        if isinstance(func, nodes.Attribute):
            return IS in self._holders.marks(attribute_cell(func.attr.value))
        if isinstance(func, nodes.Name) and not self._holders.may_be(func, scope):
            callee = self._flows.origins.callee(node, scope)
            if callee.functions or callee.classes or callee.path:
                return False
        return self._holders.of(func, scope) >= HOLDS

    def _is_of_history(self, node: nodes.Attribute, scope: Scope) -> bool:
        """True if it is the model that what `fit` gives back has."""
        return bool(self._histories.of(node.value, scope))

    @cached_property
    def _histories(self) -> Holders:
        return self._escape.holders_of(*(call_cell(call) for call, _ in self._fits.values()))


class Callbacks:
    """The callbacks that a call of `fit` is given."""

    def __init__(self, escape: Escape, node: nodes.Call, scope: Scope) -> None:
        place = _FITS[called(node)][0]
        by_place = [arg.value for arg in node.args if arg.keyword is None and not arg.star][place : place + 1]
        named = [arg.value for arg in node.args if arg.keyword is not None and arg.keyword.value == "callbacks"]
        self._given = [(each, scope) for each in (*by_place, *named)]
        self._escape = escape

    @cached_property
    def _made_of(self) -> set[Cell]:
        return {cell for each in self._given for cell in self._escape.made_of(*each)}

    @cached_property
    def are_own(self) -> bool:
        """Whether one of them is, or may be, of a class of the programs, whose methods get the model."""
        return any(cell == instance_cell(cell.owner) for cell in self._made_of if isinstance(cell.owner, Scope))

    @cached_property
    def are_quiet(self) -> bool:
        """Whether all are made by the programs or by Keras, and none of Keras evaluates or keeps a model."""
        origins = self._escape.flows.origins
        calls = [cell.owner for cell in self._made_of if isinstance(cell.owner, nodes.Call)]
        paths = {canonical(origins.path(call)) or "" for call in calls}
        named = {each for each in paths | set(self._bases()) if "allback" in each}
        return named <= _WATCHING and all(origins.is_known(*each) for each in self._given)

    def _bases(self) -> Iterator[str]:
        """The classes of Keras from which those of the programs derive."""
        found = self._escape.flows.found
        for cell in self._made_of:
            site = found.objects.classes.get(cell.owner) if isinstance(cell.owner, Scope) else None
            if site is not None:
                paths = (found.of(base.value, site.outer, site.time) for base in site.node.bases)
                yield from (canonical(path) or path for each in paths for path in each)
