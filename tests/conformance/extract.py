"""Writes cases.json from a survey of what Keras did with many programs: `python -m tests.conformance.extract F`.

F is a JSON list of {"id", "group", "code", "keras2": {"outcome"}, "keras3": {"outcome"}}. Kept is what a linter can
see: programs that are written out, without the lines that only drive the survey's own harness.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("cases.json")
_STAGE = re.compile(r"^\s*STAGE\[0\] ?= ?[^\n]*\n?", re.MULTILINE)
_INVALID = "not_valid_in_harness"


def kept(survey: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [_case(each) for each in survey if _is_program(each)]


def _is_program(case: dict[str, Any]) -> bool:
    outcomes = {case["keras2"]["outcome"], case["keras3"]["outcome"]}
    return not case["code"].startswith("see ") and _INVALID not in outcomes


def _case(case: dict[str, Any]) -> dict[str, str]:
    code = _STAGE.sub("", case["code"])
    return {
        "id": case["id"],
        "group": case["group"],
        "code": code,
        **{f"keras{major}": case[f"keras{major}"]["outcome"] for major in (2, 3)},
    }


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("expected the path of a survey", file=sys.stderr)
        return 2
    survey = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    text = json.dumps(kept(survey), indent=1, ensure_ascii=False)
    CASES.write_text(text + "\n", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
