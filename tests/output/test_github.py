"""Read back as the runner of GitHub Actions reads workflow commands."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kreglint.diagnostics import Diagnostic, Location, Severity
from kreglint.output.github import render
from tests.output.conftest import INERT

_COMMAND = re.compile(r"^::(?P<command>\w+) (?P<properties>.*?)::(?P<data>.*)$")
_ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def unescaped(text: str, escapes: dict[str, str]) -> str:
    return re.sub("|".join(escapes), lambda match: escapes[match.group()], text)


def read(line: str) -> tuple[str, dict[str, str], str]:
    match = _COMMAND.match(line.removesuffix("\n"))
    assert match is not None
    properties = dict(pair.split("=", 1) for pair in match["properties"].split(","))
    data_escapes = {name: value for name, value in _ESCAPES.items() if value not in ":,"}
    return (
        match["command"],
        {name: unescaped(value, _ESCAPES) for name, value in properties.items()},
        unescaped(match["data"], data_escapes),
    )


def test_a_finding_is_an_annotation_at_its_place(diagnostic):
    [line] = render([diagnostic()])
    assert line == (
        "::error title=kreglint (KRG302),file=nets/vgg.py,line=12,endLine=12,col=34,endColumn=40"
        "::nets/vgg.py:12:34: KRG302 'L1L2' adds no penalty\n"
    )


def test_severities_are_error_warning_and_notice(diagnostic):
    lines = render(diagnostic(severity=severity) for severity in Severity)
    assert [read(line)[0] for line in lines] == ["notice", "warning", "error"]


def test_a_span_over_several_lines_has_no_columns(diagnostic):
    _, properties, _ = read(next(render([diagnostic(end_location=Location(14, 2))])))
    assert (properties["line"], properties["endLine"]) == ("12", "14")
    assert properties.keys().isdisjoint({"col", "endColumn"})


def test_a_finding_in_a_notebook_is_placed_at_the_file(diagnostic):
    _, properties, message = read(next(render([diagnostic(filename="a.ipynb", cell=2)])))
    assert properties == {"title": "kreglint (KRG302)", "file": "a.ipynb"}
    assert message.startswith("a.ipynb:cell 2:12:34: ")


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_any_text_survives_the_escapes(message, filename):
    made = Diagnostic(
        **{name: getattr(INERT, name) for name in INERT.__dataclass_fields__ if name not in ("message", "filename")},
        message=message,
        filename=filename,
    )
    [line] = render([made])
    assert "\n" not in line[:-1]
    assert "\r" not in line
    _, properties, data = read(line)
    assert properties["file"] == filename
    assert data.endswith(f": KRG302 {message}")


def test_a_finding_in_a_notebook_is_shown_at_the_row_of_the_json(diagnostic):
    _, properties, _ = read(next(render([diagnostic(filename="a.ipynb", cell=2, file_row=40)])))
    assert properties["line"] == "40"
    assert "col" not in properties
