"""`kreglint report`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from kreglint.cli.destination import Destination
from kreglint.cli.errors import FAILED, UsageError, warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import ReportOptions, report_parser
from kreglint.engine.pairs import told_once
from kreglint.engine.run import Run
from kreglint.inventory import CALL, Change, LayerEntry
from kreglint.output.place import one_line
from kreglint.version import __version__
from kreglint.versions import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.files import FileReport
    from kreglint.output.table import Table


def run(arguments: list[str]) -> int:
    """Print the inventory, or what has changed in it, and return the exit code.

    Raises UsageError, SettingsError or OSError.
    """
    options, paths = report_parser().parse(arguments, ReportOptions())
    inputs = Inputs(paths, options, Run())
    destination = Destination(options.output_file)
    if options.output_file is not None:
        inputs.require()
    before = _earlier(options.compare) if options.compare is not None else None
    reports = list(told_once(_reports(inputs)))
    found = _changes(before, reports, options) if before is not None else []
    parts = _rendered(reports, options) if before is None else _rendered_changes(found, options)
    destination.write(parts, as_utf8=options.output_format != "text")
    unreadable = [diagnostic for report in reports for diagnostic in report.diagnostics]
    for diagnostic in unreadable:
        warn(one_line(diagnostic))
    return FAILED if inputs.failed else int(bool(found or unreadable))


def _reports(inputs: Inputs) -> Iterator[FileReport]:
    from kreglint.engine.files import report_content, report_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield report_content(read_stdin(), filename, inputs.settings(filename), inputs.run)
    yield from report_files(inputs.files(), inputs.settings, inputs.run)


def _layers(reports: list[FileReport]) -> list[LayerEntry]:
    return [layer for report in reports for layer in report.layers]


def _rendered(reports: list[FileReport], options: ReportOptions) -> Iterator[str]:
    layers, files, form = _layers(reports), len(reports), options.output_format
    if form == "json":
        from kreglint.output import inventory_json

        targets = {target for report in reports for target in report.targets}
        return inventory_json.render(layers, files, __version__, targets=sorted(targets, key=parse))
    render: Callable[..., Iterator[str]] = import_module(f"kreglint.output.inventory_{form}").render
    return render(layers, files, all_calls=options.all_calls)


# --compare


def _earlier(file: str) -> tuple[LayerEntry, ...]:
    from kreglint.engine.inventory_changes import ReportError, read_report

    try:
        return read_report(file)
    except ReportError as error:
        raise UsageError(str(error)) from error


def _changes(before: tuple[LayerEntry, ...], reports: list[FileReport], options: ReportOptions) -> list[Change]:
    from kreglint.engine.inventory_changes import changes

    old, new = (
        [layer for layer in layers if options.all_calls or layer.entry != CALL] for layers in (before, _layers(reports))
    )
    return list(changes(old, new))


def _rendered_changes(found: list[Change], options: ReportOptions) -> Iterator[str]:
    from kreglint.output import inventory_changes

    if options.output_format == "json":
        return inventory_changes.render_json(found, __version__)
    write: Callable[[Table], Iterator[str]] = import_module(f"kreglint.output.inventory_{options.output_format}").write
    return write(inventory_changes.table(found))
