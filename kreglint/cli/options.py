"""The options of the commands. Those that are settings too are in the table of settings."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence

from kreglint.cli.errors import nearest
from kreglint.cli.parser import Parser
from kreglint.output.formats import FOR_PEOPLE, FOR_PROGRAMS
from kreglint.settings.table import HOW_RULES_ARE_NAMED, SWITCH, TABLE, Kind
from kreglint.settings.values import UnexpectedValueError

_LIKE_A_CODE = re.compile(r"[A-Za-z]+[0-9]+(?![A-Za-z])")


class SharedOptions(argparse.Namespace):
    """The options that `check` and `report` have in common."""

    keras_version: str | None
    stdin_filename: str | None
    isolated: bool
    config: str | None
    exclude: list[str] | None
    check_docs: bool | None
    respect_gitignore: bool


class CheckOptions(SharedOptions):
    select: list[str] | None
    extend_select: list[str] | None
    ignore: list[str] | None
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] | None
    fix: bool
    unsafe_fixes: bool
    fix_only: bool
    diff: bool
    max_lambda: float | None
    output_format: str | None
    output_file: str | None
    baseline: str | None
    write_baseline: str | None
    add_noqa: str | None
    statistics: bool
    exit_zero: bool
    jobs: int | None
    cache: bool
    cache_dir: str | None
    watch: bool
    show_files: bool
    show_settings: bool
    color: str
    quiet: bool
    verbose: bool

    @property
    def happens_once(self) -> str | None:
        """The option that makes no sense when files are checked again and again."""
        once = ("show_files", "show_settings", "diff", "add_noqa", "write_baseline")
        return next((f"--{name.replace('_', '-')}" for name in once if getattr(self, name) not in (None, False)), None)

    @property
    def writes(self) -> bool:
        """True if a file is written."""
        fixes = (self.fix or self.fix_only) and not self.diff
        return fixes or any(each is not None for each in (self.add_noqa, self.write_baseline, self.output_file))

    @property
    def fixes(self) -> bool:
        """True if fixes are applied or shown."""
        return self.fix or self.shows_no_findings

    @property
    def shows_no_findings(self) -> bool:
        return self.fix_only or self.diff


class ConfigOptions(SharedOptions):
    output_format: str
    stdin_filename = None
    exclude = None
    respect_gitignore = True


class ReportOptions(SharedOptions):
    output_format: str
    output_file: str | None
    all_calls: bool
    compare: str | None


def check_parser() -> Parser:
    parser = Parser("check", "[PATH ...]", "Find faults in the regularizers of Keras code.")
    _add_selection(parser)
    _add_fixing(parser)
    _add_settings(parser)
    _add_files(parser)
    _add_running(parser)
    _add_check_output(parser)
    return parser


def report_parser() -> Parser:
    parser = Parser("report", "[PATH ...]", "List every Keras layer call with its regularizers and their λ.")
    _add_settings(parser)
    _add_files(parser)
    formats = ("text", "markdown", "csv", "html", "json")
    add_format(parser, formats, "text", f"{either(formats)} (default: text, a table)")
    group = parser.add_argument_group("output")
    add_output_file(group, "the report")
    group.add_argument(
        "--all-calls",
        action="store_true",
        help="show also calls that only keep what they are given by a regularizer's name, such as dict(…)",
    )
    group.add_argument(
        "--compare",
        metavar="OLD.json",
        help="show what has changed since this JSON report, and exit with 1 if something has",
    )
    return parser


def config_parser() -> Parser:
    parser = Parser("config", "[PATH]", "Show the settings in force for a file or a folder, and where each comes from.")
    _add_settings(parser)
    add_format(parser, ("text", "json"), "text", "text (the default) or json")
    return parser


def rule_parser() -> Parser:
    return Parser("rule", "[CODE]", "Explain one rule, named by its code or its name, or list them all.")


def server_parser() -> Parser:
    return Parser("server", "", "Speak the Language Server Protocol over standard input and output.")


def _add_selection(parser: Parser) -> None:
    _add_settings_of(parser.add_argument_group("rules", HOW_RULES_ARE_NAMED))


def _add_settings_of(group: argparse._ArgumentGroup) -> None:
    """Add the settings that stand in a group of the help, by its title."""
    for setting in TABLE:
        if setting.option is None or setting.option.group != group.title:
            continue
        if setting.kind is SWITCH:
            group.add_argument(f"--{setting.key}", action="store_const", const=True, help=setting.option.help)
        else:
            group.add_argument(
                f"--{setting.key}",
                metavar=setting.kind.metavar,
                type=_reader(setting.kind),
                action="extend" if setting.kind.adds_up else "store",
                help=setting.option.help,
            )


def _reader(kind: Kind) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return kind.from_text(text)
        except UnexpectedValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


def _add_fixing(parser: Parser) -> None:
    group = parser.add_argument_group("fixes")
    for flag, description in (
        ("--fix", "apply the safe fixes, and report what remains"),
        ("--unsafe-fixes", "with --fix, --fix-only or --diff: also apply fixes that change the training"),
        ("--fix-only", "apply fixes, and report nothing else"),
        ("--diff", "show what the fixes would change, and write nothing"),
    ):
        group.add_argument(flag, action="store_true", help=description)


def _add_settings(parser: Parser) -> None:
    group = parser.add_argument_group("settings")
    _add_settings_of(group)
    source = group.add_mutually_exclusive_group()
    source.add_argument("--config", metavar="FILE", help="read this pyproject.toml or kreglint.toml")
    source.add_argument("--isolated", action="store_true", help="read no configuration file")


def _add_files(parser: Parser) -> None:
    group = parser.add_argument_group("files", "PATH is a file, a folder or - for standard input.")
    _add_settings_of(group)
    group.add_argument(
        "--no-respect-gitignore",
        dest="respect_gitignore",
        action="store_false",
        help="check files that .gitignore excludes, too",
    )
    group.add_argument("--stdin-filename", metavar="PATH", help="the name of the file on standard input")


def _add_running(parser: Parser) -> None:
    group = parser.add_argument_group("running")
    group.add_argument(
        "--jobs",
        metavar="N",
        default=None,
        type=_jobs,
        help="check files in N processes; `auto` uses up to one per processor (default: auto)",
    )
    group.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="check every file again, without the results of earlier runs",
    )
    _add_settings_of(group)
    group.add_argument("--watch", action="store_true", help="check again whenever a file changes, until interrupted")


def _add_check_output(parser: Parser) -> None:
    formats = (*FOR_PEOPLE, *FOR_PROGRAMS)
    add_format(parser, formats, None, f"{either(formats)} (default: text on a terminal, else concise)")
    group = parser.add_argument_group("output")
    add_output_file(group, "the findings")
    group.add_argument(
        "--add-noqa",
        nargs="?",
        metavar="REASON",
        type=_reason,
        help="write a noqa comment, with an optional reason, for each finding instead of reporting it",
    )
    accepted = group.add_mutually_exclusive_group()
    accepted.add_argument("--baseline", metavar="FILE", help="report only findings that are not in this baseline")
    accepted.add_argument(
        "--write-baseline", metavar="FILE", help="write all findings to this baseline instead of reporting them"
    )
    group.add_argument("--statistics", action="store_true", help="count the findings of each rule instead")
    group.add_argument("--show-files", action="store_true", help="list the files to check and exit")
    group.add_argument("--show-settings", action="store_true", help="show the settings for each path and exit")
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 even if there are findings")
    add_color(group)
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print findings and errors only")
    loudness.add_argument("-v", "--verbose", action="store_true", help="show which settings apply to each file")


def add_color(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--color",
        metavar="WHEN",
        default="auto",
        type=one_of("auto", "always", "never"),
        help="auto (the default; NO_COLOR and FORCE_COLOR are honoured), always or never",
    )


def add_output_file(group: argparse._ArgumentGroup, what: str) -> None:
    group.add_argument("--output-file", metavar="FILE", help=f"write {what} to this file, completely or not at all")


def add_format(parser: Parser, formats: tuple[str, ...], default: str | None, description: str) -> None:
    parser.add_argument("--output-format", metavar="FORMAT", default=default, type=one_of(*formats), help=description)


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        raise argparse.ArgumentTypeError(f"expected {either(words)}, received {text!r}{nearest(text, words)}")

    return read


def either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _jobs(text: str) -> int | None:
    if text == "auto":
        return None
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a number above 0 or auto, received {text!r}")


def _reason(text: str) -> str:
    """Return what a noqa comment says after its codes."""
    reason = text.strip()
    if not reason.isprintable() or _LIKE_A_CODE.match(reason):
        raise argparse.ArgumentTypeError(f"expected one line that does not begin like a code, received {text!r}")
    return reason
