"""Every format of `verify`, of a result made by hand."""

import json
from dataclasses import replace

import html5lib
import jsonschema
import pytest

from kreglint.output import verification_html, verification_json, verification_table
from kreglint.output.colour import Palette
from kreglint.output.formats import FOR_PEOPLE, FOR_PROGRAMS, rendered
from kreglint.output.verification_diagnostics import diagnostics
from kreglint.runtime.result import Check, Fault, NotChecked, Penalty, Place, Total, Verification
from tests.output.verification_schema import SCHEMA

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


CUSTOM = {"kind": "custom", "l1": None, "l2": None, "factor": None, "name": "Mine"}
RESULTS = {
    "findings and what was not checked": {},
    "nothing at all": {"penalties": (), "findings": (), "not_checked": ()},
    "a regularizer of the user's own": {
        "penalties": (penalty(regularizer=CUSTOM, expected=None, status="not-checked"),)
    },
    "a weight without one": {"penalties": (penalty(regularizer=None, status="unregularized"),)},
    "what is not finite": {"total": Total(float("nan"), float("inf"), "mismatch")},
    "a finding without a place": {"findings": (Fault("KRG804", "error", "twice", None),)},
    "a share": {"penalties": (penalty(share=0.5, seeded=True),)},
}


@pytest.mark.parametrize("name", RESULTS)
def test_json_keeps_to_the_schema(name):
    document = json.loads("".join(verification_json.render(verification(**RESULTS[name]))))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_json_has_the_keys_in_the_contracts_order():
    document = json.loads("".join(verification_json.render(verification())))
    assert list(document)[:8] == "schema target keras backend ok penalties total training".split()
    wanted = "layer path class variable regularizer weights dtype expected actual relative_error tolerance status"
    assert list(document["penalties"][0])[:12] == wanted.split()


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
    plain = "".join(verification_table.render(verification(), Palette()))
    assert "\x1b" not in plain
    assert "net/d (Dense)   kernel   L2(l2=0.01)" in plain
    assert "nets.py:3: KRG802" in plain
    assert "\x1b[" in "".join(verification_table.render(verification(), Palette(enabled=True)))


def test_what_a_model_names_cannot_drive_the_terminal():
    found = verification(target="\x07nets.py", findings=(Fault("KRG804", "error", "'\x1b[2J' twice", None),))
    plain = "".join(verification_table.render(found, Palette()))
    assert "␇nets.py: 1 finding" in plain
    assert "KRG804 '␛[2J' twice" in plain


def test_repr_tells_all():
    text = repr(verification())
    assert text.startswith("nets.py:build: 1 finding, 1 of 2 penalties match (Keras 3.15.1, tensorflow)")
    assert "not checked: survival: no way" in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "tolerance   1e-06, relative, by dtype and number of weights"),
        ({"stated_tolerance": 1e-6}, "tolerance   1e-06, relative, as stated"),
        (
            {"penalties": (penalty(), penalty(tolerance=3e-6))},
            "tolerance   1e-06 to 3e-06, relative, by dtype and number of weights",
        ),
    ],
)
def test_the_tolerance_is_told_and_whence_it_comes(changes, told):
    assert told in repr(verification(**changes)).splitlines()


def test_a_notebook_shows_a_table():
    assert verification()._repr_html_().count("<tr>") == 3


@pytest.mark.parametrize("name", RESULTS)
def test_the_page_is_strict_html(name):
    page = html5lib.HTMLParser(strict=True).parse("".join(verification_html.render(verification(**RESULTS[name]))))
    assert "nets.py:build" in "".join(page.itertext())


@pytest.mark.parametrize("form", sorted({*FOR_PEOPLE, *FOR_PROGRAMS}))
@pytest.mark.parametrize("code", [f"KRG80{number}" for number in range(1, 10)])
def test_the_formats_of_check_tell_the_findings(form, code):
    found = verification(findings=(Fault(code, "error", "what is wrong", "d", Place("nets.py", 3)),))
    text = "".join(rendered(form, diagnostics(found), Palette(), "0.1.0"))
    assert code in text
    assert "what is wrong" in text


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
