"""Text and places are as Python's own compiler and tokenizer have them."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.diagnostics import Location, Span
from kreglint.source.text import Part, Source, UndecodableError, decode, from_text

LINE_ENDS = ("\n", "\r\n", "\r")
TEXTS = st.lists(
    st.sampled_from([*LINE_ENDS, "\f", "\v", "\t", "\x1c", "\x85", "\u2028", "a", "é", "λ", "😀", " "])
).map("".join)


def source(text):
    return Source("model.py", text)


def split_as_python_does(text):
    """The lines with their ends, by the universal newlines of bytes: LF, CR LF and CR only."""
    return [line.decode("utf-8") for line in text.encode("utf-8").splitlines(keepends=True)]


@given(TEXTS, st.data())
def test_an_offset_comes_back_from_its_location(text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert source(text).offset(source(text).location(offset)) == offset


@given(TEXTS)
def test_lines_end_only_where_pythons_tokenizer_ends_them(text):
    expected = [line.rstrip("\r\n") for line in split_as_python_does(text)]
    if text.endswith(("\n", "\r")) or not text:
        expected.append("")
    parsed = source(text)
    assert [parsed.line(row) for row in range(1, parsed.rows + 1)] == expected


@given(TEXTS)
def test_lines_joined_give_the_text(text):
    parsed = source(text)
    starts = [parsed.offset(Location(row, 1)) for row in range(1, parsed.rows + 1)]
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(pieces) == text
    assert [piece.rstrip("\r\n") for piece in pieces] == [parsed.line(row) for row in range(1, parsed.rows + 1)]


@given(TEXTS)
def test_rows_never_run_backwards(text):
    places = [source(text).location(offset) for offset in range(len(text) + 1)]
    assert places == sorted(places)


@pytest.mark.parametrize("end", LINE_ENDS)
def test_each_line_end_begins_a_row(end):
    assert source(f"a{end}b").location(1 + len(end)) == Location(2, 1)


def test_a_carriage_return_before_a_line_feed_is_one_line_end():
    assert source("a\r\nb\r\rc").rows == 4


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_what_only_str_splitlines_splits_at_stays_within_a_line(character):
    assert source(f"a{character}b").line(1) == f"a{character}b"


def test_a_tab_is_one_column():
    assert source("\tx").location(1) == Location(1, 2)


def test_a_character_outside_the_basic_plane_is_one_column():
    assert source("😀x").location(1) == Location(1, 2)


def test_the_empty_text_has_one_empty_row():
    assert (source("").rows, source("").line(1), source("").location(0)) == (1, "", Location(1, 1))


def test_the_end_of_a_text_that_ends_with_a_line_end_lies_on_the_next_row():
    assert source("a\n").location(2) == Location(2, 1)


@pytest.mark.parametrize("offset", [-1, 4])
def test_an_offset_outside_the_text_is_refused(offset):
    with pytest.raises(ValueError, match=rf"^expected an offset from 0 to 3, received {offset}$"):
        source("abc").location(offset)


@pytest.mark.parametrize("row", [0, 3])
def test_a_row_outside_the_text_is_refused(row):
    with pytest.raises(ValueError, match=rf"^expected a row from 1 to 2, received {row}$"):
        source("a\nb").line(row)


@pytest.mark.parametrize("column", [0, 5])
def test_a_column_outside_its_row_is_refused(column):
    with pytest.raises(ValueError, match=rf"^expected a column from 1 to 4 in row 1, received {column}$"):
        source("abc").offset(Location(1, column))


def test_a_source_can_be_pickled_and_hashed_after_its_rows_were_counted():
    counted = source("a\nb")
    assert counted.rows == 2
    assert pickle.loads(pickle.dumps(counted)) == counted == source("a\nb")
    assert hash(counted) == hash(source("a\nb"))


def test_a_bom_is_not_part_of_the_text():
    decoded = decode(b"\xef\xbb\xbfx = 1\n", "model.py")
    assert (decoded.text, decoded.encoding) == ("x = 1\n", "utf-8-sig")


def test_text_without_a_cookie_is_utf_8():
    decoded = decode("x = 'λ'\n".encode(), "model.py")
    assert (decoded.text, decoded.encoding) == ("x = 'λ'\n", "utf-8")


@pytest.mark.parametrize(
    "opening",
    [
        b"# coding: latin-1\n",
        b"# -*- coding: latin_1 -*-\n",
        b"# vim: set fileencoding=ISO-8859-1 :\n",
        b"#!/usr/bin/env python\n# coding: latin-1\n",
        b"\n# coding: latin-1\n",
        b"\x0c# coding: latin-1\n",
        b"# coding: latin-1\r",
        b"#\r# coding: latin-1\r",
        b"# \xe9 coding: latin-1\n",
        b"# coding: iso-8859-1-unix\n",
    ],
)
def test_the_cookie_names_the_encoding(opening):
    decoded = decode(opening + b"x = '\xe9'\n", "model.py")
    assert (decoded.encoding, "é" in decoded.text) == ("iso-8859-1", True)


@pytest.mark.parametrize(
    "opening",
    [
        b"x = 1\n# coding: latin-1\n",
        b"#\n#\n# coding: latin-1\n",
        b"x = 1  # coding: latin-1\n",
        b'"""\n# coding: latin-1\n"""\n',
    ],
)
def test_a_cookie_elsewhere_is_a_comment(opening):
    with pytest.raises(UndecodableError, match=r"^cannot be decoded as utf-8: byte 0xe9$"):
        decode(opening + b"x = '\xe9'\n", "model.py")


