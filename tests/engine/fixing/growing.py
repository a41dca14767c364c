"""Programs that say the same as an example in another dress: blanks, comments, parentheses, quotes, what is around."""

from __future__ import annotations

import ast
import io
import tokenize
from random import Random
from textwrap import indent

from hypothesis import strategies as st

WRAPPINGS = (
    "{}",
    "def build(x):\n{}\n",
    "class Net:\n    def build(self):\n{}\n",
    "if True:\n{}\n",
    "with scope():\n{}\n",
)
NESTINGS = ("{}", "keras.Sequential([{}])", "print(1, {}, end='')", "{{'layer': ({},)}}")
GAPS = ("", " ", "  ", "\n", "\n\n    ", "  # {}\n", "\n# {}\n  ", " \\\n ")
FLAT_GAPS = ("", " ", "  ", " \\\n  ")
_LAYOUT = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT)


@st.composite
def grown(draw, code: str, same: str) -> tuple[str, str, str]:
    """A program around `code` in random layout, and around it and `same` in the same surroundings and plain layout."""
    nesting, wrapping = draw(st.sampled_from(NESTINGS)), draw(st.sampled_from(WRAPPINGS))
    code, same = (_nested(text, nesting) for text in (code, same))
    random = draw(st.randoms(use_true_random=False))
    return tuple(_wrapped(text, wrapping) for text in (dressed(code, random), code, same))


def dressed(code: str, random: Random) -> str:
    """The same program in another layout: parentheses, commas, gaps, comments, quotes."""
    return _requoted(_spaced(_parenthesised(code, random), random), random)


def _nested(code: str, nesting: str) -> str:
    """The last statement, where it is an expression, as a part of a greater one."""
    last = ast.parse(code).body[-1]
    if not isinstance(last, ast.Expr):
        return code
    lines = code.splitlines(keepends=True)
    return "".join(lines[: last.lineno - 1]) + nesting.format("".join(lines[last.lineno - 1 :]).strip())


def _wrapped(code: str, wrapping: str) -> str:
    return wrapping.format(code if wrapping == "{}" else indent(code, "        "))


def _parenthesised(code: str, random) -> str:
    """Some arguments of calls in parentheses of their own, and some calls with a comma at the end."""
    marks = []
    for node in ast.walk(ast.parse(code)):
        arguments = (*node.args, *(k.value for k in node.keywords)) if isinstance(node, ast.Call) else ()
        for value in arguments:
            if not isinstance(value, ast.Starred) and random.random() < 0.2:
                marks += [(_offset(code, value.lineno, value.col_offset), 2, "(")]
                marks += [(_offset(code, value.end_lineno, value.end_col_offset), 0, ")")]
        if arguments and random.random() < 0.2 and not any(isinstance(a, ast.GeneratorExp) for a in arguments):
            marks += [(_offset(code, node.end_lineno, node.end_col_offset - 1), 1, ",")]
    for offset, _, mark in sorted(marks, reverse=True):
        code = code[:offset] + mark + code[offset:]
    return code


def _offset(text: str, row: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: row - 1])) + len(lines[row - 1].encode()[:column].decode())


def _spaced(code: str, random) -> str:
    """Other gaps between the tokens; within brackets with line ends and comments, each comment another."""
    pieces, depth, margin, before, comments = [], 0, "", None, 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.INDENT:
            margin = token.string
        elif token.type == tokenize.DEDENT:
            margin = margin[:-4]
        elif token.type in (tokenize.NEWLINE, tokenize.NL):
            pieces.append("\n" if depth == 0 else "")
            before = None
        if token.type in _LAYOUT:
            continue
        if before is None and depth == 0:
            pieces.append(margin)
        elif before is not None:
            comments += 1
            gap = random.choice(GAPS if depth else FLAT_GAPS).format(f"comment {comments}")
            needs_blank = _is_of_name(before[-1:]) and (_is_of_name(token.string[:1]) or token.string[:1] in "'\"")
            pieces.append(gap or (" " if needs_blank else ""))
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        pieces.append(token.string)
        before = token.string
    return "".join(pieces)


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character == "_"


def _requoted(code: str, random) -> str:
    """Some strings in the other quotes."""
    lines = code.splitlines(keepends=True)
    strings = [t for t in tokenize.generate_tokens(io.StringIO(code).readline) if t.type == tokenize.STRING]
    for token in reversed(strings):
        quote = token.string[-1]
        other = "'" if quote == '"' else '"'
        if random.random() < 0.5 and not set(token.string[:-1]) & {other, "\\", "\n"} and 3 * quote not in token.string:
            (row, start), (_, end) = token.start, token.end
            line = lines[row - 1]
            lines[row - 1] = line[:start] + token.string.replace(quote, other) + line[end:]
    return "".join(lines)
