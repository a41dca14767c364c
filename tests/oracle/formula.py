"""The formulas of claims: a small arithmetic over a layer's weights, in float64."""

import ast
from collections.abc import Mapping
from typing import Any

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd)
_SYNTAX = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant, *_OPERATORS)
FUNCTIONS = ("sum", "abs", "sqrt", "mean_cosine")


class FormulaError(ValueError):
    """A formula that is not one, or that names what the layer does not have."""


def evaluate(formula: str, values: Mapping[str, Any]) -> float:
    """The formula's value over arrays given as nested lists.

    Raises:
        FormulaError: It has other syntax than numbers, names, + - * / ** and calls of `FUNCTIONS`, or an unknown
            name, or its value is not one number.
    """
    # numpy comes with TensorFlow: without it the tests of the oracle are skipped, not broken.
    import numpy as np

    tree = _checked(formula, values)
    arrays = {name: np.asarray(value, "float64") for name, value in values.items()}
    functions = {"sum": np.sum, "abs": np.abs, "sqrt": np.sqrt, "mean_cosine": _mean_cosine}
    scope = {"__builtins__": {}, "nan": np.nan, "inf": np.inf, **arrays, **functions}
    result = np.asarray(eval(compile(tree, "formula", "eval"), scope), "float64")
    if result.shape:
        raise FormulaError(f"expected one number from {formula!r}, received an array of shape {result.shape}")
    return float(result)


def _mean_cosine(matrix: Any) -> Any:
    """The mean, over pairs of a matrix's rows, of the absolute cosine between them; nan for a single row."""
    import numpy as np

    rows = matrix / np.sqrt(np.sum(matrix**2, axis=1, keepdims=True))
    pairs = np.triu_indices(len(rows), 1)
    return np.mean(np.abs(rows @ rows.T)[pairs]) if pairs[0].size else np.float64("nan")


def _checked(formula: str, values: Mapping[str, Any]) -> ast.Expression:
    try:
        tree = ast.parse(formula, "formula", "eval")
    except SyntaxError as error:
        raise FormulaError(f"expected a formula, received {formula!r}: {error.msg}") from error
    for node in ast.walk(tree):
        _check(node, formula, values)
    return tree


def _check(node: ast.AST, formula: str, values: Mapping[str, Any]) -> None:
    if not isinstance(node, _SYNTAX):
        raise FormulaError(f"{type(node).__name__} has no place in the formula {formula!r}")
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
        raise FormulaError(f"expected numbers in {formula!r}, received {node.value!r}")
    if isinstance(node, ast.Call) and not _is_plain_call(node):
        raise FormulaError(f"expected calls of {', '.join(FUNCTIONS)} with one argument in {formula!r}")
    known = (*values, *FUNCTIONS, "nan", "inf")
    if isinstance(node, ast.Name) and node.id not in known:
        raise FormulaError(f"no {node.id!r} for the formula {formula!r}: there are {', '.join(known)}")


def _is_plain_call(node: ast.Call) -> bool:
    called = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    return called and len(node.args) == 1 and not node.keywords
