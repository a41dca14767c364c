"""What the file's training steps minimise, and whether the models' `losses` are part of it.

A step is spoken of only where nothing in its function, nor in a function of the file that it may call, mentions
`losses` or a penalty, and where nothing else is handed the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.models import Models
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.scopes import LoopBinding, OpaqueBinding, Scope, lookup
from kreglint.analysis.sites import CallSite
from kreglint.analysis.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.training import DoubledLosses, LateBoundLoss, TapeLoss, TrainingFacts

_WORDS = ("GradientTape", "compute_loss", "compiled_loss", "add_loss")
_PENALTY = re.compile(
    r"\.losses\b(?!\s*\.)|[\"']losses[\"']|\bregulari|_regulari|penalt|l2_loss|decay|_losses\b|compute_loss|compiled_loss"
    r"|\bin\s+[\w.]+\.(?:trainable_)?(?:weights|variables)\b|\.kernel\b|get_weights"
    r"|test_on_batch|evaluate\(|add_loss|reg_loss|\bl[12]_",
    re.IGNORECASE,
)
_VARIABLES = ("trainable_variables", "trainable_weights", "variables", "weights")
_HARMLESS = ("tensorflow", "numpy", "keras", "tf_keras", "time", "os", "tqdm", "zip", "print", "len", "range", "float")
_OF_MODELS = ("get_layer", "predict", "predict_on_batch", "reset_states", "reset_metrics", "save_weights", "summary")
_SUMS = ("sum", "add_n", "reduce_sum", "add")
_LOSS_METHODS = ("compute_loss", "compiled_loss")


def training_facts(program: Program, paths: Paths) -> tuple[TrainingFacts, set[Span]]:
    """The facts on training of one program, and the statements that they stand in."""
    if not any(word in program.text for word in _WORDS):
        return TrainingFacts(), set()
    finder = _Finder(program, paths)
    facts = TrainingFacts(
        tapes=tuple(finder.tapes()), doubled=tuple(finder.doubled()), late_bound=tuple(finder.late_bound())
    )
    return facts, {program.positions.span(statement) for statement in finder.statements}


class _Finder:
    def __init__(self, program: Program, paths: Paths) -> None:
        self.program = program
        self.found = program.found
        self.paths = paths
        self.models = Models(program, paths)
        self.functions = {site.scope: site.node for site in program.found.functions.values()}
        self.statements: list[cst.CSTNode] = []
        self.by_name: dict[str, list[cst.FunctionDef]] = {}
        for node in program.found.functions:
            if isinstance(node, cst.FunctionDef):
                self.by_name.setdefault(node.name.value, []).append(node)

    # A loss without the model's losses

    def tapes(self) -> Iterator[TapeLoss]:
        for site in self.found.calls_of("gradient"):
            found = self._tape(site) if not site.provoked else None
            if found is not None:
                self.statements.append(site.statement)
                yield found

    def _tape(self, site: CallSite) -> TapeLoss | None:
        given = [arg for arg in site.node.args if arg.keyword is None and not arg.star]
        body = self._body(site.scope)
        if len(given) < 2 or body is None or "GradientTape" not in self._text(body):
            return None
        model = self._trained(given[1].value, body)
        made = self.models.made_in(model, site.scope, site.time) if model is not None else ()
        if model is None or not made or not self._is_plain(body, self._text(model)):
            return None
        loss = given[0].value
        value = _only_value(loss, body) if isinstance(loss, cst.Name) else None
        return TapeLoss(
            span=self._span(loss),
            model=self._text(model),
            made_in=made,
            value=self._span(value) if isinstance(value, cst.Call) else None,
        )

    def _trained(self, node: cst.BaseExpression, body: cst.CSTNode) -> cst.BaseExpression | None:
        """The model in `model.trainable_variables`, or in a name that is that."""
        if isinstance(node, cst.Name):
            node = _only_value(node, body) or node
        if isinstance(node, cst.Attribute) and node.attr.value in _VARIABLES:
            return node.value
        return None

    def _is_plain(self, body: cst.CSTNode, model: str) -> bool:
        """Whether nothing that the body may run can add a penalty."""
        waiting, passed = [body], {body}
        while waiting:
            node = waiting.pop()
            if _PENALTY.search(self._text(node)):
                return False
            handed = {model, *_parameters(node)} if node is not body else {model}
            for call in _calls(node):
                if not self._is_known(call, handed, model):
                    return False
                new = [each for each in self.by_name.get(_called(call), ()) if each not in passed]
                passed.update(new)
                waiting += new
        return True

    def _is_known(self, call: cst.Call, handed: set[str], model: str) -> bool:
        """Whether a call is of the file, of Keras or TensorFlow, or has nothing to do with the model."""
        if _called(call) in self.by_name:
            return True
        func = self._text(call.func)
        if func.startswith(f"{model}.") and "." not in func[len(model) + 1 :]:
            return _called(call) in _OF_MODELS or model == "self"
        if not any(self._text(arg.value) in handed for arg in call.args):
            return True
        site = next((each for each in self.found.calls if each.node is call), None)
        paths = self.paths.of(call.func, site.scope, site.time) if site is not None else ()
        return all(path.startswith(_HARMLESS) for path in paths) if paths else func in (*_HARMLESS, model)

    # Losses that are counted twice

    def doubled(self) -> Iterator[DoubledLosses]:
        for site in self.found.calls:
            if _called(site.node) in _LOSS_METHODS and isinstance(site.node.func, cst.Attribute) and not site.provoked:
                yield from self._doubled(site, site.node.func)

    def _doubled(self, site: CallSite, func: cst.Attribute) -> Iterator[DoubledLosses]:
        body, method = self._body(site.scope), func.attr.value
        owner = self.models.class_of(func.value, site.scope, site.time)
        if body is None or owner is None or not self.models.is_model_class(owner) or owner.member(method) is not None:
            return
        given = any(arg.keyword is not None and arg.keyword.value == "regularization_losses" for arg in site.node.args)
        for term in _added_to(site.node, body):
            if isinstance(term, cst.Call) and _called(term) in _SUMS and self._sums_losses(term, func.value):
                self.statements.append(body)
                yield DoubledLosses(span=self._span(term), method=method, given=given)

    def _sums_losses(self, term: cst.Call, model: cst.BaseExpression) -> bool:
        return len(term.args) == 1 and self._text(term.args[0].value) == f"{self._text(model)}.losses"

    # Penalties that are bound too late

    def late_bound(self) -> Iterator[LateBoundLoss]:
        for site in self.found.calls_of("add_loss"):
            given = site.node.args[0].value if len(site.node.args) == 1 else None
            if isinstance(given, cst.Lambda) and not site.provoked and not _all_parameters(given):
                read = {node.value for node in descendants(given.body) if isinstance(node, cst.Name)}
                names = sorted(name for name in read if self._is_of_loop(name, site))
                if names:
                    span = self._span(given)
                    place = span.start + len("lambda")
                    yield LateBoundLoss(span=span, names=tuple(names), parameters=Span(place, place))

    def _is_of_loop(self, name: str, site: CallSite) -> bool:
        bound = lookup(name, site.scope, site.time)
        return isinstance(bound, LoopBinding) or (isinstance(bound, OpaqueBinding) and bound.reason == "set by a loop")

    # The text around

    def _body(self, scope: Scope) -> cst.CSTNode | None:
        """The function around a scope; None at the top of a module or class."""
        current: Scope | None = scope
        while current is not None:
            node = self.functions.get(current)
            if isinstance(node, cst.FunctionDef):
                return node
            current = current.parent
        return None

    def _text(self, node: cst.CSTNode) -> str:
        span = self._span(node)
        return self.program.text[span.start : span.end]

    def _span(self, node: cst.CSTNode) -> Span:
        return self.program.positions.span(node)


def _calls(node: cst.CSTNode) -> Iterator[cst.Call]:
    return (each for each in descendants(node) if isinstance(each, cst.Call))


def _called(call: cst.Call) -> str:
    func = call.func
    if isinstance(func, cst.Attribute):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


def _all_parameters(node: cst.Lambda) -> bool:
    params = node.params
    return bool(params.params or params.kwonly_params or params.posonly_params or params.star_kwarg)


def _parameters(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.FunctionDef):
        yield from (param.name.value for param in (*node.params.posonly_params, *node.params.params))


def _values(name: str, body: cst.CSTNode) -> list[tuple[cst.BaseExpression, bool]]:
    """All that a body sets a name to, each with whether it is added; an unpacking counts with the whole value."""
    found: list[tuple[cst.BaseExpression, bool]] = []
    for node in descendants(body):
        if isinstance(node, cst.Assign):
            targets = [name for target in node.targets for name in _names(target.target)]
            found += [(node.value, False)] if name in targets else []
        elif isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name) and node.target.value == name:
            found.append((node.value, isinstance(node.operator, cst.AddAssign)))
    return found


def _names(target: cst.BaseExpression) -> list[str]:
    return [node.value for node in descendants(target) if isinstance(node, cst.Name)]


def _only_value(name: cst.Name, body: cst.CSTNode) -> cst.BaseExpression | None:
    values = _values(name.value, body)
    plain = sum(
        isinstance(node, cst.Assign) and any(_names(t.target) == [name.value] for t in node.targets)
        for node in descendants(body)
    )
    return values[0][0] if len(values) == 1 and plain == 1 else None


def _added_to(call: cst.Call, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a body adds to what a call gives: in the same sum, or to the one name that is set to it."""
    for node in descendants(body):
        if isinstance(node, cst.Assign):
            terms = _terms(node.value)
            if any(term is call for term in terms):
                yield from terms
                yield from _added_later(node, body)


def _added_later(node: cst.Assign, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    target = node.targets[0].target
    if len(node.targets) != 1 or not isinstance(target, cst.Name):
        return
    others = [each for each in _values(target.value, body) if each[0] is not node.value]
    for value, added in others:
        terms = _terms(value)
        again = any(isinstance(term, cst.Name) and term.value == target.value for term in terms)
        if added or again:
            yield from terms
        else:
            return


def _terms(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return [*_terms(node.left), *_terms(node.right)]
    return [node]
