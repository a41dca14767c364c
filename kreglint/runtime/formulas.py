"""The penalties and their gradients, in NumPy and float64, apart from any Keras.

Sources: the docstrings and code of `keras.regularizers` in Keras 3.15.1 and tf_keras 2.21. None of them divides by
the number of weights or by the batch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = Any  # a NumPy array: its type parameters differ between the versions of NumPy that projects have

FACTORS = ("l1", "l2", "factor")
_BLOCK = 1 << 16  # weights looked at together: they fit the processor's cache, and no copy grows with the model
_MATRIX_BLOCK = 1 << 22  # numbers of a matrix turned to float64 together
_FLOAT32 = 2.0**-23
_EPSILON = {"float64": _FLOAT32, "float32": _FLOAT32, "float16": 2.0**-10, "bfloat16": 2.0**-7}


@dataclass(frozen=True, slots=True)
class Formula:
    """One of Keras' penalties with its factors.

    `kind` is "L1", "L2", "L1L2" or "OrthogonalRegularizer"; a factor that the kind does not have is None.
    `mode` is "rows" or "columns", of the orthogonal penalty.
    """

    kind: str
    l1: float | None = None
    l2: float | None = None
    factor: float | None = None
    mode: str = "rows"

    @property
    def factors(self) -> tuple[float, ...]:
        return tuple(each for each in (self.l1, self.l2, self.factor) if each is not None)

    @property
    def label(self) -> str:
        """As Python writes it: `L2(l2=0.01)`."""
        given = [f"{name}={value:g}" for name in FACTORS if (value := getattr(self, name)) is not None]
        if self.kind == "OrthogonalRegularizer":
            given.append(f"mode={self.mode!r}")
        return f"{self.kind}({', '.join(given)})"

    def changed(self, change: Callable[[float], float]) -> Formula:
        """Return the same penalty with every factor that it has changed."""
        l1, l2, factor = (None if each is None else change(each) for each in (self.l1, self.l2, self.factor))
        return replace(self, l1=l1, l2=l2, factor=factor)

    def penalty(self, weights: Array) -> float:
        """λ·Σ|w|, λ·Σw², their sum, or the orthogonal penalty of a matrix. The weights may have any shape and dtype.

        Raises:
            ValueError: the orthogonal penalty of what is no matrix.
        """
        if self.factor is not None:
            return self.factor * mean_cosine(_oriented(weights, self.mode))
        absolute = squares = 0.0
        for block in _blocks(weights):
            absolute += float(np.abs(block).sum(dtype="float64")) if self.l1 else 0.0
            squares += float(np.einsum("i,i->", block, block, dtype="float64")) if self.l2 else 0.0
        return (self.l1 or 0.0) * absolute + (self.l2 or 0.0) * squares

    def gradient(self, weights: Array) -> Array:
        """∂penalty/∂w in the weights' shape: λ·sign(w), with 0 at 0, and 2λw; the orthogonal one analytically."""
        if self.factor is not None:
            found = self.factor * mean_cosine_gradient(_oriented(weights, self.mode))
            return found if self.mode == "rows" else found.T
        values = np.asarray(weights).astype("float64")
        return (self.l1 or 0.0) * np.sign(values) + 2.0 * (self.l2 or 0.0) * values


def mean_cosine(rows: Array) -> float:
    """Return the mean of |cos| between the different rows of a matrix; NaN where there is one row, as in Keras."""
    count = len(rows)
    if count < 2:
        return math.nan
    size = max(1, _MATRIX_BLOCK // max(rows.shape[1], count))
    total = 0.0
    for start in range(0, count, size):
        unit, _ = _unit_rows(rows[start : start + size])
        own = np.abs(unit @ unit.T)
        total += float(own.sum() - np.trace(own)) / 2.0
        for other in range(start + size, count, size):
            total += float(np.abs(unit @ _unit_rows(rows[other : other + size])[0].T).sum())
    return 2.0 * total / (count * (count - 1))


def mean_cosine_gradient(rows: Array) -> Array:
    """Return the gradient of `mean_cosine`: that in the unit rows, without the part along each row, over its length."""
    unit, lengths = _unit_rows(rows)
    signs = np.sign(unit @ unit.T)
    np.fill_diagonal(signs, 0.0)
    inner = 2.0 * (signs @ unit) / (len(unit) * (len(unit) - 1))
    along = (inner * unit).sum(axis=1, keepdims=True)
    return (inner - along * unit) / lengths


def tolerance(dtype: str, count: int, formula: Formula | None = None) -> float:
    """Return how far a penalty of `count` weights in `dtype` may lie, relatively, from the same in float64.

    Pairwise summation, as all backends do it, errs by at most ε·log2(n) on terms of one sign. λ, the square, the
    product and the blocks that are summed one after the other cost a few ε more; 16 covers what was measured at
    10³ to 10⁸ weights on TensorFlow 2.21, JAX 0.10 and Torch 2.13 at least twice over. Half precisions sum in
    float32 and round at the end: 4ε, where up to 2.9e-3 (float16) and 2.0e-2 (bfloat16) were measured. float64 is
    judged as float32: Keras holds λ in float32. The cosines of the orthogonal penalty are small differences of
    products: about √n of them make one, and √n at most count^¼ for a square matrix.
    """
    epsilon = _EPSILON.get(dtype, _FLOAT32)
    cosines = count**0.25 if formula is not None and formula.factor is not None else 0.0
    if epsilon > _FLOAT32:
        return epsilon * (4.0 + cosines)
    return epsilon * (16.0 + math.log2(max(count, 1)) + cosines)


def epsilon(dtype: str) -> float:
    """Return the distance from 1 to the next number of a dtype."""
    return 2.0**-52 if dtype == "float64" else _EPSILON.get(dtype, _FLOAT32)


def relative_error(expected: float, actual: float) -> float:
    """Return |actual − expected| over |expected|; infinite if only the actual one is not 0 or not finite."""
    if not math.isfinite(actual):
        return math.inf
    if expected == actual:
        return 0.0
    return abs(actual - expected) / abs(expected) if expected else math.inf


def tells_nothing(weights: Array, formula: Formula | None) -> bool:
    """True if the penalty of these weights is 0 or could as well be another's: all of one size, as zeros and ones.

    The orthogonal penalty of orthogonal rows, which is how recurrent kernels start, is rounding noise.
    """
    if formula is not None and formula.factor is not None:
        return True
    sizes = np.abs(np.asarray(weights).reshape(-1)[:1])
    return not any((np.abs(block) != sizes).any() for block in _blocks(weights))


def seeded(shape: tuple[int, ...], seed: int) -> Array:
    """Return random weights as initializers give them: uniform from -0.05 to 0.05, the same for the same seed."""
    values = np.random.default_rng(seed).random(shape, dtype="float32")
    values -= 0.5
    values *= 0.1
    return values


def _blocks(weights: Array) -> Iterator[Array]:
    flat = np.asarray(weights).reshape(-1)
    return (flat[start : start + _BLOCK] for start in range(0, flat.size, _BLOCK))


def _oriented(weights: Array, mode: str) -> Array:
    matrix = np.asarray(weights)
    if matrix.ndim != 2:
        raise ValueError(f"the orthogonal penalty needs a matrix, received the shape {matrix.shape}")
    return matrix if mode == "rows" else matrix.T


def _unit_rows(rows: Array) -> tuple[Array, Array]:
    values = rows.astype("float64")
    lengths = np.sqrt(np.maximum(np.einsum("ij,ij->i", values, values), 1e-24))[:, np.newaxis]
    values /= lengths
    return values, lengths
