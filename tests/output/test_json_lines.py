from __future__ import annotations

import json

from kreglint.output import json as whole
from kreglint.output.json_lines import render


def test_each_line_is_an_object_of_json(diagnostic):
    found = [diagnostic(), diagnostic(message="λ\nand more")]
    lines = list(render(found))
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in lines)
    assert [json.loads(line) for line in lines] == json.loads("".join(whole.render(found)))


def test_lines_are_printed_as_findings_come(diagnostic):
    def endless():
        while True:
            yield diagnostic()

    assert json.loads(next(render(endless())))["code"] == "KRG302"
