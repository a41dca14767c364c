"""Dicts and lists that have further names: by an assignment, or as parameters of functions of the same program.

Such a name does no harm where nothing is changed by it and nobody else gets it. This is judged by the name alone,
wherever it stands in the program.
"""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis import bounds
from kreglint.analysis.semantic.access_paths import ANY, Loan, Path
from kreglint.analysis.semantic.call_notes import gives_regularizer
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.qualified_names import Paths
from kreglint.analysis.semantic.scopes import DefinitionBinding, Scope
from kreglint.analysis.semantic.signature import signature_of
from kreglint.analysis.semantic.sites import Collected, is_remade
from kreglint.analysis.syntax import nodes


class Lent:
    """What the further names of one program's dicts and lists do to them. `owner` is the scope of the first name."""

    def __init__(self, found: Collected, owner: Scope | None, paths: Paths) -> None:
        self._found = found
        self._owner = owner
        self._paths = paths

    def escapes(self, name: str) -> bool:
        """True if what the name holds is read by itself, so that others may get it."""
        readers = self._found.escapes.get(name, ())
        return any(self._owner is None or owner_of(name, reader) in (self._owner, None) for reader in readers)

    def may_change(self, name: str) -> bool:
        """True if what the name holds may be changed by another name of it."""
        loans = self._loans(name)
        return len(loans) > bounds.ALIASES or any(
            not loan.path and self._harms(name, loan, bounds.ALIAS_STEPS) for loan in loans
        )

    def shares(self, name: str, path: Path) -> bool:
        """True if the item is read by itself where it, or one that holds it, may be changed."""
        return self._shares(name, path, self._loans(name), bounds.ALIAS_STEPS)

    def _shares(self, name: str, path: Path, loans: list[Loan], steps: int) -> bool:
        if self._found.shared.has(name, path) or len(loans) > bounds.ALIASES or not steps:
            return True
        for loan in loans:
            rest = _below(path, loan.path)
            if rest is not None and (self._harms(name, loan, steps) or self._shared_by_holder(loan, rest, steps)):
                return True
        return False

    def _shared_by_holder(self, loan: Loan, rest: Path, steps: int) -> bool:
        if not rest:
            return False
        lent = self._found.shared.loans
        return any(self._shares(other, rest, lent.get(other, []), steps - 1) for other in self._holders(loan) or ())

    def _harms(self, name: str, loan: Loan, steps: int) -> bool:
        """True if one more name may be used to change what it names, or does not see it change by the first."""
        if self._is_read_by_keras(loan):
            return False
        holders = self._holders(loan)
        if holders is None or not steps or name in self._found.changed:
            return True
        return any(self._is_used_to_change(holder, steps - 1) for holder in holders if holder != name)

    def _is_read_by_keras(self, loan: Loan) -> bool:
        """True if it is given to a layer of Keras as a regularizer, which the layer makes of it at once."""
        if not isinstance(loan.holder, nodes.Call) or loan.argument is None or not gives_regularizer(loan.argument):
            return False
        paths = self._paths.of(loan.holder.func, loan.scope, loan.time)
        return bool(paths) and all((canonical(path) or "").startswith("keras.layers.") for path in paths)

    def _is_used_to_change(self, name: str, steps: int) -> bool:
        found = self._found
        if name in found.escapes or name in found.changed or name in found.returned:
            return True
        loans = found.shared.loans.get(name, [])
        return len(loans) > bounds.ALIASES or any(not loan.path and self._harms(name, loan, steps) for loan in loans)

    def _loans(self, name: str) -> list[Loan]:
        """Return the loans of the first name, as it stands for what its own scope binds."""
        loans = self._found.shared.loans.get(name, [])
        owner = self._owner
        return [loan for loan in loans if owner is None or owner_of(name, loan.scope) in (owner, None)]

    def _holders(self, loan: Loan) -> list[str] | None:
        """Return the further names; None where they are not known."""
        if isinstance(loan.holder, str):
            return [loan.holder]
        func = loan.holder.func
        bound = lookup(func.value, loan.scope, loan.time) if isinstance(func, nodes.Name) else None
        if not isinstance(bound, DefinitionBinding) or not isinstance(bound.node, nodes.FunctionDef):
            return None
        if is_remade(bound.node) or bound.node.asynchronous:
            return None
        return list(_parameters(bound.node, loan)) or None


def _parameters(function: nodes.FunctionDef, loan: Loan) -> Iterator[str]:
    """Yield the parameter that an argument of a call sets."""
    assert isinstance(loan.holder, nodes.Call)
    arguments = loan.holder.args
    if any(arg.star for arg in arguments):
        return
    by_keyword = {arg.keyword.value: arg for arg in arguments if arg.keyword is not None}
    bound = signature_of(function.params).bind([arg for arg in arguments if arg.keyword is None], by_keyword)
    if bound is not None:
        yield from (name for name, arg in bound.named.items() if arg is loan.argument)


def _below(path: Path, held: Path) -> Path | None:
    """Return what is left of a path behind another; None where it does not lead through that."""
    if len(held) > len(path) or any(one is not ANY and one != key for one, key in zip(held, path, strict=False)):
        return None
    return path[len(held) :]


def owner_of(name: str, reader: Scope) -> Scope | None:
    """Return the scope whose name is read in `reader`; None where it is not plain to see, as in the body of a class."""
    scope: Scope | None = reader
    while scope is not None:
        if name in scope.declared or (scope.kind == "class" and scope is reader):
            return None
        if name in scope.history and scope.kind != "class":
            return scope
        scope = scope.parent
    return None
