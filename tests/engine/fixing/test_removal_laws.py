"""Taking an argument out of a call in any layout: the rest of the program, and every comment, stays."""

from __future__ import annotations

import ast
import io
import tokenize
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Removal, Span
from kreglint.engine.fixing.removal import removal_edits
from tests.laws import examples

GONE = ("gone=l2(0.0)", "gone=(l2(0.0))", "gone = l2(\n  0.0,  # inner\n)", "gone=''' # (,\n'''", "gone=1 + \\\n2")
POSITIONAL = ("4", "(4)", "*units", "'a # ,'", "f(1, b=2)", "[x for x in y]")
KEYWORDS = ("units=4", "name=(  # within\n 'é')", "**rest", "use_bias=not x", "f=lambda a, b=(1,): a")
BLANKS = ("", " ", "  ", "\t", " \\\n  ", "\f")
LINES = ("\n", "\n    ", "\n\n  ", "  # {}\n", "  # {}, (\n    ", "\n  # {}\n", "\n# {} )\n\n  # {}\n    ")
CALLEES = ("Dense", "keras.layers\\\n.Dense", "(Dense)", "make(1)")
STATEMENTS = (
    "{}",
    "x = {}",
    "@decorated({})\ndef f(): pass",
    "if {}: pass",
    "with {} as layer: pass",
    "def f(layer=({})): pass",
    "f = lambda x=1: {}",
    "class Net(made({}), metaclass=M): pass",
    "x = [{} for y in z]",
    "above = 'é' # first\nx = g(1, {}, a=2)\nbelow = 1  # last",
)


@st.composite
def calls(draw) -> tuple[str, str]:
    """A call in random layout with an argument that is to go; that argument."""
    gone = draw(st.sampled_from(GONE))
    positional = draw(st.lists(st.sampled_from(POSITIONAL), max_size=2))
    keywords = draw(st.lists(st.sampled_from(KEYWORDS), max_size=2, unique=True))
    keywords.insert(draw(st.integers(0, sum(not each.startswith("**") for each in keywords))), gone)
    gaps = st.sampled_from(BLANKS) | st.sampled_from(LINES)
    pieces = [draw(st.sampled_from(CALLEES)), draw(st.sampled_from(BLANKS)), "(", draw(gaps)]
    for argument in (*positional, *keywords):
        pieces += [argument, draw(gaps), ",", draw(gaps)]
    if draw(st.booleans()):
        del pieces[-2]  # without a comma at the end
    return "".join((*pieces, ")")), gone


@st.composite
def programs(draw) -> tuple[str, Span, Span]:
    """A program with such a call, where that stands, and where its argument does."""
    call, gone = draw(calls())
    numbers = iter(range(100))
    while "{}" in call:
        call = call.replace("{}", f"comment {next(numbers)}", 1)
    text = draw(st.sampled_from(STATEMENTS)).replace("{}", call)
    newline = draw(st.sampled_from(("\n", "\r\n", "\r")))
    text, call, gone = (each.replace("\n", newline) for each in (text, call, gone))
    start = text.index(call)
    argument = text.index(gone, start)
    return text, Span(start, start + len(call)), Span(argument, argument + len(gone))


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline=None).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def without_gone(text: str) -> str:
    """The meaning of a program, its arguments `gone=…` apart."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "gone"]
    return ast.dump(tree)


def removed(text: str, call: Span, argument: Span) -> str:
    edits = removal_edits(Removal(argument, call), text)
    assert edits is not None
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    return text


@settings(max_examples=examples(300))
@given(programs())
def test_the_program_is_the_same_without_the_argument(program):
    text, call, _ = program
    after = removed(*program)
    assert ast.dump(ast.parse(after)) == without_gone(text)
    assert after.startswith(text[: call.start])
    assert after.endswith(text[call.end - 1 :])


@settings(max_examples=examples(300))
@given(programs())
def test_every_comment_outside_the_argument_stays(program):
    text, _, argument = program
    within = comments(f"({text[argument.start : argument.end]})")
    assert comments(removed(*program)) == [comment for comment in comments(text) if comment not in within]


@settings(max_examples=examples(100))
@given(programs())
def test_the_edits_keep_apart_and_take_nothing_that_is_not_there(program):
    text, call, argument = program
    edits = sorted(removal_edits(Removal(argument, call), text), key=lambda edit: edit.span)
    assert all(one.span.end <= other.span.start for one, other in pairwise(edits))
    assert all(call.start < edit.span.start < edit.span.end < call.end for edit in edits)
