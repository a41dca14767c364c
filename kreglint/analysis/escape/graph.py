"""What may hold an object of the program, and whether code that is not seen may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from kreglint.analysis.escape.call_flows import CallFlows
from kreglint.analysis.escape.cells import CALLERS, EVERYTHING, OUTSIDE, OWN, Cell, call_cell, returned_cell
from kreglint.analysis.escape.fresh import Fresh
from kreglint.analysis.escape.layer_cells import MODELS
from kreglint.analysis.escape.linked import Linked
from kreglint.analysis.escape.ways import HOLDS, IS, PUT, SAME, WITHIN, Through
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes


class Holders:
    """Which cells may hold one object, and how much of it."""

    def __init__(
        self,
        flows: CallFlows,
        seeds: Iterable[tuple[Cell, int]],
        blocked: frozenset[Cell] = frozenset(),
        *,
        alone: bool = False,
    ) -> None:
        self._flows = flows
        self._are: set[Cell] = set()
        self._hold: dict[Cell, int] = {}
        waiting = [(EVERYTHING, HOLDS), *seeds]
        while waiting:
            cell, mark = waiting.pop()
            if cell in blocked or not self._note(cell, mark):
                continue
            for target, through in flows.out.get(cell, ()):
                if not (alone and through.built):
                    waiting.append((target, through.passes(mark)))

    def _note(self, cell: Cell, mark: int) -> bool:
        """True if a mark of a cell is news: one that it is the object, or that it holds more than was known."""
        if mark == IS:
            new = cell not in self._are
            self._are.add(cell)
            return new
        if self._hold.get(cell, 0) >= mark:
            return False
        self._hold[cell] = mark
        return True

    def of(self, node: nodes.Expression, scope: Scope) -> int:
        """Return how much of the object an expression may have.

        0 for none, IS where it can be nothing but the object.
        """
        found: set[int] = set()
        for cell, way in self._flows.sources(node, scope):
            found |= {way.passes(mark) for mark in self.marks(cell)}
        held = found.difference((IS, 0))
        return max(held) if held else max(found, default=0)

    def may_be(self, node: nodes.Expression, scope: Scope) -> bool:
        """Whether an expression may be the very object."""
        return any(way.passes(IS) == IS for cell, way in self._flows.sources(node, scope) if cell in self._are)

    def marks(self, cell: Cell) -> list[int]:
        """Return what a cell may be of the object."""
        held = self._hold.get(cell)
        return [*([IS] if cell in self._are else []), *([held] if held else [])]

    def cells(self) -> set[Cell]:
        """Return those that have more of it than weights."""
        return self._are | {cell for cell, mark in self._hold.items() if mark >= WITHIN}

    def escapes(self, least: int = WITHIN) -> bool:
        """True if code that is not seen may have so much of it."""
        return max(self.marks(OUTSIDE), default=0) >= least

    def is_given_back(self) -> bool:
        """True if a function gives it back that nothing in the file calls."""
        return max(self.marks(CALLERS), default=0) >= WITHIN


class Escape:
    """Asks the flows of linked programs."""

    def __init__(self, linked: Linked) -> None:
        self.flows = CallFlows(linked)
        self.units = tuple(linked.units)
        self._layers = {call_cell(node) for node, scope in self.flows.calls if self._makes(node, scope)}

    def release(self) -> None:
        """Undo the circles of flows and those who ask them, when nobody asks any more."""
        del self.flows.origins, self.flows.layers

    def holders(self, *held: tuple[nodes.Expression, Scope], also: Iterable[Cell] = ()) -> Holders:
        """Return what may hold the objects that expressions are, or a layer of them; `also` has cells of them."""
        sources = [each for node, scope in held for each in self.flows.sources(node, scope)]
        return Holders(self.flows, [*self._seeds(sources), *((cell, IS) for cell in also)])

    def holders_apart(self, node: nodes.Expression, scope: Scope) -> Holders:
        """Return what may hold a model, and not the other models that further calls of its maker make."""
        sources = list(self.flows.sources(node, scope))
        same = self._same([cell for cell, way in sources if way == SAME])
        fresh = {cell for cell in same if self._fresh.is_fresh(cell, self._origins([cell]))}
        if all(through != PUT for cell in same for _, through in self._back.get(cell, ())):
            fresh |= {returned_cell(cell.owner) for cell in fresh if isinstance(cell.owner, Scope)}  # with the items
        return Holders(self.flows, self._seeds(sources), frozenset(fresh))

    @cached_property
    def _fresh(self) -> Fresh:
        return Fresh(self.flows)

    def same(self, node: nodes.Expression, scope: Scope) -> frozenset[Cell]:
        """The cells in which the very object that an expression is may have stood before."""
        return frozenset(self._same([cell for cell, way in self.flows.sources(node, scope) if way == SAME]))

    def origins(self, node: nodes.Expression, scope: Scope) -> set[Cell]:
        """The cells of what makes the object that an expression is: its layers, and their outputs."""
        return self._origins([cell for cell, _ in self.flows.sources(node, scope)])

    def made_of(self, node: nodes.Expression, scope: Scope) -> set[Cell]:
        """The cells from which anything of an expression comes."""
        found = {cell for cell, _ in self.flows.sources(node, scope)}
        waiting = list(found)
        while waiting:
            new = {source for source, _ in self._back.get(waiting.pop(), ())} - found
            found |= new
            waiting += new
        return found

    def holders_of(self, *cells: Cell, blocked: frozenset[Cell] = frozenset(), alone: bool = False) -> Holders:
        """Return what may hold what cells have, whatever that is made of.

        `alone`: not the models of which it is a layer.
        """
        return Holders(self.flows, [(cell, IS) for cell in cells], blocked, alone=alone)

    def layers_of(self, node: nodes.Expression, scope: Scope) -> set[nodes.Call]:
        """The calls of Keras that make the model which an expression is, or may make a layer of it."""
        reached = self.origins(node, scope)
        return {cell.owner for cell in reached if cell in self._layers and isinstance(cell.owner, nodes.Call)}

    def runs_only(self, node: nodes.Call, scope: Scope, made: nodes.FunctionDef | nodes.ClassDef) -> bool:
        """True if a call certainly runs this function or class of the programs, and no code that is not seen."""
        callee = self.flows.origins.callee(node, scope)
        return not callee.strange and (*callee.functions, *(each.node for each in callee.classes)) == (made,)

    def is_layer(self, node: nodes.Call) -> bool:
        """True if a call makes one of Keras' layers or models."""
        return call_cell(node) in self._layers

    def _makes(self, node: nodes.Call, scope: Scope) -> bool:
        path = canonical(self.flows.origins.path(node)) or ""
        if path in MODELS or path.startswith(("keras.layers.", "keras.applications.")):
            return True
        return any(map(self.flows.is_of_keras, self.flows.origins.callee(node, scope, judged=False).classes))

    def _is_layer_itself(self, cell: Cell) -> bool:
        """Whether it is what the methods of a layer or model of the programs call `self`."""
        site = self.flows.found.objects.classes.get(cell.owner) if isinstance(cell.owner, Scope) else None
        return site is not None and cell.name == OWN and self.flows.is_of_keras(site)

    def _seeds(self, sources: list[tuple[Cell, Through]]) -> Iterator[tuple[Cell, int]]:
        """Yield an object's cells: its own, those of its layers, and those of the outputs that it is made of."""
        same = self._same([cell for cell, way in sources if way == SAME])
        yield from ((cell, IS) for cell in same)
        origins = self._origins([cell for cell, _ in sources])
        for cell in origins:
            if cell in self._layers or self._is_layer_itself(cell):
                yield cell, IS
            elif cell not in same:
                yield cell, WITHIN if isinstance(cell.owner, nodes.Call) else 0
        if not origins & self._layers:
            yield from ((cell, HOLDS) for cell, way in sources if way != SAME)

    def _same(self, cells: list[Cell]) -> set[Cell]:
        """Return the cells from which the very object comes."""
        found = set(cells)
        waiting = list(found)
        while waiting:
            for source, through in self._back.get(waiting.pop(), ()):
                if through == SAME and source not in found:
                    found.add(source)
                    waiting.append(source)
        return found

    def _origins(self, cells: list[Cell]) -> set[Cell]:
        """Return the cells of what an object is made of: all that is it, and of the rest what may hold a layer."""
        found, waiting = set(cells), list(cells)
        while waiting:
            for source, through in self._back.get(waiting.pop(), ()):
                layers = through.most >= WITHIN and source in self._may_be_layers and not _is_code(source)
                if (through == SAME or layers) and source not in found:
                    found.add(source)
                    waiting.append(source)
        return found

    @cached_property
    def _back(self) -> dict[Cell, list[tuple[Cell, Through]]]:
        found: dict[Cell, list[tuple[Cell, Through]]] = {}
        for source, targets in self.flows.out.items():
            for target, through in targets:
                found.setdefault(target, []).append((source, through))
        return found

    @cached_property
    def _may_be_layers(self) -> set[Cell]:
        return Holders(self.flows, [(cell, HOLDS) for cell in self._layers], frozenset((EVERYTHING,))).cells()


def _is_code(cell: Cell) -> bool:
    return isinstance(cell.owner, (nodes.FunctionDef, nodes.Lambda, nodes.ClassDef))
