"""What the file's training steps minimise, and whether the models' `losses` are part of it.

A step is spoken of only where nothing in its function, nor in a function of the file that it may call, mentions
`losses` or a penalty, and where nothing else is handed the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.metrics import unlogged_losses
from kreglint.analysis.models import Models
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.reader import Reader, called, compact
from kreglint.analysis.replicas import replica_losses
from kreglint.analysis.scopes import LoopBinding, lookup
from kreglint.analysis.sites import CallSite
from kreglint.analysis.sums import added_for_training, added_to, only_value
from kreglint.analysis.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.training import DoubledLosses, LateBoundLoss, TapeLoss, TrainingFacts

_WORDS = ("GradientTape", "compute_loss", "compiled_loss", "add_loss", "train_step")
_PENALTY = re.compile(
    r"[\"']losses[\"']|\bregulari|_regulari|penalt|l2_loss|decay|_losses\b|compute_loss|compiled_loss"
    r"|\.kernel\b|get_weights"
    r"|test_on_batch|evaluate\(|add_loss|reg_loss|\bl[12]_",
    re.IGNORECASE,
)
_OF_EACH_WEIGHT = re.compile(r"\bin\s+[\w.]+\.(?:trainable_)?(?:weights|variables)\b", re.IGNORECASE)
_VARIABLES = ("trainable_variables", "trainable_weights", "variables", "weights")
_HARMLESS = ("tensorflow", "numpy", "keras", "tf_keras", "time", "os", "tqdm", "zip", "print", "len", "range", "float")
_OF_MODELS = ("get_layer", "predict", "predict_on_batch", "reset_states", "reset_metrics", "save_weights", "summary")
_LOSS_METHODS = ("compute_loss", "compiled_loss")


def training_facts(program: Program, paths: Paths) -> TrainingFacts:
    """The facts on training of one program."""
    if not any(word in program.text for word in _WORDS):
        return TrainingFacts()
    finder = _Finder(program, paths)
    return TrainingFacts(
        tapes=tuple(finder.tapes()),
        doubled=tuple(finder.doubled()),
        late_bound=tuple(finder.late_bound()),
        replicas=tuple(replica_losses(program, paths)),
        unlogged=tuple(unlogged_losses(program, paths)),
    )


class _Finder(Reader):
    def __init__(self, program: Program, paths: Paths) -> None:
        super().__init__(program, paths)
        self.models = Models(program, paths)
        self.by_name: dict[str, list[cst.FunctionDef | cst.Lambda]] = {}
        for node in program.found.functions:
            if isinstance(node, cst.FunctionDef):
                self.by_name.setdefault(node.name.value, []).append(node)
        for name, made in _named_lambdas(program.module):
            self.by_name.setdefault(name, []).append(made)

    # A loss without the model's losses

    def tapes(self) -> Iterator[TapeLoss]:
        for site in self.found.calls_of("gradient"):
            found = self._tape(site) if not site.provoked else None
            if found is not None:
                yield found

    def _tape(self, site: CallSite) -> TapeLoss | None:
        given = [arg for arg in site.node.args if arg.keyword is None and not arg.star]
        body = self.function_around(site.scope) or self._top_level(site)
        if len(given) < 2 or body is None or "GradientTape" not in self.text(body):
            return None
        model = self._trained(given[1].value, body)
        made = self.models.made_in(model, site.scope, site.time) if model is not None else ()
        if model is None or not made or not self._is_plain(body, site.node, self.written(model)):
            return None
        loss = given[0].value
        value = only_value(loss, body) if isinstance(loss, cst.Name) else None
        return TapeLoss(
            span=self.span(loss),
            model=self.written(model),
            made_in=made,
            value=self.span(value) if isinstance(value, cst.Call) else None,
        )

    def _top_level(self, site: CallSite) -> cst.CSTNode | None:
        """Of a step outside of functions: the statement of the module that it is in, or its tape right before it."""
        if site.scope is not self.found.module_scope:
            return None
        start, before = self.span(site.node).start, None
        for statement in self.program.module.body:
            span = self.span(statement)
            if span.start <= start < span.end:
                return statement if "GradientTape" in self.text(statement) else before
            before = statement if isinstance(statement, cst.With) else None
        return None

    def _trained(self, node: cst.BaseExpression, body: cst.CSTNode) -> cst.BaseExpression | None:
        """The model in `model.trainable_variables`, or in a name that is that."""
        if isinstance(node, cst.Name):
            node = only_value(node, body) or node
        if isinstance(node, cst.Attribute) and node.attr.value in _VARIABLES:
            return node.value
        return None

    def _is_plain(self, body: cst.CSTNode, gradient: cst.Call, model: str) -> bool:
        """Whether the body runs the model, and nothing that it may run can add a penalty.

        A loop over weights can before the gradient.
        """
        waiting: list[cst.CSTNode] = [body]
        passed: set[cst.CSTNode] = {body}
        runs = False
        while waiting:
            node = waiting.pop()
            text = self.text(node)
            before = self.program.text[self.span(body).start : self.span(gradient).start] if node is body else text
            if _PENALTY.search(compact(text)) or _OF_EACH_WEIGHT.search(compact(before)) or _reads_losses(node):
                return False
            handed = {model, *_parameters(node)} if node is not body else {model}
            runs = runs or any(self.written(call.func) in handed for call in _calls(node))
            for call in _calls(node):
                if not self._is_known(call, handed, model):
                    return False
                new = [each for each in self.by_name.get(called(call), ()) if each not in passed]
                passed.update(new)
                waiting += new
        return runs

    def _is_known(self, call: cst.Call, handed: set[str], model: str) -> bool:
        """Whether a call is of the file, of Keras or TensorFlow, or has nothing to do with the model."""
        if called(call) in self.by_name:
            return True
        func = self.written(call.func)
        if func != model and self._is_made_with(func, model):
            return False  # it may have the model
        if func.startswith(f"{model}.") and "." not in func[len(model) + 1 :]:
            return called(call) in _OF_MODELS or model == "self"
        if not any(self.written(arg.value) in handed for arg in call.args):
            return True
        site = next((each for each in self.found.calls if each.node is call), None)
        paths = self.paths.of(call.func, site.scope, site.time) if site is not None else ()
        return all(path.startswith(_HARMLESS) for path in paths) if paths else func in (*_HARMLESS, model)

    def _is_made_with(self, func: str, model: str) -> bool:
        """Whether a row sets what is called to something that has the model."""
        handed = r"\bself\b(?!\.)" if model == "self" else rf"\b{re.escape(model)}\b"
        row = rf"(?<![\w.]){re.escape(func)}\s*=[^=\n][^\n]*{handed}"
        return re.search(row, self.program.text) is not None

    # Losses that are counted twice

    def doubled(self) -> Iterator[DoubledLosses]:
        for site in self.found.calls:
            if called(site.node) in _LOSS_METHODS and isinstance(site.node.func, cst.Attribute) and not site.provoked:
                yield from self._doubled(site, site.node.func)

    def _doubled(self, site: CallSite, func: cst.Attribute) -> Iterator[DoubledLosses]:
        body, method = self.function_around(site.scope), func.attr.value
        owner = self.models.class_of(func.value, site.scope, site.time)
        if body is None or owner is None or not self.models.is_model_class(owner) or owner.member(method) is not None:
            return
        if any(
            _derives(other.node, owner.node) and other.member(method) for other in self.found.objects.classes.values()
        ):
            return  # what counts there is another method
        given = any(arg.keyword is not None and arg.keyword.value == "regularization_losses" for arg in site.node.args)
        for term in (*added_to(site.node, body), *added_for_training(site.node, body)):
            summed = only_value(term, body) if isinstance(term, cst.Name) else term
            if summed is not None and self.summed_losses(summed) == self.written(func.value):
                whole, rest = self._without(term, body)
                yield DoubledLosses(span=self.span(term), method=method, given=given, whole=whole, rest=rest)

    def _without(self, term: cst.BaseExpression, body: cst.FunctionDef) -> tuple[Span | None, str]:
        """What a term is added to, and that without it; a statement of its own row goes whole, if others remain."""
        for node in descendants(body):
            if isinstance(node, cst.BinaryOperation) and term in (node.left, node.right):
                other = node.left if node.right is term else node.right
                text = self.text(other)
                whole = self.span(node)
                lost = self.program.text[whole.start : whole.end].replace(text, "", 1).replace(self.text(term), "", 1)
                return (None, "") if "#" in lost else (whole, f"({text})" if other.lpar else text)
            if isinstance(node, cst.IndentedBlock) and len(node.body) > 1:
                added = [line for line in node.body if _only_adds(line, term)]
                if added:
                    return self._row_of(added[0]), ""
        return None, ""

    def _row_of(self, node: cst.CSTNode) -> Span | None:
        """The rows of a statement with their end; None where more stands on them."""
        span, text = self.span(node), self.program.text
        row = re.compile(r"[ \t]*(?:\r\n|\r|\n)").match(text, span.end)
        before = re.split(r"[\r\n]", text[: span.start])[-1]
        if row is None or before.strip():
            return None
        return Span(span.start - len(before), row.end())

    # Penalties that are bound too late

    def late_bound(self) -> Iterator[LateBoundLoss]:
        for site in self.found.calls_of("add_loss"):
            given = site.node.args[0].value if len(site.node.args) == 1 else None
            if isinstance(given, cst.Lambda) and not site.provoked and not _all_parameters(given):
                read = {node.value for node in descendants(given.body) if isinstance(node, cst.Name)}
                names = sorted(name for name in read if self._is_of_loop(name, site))
                if names:
                    span = self.span(given)
                    place = span.start + len("lambda")
                    yield LateBoundLoss(span=span, names=tuple(names), parameters=Span(place, place))

    def _is_of_loop(self, name: str, site: CallSite) -> bool:
        return isinstance(lookup(name, site.scope, site.time), LoopBinding)


def _derives(node: cst.ClassDef, base: cst.ClassDef) -> bool:
    """Whether a class names another one among its bases."""
    return any(isinstance(arg.value, cst.Name) and arg.value.value == base.name.value for arg in node.bases)


def _named_lambdas(module: cst.Module) -> Iterator[tuple[str, cst.Lambda]]:
    for node in descendants(module):
        if isinstance(node, cst.Assign) and isinstance(node.value, cst.Lambda):
            for target in node.targets:
                if isinstance(target.target, cst.Name):
                    yield target.target.value, node.value


def _only_adds(line: cst.CSTNode, term: cst.BaseExpression) -> bool:
    """Whether a row is `name += term`."""
    part = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    return isinstance(part, cst.AugAssign) and part.value is term


def _reads_losses(node: cst.CSTNode) -> bool:
    """Whether some `.losses` is read which is no module, as in `tf.losses.…`."""
    attributes = [each for each in descendants(node) if isinstance(each, cst.Attribute)]
    owners = {each.value for each in attributes}
    return any(each.attr.value == "losses" and each not in owners for each in attributes)


def _calls(node: cst.CSTNode) -> Iterator[cst.Call]:
    return (each for each in descendants(node) if isinstance(each, cst.Call))


def _all_parameters(node: cst.Lambda) -> bool:
    params = node.params
    return bool(params.params or params.kwonly_params or params.posonly_params or params.star_kwarg)


def _parameters(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.FunctionDef, cst.Lambda)):
        yield from (param.name.value for param in (*node.params.posonly_params, *node.params.params))
