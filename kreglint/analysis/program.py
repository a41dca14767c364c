"""One program, parsed and walked: what is the same whoever asks about it."""

from __future__ import annotations

import warnings
from ast import PyCF_ONLY_AST
from dataclasses import dataclass

import libcst as cst

from kreglint.analysis.collect import collect
from kreglint.analysis.errors import UnparsableError
from kreglint.analysis.indentation import evenly_indented
from kreglint.analysis.names import canonical
from kreglint.analysis.parts import Part, joined, parse_parts
from kreglint.analysis.positions import Positions
from kreglint.analysis.sites import Collected
from kreglint.catalog.model import MAJORS, load

_NOTED_ATTRIBUTES = frozenset(
    "WeightRegularizer ActivityRegularizer EigenvalueRegularizer L1L2Regularizer "
    "activity_l1 activity_l2 activity_l1l2 l1l2".split()
)  # names of Keras 1 that no later version has


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A file's text with what the walk over it noted. `filename` is where its imports are looked for."""

    text: str
    filename: str
    module: cst.Module
    found: Collected
    positions: Positions


def read_program(text: str, filename: str) -> Program:
    """Parse and walk a program.

    Raises:
        UnparsableError: it cannot be parsed.
        RecursionError: it is nested more deeply than the stack allows.
    """
    parts = parse(text)
    module, copies = joined(parts)
    return Program(text, filename, module, collect(module, _NOTED_ATTRIBUTES, _star_brings), Positions(parts, copies))


def parse(text: str) -> list[Part]:
    """Parse a program, in parts where it is long. Raises UnparsableError, in the words of Python itself."""
    try:
        return parse_parts(text)
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        refused = refusal(text)
        even = evenly_indented(text) if refused is None else None
        if even is None or even == text:
            raise refused or _not_understood(error) from error
    return parse(even)


def _not_understood(error: Exception) -> UnparsableError:
    row, column = (error.raw_line, error.raw_column + 1) if isinstance(error, cst.ParserSyntaxError) else (1, 1)
    return UnparsableError(row, column, "Python reads this syntax, but the parser here (libcst) does not")


def refusal(text: str) -> UnparsableError | None:
    """Why the Python that runs us does not read this program, in its own words; None if it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<string>", "exec", flags=PyCF_ONLY_AST, dont_inherit=True)
        except SyntaxError as error:
            return UnparsableError(error.lineno or 1, error.offset or 1, error.msg)
        except ValueError as error:
            return UnparsableError(1, 1, str(error))
        except (RecursionError, MemoryError):
            return too_deep()
    return None


def too_deep() -> UnparsableError:
    return UnparsableError(1, 1, "it is nested too deeply")


def star_path(module: str, name: str) -> str | None:
    """The path of a name that `from module import *` brings from a module of Keras."""
    below = (canonical(f"{module}.{name}") or "").partition(".")[2]
    known = any(below in load(major).module_paths for major in MAJORS)
    return f"{module}.{name}" if known else None


def _star_brings(module: str, name: str) -> bool | None:
    """Whether `from module import *` brings a name; None where the module is not one of Keras."""
    if canonical(module) is None:
        return None
    return star_path(module, name) is not None
