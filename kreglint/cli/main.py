"""The commands, and what becomes of their errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kreglint.cli.errors import FAILED, UsageError, complain, nearest
from kreglint.version import __version__

_HELP = """\
usage: kreglint COMMAND [options] ...

A linter for the regularizers of Keras code.

commands:
  check [PATH ...]   find faults
  report [PATH ...]  list every Keras layer call with its regularizers and their λ
  verify TARGET      build a model in a process of its own and hold its losses against λ·norm
  rule [CODE]        explain one rule, or list all
  config [PATH]      show the settings in force and where each comes from
  server             show editors what `check` finds, by the Language Server Protocol

options:
  -h, --help         show this help and exit; `kreglint COMMAND --help` has a command's options
  --version          show the version and exit
"""
_OBJECTS_BEFORE_COLLECTION = 100_000
_COMMANDS = ("check", "report", "verify", "rule", "config", "server")


def main(argv: Sequence[str]) -> int:
    """Run the command line and return the exit code."""
    import gc

    from kreglint.settings.schema import SettingsError

    # Trees of syntax nodes are many objects and no garbage: looking for cycles among them costs a tenth of the run.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    try:
        code = _run(list(argv))
        gc.freeze()  # so that the interpreter, as it ends, does not search the trees once more: a fifth of the run
        return code
    except BrokenPipeError:
        raise
    except (UsageError, SettingsError, OSError) as error:
        complain(error)
        return FAILED


def _run(arguments: list[str]) -> int:
    from kreglint.cli.stream import write

    command, *others = arguments or [""]
    if command in ("-h", "--help"):
        write([_HELP])
        return 0
    if command == "--version":
        write([f"kreglint {__version__}\n"])
        return 0
    return _command(command)(others)


def _command(name: str) -> Callable[[list[str]], int]:
    match name:
        case "check":
            from kreglint.cli.check import run
        case "report":
            from kreglint.cli.report import run
        case "verify":
            from kreglint.cli.verify import run
        case "rule":
            from kreglint.cli.rule import run
        case "config":
            from kreglint.cli.config import run
        case "server":
            from kreglint.cli.server import run
        case _:
            raise UsageError(_unknown(name))
    return run


def _unknown(name: str) -> str:
    if not name:
        return f"expected a command: {', '.join(_COMMANDS[:-1])} or {_COMMANDS[-1]}"
    kind = "option" if name.startswith("-") else "command"
    known = ("--help", "--version") if kind == "option" else _COMMANDS
    return f"unrecognised {kind} {name!r}{nearest(name, known)}"
