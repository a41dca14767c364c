"""`kreglint server`."""

from __future__ import annotations

import argparse

from kreglint.cli.errors import UsageError
from kreglint.cli.options import server_parser


def run(arguments: list[str]) -> int:
    """Serve an editor until it says that it is done. Raises UsageError where that cannot be done."""
    _, operands = server_parser().parse(arguments, argparse.Namespace())
    if operands:
        raise UsageError(f"expected no argument, received {' '.join(operands)}")
    try:
        from kreglint.server.serve import serve
    except ModuleNotFoundError as error:
        raise UsageError(f"expected the extra lsp (pip install 'kreglint[lsp]'): {error}") from error
    return serve()
