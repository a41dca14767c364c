"""Scripts that nbconvert makes of notebooks: IPython's lines are calls of `get_ipython()` there.

`%%time` and its like have the code of their cell in a string. The code is read from there, and every character of it
knows where it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kreglint.source.blocks import Block, lines_of
from kreglint.source.magics import PYTHON_CELLS, SHELLS
from kreglint.source.python import is_python, tree_of
from kreglint.source.text import Inline

_RUN_STATEMENT = ("time", "prun")
_MAGICS = ("time ", "prun ")  # with what they run in one string, as IPython had it before version 7
_COMMANDS = ("system", "getoutput", "getsystem")
_CHARACTER = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)|.", re.DOTALL)  # of a string as `repr` writes it


class Calls(NamedTuple):
    """What a script has IPython do: commands, and the blocks of the program, if it is to be put together of some."""

    commands: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()


def calls_in(text: str) -> Calls:
    """Return what a script has IPython do; nothing of one that Python cannot parse."""
    tree = tree_of(text)
    if tree is None:
        return Calls()
    commands = tuple(command for node in ast.walk(tree) for command in _commands(node))
    return Calls(commands, tuple(_blocks(tree, list(lines_of(text)))))


def _of_ipython(node: ast.AST) -> tuple[str, list[ast.expr]] | None:
    """Return the name and the arguments of a call such as `get_ipython().system('ls')`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython"), args=[]), attr=name), args=given
        ):
            return name, given
    return None


def _commands(node: ast.AST) -> Iterator[str]:
    match _of_ipython(node):
        case name, [ast.Constant(value=str(command))] if name in _COMMANDS:
            yield command
        case "magic", [ast.Constant(value=str(line))]:
            yield f"%{line}"
        case "run_line_magic", [ast.Constant(value=str(magic)), ast.Constant(value=str(line)), *_]:
            yield f"%{magic} {line}"
        case "run_cell_magic", [ast.Constant(value=str(magic)), _, ast.Constant(value=str(body))] if magic in SHELLS:
            yield body


def _blocks(tree: ast.Module, lines: Sequence[str]) -> Iterator[Block]:
    """Yield what stands between the calls that run code, and that code; nothing where there is no such call."""
    end = 0
    for statement in tree.body:
        body = _body(statement, lines) if isinstance(statement, ast.Expr) else None
        if body is not None:
            yield Block("".join(lines[end : statement.lineno - 1]), end + 1, "")
            yield body
            yield _behind(statement, lines)
            end = statement.lineno
    if end:
        yield Block("".join(lines[end:]), end + 1, "")


def _body(statement: ast.Expr, lines: Sequence[str]) -> Block | None:
    name = ""
    match _of_ipython(statement.value):
        case "magic", [ast.Constant(value=str(written)) as code] if written.startswith(_MAGICS):
            name = written[: written.index(" ") + 1]
        case "run_line_magic", [ast.Constant(value=str(magic)), ast.Constant() as code, *_] if magic in _RUN_STATEMENT:
            pass
        case "run_line_magic", [ast.Constant(value="timeit"), ast.Constant(value=str(given)) as code, *_]:
            if not is_python(f"({given})"):  # it runs in a function of its own, so a statement binds nothing here
                return None
        case "run_cell_magic", [ast.Constant(value=str(magic)), _, ast.Constant() as code] if magic in PYTHON_CELLS:
            pass
        case _:
            return None
    line = lines[statement.lineno - 1]
    columns = _columns(code, line)
    if statement.lineno != statement.end_lineno or columns is None or not isinstance(code.value, str):
        return None
    first, *others = columns
    inline = Inline(line.rstrip("\r\n"), (first[len(name) :], *others))
    return Block(code.value[len(name) :], statement.lineno, "", prompted=True, inline=inline)


def _behind(statement: ast.stmt, lines: Sequence[str]) -> Block:
    """Return what follows a call on its line: a comment counts for all that is found in the call."""
    line = lines[statement.lineno - 1]
    rest = line.encode()[statement.end_col_offset :].decode().lstrip(" \t")
    return Block(rest, statement.lineno, line.removesuffix(rest))


def _columns(code: ast.Constant, line: str) -> tuple[tuple[int, ...], ...] | None:
    """Return where each character of a string stands, line by line; None for one that is written in another way."""
    literal = line.encode()[code.col_offset : code.end_col_offset].decode()
    written = literal.removeprefix("u")  # of Python 2
    column = len(line.encode()[: code.col_offset].decode()) + len(literal) - len(written) + 2
    rows: list[list[int]] = [[]]
    text = ""
    for character in _CHARACTER.findall(written[1:-1]):
        rows[-1].append(column)
        value = ast.literal_eval(f'"{character}"') if character[0] == "\\" else character
        rows += [[]] if value == "\n" else []
        text += value
        column += len(character)
    rows[-1].append(column)
    return tuple(map(tuple, rows)) if text == code.value else None