@pytest.mark.parametrize(
    ("data", "newline"), [(b"", "\n"), (b"x", "\n"), (b"a\r\nb\n", "\r\n"), (b"a\rb\r\n", "\r"), (b"a\nb\r\n", "\n")]
)
def test_the_newline_is_that_of_the_first_line(data, newline):
    assert decode(data, "model.py").newline == newline


@pytest.mark.parametrize(
    ("data", "row", "column", "reason"),
    [
        (b"# coding: klingon\n", 1, 11, "unknown encoding: klingon"),
        (b"\n# coding: klingon\n", 2, 11, "unknown encoding: klingon"),
        (
            b"\xef\xbb\xbf# coding: latin-1\n",
            1,
            11,
            "expected the encoding cookie utf-8 after a UTF-8 byte order mark, received latin-1",
        ),
        (b"a = 1\nb = '\xe9'\n", 2, 6, "cannot be decoded as utf-8: byte 0xe9"),
        ("λ = 'é'\r\nb = '".encode() + b"\xff'\n", 2, 6, "cannot be decoded as utf-8: byte 0xff"),
        (b"\xef\xbb\xbfab\xff\n", 1, 3, "cannot be decoded as utf-8: byte 0xff"),
        (b"\xff\xfex\0", 1, 1, "cannot be decoded as utf-8: byte 0xff"),
        (b"# coding: cp1252\nx = '\x81'\n", 2, 6, "cannot be decoded as cp1252: byte 0x81"),
        (b"# coding=shift_jis\n'\x82\xa0\x81'\n", 2, 3, "cannot be decoded as shift_jis: byte 0x81"),
        (b"x = 1\ny\0 = 2\n", 2, 2, "source code cannot contain null bytes"),
        (b"# coding: utf-7\n'+2AA-'\n", 2, 2, "U+D800 is not a character"),
    ],
)
def test_what_python_cannot_decode_is_refused_with_its_place(data, row, column, reason):
    with pytest.raises(UndecodableError) as refused:
        decode(data, "model.py")
    assert (refused.value.row, refused.value.column, str(refused.value)) == (row, column, reason)
    with pytest.raises((SyntaxError, ValueError)):
        compile(data, "model.py", "exec")


@pytest.mark.parametrize("name", ["rot13", "hex", "undefined"])
def test_a_codec_that_is_no_text_encoding_is_refused_at_the_cookie(name):
    with pytest.raises(UndecodableError, match=f"^cannot be decoded as {name}: ") as refused:
        decode(f"# coding: {name}\n".encode(), "model.py")
    assert (refused.value.row, refused.value.column) == (1, 11)


def test_an_undecodable_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(UndecodableError(2, 3, "why")))
    assert (error.row, error.column, error.reason) == (2, 3, "why")


@given(
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([b"", b"# coding: latin-1\n", b"# coding: utf-8\n", b"# coding: cp1252\n"]),
    st.lists(st.sampled_from([b"a", b"\xe9", b"\xce\xbb", b"\x81", b"\n", b"\r\n", b"\r", b"\0"])).map(b"".join),
)
def test_whatever_can_be_decoded_encodes_back_to_the_same_bytes(mark, cookie, body):
    data = mark + cookie + body
    try:
        decoded = decode(data, "model.py")
    except UndecodableError:
        return
    assert decoded.text.encode(decoded.encoding) == data


def test_of_text_that_is_decoded_only_the_encoding_remembers_the_mark():
    assert from_text("\ufeffx", "model.py") == Source("model.py", "x", "utf-8-sig")


def test_decoded_text_is_checked_too():
    with pytest.raises(UndecodableError, match=r"^source code cannot contain null bytes$"):
        from_text("x\0", "model.py")
    with pytest.raises(UndecodableError, match=r"^U\+DC80 is not a character$"):
        from_text("x\udc80", "model.py")


class TestExtent:
    """Where a reader finds a span: in the file, or in the cell that its text is from."""

    CELLS = Source("a.ipynb", "a = 1\nb = 2\nc = 3\n", parts=(Part(1, cell=1), Part(3, cell=4)))

    def test_in_a_file_it_is_the_row_and_column_of_both_ends(self):
        assert Source("a.py", "a\nbc\n").extent(Span(3, 4)) == (Location(2, 2), Location(2, 3), None)

    def test_in_a_cell_rows_count_from_its_first(self):
        assert self.CELLS.extent(Span(6, 7)) == (Location(2, 1), Location(2, 2), 1)
        assert self.CELLS.extent(Span(16, 17)) == (Location(1, 5), Location(1, 6), 4)

    def test_the_end_of_a_cell_is_counted_on_in_it(self):
        assert self.CELLS.extent(Span(0, 12)) == (Location(1, 1), Location(3, 1), 1)

    def test_a_margin_moves_the_columns(self):
        block = Source("a.md", "a = 1\n", parts=(Part(1, first_row=7, margin="    "),))
        assert block.extent(Span(4, 5)) == (Location(7, 9), Location(7, 10), None)
