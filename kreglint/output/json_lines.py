"""`json-lines`: the objects of `json`, each on a line of its own, as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic
from kreglint.output.json import diagnostic_object


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    for diagnostic in diagnostics:
        yield json.dumps(diagnostic_object(diagnostic), ensure_ascii=False, allow_nan=False) + "\n"
