"""`kreglint config`, and `check --show-settings`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kreglint.cli.errors import UsageError
from kreglint.cli.options import ConfigOptions, config_parser
from kreglint.cli.settings import SettingsFinder
from kreglint.cli.stream import write
from kreglint.engine.run import Run
from kreglint.output import settings as output
from kreglint.settings.schema import Settings
from kreglint.source.discovery import MissingPathError
from kreglint.source.paths import shown


def run(arguments: list[str]) -> int:
    """Show the settings for a path, and return the exit code. Raises UsageError, SettingsError or OSError."""
    options, paths = config_parser().parse(arguments, ConfigOptions())
    if len(paths) > 1:
        raise UsageError(f"expected one path, received {' '.join(paths)}")
    finder = SettingsFinder(options, Run())
    path, settings = next(_found(paths or ["."], finder))
    render = output.render_json if options.output_format == "json" else output.render
    write(render(shown(path), settings), as_utf8=options.output_format == "json")
    return 0


def show_settings(paths: list[str], finder: SettingsFinder) -> int:
    """Show the settings for each of the paths, and return the exit code. Raises UsageError or SettingsError."""
    for number, (path, settings) in enumerate(_found(paths or ["."], finder)):
        write(["\n"] if number else [])
        write(output.render(shown(path), settings))
    return 0


def _found(paths: list[str], finder: SettingsFinder) -> Iterator[tuple[str, Settings]]:
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise UsageError(str(MissingPathError(path)))
        yield path, finder(path)
