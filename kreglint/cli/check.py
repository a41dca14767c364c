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
    write(_rendered(_diagnostics(inputs, options, tally), form, options), as_utf8=form == "json")
    if form != "json" and not options.quiet:
        _tell(tally)
    return _exit_code(inputs, tally, options)


def _exit_code(inputs: Inputs, tally: Tally, options: CheckOptions) -> int:
    if inputs.failed:
        return FAILED
    return _FOUND if tally.findings and not options.exit_zero else 0


def _diagnostics(inputs: Inputs, options: CheckOptions, tally: Tally) -> Iterator[Diagnostic]:
    for filename, diagnostics in _reports(inputs):
        if options.verbose:
            _tell_settings(filename, inputs)
        tally.add(diagnostics)
        yield from diagnostics


def _reports(inputs: Inputs) -> Iterator[tuple[str, tuple[Diagnostic, ...]]]:
    from kreglint.engine.files import check_content, check_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield filename, check_content(read_stdin(), filename, inputs.settings(filename)).diagnostics
    for report in check_files(inputs.files(), inputs.settings):
        yield report.filename, report.diagnostics


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


def _tell(tally: Tally) -> None:
    if tally.files:
        print(tally.summary(), file=sys.stderr)
    else:
        warn("no Python files found")


def _tell_settings(filename: str, inputs: Inputs) -> None:
    version = inputs.settings(filename).keras_version
    target = f"Keras {version}" if version else "the Keras that its imports tell"
    print(f"{filename}: settings from {inputs.settings.source(filename)}, for {target}", file=sys.stderr)
