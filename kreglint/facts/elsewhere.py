"""What stands in other files of the project, where a fact of this file depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kreglint.diagnostics import Elsewhere
from kreglint.records import record

if TYPE_CHECKING:
    from kreglint.facts.file import LayerCall


@record(kw_only=True)
class FarLayer:
    """A layer that a model of this file certainly gets by code of another one, and where that makes it.

    The spans of `call` are of this file: the place that leads there.
    """

    call: LayerCall
    place: Elsewhere
