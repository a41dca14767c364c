"""What calls of a class hand to its constructor that becomes a part of the model: networks, layers, or its outputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kreglint.analysis.keras.lineage import Kin, member_of
from kreglint.analysis.keras.reader import Reader
from kreglint.analysis.semantic.class_sites import ClassSite, is_base_constructor, receiver_class
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import DefinitionBinding, ExpressionBinding, ParameterBinding
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_OUTPUTS = ("inputs", "outputs")


class Handed(Reader):
    """The constructors of the models of one file."""

    def parameters(self, kin: Sequence[Kin]) -> Iterator[ParameterBinding]:
        """Yield the parameters that constructors set an attribute to, once and for all, which a method calls."""
        for site in (each.site for each in kin if each.view is self.view):
            for name, bindings in site.attributes.items():
                only = bindings[0] if len(bindings) == 1 else None
                if not isinstance(only, ExpressionBinding) or not only.whole or not isinstance(only.value, nodes.Name):
                    continue
                bound = lookup(only.value.value, only.scope, only.time)
                if isinstance(bound, ParameterBinding) and self.is_called(site, name):
                    yield bound

    def is_called(self, site: ClassSite, name: str) -> bool:
        """True if a method calls an attribute of its instance: else no layer in it is built."""
        funcs = ((each.node.func, each.scope) for each in self.found.calls)
        owners = (
            (func.value, scope)
            for func, scope in funcs
            if isinstance(func, nodes.Attribute) and func.attr.value == name and isinstance(func.value, nodes.Name)
        )
        return any(receiver_class(owner.value, scope) is site.scope for owner, scope in owners)

    def is_functional(self, call: nodes.Call, kin: Sequence[Kin]) -> bool:
        """True if a call makes a model of a class of its inputs and outputs, as `keras.Model(inputs, outputs)` does."""
        given = [arg.keyword.value if arg.keyword is not None else "" for arg in call.args if not arg.star]
        if not kin or len(given) < len(call.args) or (given[:2] != ["", ""] and not set(_OUTPUTS) <= set(given)):
            return False
        found = member_of(kin, "__init__")
        if found is None:
            return True
        made = found[1].node if isinstance(found[1], DefinitionBinding) else None
        return isinstance(made, nodes.FunctionDef) and _hands_all_on(made)


def _calls_in(node: nodes.Node) -> Iterator[nodes.Call]:
    return (each for each in descendants(node) if isinstance(each, nodes.Call))


def _hands_all_on(made: nodes.FunctionDef) -> bool:
    """True if a constructor gives that of its base, by `super().__init__(…)`, the inputs and outputs that it is given.

    They are its `*args` and `**kwargs`, or parameters by these names.
    """
    star, stars = made.params.star_arg, made.params.star_kwarg
    rest = {each.name.value for each in (star, stars) if isinstance(each, nodes.Param)}
    for call in _calls_in(made):
        if is_base_constructor(call.func):
            given = [arg.value.value for arg in call.args if isinstance(arg.value, nodes.Name)]
            starred = {arg.value.value for arg in call.args if arg.star and isinstance(arg.value, nodes.Name)}
            own = len(made.params.params) == 1 and bool(rest) and starred == rest
            return own or set(_OUTPUTS) <= set(given)
    return False
