"""What instances of the classes of one file have and run, and what is put into its models and lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from kreglint.analysis.keras.handed import Handed
from kreglint.analysis.keras.kept import KeptLayers
from kreglint.analysis.keras.lineage import Kin, lineage, member_of
from kreglint.analysis.keras.makers import Makers
from kreglint.analysis.keras.reached import outputs_of
from kreglint.analysis.keras.reader import LAYERS, MODELS, SEQUENTIAL, Reader, View, called
from kreglint.analysis.semantic.class_sites import ClassSite, receiver_class
from kreglint.analysis.semantic.scopes import Binding, DefinitionBinding, ExpressionBinding, Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import children, descendants

_ROOTS = LAYERS | SEQUENTIAL
_PUTTING = ("add", "append", "extend", "insert")  # methods of models and lists
_TAKING = ("pop", "remove", "clear")
_PERHAPS = (nodes.If, nodes.Try, nodes.While, nodes.Match, nodes.IfExp, nodes.BooleanOperation, nodes.Lambda)


class Owned(Reader):
    """Reads one program."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.kept = KeptLayers(view)
        self.makers = Makers(view)
        self._handed = Handed(view)

    @cached_property
    def put(self) -> dict[nodes.Expression, list[CallSite]]:
        """What is put into each model and list, by the expression that makes it; none where anything is taken out."""
        found: dict[nodes.Expression, list[CallSite]] = {}
        taken: set[nodes.Expression] = set()
        for site in self._methods((*_PUTTING, *_TAKING)):
            owner = site.node.func.value if isinstance(site.node.func, nodes.Attribute) else None
            inner = owner.value if isinstance(owner, nodes.Attribute) and owner.attr.value == "layers" else owner
            made = self._made(inner, site) if inner is not None else None
            if made is not None and called(site.node) in _PUTTING:
                found.setdefault(made, []).append(site)
            elif made is not None:
                taken.add(made)
        return {made: sites for made, sites in found.items() if made not in taken}

    def _methods(self, names: Sequence[str]) -> Iterator[CallSite]:
        for name in names:
            yield from (site for site in self.found.calls_of(name) if called(site.node) == name)

    def _made(self, node: nodes.Expression, site: CallSite) -> nodes.Expression | None:
        """Return the call or display that makes what an expression is."""
        bound = self.makers.binding(node, site.scope, site.time)
        if isinstance(bound, ExpressionBinding) and bound.whole and isinstance(bound.value, nodes.List):
            return bound.value
        call = self.makers.call_of(node, site.scope, site.time)
        return call[0] if call is not None else None

    def is_for_each(self, iterable: nodes.Expression) -> bool:
        """True if a loop goes through all of an expression."""
        body = next((each.body for each in self.kept.loops if each.iter is iterable), None)
        left = (nodes.Break, nodes.Continue, nodes.Return)
        return body is not None and not any(isinstance(each, left) for each in descendants(body))

    # Classes

    def kin(self, node: nodes.ClassDef) -> tuple[Kin, ...]:
        """Return a class with those of the project that it derives from."""
        site = self.found.objects.by_node[node]
        return lineage(self.view, site, _ROOTS) or (Kin(self.view, site),)

    def bindings(self, node: nodes.ClassDef, name: str) -> list[tuple[View, Binding]]:
        """Return what an attribute of instances may be set to; empty where it may also be anything else.

        What `build` sets takes the place of what the constructor did.
        """
        if name in self._set_elsewhere or self.found.objects.untraceable:
            return []
        found = [(each.view, bound) for each in self.kin(node) for bound in each.site.attributes.get(name, ())]
        later = [each for each in found if isinstance(each[1], ExpressionBinding) and each[1].scope.name == "build"]
        return later or found

    @cached_property
    def _set_elsewhere(self) -> set[str]:
        """The attributes that are set on anything but the instance of a method."""
        return {
            site.node.attr.value
            for site in self.found.attributes
            if site.assigned and not (isinstance(site.node.value, nodes.Name) and _is_own(site.node.value, site.scope))
        }

    def appended(self, node: nodes.ClassDef, name: str) -> Iterator[CallSite]:
        """Yield the calls that certainly put something into an attribute of instances."""
        classes = {each.site.scope for each in self.kin(node) if each.view is self.view}
        for site in self._methods(_PUTTING):
            owner = site.node.func.value if isinstance(site.node.func, nodes.Attribute) else None
            if not isinstance(owner, nodes.Attribute) or owner.attr.value != name:
                continue
            own = receiver_class(owner.value.value, site.scope) if isinstance(owner.value, nodes.Name) else None
            if own in classes and self.kept.runs(site.node):
                yield site

    def run_by(self, node: nodes.ClassDef) -> list[str]:
        """Return the attributes of an instance that its call certainly reads: only these layers are built."""
        kin = self.kin(node)
        if member_of(kin, "call") is None and not any(self.handed_to_base(node)):
            return [name for each in kin for name in each.site.attributes]  # no call is seen that leaves one out
        found: dict[str, None] = {}
        waiting = ["call"]
        while waiting:
            member = member_of(kin, waiting.pop())
            made = member[1].node if member is not None and isinstance(member[1], DefinitionBinding) else None
            for name in _certainly_read(made) if made is not None else ():
                if name not in found:
                    found[name] = None
                    waiting.append(name)
        return list(found)

    def outputs(self, node: nodes.ClassDef, call: nodes.Call) -> nodes.Expression | None:
        """Return the outputs of which a call of a class makes a model, as `keras.Model(inputs, outputs)` does."""
        kin = lineage(self.view, self.found.objects.by_node[node], MODELS)
        return outputs_of(call, True) if self._handed.is_functional(call, kin) else None

    def handed_to_base(self, node: nodes.ClassDef) -> Iterator[tuple[nodes.Expression, CallSite]]:
        """Yield the outputs of which a class makes itself a model, and the layers that it adds to itself."""
        site = self.found.objects.by_node[node]
        made = site.member("__init__")
        if not isinstance(made, DefinitionBinding):
            return
        for call in self.found.calls_within(self.found.functions[made.node].scope):
            if _is_of_base(call.node, site, call.scope) and self.kept.runs(call.node):
                yield from ((arg.value, call) for arg in _outputs(call.node))


