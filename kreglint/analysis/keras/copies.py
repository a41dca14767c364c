"""Layers and models that are made anew from their configuration.

Only what is plain is told: a copy by Keras' own function with nothing that says how to make it, of a layer or model
whose making is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kreglint.analysis import bounds
from kreglint.analysis.keras.exempt import is_spared
from kreglint.analysis.keras.layer_calls import layer_class
from kreglint.analysis.keras.models import Models
from kreglint.analysis.keras.reader import MODELS, SEQUENTIAL, Reader, View, called, first_given
from kreglint.analysis.keras.unregistered import Unregistered
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.copies import Copied, CopyFacts, Way
from kreglint.facts.custom import OwnPenalty

_WORDS = ("Bidirectional", "clone_model", "from_config", "model_from_json", "deserialize")
_BIDIRECTIONAL = "keras.layers.Bidirectional"
_CLONES = ("keras.models.clone_model",)
_FROM_JSON = ("keras.models.model_from_json",)
_DESERIALIZES = "keras.layers.deserialize"
_INNER = ("layer", "cell", "forward_layer", "backward_layer")  # by which a layer is given another one
_KERAS = MODELS | SEQUENTIAL

Place = tuple[nodes.Expression, Scope, int]


def copy_facts(view: View, met: Mapping[Span, OwnValue], penalties: Mapping[Span, OwnPenalty]) -> CopyFacts:
    """Return the copies of one program, and which of what it hands on as regularizers cannot be copied so."""
    if not any(word in view.text for word in _WORDS):
        return CopyFacts()
    copies = tuple(_Finder(view).copies())
    return CopyFacts(copies=copies, own=Unregistered(view).among(met, penalties)) if copies else CopyFacts()


class _Finder(Reader):
    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._models = Models(view)

    def copies(self) -> Iterator[Copied]:
        for site in self.found.calls:
            if called(site.node) in _WORDS and not is_spared(site, self.view.module):
                found = self._copied(site)
                if found is not None:
                    yield found

    def _copied(self, site: CallSite) -> Copied | None:
        by, what = self._way(site)
        return self._of(site, by, what) if by is not None and what is not None else None

    def _way(self, site: CallSite) -> tuple[Way | None, nodes.Expression | None]:
        """Return how a call copies, and what."""
        node, here = site.node, (site.scope, site.time)
        path, given = self.canonical(node.func, *here), _only(node)
        if path == _BIDIRECTIONAL:
            is_seen = not any(arg.star for arg in node.args)
            return "Bidirectional", first_given(node, "layer") if is_seen else None
        if path in _CLONES:
            return "clone_model", given
        if given is None:
            return None, None
        if path in _FROM_JSON:
            return "model_from_json", self._told(given, site, "to_json")
        if path == _DESERIALIZES:
            return "deserialize", self._serialized(given, site)
        func = node.func
        if isinstance(func, nodes.Attribute) and func.attr.value == "from_config" and self._is_class(func.value, site):
            return "from_config", self._told(given, site, "get_config")
        return None, None

    def _is_class(self, node: nodes.Expression, site: CallSite) -> bool:
        """True if an expression is a layer's or model's class of Keras, or that of an object which Keras makes."""
        if isinstance(node, nodes.Call) and called(node) == "type" and len(node.args) == 1:
            return self._makes(node.args[0].value, site)
        if isinstance(node, nodes.Attribute) and node.attr.value == "__class__":
            return self._makes(node.value, site)
        path = self.canonical(node, site.scope, site.time)
        return path in _KERAS or layer_class(path) is not None

    def _makes(self, node: nodes.Expression, site: CallSite) -> bool:
        made = self._models.makers.call_of(node, site.scope, site.time)
        path = self.canonical(made[0].func, *made[1:]) if made is not None else None
        return path in _KERAS or layer_class(path) is not None

    def _told(self, node: nodes.Expression, site: CallSite, method: str) -> nodes.Expression | None:
        """Return the object whose configuration an expression is, as its method tells it."""
        call = self._made_here(node, site)
        func = call.func if call is not None and not call.args else None
        return func.value if isinstance(func, nodes.Attribute) and func.attr.value == method else None

    def _serialized(self, node: nodes.Expression, site: CallSite) -> nodes.Expression | None:
        call = self._made_here(node, site)
        named = call is not None and self.canonical(call.func, site.scope, site.time) == "keras.layers.serialize"
        return _only(call) if call is not None and named else None

    def _made_here(self, node: nodes.Expression, site: CallSite) -> nodes.Call | None:
        """Return the call that gives a configuration, there or where its name is set, and only read once."""
        if isinstance(node, nodes.Call):
            return node
        made = self._models.makers.call_of(node, site.scope, site.time) if isinstance(node, nodes.Name) else None
        if made is None or made[1] is not site.scope or not isinstance(node, nodes.Name):
            return None
        around = self.function_around(site.scope) or self.program.module
        named = [each for each in descendants(around) if isinstance(each, nodes.Name) and each.value == node.value]
        return made[0] if len(named) == 2 else None

    # What is copied

    def _of(self, site: CallSite, by: Way, what: nodes.Expression) -> Copied | None:
        place: Place = (what, site.scope, site.time)
        call = self._models.makers.call_of(*place)
        returned = self._returned(call) if call is not None else None
        if returned is None:
            return None
        path, span = self.canonical(returned[0].func, *returned[1:]), self.span(site.node.func)
        if path in _KERAS:
            made_in = self._models.made_in(*place, frozen_too=True)
            return Copied(span=span, by=by, made_in=made_in) if self._keeps(made_in) else None
        made_in = tuple(self._layers(returned)) if layer_class(path) is not None else ()
        found = Copied(span=span, by=by, made_in=made_in, layer=self.span(returned[0]))
        return found if self._keeps(made_in) else None

    def _returned(self, call: tuple[nodes.Call, Scope, int]) -> tuple[nodes.Call, Scope, int] | None:
        """Return the call behind one of a function that certainly gives back what that makes."""
        for _ in range(bounds.MODEL_STEPS):
            made = self.definition(call[0].func, *call[1:])
            if made is None:
                return call
            function = self.found.functions.get(made)
            returns = function.returns if function is not None and function.plain and not made.decorators else []
            only = returns[0] if len(returns) == 1 and not returns[0].guards else None
            if function is None or only is None or only.value is None:
                return None
            found = self._models.makers.call_of(only.value, function.scope, only.time)
            if found is None:
                return None
            call = found
        return None

    def _layers(self, call: tuple[nodes.Call, Scope, int], depth: int = 0) -> Iterator[Span]:
        """Yield the call that makes a layer, and those of the layers that it is given by their names."""
        yield self.span(call[0])
        for index, arg in enumerate(call[0].args):
            inner = arg.keyword.value in _INNER if arg.keyword is not None else index == 0
            if inner and isinstance(arg.value, nodes.Name) and depth < bounds.MODEL_STEPS:
                made = self._models.makers.call_of(arg.value, *call[1:])
                if made is not None and layer_class(self.canonical(made[0].func, *made[1:])) is not None:
                    yield from self._layers(made, depth + 1)

    def _keeps(self, made_in: tuple[Span, ...]) -> bool:
        """True if there is something, of which no regularizer is set to another one later."""
        unset = (self.span(each).start for each in self._models.kept.unset)
        return bool(made_in) and not any(each.start <= start < each.end for start in unset for each in made_in)


def _only(call: nodes.Call) -> nodes.Expression | None:
    """Return the one thing that a call is given, but for tensors; None where it is given more, or nobody knows what."""
    plain = [arg for arg in call.args if arg.keyword is None or arg.keyword.value != "input_tensors"]
    return plain[0].value if len(plain) == 1 and not plain[0].star else None
