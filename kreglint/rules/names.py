"""Which names of Keras a fix may write: those of every version that the file may run on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kreglint.catalog.model import Keras

_PACKAGE = "keras.regularizers."
_OLDER = {"L1": "l1", "L2": "l2", "L1L2": "l1l2"}  # what made the same before the class had its name


class Made(NamedTuple):
    """A call that makes a regularizer: its `name` is the canonical path with which the `text` begins."""

    name: str
    text: str


class Names:
    """What some versions of Keras have in common."""

    __slots__ = ("_versions",)

    def __init__(self, versions: Iterable[Keras]) -> None:
        self._versions = tuple(versions)

    def has(self, path: str) -> bool:
        """True if all have a canonical path as `keras.regularizers.L2`."""
        if path.startswith(_PACKAGE):
            return all(path[len(_PACKAGE) :] in keras.regularizers for keras in self._versions)
        return all(path.partition(".")[2] in keras.module_paths for keras in self._versions)

    def regularizer(self, kind: str) -> str | None:
        """Return the path by which all of them make a regularizer of a kind: its class, or else what is older."""
        names = (f"{_PACKAGE}{name}" for name in (kind, _OLDER.get(kind)) if name is not None)
        return next((name for name in names if self.has(name)), None)

    def call(self, kind: str, **factors: str) -> Made | None:
        """Return a call with these factors that all of them understand.

        One factor alone has no keyword where the class is not there: what is older calls it `l`.
        """
        name = self.regularizer(kind)
        if name is None:
            return None
        by_place = len(factors) == 1 and not name.endswith(f".{kind}")
        given = ", ".join(text if by_place else f"{factor}={text}" for factor, text in factors.items())
        return Made(name, f"{name}({given})")

    def takes(self, regularizer: str, parameter: str) -> bool:
        """True if all know a regularizer of this name with a parameter of that name."""
        return all(parameter in _keywords(regularizer, keras) for keras in self._versions)


def _keywords(regularizer: str, keras: Keras) -> set[str]:
    """Return the keywords of a regularizer; those of `l1` and `l2` are `l` alone where they are no classes yet."""
    known = keras.regularizers.get(regularizer)
    if known is None:
        return set()
    if known.accepts_l and "L2" not in keras.regularizers:
        return {"l"}  # the catalog calls the parameter by the factor that it sets
    return {parameter.name for parameter in known.parameters}
