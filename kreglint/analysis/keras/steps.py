"""Whether what works out a loss, a training step or a `compute_loss`, leaves a model's own losses out.

A step is spoken of only where nothing in its function, nor in a function that it may call, reads the `losses` of the
model or makes use of its weights, where nothing that it runs may hold the model, and nothing that is added to the loss
comes from where nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.escape.graph import Escape, Holders
from kreglint.analysis.escape.linked import module_of
from kreglint.analysis.escape.origins import BUILTINS, Callee
from kreglint.analysis.escape.sources import VARIABLES
from kreglint.analysis.escape.ways import IS, WEIGHTS, WITHIN
from kreglint.analysis.keras.addends import Addends
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View, called
from kreglint.analysis.keras.shown import Shown
from kreglint.analysis.keras.sums import values_of
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes

_PENALIZING = frozenset(
    """losses _losses add_loss get_losses_for compute_loss compiled_loss regularization_losses get_weights weights
    kernel bias gamma beta embeddings depthwise_kernel pointwise_kernel recurrent_kernel kernel_regularizer
    bias_regularizer activity_regularizer gamma_regularizer beta_regularizer embeddings_regularizer
    depthwise_regularizer pointwise_regularizer recurrent_regularizer test_on_batch train_on_batch evaluate train_step
    test_step""".split()
)  # what models and layers have for those who add a penalty
_COLLECTED = frozenset(
    """get_regularization_losses get_regularization_loss get_total_loss get_losses get_collection trainable_variables
    global_variables""".split()
)  # functions of TensorFlow that give the losses, or the weights, of all layers
_OF_MODELS = frozenset(
    "get_layer predict predict_on_batch reset_states reset_metrics save_weights summary".split()
)  # methods of Keras' models that add no penalty to anything
STATELESS = "stateless_call"
_TAKING_WEIGHTS = frozenset(("gradient", "jacobian", "watch", "apply_gradients", "apply", "minimize", STATELESS))
_ADDS_UP = frozenset(("sum", "max", "min", "map", "filter", "eval", "exec"))  # the builtins that make use of values
_KEEPING = ("tensorflow.summary.", "keras.callbacks.", "tensorflow.train.", "tensorflow.print", "tensorflow.debugging.")


class Step(Reader):
    """A step that works out losses which a model is trained by; `end` is where they are used, and `taken` by what."""

    def __init__(
        self,
        view: View,
        escape: Escape,
        body: nodes.Node,
        model: nodes.Expression,
        losses: list[tuple[nodes.Expression, Scope]],
        taken: nodes.Call | None = None,
    ) -> None:
        super().__init__(view)
        self.flows = escape.flows
        self.body = body
        self.losses = losses
        self.taken = taken
        self.holders: Holders = escape.holders_apart(model, losses[0][1])
        self.end = self._end()

    @classmethod
    def of_tape(cls, view: View, escape: Escape, body: nodes.Node, gradient: CallSite, model: nodes.Expression) -> Step:
        """Return the step that takes the gradient of a loss for the weights of a model."""
        return cls(view, escape, body, model, [(gradient.node.args[0].value, gradient.scope)], gradient.node)

    def _end(self) -> int:
        """Return where what comes later in the body has no part in the losses any more."""
        if self.taken is None:
            return self.span(self.body).end
        [(loss, _)], start = self.losses, self.span(self.taken).start
        set_later = isinstance(loss, nodes.Name) and any(
            self.span(value).start > start for value, _ in values_of(loss.value, self.body)
        )
        return self.span(self.body).end if set_later else start

    def runs_model(self) -> bool:
        """True if the body itself calls the model."""
        calls = ((part, scope) for part, scope in self._within(self.body) if isinstance(part, nodes.Call))
        return any(self.holders.of(part.func, scope) == IS for part, scope in calls)

    def is_plain(self, *, runs: bool = False) -> bool:
        """True if the step runs the model, or `runs` says so, and nothing that it may run can add a penalty."""
        if any(self.holders.of(*loss) for loss in self.losses) or self._adds_by_itself():
            return False
        if any(Addends(self.flows).may_hide_penalty(*loss, self.body) for loss in self.losses):
            return False
        waiting: list[nodes.Node] = [self.body]
        passed: set[nodes.Node] = {self.body}
        while waiting:
            for part, scope in self._parts(waiting.pop()):
                if self._penalizes(part, scope) or not self._is_harmless(part, scope):
                    return False
                if isinstance(part, nodes.Call):
                    runs = runs or self.holders.of(part.func, scope) == IS
                    new = [each for each in self._run_by(part, scope) if each not in passed]
                    passed.update(new)
                    waiting += new
        return runs

    def _parts(self, node: nodes.Node) -> Iterator[tuple[nodes.Node, Scope]]:
        """Yield what a function evaluates that may count.

        Neither what is only shown, nor the names of own methods that it calls: what they do is seen.
        """
        seen = self._shown(node)
        for part, scope in self._within(node):
            if isinstance(part, nodes.Call) and isinstance(part.func, nodes.Attribute):
                origins = self.flows.origins
                if origins.is_own(part, scope, origins.callee(part, scope)):
                    seen.add(part.func)
            if part not in seen:
                yield part, scope

    def _shown(self, node: nodes.Node) -> set[nodes.Node]:
        """Return what a function of the file evaluates only to show losses: it adds nothing to any."""
        site = self.flows.found.functions.get(node)
        if site is not None and module_of(site.scope) is not self.found.module_scope:
            return set()
        gives_back = node is self.body and self.taken is not None
        return Shown(self.view, self.flows, node, gives_back=gives_back).all()

    def _within(self, node: nodes.Node) -> Iterator[tuple[nodes.Node, Scope]]:
        """Return what a function, or a statement of the module, evaluates when it runs."""
        site = self.flows.found.functions.get(node)
        if site is not None:
            return self.flows.within(site.node.body, site.scope)
        return self.flows.within(node, self.found.module_scope)

    def _run_by(self, node: nodes.Call, scope: Scope) -> Iterator[nodes.Node]:
        """Yield the functions of the file that a call may run, with those that decorate them."""
        waiting: list[nodes.Node] = list(self.flows.origins.callee(node, scope).functions)
        while waiting:
            function = waiting.pop()
            yield function
            site = self.flows.found.functions[function]
            for decorator in site.node.decorators if isinstance(site.node, nodes.FunctionDef) else ():
                node_of = decorator.decorator
                named = node_of.func if isinstance(node_of, nodes.Call) else node_of
                made = self.flows.origins.definitions(named, site.scope.parent or site.scope)
                waiting += [each for each in made if each in self.flows.found.functions and each is not function]

    def _adds_by_itself(self) -> bool:
        """True if a class of the programs may give a penalty where an instance is called."""
        waiting: list[nodes.Node] = [each for name in ("call", "__call__") for each in self.flows.methods.get(name, ())]
        passed = set(waiting)
        while waiting:
            function = waiting.pop()
            if any(self._penalizes(part, scope) for part, scope in self._parts(function)):
                return True
            new = {each for part, scope in self._within(function) for each in self._used_by(part, scope)}
            waiting += new - passed
            passed |= new
        return False

    def _penalizes(self, node: nodes.Node, scope: Scope) -> bool:
        """Whether it reads what models and layers have for those who add a penalty, or asks TensorFlow for that."""
        if isinstance(node, nodes.Attribute) and node.attr.value in _PENALIZING:
            own = self.flows.sets_itself(node, scope) and not self.holders.may_be(node.value, scope)
            return not own and bool(self.holders.of(node.value, scope)) and not self._is_later(node, scope)
        if not isinstance(node, nodes.Call):
            return False
        asks = called(node) == STATELESS and _may_ask_for_losses(node)
        return asks or self.flows.origins.path(node).rpartition(".")[2] in _COLLECTED

    def _used_by(self, node: nodes.Node, scope: Scope) -> Iterator[nodes.Node]:
        """Yield the functions of the programs that a call may run, or a property that is read."""
        if isinstance(node, nodes.Call):
            yield from self._run_by(node, scope)
        elif isinstance(node, nodes.Attribute):
            yield from self.flows.methods.get(node.attr.value, ())

    def _is_harmless(self, node: nodes.Node, scope: Scope) -> bool:
        if isinstance(node, nodes.BinaryOperation):
            return _joins_weights(node) or not any(self._has_any(side, scope) for side in (node.left, node.right))
        if isinstance(node, nodes.AugAssign):
            return _joins_weights(node.value) or not self._has_any(node.value, scope)
        return not isinstance(node, nodes.Call) or node is self.taken or self._is_harmless_call(node, scope)

    def _has_any(self, node: nodes.Expression, scope: Scope) -> bool:
        """True if an operand has anything of the model; operators in it are judged by themselves."""
        if isinstance(node, nodes.BinaryOperation) or not self.holders.of(node, scope):
            return False
        return not self._is_later(node, scope)

    def _is_later(self, node: nodes.Node, scope: Scope) -> bool:
        around, start = self.span(self.body), self.span(node).start
        here = module_of(scope) is self.found.module_scope
        return here and around.start <= start < around.end and start >= self.end

    def _is_harmless_call(self, node: nodes.Call, scope: Scope) -> bool:
        origins = self.flows.origins
        callee = origins.callee(node, scope)
        if origins.is_own(node, scope, callee) or self._is_later(node, scope):
            return True
        if not self._is_harmless_callee(node.func, scope, callee):
            return False
        most = max((self.holders.of(arg.value, scope) for arg in node.args), default=0)
        return not most or self._takes(node, callee, most, scope)

    def _is_harmless_callee(self, func: nodes.Expression, scope: Scope, callee: Callee) -> bool:
        if isinstance(func, nodes.Attribute) and self.holders.of(func.value, scope) == IS:
            if func.attr.value in _OF_MODELS or func.attr.value == STATELESS:
                return True
            set_here = self._is_of_own(func.value, scope) and self.flows.sets_itself(func, scope)
            if not set_here and not callee.functions:
                return False
        if self.holders.of(func, scope) not in (0, IS):
            return False
        return not (callee.strange and self.holders.escapes())

    def _is_of_own(self, node: nodes.Expression, scope: Scope) -> bool:
        return isinstance(node, nodes.Name) and receiver_class(node.value, scope) is not None

    def _takes(self, node: nodes.Call, callee: Callee, most: int, scope: Scope) -> bool:
        """True if what a call is given of the model adds nothing to the loss by it."""
        if callee.path:
            path = canonical(callee.path) or callee.path
            return path.startswith(_KEEPING) or path.startswith("keras.layers.") or path in MODELS | SEQUENTIAL
        if most >= WITHIN and self.flows.layers.is_layer(node.func, scope):
            return True  # what it is called on is not weights
        name = called(node)
        if isinstance(node.func, nodes.Name):
            return name in BUILTINS and name not in _ADDS_UP
        return most == WEIGHTS and name in _TAKING_WEIGHTS


def _may_ask_for_losses(node: nodes.Call) -> bool:
    """True if a call has `return_losses`, or may have it."""
    return any(arg.star or (arg.keyword is not None and arg.keyword.value == "return_losses") for arg in node.args)


def _joins_weights(node: nodes.Expression) -> bool:
    """True if it is a list of weights, or one that is joined to another list: no sum of what they are."""
    if isinstance(node, nodes.BinaryOperation):
        return isinstance(node.operator, nodes.Add) and (_joins_weights(node.left) or _joins_weights(node.right))
    return isinstance(node, nodes.Attribute) and node.attr.value in VARIABLES
