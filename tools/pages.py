"""Writes docs/rules/, a page for each rule and a table: `python -m tools.pages [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kreglint.rules.base import Rule
from kreglint.rules.explain import fix, on_or_opt_in, page, summary
from kreglint.rules.record import Record, committed

FOLDER = Path("docs") / "rules"
COMMAND = "python -m tools.pages"
_INTRODUCTION = """\
# Rules

Where an example has a line for a version of Keras below it, that version was run on it, with random weights, and the
line says what it did. The examples presume the imports `from keras.layers import *`,
`from keras.regularizers import *`, `from keras import regularizers` and their like, unless they show their own.

| code | name | severity | default | fix | what |
|---|---|---|---|---|---|
"""


def pages(rules: Iterable[type[Rule]], record: Record | None = None) -> dict[str, str]:
    """The text of each file of docs/rules/ by its name; `record` is by default the committed one."""
    rules, known = tuple(rules), committed() if record is None else record
    return {"index.md": _index(rules, known)} | {f"{rule.code}.md": page(rule, known) for rule in rules}


def differences(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """The names of the files in a folder that are missing, out of date or of no rule, sorted."""
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    names = present.keys() | expected.keys()
    return sorted(name for name in names if present.get(name) != expected.get(name))


def write(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Bring a folder up to date and give the names of the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = differences(folder, expected)
    for name in changed:
        if name in expected:
            (folder / name).write_text(expected[name], encoding="utf-8", newline="\n")
        else:
            (folder / name).unlink()
    return changed


def main(arguments: Sequence[str]) -> int:
    """Run from the repository's top folder. 0: up to date or written; 1: `--check` found a difference; 2: misuse."""
    from kreglint.rules import RULES

    if list(arguments) not in ([], ["--check"]):
        return _say(2, f"expected nothing or --check, received {' '.join(arguments)}")
    if not FOLDER.parent.is_dir():
        return _say(2, "expected a folder docs/ here: run this in the top folder of the repository")
    if not arguments:
        write(FOLDER, pages(RULES))
        return 0
    stale = differences(FOLDER, pages(RULES))
    return _say(1, f"{FOLDER.as_posix()} is out of date ({', '.join(stale)}): run {COMMAND}") if stale else 0


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
