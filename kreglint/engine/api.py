"""The public functions: pure from bytes to diagnostics, so that every front end says the same.

`verify` is the one that looks at a live model. What needs NumPy is imported only when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kreglint.diagnostics import Diagnostic
from kreglint.engine.files import FileReport, check_files
from kreglint.engine.run import Run
from kreglint.facts.file import FileFacts
from kreglint.gate import mentions_in
from kreglint.settings.schema import Settings
from kreglint.source.discovery import find_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.runtime.inputs import Nested
    from kreglint.runtime.keras_objects import KerasObject
    from kreglint.runtime.result import Verification


def check_source(
    source: str | bytes,
    filename: str = "<string>",
    settings: Settings | None = None,
    *,
    honour_noqa: bool = True,
) -> list[Diagnostic]:
    """Lint one program, in the order of its text.

    What is wrong with the program itself is a diagnostic (KRG900), never an exception.

    Raises:
        SettingsError: the settings name a rule or a layer that does not exist.
    """
    from kreglint.engine.check import check
    from kreglint.engine.selected import selected_rules

    settings = settings or Settings()
    selected_rules(settings)
    return check(source, filename, settings, honour_noqa=honour_noqa) if mentions_in(source) else []


def fix_source(
    source: str | bytes, filename: str = "<string>", settings: Settings | None = None, unsafe: bool = False
) -> tuple[str, list[Diagnostic]]:
    """Return the program with its fixes applied, and what remains of its findings, placed in the fixed program.

    Safe fixes only, unless `unsafe`. A byte order mark stays; the text of bytes that cannot be decoded comes back
    with `surrogateescape`.

    Raises:
        SettingsError: the settings name a rule or a layer that does not exist.
        EndlessFixesError: fixes undo each other, which is a bug.
        NotReversibleError: bytes in an encoding that would not write the rest of the program as it was.
    """
    from kreglint.engine.fixing.run import fix_content, text_of
    from kreglint.engine.selected import selected_rules

    settings = settings or Settings()
    selected_rules(settings)
    done = fix_content(source, filename, settings, unsafe=unsafe)
    return text_of(done.content, filename), list(done.remaining)


def report_source(source: str | bytes, filename: str = "<string>", settings: Settings | None = None) -> FileFacts:
    """Return what is known about one program. The facts are the same in every version of Keras, whatever the settings.

    Raises:
        UnreadableError: the program cannot be decoded or parsed.
    """
    from kreglint.engine.reading import read

    return read(source, filename, settings or Settings())[1] if mentions_in(source) else FileFacts()


def check_paths(paths: Sequence[str], settings: Settings | None = None) -> Iterator[FileReport]:
    """Lint files and folders, file by file as they are found.

    Without `settings`, each file is judged by its closest configuration and what that excludes is left out. What a
    notebook and the text that jupytext keeps of it both have is in the report of the first.

    Raises:
        MissingPathError: a path does not exist.
        SettingsError: a configuration cannot be used.
    """
    from kreglint.engine.pairs import told_once

    return told_once(_reports(paths, settings))


def _reports(paths: Sequence[str], settings: Settings | None) -> Iterator[FileReport]:
    run = Run()
    for path in paths:
        found = settings or run.settings_for(_folder(path))
        files = find_files([path], exclude=found.excluded, root=found.root, texts=found.check_docs)
        yield from check_files(files, lambda file: settings or run.settings_for(_folder(file)), run)


def verify(model: KerasObject, *, data: Nested = None, tolerance: float | None = None) -> Verification:
    """Hold the losses of a built Keras model, of Keras 2 or 3, against the formulas.

    Args:
        model: a `keras.Model` or `tf_keras.Model`. It is as it was when this returns.
        data: one batch, or something that gives batches: `x`, `(x, y)` or `(x, y, sample_weight)`. Without it the
            model is fed random numbers.
        tolerance: how far a penalty may lie from its formula, relatively. Without it, what the weight's dtype and
            size allow.

    Raises:
        ModelError: it is no Keras model, or it has no weights yet and cannot be built without data.
    """
    from kreglint.runtime import probe

    return probe.verify(model, data=data, tolerance=tolerance)


def _folder(path: str) -> str:
    return path if Path(path).is_dir() else str(Path(path).parent)
