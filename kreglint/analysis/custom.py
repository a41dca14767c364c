"""The file's own layers, regularizers and functions: what becomes of the regularizers that they take or make.

Where a name might be read in some way that the text does not show (`locals()`, `getattr`), nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.names import canonical
from kreglint.analysis.objects import ClassSite
from kreglint.analysis.paths import Paths
from kreglint.analysis.program import Program
from kreglint.analysis.scopes import ExpressionBinding, Scope
from kreglint.analysis.sites import FunctionSite
from kreglint.analysis.walk import descendants
from kreglint.diagnostics import Span
from kreglint.facts.custom import CustomFacts, CustomRegularizer, DroppedParameter, UnusedName

_LAYERS = frozenset(("keras.layers.Layer", "keras.Layer", "keras.Model", "keras.models.Model"))
_REGULARIZER = "keras.regularizers.Regularizer"
_MADE = frozenset(
    f"keras.regularizers.{name}" for name in ("L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2")
)
_READS_ALL = re.compile(r"\b(?:locals|vars|getattr|setattr|eval|exec)\(|__dict__|signature\(")
_REGISTERS = re.compile(r"custom_object|register_keras_serializable")
_LOADS = re.compile(r"\b(?:load_model|model_from_json|model_from_config)\(")


def custom_facts(program: Program, paths: Paths) -> CustomFacts:
    """The facts of one program on its own classes and functions."""
    if "egularizer" not in program.text:
        return CustomFacts()
    finder = _Finder(program, paths)
    return CustomFacts(
        unforwarded=tuple(finder.unforwarded()),
        ignored=tuple(finder.ignored()),
        unused=tuple(finder.unused()),
        regularizers=tuple(finder.regularizers()),
    )


class _Finder:
    def __init__(self, program: Program, paths: Paths) -> None:
        self.program = program
        self.paths = paths
        self.classes = list(program.found.objects.by_node.values())
        self.bases = {name for site in self.classes for name in _base_names(site.node)}

    # Layers

    def unforwarded(self) -> Iterator[DroppedParameter]:
        for site in self.classes:
            methods = _methods(site.node)
            made = methods.get("__init__")
            if made is None or not methods.keys() & {"build", "call"} or not self._derives(site, _LAYERS):
                continue
            if site.node.name.value not in self.bases and not _READS_ALL.search(self._text(site.node)):
                yield from self._dropped_by(site.node, made, methods.get("get_config"))

    def _dropped_by(
        self, layer: cst.ClassDef, made: cst.FunctionDef, config: cst.FunctionDef | None
    ) -> Iterator[DroppedParameter]:
        for param in _regularizer_parameters(made):
            name = param.name.value
            kept = _kept_as(name, made.body)
            if name != "activity_regularizer" and kept is not None and not self._is_read(kept, config):
                yield DroppedParameter(span=self._span(param.name), name=name, within=self._span(layer))

    def _is_read(self, kept: list[cst.Attribute], config: cst.FunctionDef | None) -> bool:
        """Whether the text has an attribute of one of these names where it is neither set nor told by get_config."""
        spans = [self._span(config)] if config is not None else []
        spans += [self._span(attribute) for attribute in kept]
        for name in {attribute.attr.value for attribute in kept}:
            for found in re.finditer(rf"\.\s*{name}\b|[\"']{name}[\"']", self.program.text):
                if not any(span.start <= found.start() < span.end for span in spans):
                    return True
        return False

    # Functions

    def ignored(self) -> Iterator[DroppedParameter]:
        for site in self.program.found.functions.values():
            node = site.node
            if isinstance(node, cst.FunctionDef) and not _is_method(site) and not node.decorators:
                read = {each.value for each in descendants(node.body) if isinstance(each, cst.Name)}
                for param in _regularizer_parameters(node):
                    name = param.name.value
                    if name not in read and not _READS_ALL.search(self._text(node)):
                        yield DroppedParameter(span=self._span(param.name), name=name, within=self._span(node))

    def unused(self) -> Iterator[UnusedName]:
        for site in self.program.found.functions.values():
            for name, (_, bindings) in site.scope.history.items():
                if len(bindings) == 1 and name not in site.scope.declared and not name.startswith("_"):
                    yield from self._unused(name, bindings[0], site)

    def _unused(self, name: str, binding: object, site: FunctionSite) -> Iterator[UnusedName]:
        if not isinstance(binding, ExpressionBinding) or not isinstance(binding.value, cst.Call):
            return
        text = self._text(site.node)
        mentioned = len(re.findall(rf"\b{re.escape(name)}\b", text))
        made = self._canonical(binding.value.func, binding.scope, binding.time) in _MADE
        if made and binding.index is None and mentioned == 1 and not _READS_ALL.search(text):
            yield UnusedName(span=self._span(binding.value), name=name)

    # Regularizers

    def regularizers(self) -> Iterator[CustomRegularizer]:
        text = self.program.text
        told = bool(_REGISTERS.search(text)) or not _LOADS.search(text)
        for site in self.classes:
            if self._derives(site, frozenset((_REGULARIZER,))):
                methods = _methods(site.node)
                left_out = _left_out(methods) if "from_config" not in methods else ()
                if left_out != () or not told:
                    yield CustomRegularizer(
                        span=self._span(site.node.name),
                        name=site.node.name.value,
                        left_out=left_out,
                        unregistered=not told,
                    )

    # What a name means, and where it stands

    def _derives(self, site: ClassSite, bases: frozenset[str]) -> bool:
        """Whether all bases of a class are among these."""
        named = [self._canonical(base.value, site.outer, site.time) for base in site.node.bases]
        return bool(named) and all(name in bases for name in named)

    def _canonical(self, node: cst.BaseExpression, scope: Scope, time: int) -> str | None:
        names = {canonical(path) for path in self.paths.of(node, scope, time)}
        return names.pop() if len(names) == 1 else None

    def _text(self, node: cst.CSTNode) -> str:
        span = self._span(node)
        return self.program.text[span.start : span.end]

    def _span(self, node: cst.CSTNode) -> Span:
        return self.program.positions.span(node)


def _left_out(methods: dict[str, cst.FunctionDef]) -> tuple[str, ...] | None:
    """The parameters that a configuration lacks; none where it is not one plain dict."""
    made, config = methods.get("__init__"), methods.get("get_config")
    if config is None:
        return None
    returned = [node.value for node in descendants(config.body) if isinstance(node, cst.Return)]
    keys = _keys(returned[0]) if len(returned) == 1 else None
    if made is None or keys is None:
        return ()
    names = [p.name.value for p in (*made.params.params, *made.params.kwonly_params)][1:]
    return tuple(name for name in names if name not in keys)


def _keys(node: cst.BaseExpression | None) -> set[str] | None:
    """The keys of a dict that is written out with plain strings."""
    if isinstance(node, cst.Dict):
        found: set[str] = set()
        for element in node.elements:
            key = element.key if isinstance(element, cst.DictElement) else None
            if not isinstance(key, cst.SimpleString):
                return None
            found.add(str(key.evaluated_value))
        return found
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Name) or node.func.value != "dict":
        return None
    keywords = [arg.keyword.value for arg in node.args if arg.keyword is not None]
    return set(keywords) if len(keywords) == len(node.args) else None


def _kept_as(name: str, body: cst.CSTNode) -> list[cst.Attribute] | None:
    """The attributes that a body sets to a name or to `get` of it; None where it does anything else with it."""
    kept: list[cst.Attribute] = []
    reads = 0
    for node in descendants(body):
        reads += isinstance(node, cst.Name) and node.value == name
        if isinstance(node, cst.Assign) and _is_kept(node.value, name):
            targets = [target.target for target in node.targets]
            if not all(isinstance(target, cst.Attribute) for target in targets):
                return None
            kept += [target for target in targets if isinstance(target, cst.Attribute)]
            reads -= 1
    return kept if reads == 0 else None


def _is_kept(value: cst.BaseExpression, name: str) -> bool:
    if isinstance(value, cst.Call) and len(value.args) == 1:
        func = value.func
        called = func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", "")
        return called == "get" and _is_kept(value.args[0].value, name)
    return isinstance(value, cst.Name) and value.value == name


def _methods(node: cst.ClassDef) -> dict[str, cst.FunctionDef]:
    return {part.name.value: part for part in node.body.body if isinstance(part, cst.FunctionDef)}


def _base_names(node: cst.ClassDef) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base.value, cst.Name):
            yield base.value.value


def _is_method(site: FunctionSite) -> bool:
    return site.scope.parent is not None and site.scope.parent.kind == "class"


def _regularizer_parameters(node: cst.FunctionDef) -> Iterator[cst.Param]:
    for param in (*node.params.params, *node.params.kwonly_params):
        if param.name.value.endswith("_regularizer") or param.name.value == "regularizer":
            yield param
