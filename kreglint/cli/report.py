"""`kreglint report`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from kreglint.cli.destination import Destination
from kreglint.cli.errors import FAILED, warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import ReportOptions, report_parser
from kreglint.engine.run import Run
from kreglint.inventory import LayerEntry
from kreglint.output.place import one_line
from kreglint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.files import FileReport


def run(arguments: list[str]) -> int:
    """Print the inventory, and return the exit code. Raises UsageError, SettingsError or OSError."""
    options, paths = report_parser().parse(arguments, ReportOptions())
    inputs = Inputs(paths, options, Run())
    destination = Destination(options.output_file)
    if options.output_file is not None:
        inputs.require()
    reports = list(_reports(inputs))
    layers = [layer for report in reports for layer in report.layers]
    form = options.output_format
    destination.write(_rendered(layers, len(reports), form), as_utf8=form != "text")
    unreadable = [diagnostic for report in reports for diagnostic in report.diagnostics]
    for diagnostic in unreadable:
        warn(one_line(diagnostic))
    return FAILED if inputs.failed else int(bool(unreadable))


def _reports(inputs: Inputs) -> Iterator[FileReport]:
    from kreglint.engine.files import report_content, report_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield report_content(read_stdin(), filename, inputs.settings(filename), inputs.run)
    yield from report_files(inputs.files(), inputs.settings, inputs.run)


def _rendered(layers: list[LayerEntry], files: int, form: str) -> Iterator[str]:
    if form == "json":
        from kreglint.output import inventory_json

        return inventory_json.render(layers, files, __version__)
    render: Callable[..., Iterator[str]] = import_module(f"kreglint.output.inventory_{form}").render
    return render(layers, files)
