"""`kreglint report`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from kreglint.cli.destination import Destination
from kreglint.cli.errors import FAILED, UsageError, warn
from kreglint.cli.files import Inputs, read_stdin
from kreglint.cli.options import ReportOptions, report_parser
from kreglint.engine.run import Run
from kreglint.inventory import CALL, Inventory, LayerEntry
from kreglint.output.place import one_line
from kreglint.version import __version__
from kreglint.versions import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.files import FileReport
    from kreglint.engine.inventory_changes import Change
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
    reports = list(_reports(inputs))
    inventory = _together(reports)
    as_utf8 = options.output_format != "text"
    if before is None:
        destination.write(_rendered(inventory, options), as_utf8=as_utf8)
        changed = False
    else:
        found = _changes(before, inventory, options)
        destination.write(_rendered_changes(found, options), as_utf8=as_utf8)
        changed = bool(found)
    unreadable = [diagnostic for report in reports for diagnostic in report.diagnostics]
    for diagnostic in unreadable:
        warn(one_line(diagnostic))
    return FAILED if inputs.failed else int(changed or bool(unreadable))


def _reports(inputs: Inputs) -> Iterator[FileReport]:
    from kreglint.engine.files import report_content, report_files

    if inputs.reads_stdin:
        filename = inputs.stdin_filename
        yield report_content(read_stdin(), filename, inputs.settings(filename), inputs.run)
    yield from report_files(inputs.files(), inputs.settings, inputs.run)


def _together(reports: list[FileReport]) -> Inventory:
    targets = {target for report in reports for target in report.targets}
    return Inventory(
        layers=tuple(layer for report in reports for layer in report.layers),
        targets=tuple(sorted(targets, key=parse)),
        files=len(reports),
    )


def _rendered(inventory: Inventory, options: ReportOptions) -> Iterator[str]:
    match options.output_format:
        case "json":
            from kreglint.output import inventory_json

            return inventory_json.render(inventory, __version__)
        case "csv":
            from kreglint.output import inventory_csv

            return inventory_csv.render_inventory(inventory, all_calls=options.all_calls)
    from kreglint.output import inventory_rows

    return _as_table(inventory_rows.table(inventory, all_calls=options.all_calls), options.output_format)


def _as_table(table: Table, form: str) -> Iterator[str]:
    render: Callable[[Table], Iterator[str]] = import_module(f"kreglint.output.inventory_{form}").render
    return render(table)


# --compare


def _earlier(file: str) -> tuple[LayerEntry, ...]:
    from kreglint.engine.inventory_changes import ReportError, read_report

    try:
        return read_report(file)
    except ReportError as error:
        raise UsageError(str(error)) from error


def _changes(before: tuple[LayerEntry, ...], inventory: Inventory, options: ReportOptions) -> list[Change]:
    from kreglint.engine.inventory_changes import changes

    old, new = (
        [layer for layer in layers if options.all_calls or layer.entry != CALL] for layers in (before, inventory.layers)
    )
    return list(changes(old, new))


def _rendered_changes(found: list[Change], options: ReportOptions) -> Iterator[str]:
    from kreglint.output import inventory_changes

    if options.output_format == "json":
        return inventory_changes.render_json(found, __version__)
    return _as_table(inventory_changes.table(found), options.output_format)
