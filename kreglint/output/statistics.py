"""`--statistics`: how often each rule fired, most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kreglint.diagnostics import Diagnostic


def render(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    counts = _counts(diagnostics)
    width = max((len(str(count)) for count, _, _ in counts), default=0)
    for count, code, name in counts:
        yield f"{count:>{width}}  {code}  {name}\n"


def render_json(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    from kreglint.output.json_shape import dumped

    counts = _counts(diagnostics)
    yield dumped([{"code": code, "name": name, "count": count} for count, code, name in counts])


def _counts(diagnostics: Iterable[Diagnostic]) -> list[tuple[int, str, str]]:
    tally = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    counts = [(count, code, name) for (code, name), count in tally.items()]
    return sorted(counts, key=lambda entry: (-entry[0], entry[1]))
