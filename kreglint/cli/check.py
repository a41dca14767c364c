"""`kreglint check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from kreglint.cli.errors import FAILED, warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import CheckOptions, check_parser
from kreglint.cli.stream import write
from kreglint.cli.tally import Tally
from kreglint.diagnostics import Diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.files import FileReport

_FOUND = 1


def run(arguments: list[str]) -> int:
    """Lint, and return the exit code. Raises UsageError, SettingsError or OSError where that cannot be done."""
    options, paths = check_parser().parse(arguments, CheckOptions())
    inputs = Inputs(paths, options)
    if options.show_files:
        write(f"{file}\n" for file in inputs.files())
        return FAILED if inputs.failed else 0
    tally = Tally()
    form = _output_format(options)
    found = _diagnostics(_reports(inputs, options), tally)
    if options.shows_no_findings:
        for _ in found:
            pass
    else:
        shares_stdout = options.fix and inputs.reads_stdin  # with the fixed program
        write(_rendered(found, form, options), as_utf8=form == "json", to_stderr=shares_stdout)
    if form != "json" and not options.quiet:
        _tell(tally, options)
    return _exit_code(inputs, tally, options)


def _exit_code(inputs: Inputs, tally: Tally, options: CheckOptions) -> int:
    if inputs.failed:
        return FAILED
    if options.shows_no_findings:
        return _FOUND if options.diff and tally.mended and not options.exit_zero else 0
    return _FOUND if tally.findings and not options.exit_zero else 0


def _diagnostics(reports: Iterable[FileReport], tally: Tally) -> Iterator[Diagnostic]:
    for report in reports:
        tally.add(report.diagnostics, mended=len(report.mended))
        yield from report.diagnostics


def _reports(inputs: Inputs, options: CheckOptions) -> Iterator[FileReport]:
    for report in _worked_on(inputs, options):
        if options.verbose:
            _tell_settings(report.filename, inputs)
        yield report


def _worked_on(inputs: Inputs, options: CheckOptions) -> Iterator[FileReport]:
    if options.fixes:
        from kreglint.cli.fix import fix_reports

        yield from fix_reports(inputs, options)
        return
    from kreglint.engine.files import check_content, check_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield check_content(read_stdin(), filename, inputs.settings(filename))
    yield from check_files(inputs.files(), inputs.settings)


def _output_format(options: CheckOptions) -> str:
    return options.output_format or ("text" if sys.stdout.isatty() else "concise")


def _rendered(diagnostics: Iterable[Diagnostic], form: str, options: CheckOptions) -> Iterator[str]:
    """The output, by the module of its format: no other is imported."""
    if options.statistics:
        from kreglint.output import statistics

        return statistics.render_json(diagnostics) if form == "json" else statistics.render(diagnostics)
    if form == "json":
        from kreglint.output import json

        return json.render(diagnostics)
    return _painted(diagnostics, form, options.color)


def _painted(diagnostics: Iterable[Diagnostic], form: str, color: str) -> Iterator[str]:
    from kreglint.output.colour import palette

    paint = palette(color, os.environ, on_terminal=sys.stdout.isatty())
    if form == "text":
        from kreglint.output.text import render
    else:
        from kreglint.output.concise import render
    return render(diagnostics, paint)


def _tell(tally: Tally, options: CheckOptions) -> None:
    if tally.files:
        print(_summary(tally, options), file=sys.stderr)
    else:
        warn("no Python files found")


def _summary(tally: Tally, options: CheckOptions) -> str:
    if options.shows_no_findings:
        return tally.fix_summary("Would fix" if options.diff else "Fixed", unsafe=options.unsafe_fixes)
    lines = (tally.summary(), tally.offers(fixing=options.fix, unsafe=options.unsafe_fixes))
    return "\n".join(line for line in lines if line)


def _tell_settings(filename: str, inputs: Inputs) -> None:
    version = inputs.settings(filename).keras_version
    target = f"Keras {version}" if version else "the Keras that its imports tell"
    print(f"{filename}: settings from {inputs.settings.source(filename)}, for {target}", file=sys.stderr)
