"""Calls that construct a layer, of Keras or of the user's own, or that hand a regularizer to anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kreglint.analysis.keras.choices import chosen
from kreglint.analysis.keras.exempt import is_beyond_defaults, is_spared
from kreglint.analysis.keras.forwarding import Wrappers
from kreglint.analysis.keras.takers import Takers
from kreglint.analysis.libraries.partials import PARTIAL
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.sites import CallSite, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.certainty import surest
from kreglint.analysis.values.infer import infer
from kreglint.analysis.values.localize import Localizer
from kreglint.analysis.values.module import Module
from kreglint.catalog.model import MAJORS, load
from kreglint.facts.file import Choice, LayerCall, Reach
from kreglint.facts.values import Construct, OneOf, Provenance, Symbol
from kreglint.records import replace

NO_LAYERS: Mapping[str, str] = MappingProxyType({})
_LAYERS = "keras.layers."
_INPUT = "keras.Input"
_SUFFIX = "_regularizer"


class LayerCalls:
    """Reads the layer calls of one program. `own_layers` as in `analyse`."""

    def __init__(self, module: Module, localized: Localizer, own_layers: Mapping[str, str]) -> None:
        self._module = module
        self._localized = localized
        self._wrappers = Wrappers(module)
        self._takers = Takers(module)
        self._own_layers = own_layers
        self._last_names = {path.rpartition(".")[2] for path in own_layers}
        imports = module.found.imports
        self._imports_partial = any(name.path.startswith("functools") for name in imports)

    def read(self, site: CallSite, paths: tuple[str, ...]) -> LayerCall | None:
        """Return the layer call that a call is, by the paths that its callee may stand for; None for any other."""
        if not paths and self._imports_partial and (layer := self._of_partial(site)) is not None:
            return layer
        paths = self._chosen_paths(site, paths)
        names = list(dict.fromkeys(canonical(path) for path in paths))
        layers = [layer_class(name) for name in names]
        name = names[0] if len(names) == 1 else None  # where every path to it leads to the same
        if name is not None and layers[0] is not None:
            return self._call(site, paths, name, layers[0])
        if name == _INPUT:
            return self._call(site, paths, name)
        declared = self._declared(site, paths)
        if declared is not None:
            return self._reaching(self._call(site, paths), declared)
        if all(layers) and layers:
            call = self._reaching(self._call(site, paths), *(layer for layer in layers if layer is not None))
            return replace(call, choices=tuple(self._choices(site)))
        if not _names_regularizer(site.node) and (name is None or not self._unpacks_regularizer(site)):
            return None
        call, reaches = self._call(site, paths, name), self._wrappers.reaches(site)
        return replace(call, reaches=reaches, only_takes=not reaches and self._takers.only_takes(site, paths))

    def _chosen_paths(self, site: CallSite, paths: tuple[str, ...]) -> tuple[str, ...]:
        """The paths of a callee; also of a class of Keras that a condition chooses, a dict or an attribute holds."""
        if len(paths) == 1 or isinstance(site.node.func, nodes.Call) or not _may_give_regularizer(site.node):
            return paths
        ways = list(chosen(site.node.func, self._module.of(site)))
        if paths:
            return (ways[0].path,) if len(ways) == 1 and ways[0].conditions == () else paths
        found = [each.path for each in ways]
        if not found:
            callee = infer(site.node.func, self._module.of(site))
            known = isinstance(callee, Symbol | OneOf) and surest(callee) <= Provenance.CROSS_FILE
            found = [way.path if known and isinstance(way, Symbol) else "" for way in callee.ways]
        return tuple(dict.fromkeys(found)) if all(layer_class(canonical(path)) for path in found) else ()

    def _choices(self, site: CallSite) -> Iterator[Choice]:
        for way in chosen(site.node.func, self._module.of(site)) if _may_give_regularizer(site.node) else ():
            layer = layer_class(canonical(way.path))
            if layer is not None and way.conditions and not way.is_ruled_out_at(site, self._module.found):
                yield Choice(layer, way.path, " and ".join(dict.fromkeys(way.conditions)))

    def _unpacks_regularizer(self, site: CallSite) -> bool:
        """True if a `**` certainly brings some `*_regularizer` to a call."""
        if not any(arg.star == "**" for arg in site.node.args):
            return False
        given = arguments_of(site.node, self._module.of(site))
        return any((a.keyword or "").endswith(_SUFFIX) and a.keyword_span is not None for a in given)

    def _of_partial(self, site: CallSite) -> LayerCall | None:
        """Return the layer that a call of `functools.partial(Layer, …)` constructs."""
        callee = infer(site.node.func, self._module.of(site))
        if not isinstance(callee, Construct) or callee.symbol.path != PARTIAL:
            return None
        made = infer(site.node, self._module.of(site))
        layer = layer_class(made.symbol.canonical) if isinstance(made, Construct) else None
        if not isinstance(made, Construct) or layer is None:
            return None
        call = self._call(site, (made.symbol.path,), made.symbol.canonical, layer)
        return replace(call, arguments=self._localized.construct(made, call.span).arguments)

    def _declared(self, site: CallSite, paths: tuple[str, ...]) -> str | None:
        """Return the layer that the settings say the callee behaves like."""
        if not self._own_layers:
            return None
        name = (dotted(site.node.func) or "").rpartition(".")[2]
        if name not in self._last_names and not paths:
            return None
        for path in (*paths, *self._wrappers.definition_paths(site)):
            for declared, layer in self._own_layers.items():
                if f".{path}".endswith(f".{declared}"):
                    return layer
        return None

    def _reaching(self, call: LayerCall, *layers: str) -> LayerCall:
        keywords = [argument.keyword for argument in call.arguments if argument.keyword is not None]
        return replace(call, reaches=tuple(Reach(keyword, keyword, layers) for keyword in keywords), stands_for=layers)

    def _call(
        self, site: CallSite, paths: tuple[str, ...], name: str | None = None, layer: str | None = None
    ) -> LayerCall:
        module, func = self._module, site.node.func
        callee = module.span(func)
        return LayerCall(
            span=module.span(site.node),
            callee_span=callee,
            dotted=dotted(func) or module.text[callee.start : callee.end],
            arguments=self._localized.arguments(arguments_of(site.node, module.of(site))),
            scope=site.scope.qualified_name,
            symbol=Symbol(span=callee, path=paths[0], canonical=name) if paths else None,
            layer=layer,
            provoked=is_spared(site, module),
            beyond_defaults=is_beyond_defaults(site, module),
        )


def layer_class(name: str | None) -> str | None:
    """Return the class name of a Keras layer by its canonical name, without aliases; None for what is no layer class.

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


def _may_give_regularizer(call: nodes.Call) -> bool:
    return _names_regularizer(call) or any(arg.star == "**" for arg in call.args)


def _names_regularizer(call: nodes.Call) -> bool:
    return any(arg.keyword is not None and arg.keyword.value.endswith(_SUFFIX) for arg in call.args)
