"""Which classes and functions of the user's own, given as regularizers, no configuration brings back."""

from __future__ import annotations

from collections.abc import Mapping

from kreglint.analysis.keras.far_settings import imported_programs
from kreglint.analysis.keras.own_penalties import BASE
from kreglint.analysis.keras.own_regularizers import place_of
from kreglint.analysis.keras.reader import Reader, View
from kreglint.analysis.keras.registered import Registrations, registers_unseen
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.functions import FunctionValue
from kreglint.analysis.values.module import Module, OwnClass, OwnFunction
from kreglint.analysis.values.objects import InstanceValue
from kreglint.analysis.values.own_classes import ancestors
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.copies import Unconfigured
from kreglint.facts.custom import OwnPenalty


class Unregistered(Reader):
    """Judges what one program hands on."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._here = Registrations(view)
        self._elsewhere: dict[Module, Registrations] = {}

    def among(self, met: Mapping[Span, OwnValue], penalties: Mapping[Span, OwnPenalty]) -> dict[Span, Unconfigured]:
        """Return what Keras cannot find by its name, or has nothing to write of, by its definition."""
        if self._here.tells_unseen or (met and any(map(registers_unseen, imported_programs(self.view)))):
            return {}
        found = {place: self._judge(value, penalties[place]) for place, value in met.items() if place in penalties}
        return {place: each for place, each in found.items() if each is not None}

    def _judge(self, value: OwnValue, penalty: OwnPenalty) -> Unconfigured | None:
        match value:
            case FunctionValue(body=body) if body.receiver is None:
                known = self._is_function_known(body)
                return None if known else Unconfigured(is_silent=False, is_regularizer=False)
            case InstanceValue(of=cls):
                return self._of_class(cls, penalty)
        return None

    def _of_class(self, cls: OwnClass, penalty: OwnPenalty) -> Unconfigured | None:
        above = ancestors(cls)
        own = [base for base in above if isinstance(base, OwnClass)]
        told = any(each.site.member("get_config") is not None for each in own)
        base_alone = [base for base in above if isinstance(base, str)] == [BASE]
        is_silent = not told and (base_alone or not penalty.is_regularizer)
        node, known = cls.site.node, self._may_be_known(cls.site.node, cls.site.outer, cls.home)
        if known:
            return Unconfigured(is_silent, is_regularizer=True) if is_silent and base_alone else None
        here = cls.home.program is self.program
        body = place_of(node, self.program) if here else None
        return Unconfigured(is_silent, penalty.is_regularizer, body)

    def _is_function_known(self, body: OwnFunction) -> bool:
        node, outer = body.site.node, body.site.scope.parent
        return isinstance(node, nodes.FunctionDef) and (outer is None or self._may_be_known(node, outer, body.home))

    def _may_be_known(self, node: nodes.ClassDef | nodes.FunctionDef, outer: Scope, home: Module) -> bool:
        if home.program is self.program:
            return self._here.may_be(node, outer)
        if home not in self._elsewhere:
            self._elsewhere[home] = Registrations(self.view.of(home))
        there = self._elsewhere[home]
        return there.tells_unseen or there.may_be(node, outer) or self._here.may_be_imported(node)
