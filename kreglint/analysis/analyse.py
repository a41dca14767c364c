"""From a parsed module to its facts."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kreglint.analysis.collect import AttributeSite, CallSite, Collected, collect, dotted
from kreglint.analysis.evaluate import Evaluator
from kreglint.analysis.names import canonical, proven_major
from kreglint.analysis.positions import Positions
from kreglint.catalog.model import MAJORS, load
from kreglint.diagnostics import Span
from kreglint.facts.file import AttributeAssignment, FileFacts, LayerCall, NameUse, RegularizerCall
from kreglint.facts.values import Construct, OneOf, Symbol

_REGULARIZERS = "keras.regularizers."
_LAYERS = "keras.layers."
_NOTED_ATTRIBUTES = frozenset(
    "WeightRegularizer ActivityRegularizer EigenvalueRegularizer L1L2Regularizer "
    "activity_l1 activity_l2 activity_l1l2 l1l2".split()
)  # names of Keras 1 that no later version has
_CUSTOM_OBJECTS = ("custom_object_scope", "CustomObjectScope", "get_custom_objects", "register_keras_serializable")


class UnparsableError(Exception):
    """The text is not Python that libcst can read. `row` counts from 1, `column` from 1 in characters."""

    def __init__(self, row: int, column: int, reason: str) -> None:
        super().__init__(row, column, reason)
        self.row = row
        self.column = column
        self.reason = reason


def analyse(text: str) -> FileFacts:
    """The facts of one program.

    Raises:
        UnparsableError: it cannot be parsed.
    """
    module = _parse(text)
    found = collect(module, _NOTED_ATTRIBUTES)
    return _Analysis(text, module, found).facts()


def _parse(text: str) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise _unparsable(text, error) from error


def _unparsable(text: str, error: cst.ParserSyntaxError) -> UnparsableError:
    """Python's own words for what is wrong where it agrees, libcst's where only libcst fails."""
    try:
        compile(text, "<string>", "exec", dont_inherit=True)
    except SyntaxError as own:
        return UnparsableError(own.lineno or 1, own.offset or 1, own.msg)
    except ValueError as own:
        return UnparsableError(1, 1, str(own))
    return UnparsableError(error.raw_line, error.raw_column + 1, "this syntax is not understood")


class _Analysis:
    def __init__(self, text: str, module: cst.Module, found: Collected) -> None:
        self.text = text
        self.found = found
        self.positions = Positions(module)
        self.evaluator = Evaluator(text, found.module_scope, self.positions, _star_path)
        self.majors: set[int] = set()
        self.statements: set[Span] = set()
        self.registers_custom_objects = False
        for name in found.imports:
            if not name.guarded:
                self._note_path(name.path)

    def facts(self) -> FileFacts:
        layers: list[LayerCall] = []
        regularizers: list[RegularizerCall] = []
        for site in self.found.calls:
            for path in self.evaluator.paths(site.node.func, site.scope, site.time)[:1]:
                self._note_path(path)
            name = self._canonical_callee(site)
            if name is not None and name.startswith(_REGULARIZERS):
                self.statements.add(self.positions.span(site.statement))
                regularizers.extend(self._regularizer_call(site))
            elif layer_class(name) is not None or _hands_on_regularizer(site.node):
                self.statements.add(self.positions.span(site.statement))
                layers.append(self._layer_call(site, name))
        return FileFacts(
            layers=tuple(layers),
            regularizer_calls=tuple(regularizers),
            regularizer_names=tuple(self._names_of_regularizers()),
            attribute_assignments=tuple(self._attribute_assignments()),
            majors=frozenset(self.majors),
            names=tuple(self._module_names()),
            statements=tuple(sorted(self.statements)),
            registers_custom_objects=self.registers_custom_objects,
        )

    def _note_path(self, path: str) -> None:
        major = proven_major(path)
        if major is not None:
            self.majors.add(major)
        if path.endswith(_CUSTOM_OBJECTS):
            self.registers_custom_objects = True

    def _canonical_callee(self, site: CallSite) -> str | None:
        """Keras' name of what is called, where every path to it leads to the same."""
        paths = self.evaluator.paths(site.node.func, site.scope, site.time)
        names = {canonical(path) for path in paths}
        return names.pop() if len(names) == 1 else None

    def _regularizer_call(self, site: CallSite) -> Iterator[RegularizerCall]:
        value = self.evaluator.value(site.node, site.scope, site.time)
        for way in value.alternatives if isinstance(value, OneOf) else (value,):
            if isinstance(way, Construct):
                yield RegularizerCall(value=way, certain=way is value, provoked=site.provoked)

    def _layer_call(self, site: CallSite, name: str | None) -> LayerCall:
        func = site.node.func
        layer = layer_class(name)
        callee = self.positions.span(func)
        path = self.evaluator.paths(func, site.scope, site.time)[:1]
        return LayerCall(
            span=self.positions.span(site.node),
            callee_span=callee,
            dotted=dotted(func) or self.text[callee.start : callee.end],
            arguments=self.evaluator.arguments(site.node, site.scope, site.time),
            scope=site.scope.qualified_name,
            symbol=Symbol(span=callee, path=path[0], canonical=name) if path else None,
            layer=layer,
            provoked=site.provoked,
        )

    def _names_of_regularizers(self) -> Iterator[NameUse]:
        for name in self.found.imports:
            symbol = self._regularizer_symbol(name.path, name.node)
            if symbol is not None:
                yield NameUse(symbol=symbol, span=symbol.span, imported=True, guarded=name.guarded)
        for site in self.found.attributes:
            if not site.assigned:
                yield from self._attribute_uses(site)

    def _attribute_uses(self, site: AttributeSite) -> Iterator[NameUse]:
        for path in self.evaluator.paths(site.node, site.scope, site.time):
            symbol = self._regularizer_symbol(path, site.node)
            if symbol is not None:
                yield NameUse(
                    symbol=symbol,
                    span=symbol.span,
                    imported=False,
                    guarded=site.guarded,
                    provoked=site.provoked,
                )

    def _regularizer_symbol(self, path: str, node: cst.CSTNode) -> Symbol | None:
        """The name below `keras.regularizers` that a path is, where it stands in the file."""
        name = canonical(path)
        if name is None or not name.startswith(_REGULARIZERS) or isinstance(node, cst.ImportFrom):
            return None
        place = node.name if isinstance(node, cst.ImportAlias) else node
        return Symbol(span=self.positions.span(place), path=path, canonical=name)

    def _attribute_assignments(self) -> Iterator[AttributeAssignment]:
        for site in self.found.attributes:
            if site.assigned and "regul" in site.node.attr.value:
                yield self._attribute_assignment(site)

    def _attribute_assignment(self, site: AttributeSite) -> AttributeAssignment:
        owner = self.positions.span(site.node.value)
        return AttributeAssignment(
            owner=self.text[owner.start : owner.end],
            on_layer=self.evaluator.is_layer(site.node.value, site.scope, site.time),
            name=site.node.attr.value,
            span=self.positions.span(site.node.attr),
        )

    def _module_names(self) -> Iterator[tuple[str, str]]:
        """How the module, at its end, can write the names of Keras that it imported: (Keras' name, text)."""
        scope = self.found.module_scope
        for name in scope.history:
            binding = scope.at(name, scope.clock.now)
            for path in self.evaluator.binding_paths(binding) if binding is not None else ():
                if path == "tensorflow":
                    yield ("keras", f"{name}.keras")
                elif (known := canonical(path)) is not None:
                    yield (known, name)


def layer_class(name: str | None) -> str | None:
    """The class name of a Keras layer by its canonical name, without aliases; None for what is no layer class.

    >>> layer_class("keras.layers.Convolution2D")
    'Conv2D'
    """
    if name is None or not name.startswith(_LAYERS):
        return None
    short = name[len(_LAYERS) :]
    for major in reversed(MAJORS):
        layer = load(major).layer(short)
        if layer is not None:
            return layer.name
    return short if short[:1].isupper() and "." not in short else None


def _hands_on_regularizer(call: cst.Call) -> bool:
    return any(arg.keyword is not None and arg.keyword.value.endswith("_regularizer") for arg in call.args)


def _star_path(module: str, name: str) -> str | None:
    """The path of a name that `from module import *` brings from a module of Keras."""
    root = canonical(module)
    if root is None:
        return None
    below = f"{root}.{name}".partition(".")[2]
    known = any(below in load(major).module_paths for major in MAJORS)
    return f"{module}.{name}" if known else None
