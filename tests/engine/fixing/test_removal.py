import ast

import pytest

from kreglint.diagnostics import Removal, Span
from kreglint.engine.fixing.removal import removal_edits

GONE = "gone=l2(0.0)"


def without(text):
    """The text without its argument `gone=…`."""
    call = ast.parse(text).body[0].value
    start = text.index(GONE)
    edits = removal_edits(Removal(Span(start, start + len(GONE)), span_of(text, call)), text)
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    ast.parse(text)
    return text


def span_of(text, node):
    lines = text.splitlines(keepends=True)
    rows = ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
    return Span(*(sum(map(len, lines[: row - 1])) + column for row, column in rows))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dense(4, gone=l2(0.0))", "Dense(4)"),
        ("Dense(gone=l2(0.0))", "Dense()"),
        ("Dense( gone=l2(0.0), )", "Dense()"),
        ("Dense(4, gone=l2(0.0), use_bias=False)", "Dense(4, use_bias=False)"),
        ("Dense(gone=l2(0.0), units=4)", "Dense(units=4)"),
        ("Dense(4, gone=l2(0.0),)", "Dense(4,)"),
        ("Dense( 4 , gone=l2(0.0) )", "Dense( 4  )"),
    ],
)
def test_an_argument_takes_its_comma_with_it(text, left):
    assert without(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dense(\n    4,\n    gone=l2(0.0),\n    use_bias=False,\n)", "Dense(\n    4,\n    use_bias=False,\n)"),
        ("Dense(\n    4,\n    gone=l2(0.0),\n)", "Dense(\n    4,\n)"),
        ("Dense(\n    4,\n    gone=l2(0.0)\n)", "Dense(\n    4\n)"),
        ("Dense(\n    gone=l2(0.0),\n)", "Dense()"),
        ("Dense(\r\n    4,\r\n    gone=l2(0.0),\r\n)", "Dense(\r\n    4,\r\n)"),
        ("Dense(\r    4,\r    gone=l2(0.0),\r)", "Dense(\r    4,\r)"),
        ("Dense(4,\n      gone=l2(0.0),\n      use_bias=False)", "Dense(4,\n      use_bias=False)"),
        ("Dense(4\n    , gone=l2(0.0)\n    , units=4\n)", "Dense(4\n    , units=4\n)"),
        ("Dense(4\n    ,gone=l2(0.0) \n    )", "Dense(4\n    )"),
        ("Dense(4  # why\n    , gone=l2(0.0)\n)", "Dense(4  # why\n)"),
        ("Dense(\n    4,\n    gone=l2(0.0)\n    ,\n    units=4\n)", "Dense(\n    4,\n    units=4\n)"),
        ("Dense(\n    4,\n    gone=l2(0.0)\n    ,\n)", "Dense(\n    4,\n)"),
        ("Dense(4, gone=l2(0.0)\n    ,\n    units=4)", "Dense(4,\n    units=4)"),
        ("Dense(gone=l2(0.0)\r\n    ,\r\n    units=4)", "Dense(\r\n    units=4)"),
        ("Dense(4, gone=l2(0.0)  # off\n    ,\n    units=4)", "Dense(4,  # off\n    units=4)"),
    ],
)
def test_a_line_of_its_own_goes_with_it(text, left):
    assert without(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dense(4,\n      gone=l2(0.0))", "Dense(4)"),
        ("Dense(4, gone=l2(0.0),\n      use_bias=False)", "Dense(4,\n      use_bias=False)"),
        ("Dense(gone=l2(0.0),\n      units=4)", "Dense(units=4)"),
        ("Dense(\n    gone=l2(0.0), units=4\n)", "Dense(\n    units=4\n)"),
        ("Dense(\n    4, gone=l2(0.0)\n)", "Dense(\n    4\n)"),
        ("Dense(4 \\\n , gone=l2(0.0))", "Dense(4 \\\n )"),
        ("Dense(4\n      , gone=l2(0.0)\n      , use_bias=False\n)", "Dense(4\n      , use_bias=False\n)"),
    ],
)
def test_on_a_line_that_it_shares_the_rest_stays(text, left):
    assert without(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Dense(\n    4,\n    gone=l2(0.0),  # off\n    use_bias=False,\n)",
            "Dense(\n    4,\n    # off\n    use_bias=False,\n)",
        ),
        ("Dense(\n    4,  # units\n    gone=l2(0.0),\n)", "Dense(\n    4,  # units\n)"),
        ("Dense(\n    4,  # units\n    gone=l2(0.0)  # off\n)", "Dense(\n    4  # units\n    # off\n)"),
        ("Dense(4,  # units\n      gone=l2(0.0))", "Dense(4  # units\n      )"),
        ("Dense(gone=l2(0.0),  # off\n      units=4)", "Dense(  # off\n      units=4)"),
        ("Dense(4, gone=l2(0.0),  # off\n      use_bias=False)", "Dense(4,  # off\n      use_bias=False)"),
        ("Dense(\n    # all\n    gone=l2(0.0),\n    # of it\n)", "Dense(\n    # all\n    # of it\n)"),
        ("(Dense\n(gone=l2(0.0)\n,  # off\n))", "(Dense\n(  # off\n))"),
        ("(Dense\n(gone=l2(0.0)\n# off\n  ,))", "(Dense\n(\n# off\n  ))"),
        (
            "Dense(\n    4,\n    gone=l2(0.0)  # off\n    ,\n    use_bias=False\n)",
            "Dense(\n    4,\n    # off\n    use_bias=False\n)",
        ),
        ("Dense(4, # units (, all\n    gone=l2(0.0), use_bias=False)", "Dense(4, # units (, all\n    use_bias=False)"),
    ],
)
def test_comments_around_it_stay(text, left):
    assert without(text) == left


def test_text_that_is_no_call_is_left_alone():
    text = "(4 x 5)"
    assert removal_edits(Removal(Span(3, 4), Span(0, len(text))), text) is None
