"""What a function does with one of its parameters: nothing, keep it as an attribute of its instance, or use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.refusals import may_refuse
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.mentions import speaks_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import FunctionSite, decorator_name
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants

_READS_ALL = re.compile(r"^(?:locals|vars|eval|exec)$|^\.?(?:signature|getargvalues|currentframe|stack)$")
_UNCHANGED = frozenset(("staticmethod", "classmethod"))  # decorators that leave a function its parameters
_REGULARIZERS = "keras.regularizers."
_NUMBERS = frozenset(("float", "abs", "max", "min"))
_TEXTS = (nodes.FormattedStringExpression, nodes.FormattedString)
_TELLING = ("logging.", "warnings.", "absl.logging.", "tensorflow.get_logger", "tensorflow.print")
_WARNING = (".warn", ".warning", ".error", ".critical", ".exception")
_PARTS = (nodes.BinaryOperation, nodes.UnaryOperation, nodes.BooleanOperation, nodes.Comparison, nodes.IfExp)


class Uses(NamedTuple):
    """The attributes in which a parameter is kept; `used` if anything else may be done with it."""

    kept: tuple[nodes.Attribute, ...]
    used: bool


class ParameterUses(Reader):
    """Reads the functions of one program."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self.tree = Tree(view.program)

    def of(self, function: FunctionSite, name: str) -> Uses:
        """Return what becomes of a parameter in the body of its function."""
        node = function.node
        decorators = getattr(node, "decorators", ())
        if any(decorator_name(each) not in _UNCHANGED for each in decorators) or speaks_of(node.body, _READS_ALL):
            return Uses((), used=True)
        kept: list[nodes.Attribute] = []
        for read in self.tree.reads(name, function.scope):
            targets = self._targets(read, name)
            if targets is None:
                return Uses((), used=True)
            kept += targets
        return Uses(tuple(kept), used=False)

    def _targets(self, read: nodes.Name, name: str) -> list[nodes.Attribute] | None:
        """Return the attributes that are set to what is read, or a regularizer of it; None where more is done.

        It is more if a value that is given is refused or warned of: the caller knows then that nothing comes of it.
        """
        whole = self.whole(read)
        around = self.tree.parent(whole)
        match around:
            case nodes.Assert(test=test):
                return [] if test is not whole or not may_refuse(test, name, where=False) else None
            case nodes.Arg() if self._only_tells(around):
                return []
            case nodes.If(test=test, body=body, orelse=None) if test is whole:
                return [] if _only_raises(body) and not may_refuse(test, name, where=True) else None
            case nodes.Assign(targets=targets):
                found = [target.target for target in targets]
            case nodes.AnnAssign(target=target):
                found = [target]
            case _:
                return None
        scope = self.tree.scope(around)
        kept = [each for each in found if isinstance(each, nodes.Attribute) and _is_own(each, scope)]
        others = [each for each in found if each not in kept]
        again = all(isinstance(each, nodes.Name) and each.value == name for each in others)
        return kept if again else None

    def whole(self, node: nodes.Node) -> nodes.Node:
        """Return the largest expression around a read that is still only a number or a regularizer made of it."""
        while True:
            around = self.tree.parent(node)
            if isinstance(around, nodes.Arg):
                call = self.tree.parent(around)
                if not isinstance(call, nodes.Call) or not self._makes_value(call):
                    return node
                node = call
            elif isinstance(around, (*_PARTS, *_TEXTS, nodes.ComparisonTarget)):
                node = around
            else:
                return node

    def _only_tells(self, arg: nodes.Arg) -> bool:
        """True if a call only tells somebody of an argument: `print` or a logger's method, as a statement."""
        call = self.tree.parent(arg)
        if not isinstance(call, nodes.Call) or not isinstance(self.tree.parent(call), nodes.Expr):
            return False
        if isinstance(call.func, nodes.Name) and call.func.value == "print":
            return True
        site = self.view.sites.get(call)
        paths = self.paths.of(call.func, site.scope, site.time) if site is not None else ()
        return bool(paths) and all(path.startswith(_TELLING) and not path.endswith(_WARNING) for path in paths)

    def _makes_value(self, call: nodes.Call) -> bool:
        """True if a call makes a number or a regularizer of its arguments, and does nothing else."""
        if isinstance(call.func, nodes.Name) and call.func.value in _NUMBERS:
            return True
        site = self.view.sites.get(call)
        made = self.canonical(call.func, site.scope, site.time) if site is not None else None
        return made is not None and made.startswith(_REGULARIZERS)


def parameters_of(function: nodes.FunctionDef) -> Iterator[nodes.Param]:
    """Yield the parameters that can be given by their names."""
    yield from (*function.params.params, *function.params.kwonly_params)


def _is_own(target: nodes.Attribute, scope: Scope) -> bool:
    owner = target.value
    return isinstance(owner, nodes.Name) and receiver_class(owner.value, scope) is not None


def _only_raises(body: nodes.Suite) -> bool:
    parts = [part for part in descendants(body) if isinstance(part, nodes.SmallStatement)]
    return bool(parts) and all(isinstance(part, nodes.Raise) for part in parts)
