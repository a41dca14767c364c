"""What one analysis has worked out, and how far it has gone for it.

What is found must not depend on the order in which things are asked. So an answer is kept for later questions only if
nothing cut it short: no bound was reached on the way to it, and it did not lead back to itself. It is kept with what it
cost, and counts for that each time it is used: where it would not have been within the bounds, it is worked out anew,
and comes to the same end as if it had not been known.

To work out anew what leads back to itself takes long in a program that is one large circle. So there is a bound on
that too; beyond it such answers are kept, and the order may tell again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kreglint.analysis import bounds
from kreglint.records import field, record

Answer = TypeVar("Answer")


@record(frozen=False)
class _Cost:
    """What an answer took: `steps` and `guards` are those to the farthest place on the way to it."""

    parts: int = 0
    calls: int = 0
    steps: int = 0
    guards: int = 0


@record(frozen=False)
class _Question:
    """What is being answered; a question that comes up on the way is part of it."""

    found: dict[Hashable, tuple[Any, _Cost | None]] = field(default_factory=dict)
    steps: int = 0
    guards: int = 0
    calls: int = 0
    cost: _Cost = field(default_factory=_Cost)  # of the part that is being worked out
    is_cut: bool = False


class Memory:
    """The answers to questions, each by a key of its own."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Any, _Cost]] = {}
        self._question: _Question | None = None
        self._anew = 0

    def ask(self, key: Hashable, meanwhile: Answer, work: Callable[[], Answer], *, steps: int = 0) -> Answer:
        """Return the answer for a key, as it is known or worked out.

        `meanwhile` is the answer where that leads back to it.

        `steps` is how much farther it is to whatever the work asks for.
        """
        if self._question is not None:
            return self._part(self._question, key, meanwhile, work, steps)
        self._question = question = _Question()
        try:
            answer = self._part(question, key, meanwhile, work, steps)
        finally:
            self._question = None
        self._anew += len(question.found) if question.is_cut else 0
        if not question.is_cut or self._keeps_all:
            self._kept |= {each: (found, cost) for each, (found, cost) in question.found.items() if cost is not None}
        return answer

    def clear(self) -> None:
        """Forget all answers."""
        self._kept.clear()

    @property
    def _keeps_all(self) -> bool:
        return self._anew > bounds.ANEW

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Keep what is asked within apart from the question of the moment."""
        outer, self._question = self._question, None
        try:
            yield
        finally:
            self._question = outer

    def may_step(self) -> bool:
        """True if one step more is within bounds."""
        return self._within(self._question is None or self._question.steps < bounds.STEPS)

    def may_call(self) -> bool:
        """True if one call more is within bounds; it is counted."""
        question = self._question
        if question is None:
            return True
        question.calls += 1
        question.cost.calls += 1
        return self._within(question.calls <= bounds.CALLS)

    def is_too_large(self) -> bool:
        """Count one part more. True if what is being worked out has too many; it then counts as one."""
        question = self._question
        assert question is not None
        question.cost.parts += 1
        if question.cost.parts <= bounds.PARTS:
            return False
        question.cost.parts = 1
        return True

    @contextmanager
    def guarded(self) -> Iterator[bool]:
        """Ask whether a condition holds, of which nothing becomes a part; False where that is one too many."""
        question = self._question
        if question is None:
            yield True
        elif not self._within(question.guards < bounds.GUARDS):
            yield False
        else:
            parts = question.cost.parts
            question.guards += 1
            question.cost.guards = max(question.cost.guards, question.guards)
            yield True
            question.guards -= 1
            question.cost.parts = parts

    def _within(self, holds: bool) -> bool:
        """Pass on whether a bound holds; what it cuts short is not to be kept."""
        if not holds and self._question is not None:
            self._question.is_cut = True
        return holds

    def _part(
        self, question: _Question, key: Hashable, meanwhile: Answer, work: Callable[[], Answer], steps: int
    ) -> Answer:
        known = question.found.get(key)
        if known is None:
            kept = self._kept.get(key)
            known = kept if kept is not None and (self._keeps_all or _fits(kept[1], question)) else None
        if known is None:
            return self._worked_out(question, key, meanwhile, work, steps)
        answer, cost = known
        if cost is None:
            question.is_cut = True  # it leads back to itself
        else:
            question.calls += cost.calls
            _add(cost, question)
        return answer  # type: ignore[no-any-return]

    def _worked_out(
        self, question: _Question, key: Hashable, meanwhile: Answer, work: Callable[[], Answer], steps: int
    ) -> Answer:
        question.found[key] = meanwhile, None
        around = question.cost
        question.steps += steps
        question.cost = cost = _Cost(steps=question.steps, guards=question.guards)
        answer = work()
        question.steps -= steps
        question.cost = around
        cost.steps -= question.steps
        cost.guards -= question.guards
        question.found[key] = answer, cost
        _add(cost, question)
        return answer


def _fits(cost: _Cost, question: _Question) -> bool:
    """True if working it out anew would stay within bounds."""
    return (
        question.steps + cost.steps <= bounds.STEPS
        and question.guards + cost.guards <= bounds.GUARDS
        and question.calls + cost.calls <= bounds.CALLS
    )


def _add(cost: _Cost, question: _Question) -> None:
    around = question.cost
    around.parts += cost.parts
    around.calls += cost.calls
    steps, guards = question.steps + cost.steps, question.guards + cost.guards
    if steps > around.steps:
        around.steps = steps
    if guards > around.guards:
        around.guards = guards
