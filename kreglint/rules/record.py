"""Reads the record of the oracle: what real Keras did with each example of each rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kreglint.diagnostics import Safety
from kreglint.records import record

PATH = Path(__file__).with_name("data") / "oracle.json"


@record()
class Quoted:
    """What one Keras did with an example: `keras` names it, as in "Keras 2.21.0 (tf_keras)"."""

    major: int
    keras: str
    words: str


@record()
class Record:
    """The record as it stands in its file; `content` is the parsed JSON."""

    content: Mapping[str, Any]

    def entry(self, rule: str, code: str, major: int) -> dict[str, Any] | None:
        """Return the entry of an example, by its text without markers, or None if Keras was not asked."""
        found = self.content["rules"].get(rule, {}).get(code, {}).get(str(major))
        return dict(found) if found is not None else None

    def outcomes(self, rule: str, code: str) -> tuple[Quoted, ...]:
        """Return what each major did with an example, Keras 2 first."""
        entries = self.content["rules"].get(rule, {}).get(code, {})
        return tuple(Quoted(int(major), self._label(major), entries[major]["outcome"]) for major in sorted(entries))

    def fixes(self, rule: str) -> tuple[Safety, ...]:
        """Return the safeties that the rule's fixes were seen to have, the mildest first."""
        examples = self.content["rules"].get(rule, {}).values()
        seen = {entry["fix"] for majors in examples for entry in majors.values() if "fix" in entry}
        return tuple(safety for safety in Safety if safety.value in seen)

    def _label(self, major: str) -> str:
        return f"Keras {self.content['keras'][major]}" + (" (tf_keras)" if major == "2" else "")


def read(path: Path = PATH) -> Record:
    """Read a record.

    Raises:
        OSError: The file cannot be read.
    """
    return Record(json.loads(path.read_text(encoding="utf-8")))


@cache
def committed() -> Record:
    """Return the record that comes with this version of kreglint."""
    return read()
