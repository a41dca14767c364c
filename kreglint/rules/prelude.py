"""The imports that stand before every example, so that an example shows its point and no more."""

from __future__ import annotations

import re

from kreglint.diagnostics import Span
from kreglint.records import record

PRELUDE = """\
import keras
import numpy as np
import tensorflow as tf
from keras.layers import *
from keras.regularizers import *
from keras import constraints, initializers, layers, optimizers, regularizers
"""

_OPEN, _CLOSE = "«", "»"
_OWN_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+(?:keras|tensorflow|tf_keras)\b", re.MULTILINE)


@record()
class Program:
    """A whole program made of an example.

    `spans` are the marked places as offsets into `text`, in source order; `start` is the offset at which the
    example itself begins.
    """

    text: str
    spans: tuple[Span, ...] = ()
    start: int = 0


def program(code: str) -> Program:
    """Make an example a program: markers removed, the prelude in front unless it imports Keras itself.

    Raises:
        ValueError: The markers « and » do not come in pairs.
    """
    example, spans = _unmarked(code)
    prelude = "" if _OWN_IMPORT.search(example) else PRELUDE
    start = len(prelude)
    end = "" if example.endswith("\n") else "\n"
    moved = tuple(Span(span.start + start, span.end + start) for span in spans)
    return Program(prelude + example + end, moved, start)


def shown(code: str) -> str:
    """Return the example as a reader sees it: without the markers.

    Raises:
        ValueError: The markers « and » do not come in pairs.
    """
    return _unmarked(code)[0]


def _unmarked(code: str) -> tuple[str, list[Span]]:
    text, spans, opened = "", [], None
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", code):
        if piece == _OPEN and opened is None:
            opened = len(text)
        elif piece == _CLOSE and opened is not None:
            spans.append(Span(opened, len(text)))
            opened = None
        elif piece in (_OPEN, _CLOSE):
            raise ValueError(f"expected « and » in pairs, received {code!r}")
        else:
            text += piece
    if opened is not None:
        raise ValueError(f"expected a » for every «, received {code!r}")
    return text, spans
