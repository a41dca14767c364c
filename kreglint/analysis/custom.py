"""The file's own layers, regularizers and functions: what becomes of the regularizers that they take or make.

Where a name might be read in some way that the text does not show (`locals()`, `getattr`), nothing is said of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from kreglint.analysis.arithmetic import arithmetic
from kreglint.analysis.cells import instance_cell, own_cell
from kreglint.analysis.flows import HOLDS
from kreglint.analysis.objects import ClassSite, receiver_class
from kreglint.analysis.reader import MODELS, Reader, View, called
from kreglint.analysis.scopes import ExpressionBinding, Scope
from kreglint.analysis.sites import CallSite, FunctionSite, is_remade
from kreglint.analysis.walk import descendants
from kreglint.analysis.words import names_in, speaks_of
from kreglint.facts.custom import Body, CustomFacts, CustomRegularizer, DroppedParameter, UnusedName

_LAYERS = MODELS | {"keras.layers.Layer", "keras.Layer"}
_REGULARIZER = "keras.regularizers.Regularizer"
_MADE = frozenset(
    f"keras.regularizers.{name}" for name in ("L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2")
)
_READS_ALL = re.compile(r"^(?:locals|vars|getattr|setattr|eval|exec)$|__dict__|signature$|attrgetter")
_REGISTERS = re.compile(r"custom_?object|register_keras_serializable", re.IGNORECASE)
_LOADERS = frozenset(
    f"keras.{module}.{name}"
    for module in ("models", "saving")
    for name in ("load_model", "model_from_json", "model_from_config")
)
_OF_LOADERS = ("compile", "safe_mode", "options", "filepath", "json_string", "config")  # keywords that name no class


def custom_facts(view: View) -> CustomFacts:
    """The facts of one program on its own classes and functions."""
    if "egularizer" not in view.text:
        return CustomFacts()
    finder = _Finder(view)
    return CustomFacts(
        unforwarded=tuple(finder.unforwarded()),
        ignored=tuple(finder.ignored()),
        unused=tuple(finder.unused()),
        regularizers=tuple(finder.regularizers()),
        arithmetic=tuple(arithmetic(view)),
        without_call=frozenset(finder.without_call()),
    )


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.classes = list(view.program.found.objects.by_node.values())
        self.bases = {name for site in self.classes for name in _base_names(site.node)}

    # Layers

    def unforwarded(self) -> Iterator[DroppedParameter]:
        for site in self.classes:
            methods = _methods(site.node)
            made = methods.get("__init__")
            if made is None or not methods.keys() & {"build", "call"} or not self._derives(site, _LAYERS):
                continue
            if site.node.name.value not in self.bases and not speaks_of(site.node, _READS_ALL):
                dropped = list(self._dropped_by(site, made, methods.get("get_config")))
                yield from dropped if dropped and not self._may_be_read(site) else ()

    def _may_be_read(self, site: ClassSite) -> bool:
        """Whether code that is not seen gets the layer, and so what it keeps."""
        escape, instance = self.view.escape, instance_cell(site.scope)
        if self.found.objects.hands_on_any or is_remade(site.node):
            return True
        own = escape.holders_of(own_cell(site.scope), blocked=frozenset((instance,)))
        return own.escapes() or escape.holders_of(instance, alone=True).escapes(HOLDS)

    def _dropped_by(
        self, site: ClassSite, made: cst.FunctionDef, config: cst.FunctionDef | None
    ) -> Iterator[DroppedParameter]:
        layer = site.node
        for param in _regularizer_parameters(made):
            name = param.name.value
            kept = self._kept_as(name, made)
            if name != "activity_regularizer" and kept is not None and not self._is_read(kept, config):
                yield DroppedParameter(
                    span=self.span(param.name),
                    name=name,
                    within=self.span(layer),
                    kept=self.written(kept[0]) if kept else None,
                    weight=self._only_weight(layer),
                )

    def _only_weight(self, layer: cst.ClassDef) -> int | None:
        """The end of the last argument of the only `add_weight` of a layer, if it is given no regularizer."""
        calls = [node for node in descendants(layer) if isinstance(node, cst.Call) and called(node) == "add_weight"]
        args = calls[0].args if len(calls) == 1 else ()
        free = all(not arg.star and (arg.keyword is None or arg.keyword.value != "regularizer") for arg in args)
        return self.span(args[-1]).end if args and free else None

    def _kept_as(self, name: str, made: cst.FunctionDef) -> list[cst.Attribute] | None:
        """The attributes of its own that a method sets to a name or `get` of it; None where it does more with that."""
        scope = self.found.functions[made].scope
        kept: list[cst.Attribute] = []
        reads = 0
        for node in descendants(made.body):
            reads += isinstance(node, cst.Name) and node.value == name
            if isinstance(node, cst.Assign) and self._is_kept(node.value, name):
                targets = [target.target for target in node.targets]
                own = [each for each in targets if isinstance(each, cst.Attribute) and _is_receiver(each.value, scope)]
                if len(own) < len(targets):
                    return None
                kept += own
                reads -= 1
        return kept if reads == 0 else None

    def _is_kept(self, value: cst.BaseExpression, name: str) -> bool:
        if isinstance(value, cst.Call) and len(value.args) == 1:
            site = self.view.escape.flows.sites.get(value)
            made = self.canonical(value.func, site.scope, site.time) if site is not None else None
            return made == "keras.regularizers.get" and self._is_kept(value.args[0].value, name)
        return isinstance(value, cst.Name) and value.value == name

    def _is_read(self, kept: list[cst.Attribute], config: cst.FunctionDef | None) -> bool:
        """Whether the text has an attribute of one of these names where it is neither set nor told by get_config."""
        telling = set(descendants(config)) if config is not None else set()
        names = {attribute.attr.value for attribute in kept}
        return any(node not in telling and node not in kept for name in names for node in self._named.get(name, ()))

    @cached_property
    def _named(self) -> dict[str, list[cst.CSTNode]]:
        """The attributes and strings of the file by name."""
        found: dict[str, list[cst.CSTNode]] = {}
        for node in descendants(self.program.module):
            if isinstance(node, cst.Attribute):
                found.setdefault(node.attr.value, []).append(node)
            elif isinstance(node, cst.SimpleString):
                found.setdefault(str(node.evaluated_value), []).append(node)
        return found

    # Functions

    def ignored(self) -> Iterator[DroppedParameter]:
        for site in self.program.found.functions.values():
            node = site.node
            if isinstance(node, cst.FunctionDef) and not _is_method(site) and not node.decorators:
                read = {each.value for each in descendants(node.body) if isinstance(each, cst.Name)}
                for param in _regularizer_parameters(node):
                    name = param.name.value
                    if name not in read and not speaks_of(node, _READS_ALL):
                        yield DroppedParameter(span=self.span(param.name), name=name, within=self.span(node))

    def unused(self) -> Iterator[UnusedName]:
        for site in self.program.found.functions.values():
            for name, (_, bindings) in site.scope.history.items():
                if len(bindings) == 1 and name not in site.scope.declared and not name.startswith("_"):
                    yield from self._unused(name, bindings[0], site)

    def _unused(self, name: str, binding: object, site: FunctionSite) -> Iterator[UnusedName]:
        if not isinstance(binding, ExpressionBinding) or not binding.whole:
            return
        if not isinstance(binding.value, cst.Call):
            return
        if self.canonical(binding.value.func, binding.scope, binding.time) not in _MADE:
            return
        names = list(names_in(site.node))
        mentioned = names.count(name) + names.count(f".{name}")
        if mentioned == 1 and not any(map(_READS_ALL.search, names)):
            yield UnusedName(span=self.span(binding.value), name=name)

    # Regularizers

    def regularizers(self) -> Iterator[CustomRegularizer]:
        told = self.view.speaks_of(_REGISTERS) or not any(map(self._loads, self.found.calls))
        for site in self.classes:
            if self._derives(site, frozenset((_REGULARIZER,))) and self._is_as_written(site):
                methods = _methods(site.node)
                left_out = _left_out(methods) if "from_config" not in methods else ()
                if left_out != () or not told:
                    yield CustomRegularizer(
                        span=self.span(site.node.name),
                        name=site.node.name.value,
                        left_out=left_out,
                        unregistered=not told,
                        parameters=tuple(_parameters(methods["__init__"])) if "__init__" in methods else (),
                        attributes=tuple(self._attributes(methods.get("__init__"))),
                        config_end=self._config_end(methods.get("get_config")),
                        body=self._place_of(site.node),
                    )

    def _is_as_written(self, site: ClassSite) -> bool:
        """Whether a class has no more than its body says: nothing derives from it, changes it or may do so."""
        objects = self.found.objects
        own = _methods(site.node)
        elsewhere = any(site.member(name) is not None and name not in own for name in ("get_config", "from_config"))
        set_later = objects.set_from_outside & {"get_config", "from_config"}
        if is_remade(site.node) or site.node.keywords or site.node.name.value in self.bases or elsewhere or set_later:
            return False
        return not self._escapes(site)

    def _escapes(self, site: ClassSite) -> bool:
        escape = self.view.escape
        return escape.holders_of(escape.flows.cells.of_name(site.node.name.value, site.outer)).escapes(HOLDS)

    def _loads(self, site: CallSite) -> bool:
        """Whether a call loads a model of Keras with no more than its place, or how it is loaded."""
        if self.canonical(site.node.func, site.scope, site.time) not in _LOADERS:
            return False
        by_place = sum(arg.keyword is None for arg in site.node.args)
        plain = all(
            not arg.star and (arg.keyword is None or arg.keyword.value in _OF_LOADERS) for arg in site.node.args
        )
        return plain and by_place < 2

    def without_call(self) -> Iterator[str]:
        """The classes, by name, that derive from Regularizer alone and have nothing by the name `__call__`."""
        if not self.found.objects.is_settled("__call__"):
            return
        named = Counter(site.node.name.value for site in self.classes)
        for site in self.classes:
            plain = not is_remade(site.node) and not site.node.keywords and named[site.node.name.value] == 1
            called = site.member("__call__") is not None
            if plain and not called and self._derives(site, frozenset((_REGULARIZER,))) and not self._escapes(site):
                yield site.node.name.value

    def _attributes(self, made: cst.FunctionDef | None) -> Iterator[tuple[str, str]]:
        """The parameters that `__init__` keeps as they are, each with the attribute."""
        names = _parameters(made) if made is not None else []
        for node in descendants(made.body) if made is not None else ():
            if isinstance(node, cst.Assign):
                for target, value in _pairs(node.targets[0].target, node.value):
                    if isinstance(value, cst.Name) and value.value in names and isinstance(target, cst.Attribute):
                        yield value.value, self.written(target)

    def _config_end(self, config: cst.FunctionDef | None) -> int | None:
        """Where the last entry ends of the dict that a `get_config` returns."""
        found = [node.value for node in descendants(config.body) if isinstance(node, cst.Return)] if config else []
        last = (
            found[0].elements[-1] if len(found) == 1 and isinstance(found[0], cst.Dict) and found[0].elements else None
        )
        return self.span(last.value).end if last is not None else None

    def _place_of(self, node: cst.ClassDef) -> Body:
        text, span = self.program.text, self.span(node)
        first = next(iter(_methods(node).values()), node)
        before, within = (re.split(r"[\r\n]", text[: self.span(each).start])[-1] for each in (node, first))
        end = span.start + len(text[span.start : span.end].rstrip())
        return Body(span.start, end, before, within, self.program.module.default_newline)

    def _derives(self, site: ClassSite, bases: frozenset[str]) -> bool:
        """Whether all bases of a class are among these."""
        named = [self.canonical(base.value, site.outer, site.time) for base in site.node.bases]
        return bool(named) and all(name in bases for name in named)


def _left_out(methods: dict[str, cst.FunctionDef]) -> tuple[str, ...] | None:
    """The parameters that a configuration lacks; none where it is not one plain dict."""
    made, config = methods.get("__init__"), methods.get("get_config")
    if config is None:
        return None
    returned = [node.value for node in descendants(config.body) if isinstance(node, cst.Return)]
    keys = _keys(returned[0]) if len(returned) == 1 else None
    if made is None or keys is None:
        return ()
    return tuple(name for name in _parameters(made) if name not in keys)


def _parameters(made: cst.FunctionDef) -> list[str]:
    """The names of a method's parameters, without its instance."""
    return [param.name.value for param in (*made.params.params, *made.params.kwonly_params)][1:]


def _pairs(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """Each target of an assignment with its value."""
    if isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple) and len(target.elements) == len(value.elements):
        for one, other in zip(target.elements, value.elements, strict=True):
            yield one.value, other.value
    else:
        yield target, value


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


def _methods(node: cst.ClassDef) -> dict[str, cst.FunctionDef]:
    return {part.name.value: part for part in node.body.body if isinstance(part, cst.FunctionDef)}


def _base_names(node: cst.ClassDef) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base.value, cst.Name):
            yield base.value.value


def _is_receiver(node: cst.BaseExpression, scope: Scope) -> bool:
    return isinstance(node, cst.Name) and receiver_class(node.value, scope) is not None


def _is_method(site: FunctionSite) -> bool:
    return site.scope.parent is not None and site.scope.parent.kind == "class"


def _regularizer_parameters(node: cst.FunctionDef) -> Iterator[cst.Param]:
    for param in (*node.params.params, *node.params.kwonly_params):
        if param.name.value.endswith("_regularizer") or param.name.value == "regularizer":
            yield param
