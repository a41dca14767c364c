"""What an earlier run found in a file, as long as nothing has changed that the outcome depends on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import kreglint
from kreglint.diagnostics import Diagnostic
from kreglint.engine.cache.folder import NAME, Folder, digest
from kreglint.engine.cache.records import from_record, to_record
from kreglint.engine.project import files
from kreglint.settings.detection import detected_keras
from kreglint.settings.schema import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.analysis.values.project import Asked

_CRASHED = "KRG901"


def place_of(settings: Settings) -> Path:
    """The folder of the cache: the one that is set, or the default in the project's root."""
    return Path(settings.root or ".", settings.cache_dir or NAME).absolute()


def recall(data: bytes, filename: str, settings: Settings) -> tuple[Diagnostic, ...] | None:
    """What was found in a file when all was as it is now; None where that is not known."""
    content = _folder(place_of(settings)).read(_key(filename, settings))
    if content is None:
        return None
    try:
        entry = json.loads(content)
        holds = _holds(entry, data, filename, settings)
        return tuple(map(from_record, entry["found"])) if holds else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # of another making: what it has is no entry of ours


def remember(found: tuple[Diagnostic, ...], asked: Asked, data: bytes, filename: str, settings: Settings) -> None:
    """Keep what is found in a file, and what that depends on. `asked` is what the analysis asked of other files.

    The outcome of a crash is not kept: it may lie in the machine's state.
    """
    if any(diagnostic.code == _CRASHED for diagnostic in found):
        return
    entry = {
        "content": digest(data),
        "keras": _declared_keras(filename, settings),
        "modules": [[module, importer, file] for (module, importer), file in sorted(asked.modules.items())],
        "files": [[file, files().digest(file)] for file in sorted(asked.files)],
        "found": [to_record(diagnostic) for diagnostic in found],
    }
    _folder(place_of(settings)).write(_key(filename, settings), json.dumps(entry, separators=(",", ":")).encode())


def _holds(entry: dict[str, Any], data: bytes, filename: str, settings: Settings) -> bool:
    """Whether the content, where its imports lead, the files there, and the Keras declared are what they were."""
    around = files()
    return (
        entry["content"] == digest(data)
        and all(around.find(module, importer) == file for module, importer, file in entry["modules"])
        and all(around.digest(file) == known for file, known in entry["files"])
        and entry["keras"] == _declared_keras(filename, settings)
    )


def _declared_keras(filename: str, settings: Settings) -> list[str] | None:
    detected = detected_keras(filename) if settings.version is None else None
    return [str(version) for version in (*detected.old, *detected.versions)] if detected is not None else None


def _key(filename: str, settings: Settings) -> str:
    """What the outcome depends on besides contents: who judges, by which settings, and what the file is called."""
    named = (_judge(settings), str(Path.cwd()), filename, os.path.realpath(filename))
    return digest("\0".join(named).encode("utf-8", "surrogatepass"))


@cache
def _judge(settings: Settings) -> str:
    judged_by = replace(settings, origins=(), cache_dir=None)
    return digest(repr((_stamp(), judged_by)).encode("utf-8", "surrogatepass"))


def forget_cache() -> None:
    """Let the next look find another folder, and another kreglint."""
    _folder.cache_clear()
    _judge.cache_clear()


@cache
def _folder(place: Path) -> Folder:
    return Folder(place)


def _stamp() -> tuple[object, ...]:
    """This kreglint, its parser and its Python: another one may judge otherwise.

    The files count, not the version alone, so that a changed rule is noticed in a working copy of kreglint too.
    """
    return (kreglint.__version__, sys.version, *_sources(Path(kreglint.__file__).parent), *_parser())


def _sources(folder: Path) -> Iterator[tuple[str, int, int]]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = Path(place, name).stat()
            yield os.path.join(place, name), status.st_mtime_ns, status.st_size  # noqa: PTH118


def _parser() -> Iterator[tuple[str, int]]:
    """Where libcst is, found without importing it."""
    found = find_spec("libcst")
    if found is not None and found.origin is not None:
        yield found.origin, Path(found.origin).stat().st_mtime_ns
