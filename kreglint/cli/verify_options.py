"""The options of `verify`, and how their values are read."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import Any

from kreglint.cli.options import add_color, add_format, add_output_file, either, one_of
from kreglint.cli.parser import Parser
from kreglint.output.formats import FOR_PEOPLE, FOR_PROGRAMS

_OWN_FORMATS = ("table", "json", "html")
CHECK_FORMATS = tuple(form for form in (*FOR_PEOPLE, *FOR_PROGRAMS) if form not in _OWN_FORMATS)


class VerifyOptions(argparse.Namespace):
    kwargs: dict[str, Any]
    input_shape: list[int | None] | None
    data: str | None
    against: str | None
    tolerance: float | None
    python: str
    timeout: float
    memory_limit: float | None
    device: str
    unsafe_load: bool
    output_format: str
    output_file: str | None
    exit_zero: bool
    color: str


def verify_parser() -> Parser:
    parser = Parser("verify", "TARGET", "Build a model in a separate process and compare its losses with λ·norm.")
    _add_model(parser)
    _add_process(parser)
    formats = (*_OWN_FORMATS, *CHECK_FORMATS)
    add_format(parser, formats, "table", f"{either(formats)} (default: table)")
    group = parser.add_argument_group("output")
    add_output_file(group, "the result")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    add_color(group)
    return parser


def _add_model(parser: Parser) -> None:
    group = parser.add_argument_group(
        "model", "TARGET is path/model.py:build, package.module:build, or a saved model (.keras, .h5, .json)."
    )
    group.add_argument(
        "--kwargs", metavar="JSON", default={}, type=_json_object, help="keyword arguments for build, as a JSON object"
    )
    group.add_argument(
        "--input-shape", metavar="N,N,…", type=_shape, help="the shape of one sample, if the model does not define it"
    )
    group.add_argument("--data", metavar="MODULE:FN", help="feed what this function returns: (x, y), or batches of it")
    group.add_argument("--against", metavar="PATH", help="compare each λ with the source in this file or folder")
    group.add_argument(
        "--tolerance",
        metavar="X",
        type=_positive,
        help="allowed relative error of a penalty (default: depends on the dtype and number of its weights)",
    )
    group.add_argument(
        "--unsafe-load", action="store_true", help="load a saved model even if loading runs code that it contains"
    )


def _add_process(parser: Parser) -> None:
    group = parser.add_argument_group("process")
    group.add_argument(
        "--python", metavar="PATH", default=sys.executable, help="the project's interpreter (default: this one)"
    )
    group.add_argument(
        "--timeout", metavar="SECONDS", default=300.0, type=_positive, help="give up after this long (default: 300)"
    )
    group.add_argument(
        "--memory-limit",
        metavar="GB",
        type=_positive,
        help="how much memory the process may use (default: three quarters of the machine's; Linux only)",
    )
    group.add_argument(
        "--device", metavar="DEVICE", default="cpu", type=one_of("cpu", "gpu"), help="cpu (the default) or gpu"
    )


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a JSON object, received {text!r}: {error}") from error
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"expected a JSON object, received {text!r}")
    return value


def _shape(text: str) -> list[int | None]:
    """Reads `32,32,3` as the shape of a batch of unknown size."""
    sizes = text.strip("()[] ").rstrip(",").split(",")
    if not all(size.strip().isdigit() and int(size) > 0 for size in sizes):
        raise argparse.ArgumentTypeError(f"expected sizes such as 32,32,3, received {text!r}")
    return [None, *map(int, sizes)]


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f"expected a number above 0, received {text!r}")
    return number
