"""What the analysis keeps of the user's own functions, classes and instances, to follow them later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kreglint.analysis.semantic.class_sites import ClassSite
from kreglint.analysis.semantic.scopes import Binding
from kreglint.analysis.semantic.sites import FunctionSite
from kreglint.facts.values import Value

if TYPE_CHECKING:
    from kreglint.analysis.values.evaluate import Evaluator


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What one call passes: the values of the parameters, and the frame in which the function was defined."""

    parameters: dict[Binding, Value]
    outer: Frame | None = None
    level: int = 1

    def value(self, parameter: Binding) -> Value | None:
        """What the parameter is in this call, or in one of those around the function; None where none tells."""
        frame: Frame | None = self
        while frame is not None:
            if parameter in frame.parameters:
                return frame.parameters[parameter]
            frame = frame.outer
        return None


@dataclass(frozen=True, slots=True)
class Body:
    """What a call of a function needs: its site, the frame in which it was defined, and the program it is of.

    `receiver` is what a bound method passes first: the instance or the class.
    """

    site: FunctionSite
    frame: Frame | None
    home: Evaluator
    receiver: Value | None = None


@dataclass(frozen=True, slots=True)
class ClassBody:
    """A class, and the program that it is of."""

    site: ClassSite
    home: Evaluator


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class of the user's own.

    `certain` says that it is of this very class: constructed by a call that is seen, which `frame` is the call of
    `__init__` in, where that is known. Else it is what a method calls `self`, of any class that inheritance ties to
    this one. `fields` are the values that the call gave to what a dataclass or NamedTuple declares; `items` is all
    that a NamedTuple holds, in order.
    """

    of: ClassBody
    certain: bool = False
    frame: Frame | None = None
    fields: tuple[tuple[str, Value], ...] = ()
    items: tuple[tuple[str, Value], ...] | None = None

    def field(self, name: str) -> Value | None:
        return dict(self.fields).get(name)


@dataclass(frozen=True, slots=True)
class Record:
    """A named tuple of a class that `collections.namedtuple` makes."""

    items: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The options of a command line, as the program that makes their parser adds them."""

    home: Evaluator
