"""No input is an exception: whatever the bytes, there are findings or there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Diagnostic
from kreglint.engine.api import check_source
from kreglint.engine.files import report_content
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings
from kreglint.source.text import from_text

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = ("article.py", "vgg.py", "keras1.py", "functional.py", "subclassed.py", "tuning.py")
PROGRAMS = {name: (FIXTURES / name).read_bytes() for name in NAMES}
LARGEST = max(len(program) for program in PROGRAMS.values())

# Words that lead into the analysis, so that what is drawn is not all refused by the parser.
WORDS = st.sampled_from(
    "keras regularizers layers l2 L1L2 Dense Conv2D kernel_regularizer bias_regularizer use_bias 'l2' 'l3' '' b'' "
    "None True 0.01 -1 1e999 1j nan λ 𝓁 import from as def class return lambda if else for in try except with "
    "async await yield global del match case ( ) [ ] { } * ** = := : ; , . @ -> ... + - / // % ~ not is \\ # "
    "# noqa f'{x}' '''".split()
)
JOINED = st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "\n", "\n    ", "\t", "\r", "\r\n", "\x0c"])), max_size=40)
FRAGMENTS = JOINED.map(lambda pairs: "import keras\n" + "".join(word + gap for word, gap in pairs))


def checked(source: str | bytes) -> list[Diagnostic]:
    """The findings, each held to lie within the text; that checking does not raise is what the tests are for."""
    found = check_source(source, "model.py", Settings(select=("ALL",)))
    assert "KRG901" not in [diagnostic.code for diagnostic in found]
    assert all((1, 1) <= d.location <= d.end_location for d in found)
    return found


@given(st.text(st.characters(exclude_categories=())))
@example("\ud800 keras")
@example("\ufeffimport keras")
@example("keras\0")
def test_any_text(text):
    checked("# keras\n" + text)
    checked(text)


@given(st.binary())
@example(b"\xff\xfek\0e\0r\0a\0s\0")
@example(b"# coding: utf-16\n# keras\n")
@example(b"# coding: rot13\n# keras\n")
@example(b"# coding: undefined\n# keras\n")
@example(b"\xef\xbb\xbf# coding: latin-1\n# keras\n")
def test_any_bytes(data):
    checked(b"# keras\n" + data)
    checked(data)


@given(FRAGMENTS)
@example("import keras\nb'' f'{x}'\n")  # libcst refuses it while it builds the tree, not as a syntax error
def test_any_row_of_words(text):
    checked(text)


@given(FRAGMENTS)
def test_any_row_of_words_has_an_inventory_or_krg900(text):
    report = report_content(text.encode("utf-8", "surrogatepass"), "model.py", Settings(), Run())
    assert [d.code for d in report.diagnostics] in ([], ["KRG900"])


@pytest.mark.parametrize("name", NAMES)
@given(end=st.integers(0, LARGEST))
@settings(max_examples=40)
def test_a_program_that_is_cut_off(name, end):
    checked(PROGRAMS[name][:end])


@pytest.mark.parametrize("name", NAMES)
@given(start=st.integers(0, LARGEST), length=st.integers(1, 60))
@settings(max_examples=40)
def test_a_program_with_a_piece_cut_out(name, start, length):
    program = PROGRAMS[name]
    checked(program[:start] + program[start + length :])


@pytest.mark.parametrize("name", NAMES)
@given(at=st.integers(0, LARGEST), byte=st.integers(0, 255))
@settings(max_examples=40)
def test_a_program_with_a_byte_changed(name, at, byte):
    program = bytearray(PROGRAMS[name])
    program[at % len(program)] = byte
    checked(bytes(program))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_other_line_ends_give_the_same_findings(name, newline):
    program = PROGRAMS[name]
    places = [(d.code, d.location, d.end_location, d.message) for d in checked(program)]
    other = [(d.code, d.location, d.end_location, d.message) for d in checked(program.replace(b"\n", newline.encode()))]
    assert other == places


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("page", [b"\n\x0c\n\n", b"\n\x0c", b"\n\n\x0c\n"], ids=["alone", "before code", "between"])
def test_form_feeds_move_no_finding_off_its_text(name, page):
    program = PROGRAMS[name].replace(b"\n\n\n", b"\n\n" + page)
    assert [marked(d, program) for d in checked(program)] == [
        marked(d, PROGRAMS[name]) for d in checked(PROGRAMS[name])
    ]


def marked(diagnostic: Diagnostic, program: bytes) -> tuple[str, str]:
    source = from_text(program.decode(), "model.py")
    start, end = source.offset(diagnostic.location), source.offset(diagnostic.end_location)
    return diagnostic.code, source.text[start:end]
