"""Every format of `verify`, of a result made by hand."""

import json
from dataclasses import replace

import pytest

from kreglint.output import verification_html, verification_json, verification_table
from kreglint.output.colour import Palette
from kreglint.output.formats import FOR_PEOPLE, FOR_PROGRAMS, rendered
from kreglint.output.verification_diagnostics import diagnostics
from kreglint.runtime.result import Check, Fault, NotChecked, Penalty, Place, Total, Verification

L2 = {"kind": "L2", "l1": None, "l2": 0.01, "factor": None}


def penalty(**changes):
    row = Penalty("d", "net/d", "Dense", "kernel", L2, 12, "float32", 0.5, 0.5, 0.0, 1e-6, "match")
    return replace(row, **changes)


def verification(**changes):
    found = Verification(
        target="nets.py:build",
        keras="3.15.1",
        backend="tensorflow",
        penalties=(penalty(), penalty(variable="bias", expected=None, actual=0.0, relative_error=None, status="inert")),
        total=Total(0.5, 0.5, "match"),
        training=Check("match", "once"),
        prediction=Check("match", "the same"),
        findings=(Fault("KRG802", "error", "'d' <b> adds nothing", "d", Place("nets.py", 3)),),
        not_checked=(NotChecked("survival", "no way"),),
    )
    return replace(found, **changes)


def test_json_is_the_contracts():
    document = json.loads("".join(verification_json.render(verification())))
    assert document["findings"] == [
        {
            "code": "KRG802",
            "severity": "error",
            "message": "'d' <b> adds nothing",
            "layer": "d",
            "filename": "nets.py",
            "location": {"row": 3, "column": 1},
        }
    ]
    assert document["penalties"][0]["class"] == "Dense"
    assert document["ok"] is False
    assert document["not_checked"] == [{"what": "survival", "why": "no way"}]


def test_json_has_null_for_what_is_not_finite():
    found = verification(penalties=(penalty(actual=float("inf"), relative_error=float("inf")),))
    row = json.loads("".join(verification_json.render(found)))["penalties"][0]
    assert (row["actual"], row["relative_error"]) == (None, None)


def test_html_escapes():
    text = "".join(verification_html.render(verification()))
    assert "&lt;b&gt;" in text
    assert "<b>'d'" not in text


def test_the_table_is_plain_without_colour_and_painted_with():
    plain = "".join(verification_table.render(verification(), colour=False))
    assert "\x1b" not in plain
    assert "net/d (Dense)   kernel   L2(l2=0.01)" in plain
    assert "nets.py:3: KRG802" in plain
    assert "\x1b[" in "".join(verification_table.render(verification(), colour=True))


def test_repr_tells_all():
    text = repr(verification())
    assert text.startswith("nets.py:build: 1 finding, 1 of 2 penalties match (Keras 3.15.1, tensorflow)")
    assert "not checked: survival: no way" in text


def test_a_notebook_shows_a_table():
    assert verification()._repr_html_().count("<tr>") == 3


@pytest.mark.parametrize("form", sorted({*FOR_PEOPLE, *FOR_PROGRAMS}))
def test_the_formats_of_check_tell_the_findings(form):
    assert "KRG802" in "".join(rendered(form, diagnostics(verification()), Palette(), "0.1.0"))


def test_a_finding_without_a_place_is_at_the_start_of_the_targets_file():
    found = verification(findings=(Fault("KRG803", "error", "not at all", None),))
    (diagnostic,) = diagnostics(found)
    assert (diagnostic.filename, diagnostic.location, diagnostic.name) == ("nets.py", (1, 1), "penalty-not-trained")


def test_a_result_comes_back_from_its_dictionary_as_it_was():
    found = verification()
    assert Verification.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_only_warnings_and_errors_count():
    assert not verification().ok
    assert verification(findings=(Fault("KRG807", "info", "a hint", "d"),)).ok
    assert not verification()
