"""Layers and models that Keras makes anew from their configuration, and what of the user's own it cannot make so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from kreglint.diagnostics import Span
from kreglint.facts.custom import Body
from kreglint.facts.values import Function, Value
from kreglint.records import field, record

Way: TypeAlias = Literal["Bidirectional", "clone_model", "from_config", "model_from_json", "deserialize"]


@record(kw_only=True)
class Copied:
    """A call that copies a layer or model by its configuration; `span` is what is called.

    `made_in` makes the layers that are copied; `layer` is the call that makes the one layer, where it is no model.
    """

    span: Span
    by: Way
    made_in: tuple[Span, ...]
    layer: Span | None = None


class Unconfigured(NamedTuple):
    """What a configuration cannot bring back of the user's own: `is_silent` if it has not even a `get_config`.

    `is_regularizer`: it is an instance of a class that derives from Keras' regularizers. `body` is where that class
    stands, if it is in this file.
    """

    is_silent: bool
    is_regularizer: bool
    body: Body | None = None


@record(kw_only=True)
class CopyFacts:
    """All of one file; `own` are the classes and functions, by their definition, that Keras cannot find by name."""

    copies: tuple[Copied, ...] = ()
    own: Mapping[Span, Unconfigured] = field(default_factory=dict)

    def unconfigured(self, value: Value) -> Unconfigured | None:
        """Return what is known of a value that no configuration brings back."""
        if not isinstance(value, Function) or value.definition is None or value.kind == "class":
            return None
        return self.own.get(value.definition)
