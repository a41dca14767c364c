"""Many files: read each, and check it or take its inventory, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kreglint.diagnostics import Diagnostic
from kreglint.gate import mentions_in
from kreglint.settings.schema import Settings
from kreglint.source.paths import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.inventory import LayerEntry

SettingsOf = Callable[[str], Settings]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file gave: its diagnostics, and its layer calls where the inventory was asked for."""

    filename: str
    diagnostics: tuple[Diagnostic, ...] = ()
    layers: tuple[LayerEntry, ...] = ()


def check_files(files: Iterable[str], settings_of: SettingsOf) -> Iterator[FileReport]:
    """Lint files as they come. A file that cannot be read is a diagnostic of its own (KRG900)."""
    return _each(files, settings_of, check_content)


def report_files(files: Iterable[str], settings_of: SettingsOf) -> Iterator[FileReport]:
    """Take the inventory of files as they come. A file that cannot be read has KRG900 among its diagnostics."""
    return _each(files, settings_of, report_content)


def check_content(data: bytes, filename: str, settings: Settings) -> FileReport:
    if not mentions_in(data):
        return FileReport(filename)
    from kreglint.engine.check import check

    return FileReport(filename, tuple(check(data, filename, settings, project=_folder(filename))))


def report_content(data: bytes, filename: str, settings: Settings) -> FileReport:
    if not mentions_in(data):
        return FileReport(filename)
    from kreglint.engine.check import not_checked
    from kreglint.engine.guard import CrashError
    from kreglint.engine.inventory import inventory
    from kreglint.engine.reading import UnreadableError

    try:
        return FileReport(filename, layers=inventory(data, filename, settings, _folder(filename)))
    except (UnreadableError, CrashError) as error:
        return FileReport(filename, tuple(not_checked(filename, error)))


def _folder(filename: str) -> str:
    return filename.rpartition("/")[0] or "."


def _each(
    files: Iterable[str], settings_of: SettingsOf, work: Callable[[bytes, str, Settings], FileReport]
) -> Iterator[FileReport]:
    for file in files:
        filename = shown(file)
        settings = settings_of(file)
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            yield FileReport(filename, _unopened(filename, error))
        else:
            yield work(data, filename, settings)


def _unopened(filename: str, error: OSError) -> tuple[Diagnostic, ...]:
    from kreglint.diagnostics import Location
    from kreglint.engine.check import not_checked
    from kreglint.engine.reading import UnreadableError

    reason = f"cannot be read: {error.strerror or error}"
    return tuple(not_checked(filename, UnreadableError(Location(1, 1), reason)))
