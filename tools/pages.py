"""Writes what docs/ shows of the program: a page for each rule and tables: `python -m tools.pages [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kreglint.rules.base import Rule
from kreglint.rules.explain import fix, on_or_opt_in, page, summary
from kreglint.rules.record import Record, committed
from tools.settings_table import renewed

DOCS, RULES, SETTINGS = Path("docs"), "rules", "configuration.md"
COMMAND = "python -m tools.pages"
_INTRODUCTION = """\
# Rules

Where an example has a line for a version of Keras below it, that version was run on it, with random weights, and the
line says what it did. The examples presume the imports `from keras.layers import *`,
`from keras.regularizers import *`, `from keras import regularizers` and their like, unless they show their own.

| code | name | severity | default | fix | what |
|---|---|---|---|---|---|
"""


def documents(docs: Path, rules: Iterable[type[Rule]], record: Record | None = None) -> dict[str, str]:
    """The text of every document that is written in part or as a whole, by its path from `docs`.

    Raises:
        OSError: One that is written in part cannot be read.
        ValueError: It does not say where.
    """
    whole = {f"{RULES}/{name}": text for name, text in pages(rules, record).items()}
    return whole | {SETTINGS: renewed((docs / SETTINGS).read_text(encoding="utf-8"))}


def pages(rules: Iterable[type[Rule]], record: Record | None = None) -> dict[str, str]:
    """The text of each file of docs/rules/ by its name; `record` is by default the committed one."""
    rules, known = tuple(rules), committed() if record is None else record
    return {"index.md": _index(rules, known)} | {f"{rule.code}.md": page(rule, known) for rule in rules}


def differences(docs: Path, expected: Mapping[str, str]) -> list[str]:
    """The documents that are missing, out of date or of no rule, sorted."""
    present = {path.relative_to(docs).as_posix() for path in (docs / RULES).glob("*.md")}
    return sorted(name for name in present | expected.keys() if _text(docs / name) != expected.get(name))


def write(docs: Path, expected: Mapping[str, str]) -> list[str]:
    """Bring documents up to date and give the names of those that changed."""
    (docs / RULES).mkdir(parents=True, exist_ok=True)
    changed = differences(docs, expected)
    for name in changed:
        if name in expected:
            (docs / name).write_text(expected[name], encoding="utf-8", newline="\n")
        else:
            (docs / name).unlink()
    return changed


def main(arguments: Sequence[str]) -> int:
    """Run from the repository's top folder. 0: up to date or written; 1: `--check` found a difference; 2: misuse."""
    from kreglint import rules

    if list(arguments) not in ([], ["--check"]):
        return _say(2, f"expected nothing or --check, received {' '.join(arguments)}")
    if not (DOCS / SETTINGS).is_file():
        return _say(2, f"expected {DOCS / SETTINGS} here: run this in the top folder of the repository")
    expected = documents(DOCS, rules.RULES)
    if not arguments:
        write(DOCS, expected)
        return 0
    stale = differences(DOCS, expected)
    return _say(1, f"{DOCS} is out of date ({', '.join(stale)}): run {COMMAND}") if stale else 0


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _index(rules: Sequence[type[Rule]], record: Record) -> str:
    return _INTRODUCTION + "".join(f"| {' | '.join(_row(rule, record))} |\n" for rule in rules)


def _row(rule: type[Rule], record: Record) -> tuple[str, ...]:
    link = f"[{rule.code}]({rule.code}.md)"
    what = summary(rule).replace("|", "\\|")
    return link, rule.name, rule.severity.value, on_or_opt_in(rule), fix(rule, record).removesuffix(" fix"), what


def _say(status: int, line: str) -> int:
    print(line, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
