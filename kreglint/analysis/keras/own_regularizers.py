"""The file's own classes that derive from Keras' regularizers: whether they can be called, saved and loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kreglint.analysis.escape.ways import HOLDS
from kreglint.analysis.keras.own_penalties import certainly_read
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.registered import Registrations
from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.program import Program
from kreglint.analysis.semantic.scopes import ExpressionBinding
from kreglint.analysis.semantic.sites import CallSite, is_remade
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.facts.custom import Body, CustomRegularizer, Keras1Hook

_REGULARIZER = "keras.regularizers.Regularizer"
_LOADERS = frozenset(
    f"keras.{module}.{name}"
    for module in ("models", "saving")
    for name in ("load_model", "model_from_json", "model_from_config")
)
_KERAS_1_HOOKS = ("set_param", "set_layer")
_OF_LOADERS = ("compile", "safe_mode", "options", "filepath", "json_string", "config")  # keywords that name no class


class OwnClasses(Reader):
    """The base of those that read the classes of a file."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.classes = list(view.program.found.objects.by_node.values())
        self.bases = {name for site in self.classes for name in _base_names(site.node)}

    def derives(self, site: ClassSite, bases: frozenset[str]) -> bool:
        """True if all bases of a class are among these."""
        named = [self.canonical(base.value, site.outer, site.time) for base in site.node.bases]
        return bool(named) and all(name in bases for name in named)


class OwnRegularizers(OwnClasses):
    """The regularizers of one file."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._registrations = Registrations(view)

    def regularizers(self) -> Iterator[CustomRegularizer]:
        for site in self.classes:
            if self.derives(site, frozenset((_REGULARIZER,))) and self._is_as_written(site):
                methods = methods_of(site.node)
                told = "from_config" in methods
                left_out, foreign = ((), ()) if told else (_left_out(methods), _foreign(methods))
                unregistered = self._loads_any and not self._registrations.may_be(site.node, site.outer)
                if left_out != () or foreign or unregistered:
                    yield CustomRegularizer(
                        span=self.span(site.node.name),
                        name=site.node.name.value,
                        left_out=left_out,
                        foreign=foreign,
                        unregistered=unregistered,
                        parameters=tuple(_parameters(methods["__init__"])) if "__init__" in methods else (),
                        attributes=tuple(self._attributes(methods.get("__init__"))),
                        config_end=self._config_end(methods.get("get_config")),
                        body=place_of(site.node, self.program),
                    )

    @cached_property
    def _loads_any(self) -> bool:
        """Whether the file loads a model, and does not say how the classes of this are called."""
        return any(map(self._loads, self.found.calls))

    def _is_as_written(self, site: ClassSite) -> bool:
        """True if a class has no more than its body says: nothing derives from it, changes it or may do so."""
        objects = self.found.objects
        own = methods_of(site.node)
        elsewhere = any(site.member(name) is not None and name not in own for name in ("get_config", "from_config"))
        set_later = objects.set_from_outside & {"get_config", "from_config"}
        if is_remade(site.node) or site.node.keywords or site.node.name.value in self.bases or elsewhere or set_later:
            return False
        return not self._escapes(site)

    def _escapes(self, site: ClassSite) -> bool:
        escape = self.view.escape
        return escape.holders_of(escape.flows.cells.of_name(site.node.name.value, site.outer)).escapes(HOLDS)

    def _loads(self, site: CallSite) -> bool:
        """True if a call loads a model of Keras with no more than its place, or how it is loaded."""
        if self.canonical(site.node.func, site.scope, site.time) not in _LOADERS:
            return False
        by_place = sum(arg.keyword is None for arg in site.node.args)
        plain = all(
            not arg.star and (arg.keyword is None or arg.keyword.value in _OF_LOADERS) for arg in site.node.args
        )
        return plain and by_place < 2

    def keras1_hooks(self) -> Iterator[Keras1Hook]:
        """The methods by which Keras 1 gives a regularizer what its `__call__` reads, and which no later one calls."""
        for site in self.classes:
            methods = methods_of(site.node)
            called = methods.get("__call__")
            hooks = [name for name in _KERAS_1_HOOKS if name in methods]
            if not hooks or called is None or not self.derives(site, frozenset((_REGULARIZER,))):
                continue
            if is_remade(site.node) or site.node.name.value in self.bases or self._escapes(site):
                continue
            read = list(certainly_read(self.found.functions[called]))
            for name in hooks:
                attribute = next((each for each in read if self._sets_alone(methods[name], each, site)), None)
                if attribute is not None and not self.found.calls_of(name):
                    yield Keras1Hook(self.span(methods[name].name), name, attribute)

    def _sets_alone(self, method: nodes.FunctionDef, attribute: str, site: ClassSite) -> bool:
        """True if an attribute of a class's instances is set by one of its methods and by nothing else."""
        bindings, scope = site.attributes.get(attribute, ()), self.found.functions[method].scope
        inside = all(isinstance(each, ExpressionBinding) and each.scope is scope for each in bindings)
        return bool(bindings) and inside and site.member(attribute) is None and self.found.objects.is_settled(attribute)

    def _attributes(self, made: nodes.FunctionDef | None) -> Iterator[tuple[str, str]]:
        """Yield the parameters that `__init__` keeps as they are, each with the attribute."""
        names = _parameters(made) if made is not None else []
        for node in descendants(made.body) if made is not None else ():
            if isinstance(node, nodes.Assign):
                for target, value in _pairs(node.targets[0].target, node.value):
                    if isinstance(value, nodes.Name) and value.value in names and isinstance(target, nodes.Attribute):
                        yield value.value, self.written(target)

    def _config_end(self, config: nodes.FunctionDef | None) -> int | None:
        """Return where the last entry ends of the dict that a `get_config` returns."""
        found = [node.value for node in descendants(config.body) if isinstance(node, nodes.Return)] if config else []
        last = (
            found[0].elements[-1]
            if len(found) == 1 and isinstance(found[0], nodes.Dict) and found[0].elements
            else None
        )
        return self.span(last.value).end if last is not None else None


