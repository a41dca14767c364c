"""Which argument of a call sets which parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from kreglint.analysis.syntax import nodes

Given = TypeVar("Given")


class Bound(NamedTuple, Generic[Given]):
    """What a call gives: to parameters by their names, to `*args`, and to `**kwargs`."""

    named: dict[str, Given]
    rest: Sequence[Given]
    keywords: dict[str, Given]


class Signature(NamedTuple):
    """The names of parameters that can be given by position, in order, and of those that only a keyword sets.

    `position_only` is how many of the first no keyword sets. `takes_rest` and `takes_keywords`: there is `*args`,
    `**kwargs`.
    """

    positional: tuple[str, ...]
    keyword_only: tuple[str, ...] = ()
    position_only: int = 0
    takes_rest: bool = False
    takes_keywords: bool = False

    def bind(self, positional: Sequence[Given], keywords: Mapping[str, Given]) -> Bound[Given] | None:
        """Return which argument sets which parameter; None where a call raises, for what fits none or for two that do.

        Parameters that are given nothing have no entry: whether they have defaults is not asked here.
        """
        if len(positional) > len(self.positional) and not self.takes_rest:
            return None
        named = dict(zip(self.positional, positional, strict=False))
        known = (*self.positional[self.position_only :], *self.keyword_only)
        by_keyword = {name: given for name, given in keywords.items() if name in known}
        others = {name: given for name, given in keywords.items() if name not in known}
        if named.keys() & by_keyword.keys() or (others and not self.takes_keywords):
            return None
        return Bound({**named, **by_keyword}, positional[len(self.positional) :], others)


def signature_of(params: nodes.Parameters) -> Signature:
    """Return the signature of a function or lambda as it is written."""
    return Signature(
        _names((*params.posonly_params, *params.params)),
        _names(params.kwonly_params),
        len(params.posonly_params),
        isinstance(params.star_arg, nodes.Param),
        params.star_kwarg is not None,
    )


def _names(params: Iterable[nodes.Param]) -> tuple[str, ...]:
    return tuple(param.name.value for param in params)
