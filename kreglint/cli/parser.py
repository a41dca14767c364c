"""An argument parser that says what is wrong in one line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn, TypeVar

from kreglint.cli.errors import UsageError, nearest
from kreglint.version import __version__

Options = TypeVar("Options", bound=argparse.Namespace)


class _Formatter(argparse.HelpFormatter):
    """Shows an option whose value may be left out as it is to be written."""

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if action.nargs == "?":
            return ", ".join(f"{option}[={action.metavar}]" for option in action.option_strings)
        return super()._format_action_invocation(action)


class Parser(argparse.ArgumentParser):
    """Parses the options of one command, and leaves the other arguments, wherever they stand, as operands.

    An option whose value may be left out (`nargs="?"`) takes one by `=` only, and without one it is empty.
    """

    def __init__(self, command: str, operands: str, description: str) -> None:
        prog = f"kreglint {command}"
        super().__init__(
            prog=prog,
            usage=f"{prog} [options] {operands}",
            description=description,
            allow_abbrev=False,
            formatter_class=_Formatter,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="help", help="show this help and exit")
        version = f"kreglint {__version__}"
        self.add_argument("--version", action="version", version=version, help="show the version and exit")

    def parse(self, arguments: Sequence[str], options: Options) -> tuple[Options, list[str]]:
        """The options and the operands. Raises UsageError for what is not understood."""
        before, after = _split_at_double_dash(arguments)
        valueless = {option for action in self._actions if action.nargs == "?" for option in action.option_strings}
        before = [f"{word}=" if word in valueless else word for word in before]
        parsed, others = self.parse_known_args(before, options)
        for other in others:
            if other.startswith("-") and other != "-":
                self._refuse(other)
        return parsed, [*others, *after]

    def error(self, message: str) -> NoReturn:
        raise UsageError(message.removeprefix("argument "))

    def _refuse(self, argument: str) -> NoReturn:
        option = argument.partition("=")[0]
        raise UsageError(f"unrecognised option {option!r}{nearest(option, tuple(self._option_string_actions))}")


def _split_at_double_dash(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what stands before `--`, and the operands after it, which may begin with a dash."""
    before = list(arguments)
    if "--" not in before:
        return before, []
    place = before.index("--")
    return before[:place], before[place + 1 :]