def place_of(node: nodes.ClassDef, program: Program) -> Body:
    """Return where a class stands in a program."""
    text, span = program.text, node.span
    first = next(iter(methods_of(node).values()), node)
    before, within = (re.split(r"[\r\n]", text[: each.span.start])[-1] for each in (node, first))
    end = span.start + len(text[span.start : span.end].rstrip())
    return Body(span.start, end, before, within, program.newline)


def _left_out(methods: dict[str, nodes.FunctionDef]) -> tuple[str, ...] | None:
    """Return the parameters that a configuration lacks; none where it is not one plain dict."""
    made, config = methods.get("__init__"), methods.get("get_config")
    if config is None:
        return None
    keys = _configured(config)
    if made is None or keys is None:
        return ()
    return tuple(name for name in _parameters(made) if name not in keys)


def _foreign(methods: dict[str, nodes.FunctionDef]) -> tuple[str, ...]:
    """The entries of a configuration that the constructor does not take."""
    made, config = methods.get("__init__"), methods.get("get_config")
    keys = _configured(config) if config is not None else None
    plain = made is None or (made.params.star_kwarg is None and not made.decorators)
    taken = _parameters(made) if made is not None else []
    return tuple(sorted(keys.difference(taken))) if keys is not None and plain else ()


def _configured(config: nodes.FunctionDef) -> set[str] | None:
    """The keys of the one plain dict that a `get_config` returns."""
    returned = [node.value for node in descendants(config.body) if isinstance(node, nodes.Return)]
    return _keys(returned[0]) if len(returned) == 1 else None


def _parameters(made: nodes.FunctionDef) -> list[str]:
    """Return the names of a method's parameters, without its instance."""
    return [param.name.value for param in (*made.params.params, *made.params.kwonly_params)][1:]


def _pairs(target: nodes.Expression, value: nodes.Expression) -> Iterator[tuple[nodes.Expression, nodes.Expression]]:
    """Yield each target of an assignment with its value."""
    if (
        isinstance(target, nodes.Tuple)
        and isinstance(value, nodes.Tuple)
        and len(target.elements) == len(value.elements)
    ):
        for one, other in zip(target.elements, value.elements, strict=True):
            yield one.value, other.value
    else:
        yield target, value


def _keys(node: nodes.Expression | None) -> set[str] | None:
    """Return the keys of a dict that is written out with plain strings."""
    if isinstance(node, nodes.Dict):
        found: set[str] = set()
        for element in node.elements:
            key = element.key if isinstance(element, nodes.DictElement) else None
            text = string_of(key)
            if text is None:
                return None
            found.add(text)
        return found
    if not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Name) or node.func.value != "dict":
        return None
    keywords = [arg.keyword.value for arg in node.args if arg.keyword is not None]
    return set(keywords) if len(keywords) == len(node.args) else None


def methods_of(node: nodes.ClassDef) -> dict[str, nodes.FunctionDef]:
    return {part.name.value: part for part in node.body.body if isinstance(part, nodes.FunctionDef)}


def _base_names(node: nodes.ClassDef) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base.value, nodes.Name):
            yield base.value.value