def _is_own(node: nodes.Name, scope: Scope) -> bool:
    return receiver_class(node.value, scope) is not None


def _is_of_base(node: nodes.Call, site: ClassSite, scope: Scope) -> bool:
    """True if it is `super().__init__(…)`, or `self.add(…)` of a class of models."""
    func = node.func
    if not isinstance(func, nodes.Attribute):
        return False
    owner, name = func.value, func.attr.value
    if name == "add":
        return isinstance(owner, nodes.Name) and receiver_class(owner.value, scope) is site.scope
    return name == "__init__" and isinstance(owner, nodes.Call) and called(owner) == "super"


def _outputs(node: nodes.Call) -> Iterator[nodes.Arg]:
    """Yield the argument of `add`, or the outputs or layers that a base gets."""
    for place, arg in enumerate(node.args):
        by_place = place == (0 if called(node) == "add" else 1) and not arg.star
        if by_place if arg.keyword is None else arg.keyword.value in ("layer", "outputs", "layers"):
            yield arg


def _certainly_read(function: nodes.Node) -> Iterator[str]:
    """Yield the attributes that a function reads at each call."""
    body = getattr(function, "body", None)
    for statement in body.body if isinstance(body, nodes.Suite) else ():
        if isinstance(statement, _PERHAPS):
            if any(isinstance(each, (nodes.Return, nodes.Raise)) for each in descendants(statement)):
                return
            continue
        stack: list[nodes.Node] = [statement]
        while stack:
            node = stack.pop()
            if isinstance(node, nodes.Attribute):
                yield node.attr.value
            stack += [each for each in children(node) if not isinstance(each, _PERHAPS)]
