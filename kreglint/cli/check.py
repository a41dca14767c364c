"""`kreglint check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from kreglint.cli.destination import Destination
from kreglint.cli.errors import FAILED, UsageError, warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import CheckOptions, check_parser
from kreglint.cli.stream import write
from kreglint.cli.tally import Tally
from kreglint.diagnostics import Diagnostic, Location
from kreglint.engine.run import Run
from kreglint.output.formats import FOR_PEOPLE, TELLS_SUPPRESSED, rendered
from kreglint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.cli.baseline import Known
    from kreglint.engine.files import FileReport

_FOUND = 1


def run(arguments: list[str]) -> int:
    """Lint, and return the exit code. Raises UsageError, SettingsError or OSError where that cannot be done."""
    options, paths = check_parser().parse(arguments, CheckOptions())
    if options.watch:
        return _watch(options, paths)
    return _check(options, paths, Run())


def _watch(options: CheckOptions, paths: list[str]) -> int:
    if Inputs(paths, options, Run()).reads_stdin:
        raise UsageError("--watch: expected files, received - for standard input")
    if options.happens_once is not None:
        raise UsageError(f"--watch: cannot be combined with {options.happens_once}")
    from kreglint.cli.watch import snapshot, watch

    return watch(lambda run: _check(options, paths, run), lambda run: snapshot(paths, options, run))


def _check(options: CheckOptions, paths: list[str], run: Run) -> int:
    inputs = Inputs(paths, options, run)
    if options.show_files:
        write(f"{file}\n" for file in inputs.files())
        return FAILED if inputs.failed else 0
    if options.show_settings:
        from kreglint.cli.config import show_settings

        return show_settings(paths, inputs.settings)
    if options.writes:
        inputs.require()
    known = _known(options)
    reports = _reports(inputs, options, known)
    if options.write_baseline is not None:
        from kreglint.cli.baseline import write as write_baseline

        return write_baseline(options.write_baseline, reports, inputs, quiet=options.quiet)
    if known is not None:
        reports = known.apart(reports, inputs)
    if options.add_noqa is not None:
        from kreglint.cli.add_noqa import add_noqa

        if inputs.reads_stdin:
            raise UsageError("--add-noqa: expected files, received - for standard input")
        return add_noqa(reports, options.add_noqa, inputs, quiet=options.quiet)
    from kreglint.engine.pairs import told_once

    tally = Tally()
    _report(told_once(reports), tally, options, stdout_is_taken=options.fix and inputs.reads_stdin)
    if known is not None and not options.quiet:
        print(known.told(), file=sys.stderr)
    return _exit_code(inputs, tally, options)


def _known(options: CheckOptions) -> Known | None:
    if options.baseline is None:
        return None
    from kreglint.cli.baseline import Known

    return Known(options.baseline)


def _report(reports: Iterable[FileReport], tally: Tally, options: CheckOptions, *, stdout_is_taken: bool) -> None:
    destination = Destination(options.output_file, stdout_is_taken=stdout_is_taken)
    form = options.output_format or ("text" if destination.on_terminal else "concise")
    diagnostics = _diagnostics(reports, tally, with_suppressed=form == TELLS_SUPPRESSED)
    if options.shows_no_findings:
        for _ in diagnostics:
            pass
    else:
        parts = _parts(diagnostics, form, destination, options)
        destination.write(parts, as_utf8=form not in FOR_PEOPLE)
    if not options.quiet and (form in FOR_PEOPLE or options.output_file is not None):
        _tell(tally, options)


def _parts(
    diagnostics: Iterable[Diagnostic], form: str, destination: Destination, options: CheckOptions
) -> Iterator[str]:
    if options.statistics:
        return _statistics(diagnostics, form)
    return iter(rendered(form, diagnostics, destination.palette(options.color), __version__))


def _exit_code(inputs: Inputs, tally: Tally, options: CheckOptions) -> int:
    if inputs.failed:
        return FAILED
    if options.shows_no_findings:
        return _FOUND if options.diff and tally.mended and not options.exit_zero else 0
    return _FOUND if tally.findings and not options.exit_zero else 0


def _diagnostics(reports: Iterable[FileReport], tally: Tally, *, with_suppressed: bool) -> Iterator[Diagnostic]:
    for report in reports:
        tally.add(report.diagnostics, mended=len(report.mended))
        if with_suppressed and report.suppressed:
            yield from sorted((*report.diagnostics, *report.suppressed), key=_place)
        else:
            yield from report.diagnostics


def _place(diagnostic: Diagnostic) -> tuple[int, Location, str]:
    return diagnostic.cell or 0, diagnostic.location, diagnostic.code


def _reports(inputs: Inputs, options: CheckOptions, known: Known | None) -> Iterator[FileReport]:
    for report in _worked_on(inputs, options, known):
        if options.verbose:
            _tell_settings(report.filename, inputs)
        yield report


def _worked_on(inputs: Inputs, options: CheckOptions, known: Known | None) -> Iterator[FileReport]:
    if options.fixes:
        from kreglint.cli.fix import fix_reports

        yield from fix_reports(inputs, options) if known is None else fix_reports(inputs, options, known.has)
        return
    from kreglint.engine.files import check_content, check_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield check_content(read_stdin(), filename, inputs.settings(filename), inputs.run)
    if not options.cache:
        yield from check_files(inputs.files(), inputs.settings, inputs.run, options.jobs)
        return
    from kreglint.cli.cache import WithCache

    yield from check_files(inputs.files(), WithCache(inputs.settings), inputs.run, options.jobs, cached=True)


def _statistics(diagnostics: Iterable[Diagnostic], form: str) -> Iterator[str]:
    from kreglint.output import statistics

    if form == "json":
        return statistics.render_json(diagnostics)
    if form in FOR_PEOPLE:
        return statistics.render(diagnostics)
    raise UsageError(f"--statistics: expected the output format {', '.join(FOR_PEOPLE)} or json, received {form}")


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
    target = _target(filename, inputs)
    print(f"{filename}: settings from {inputs.settings.source(filename)}, for {target}", file=sys.stderr)


def _target(filename: str, inputs: Inputs) -> str:
    """Return the Keras that a file is judged by, for a person."""
    version = inputs.settings(filename).keras_version
    if version is not None:
        return f"Keras {version}"
    detected = inputs.run.detected_keras(filename)
    if detected is None:
        return "the Keras version that its imports show"
    return f"Keras {', '.join(map(str, detected.versions))} ({detected.source})"
