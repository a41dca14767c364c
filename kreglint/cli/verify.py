"""`kreglint verify`: the only command that runs the user's code, in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from kreglint.cli.destination import Destination
from kreglint.cli.errors import UsageError
from kreglint.cli.verify_options import CHECK_FORMATS, VerifyOptions, verify_parser
from kreglint.inventory import LayerEntry
from kreglint.records import replace
from kreglint.runtime.result import Verification
from kreglint.sandbox.process import Limits, SandboxError, ask, told_memory
from kreglint.version import __version__
from kreglint.versions import parse

_MEMORY_SHARE = 0.75


def run(arguments: list[str]) -> int:
    """Verify one model and return the exit code. Raises UsageError or OSError where that cannot be done."""
    options, targets = verify_parser().parse(arguments, VerifyOptions())
    if len(targets) != 1:
        received = " ".join(targets) or "none"
        raise UsageError(
            f"expected one target (path/model.py:build, package.module:build, a file), received {received}"
        )
    if options.against is not None and not Path(options.against).exists():
        raise UsageError(f"--against: {options.against}: no such file or folder")
    found = _verify_target(targets[0], options)
    if options.against is not None:
        from kreglint.engine.against import compared

        found = compared(found, _inventory(options.against, found.keras))
    destination = Destination(options.output_file)
    destination.write(_parts(found, options, destination), as_utf8=options.output_format != "table")
    return int(not found.ok and not options.exit_zero)


def _verify_target(target: str, options: VerifyOptions) -> Verification:
    memory = _default_memory() if options.memory_limit is None else int(options.memory_limit * 1e9)
    request = {
        "target": target,
        "kwargs": options.kwargs,
        "shape": options.input_shape,
        "data": options.data,
        "tolerance": options.tolerance,
        "safe": not options.unsafe_load,
    }
    limits = Limits(options.timeout, memory)
    try:
        answer = ask(request, options.python, limits, gpu=options.device == "gpu")
    except SandboxError as error:
        raise UsageError(f"{target}: {error}") from error
    if "error" in answer:
        raise UsageError(_failure_line(target, answer, memory))
    return Verification.from_dict(answer["verification"])


def _inventory(path: str, keras: str) -> list[LayerEntry]:
    """Return what the calls in a file or folder mean to the version of Keras that the model has.

    Raises UsageError for a file that cannot be read.
    """
    from kreglint.engine.files import report_files
    from kreglint.engine.run import Run
    from kreglint.source.discovery import find_files

    run = Run()
    settings = run.settings_for(path if Path(path).is_dir() else str(Path(path).parent))
    with suppress(ValueError):  # a major that no catalog knows
        settings = replace(settings, keras_version=str(parse(".".join(keras.split(".")[:2]))))
    files = find_files([path], exclude=settings.excluded, root=settings.root, texts=settings.check_docs)
    reports = list(report_files(files, lambda _: settings, run))
    for report in reports:
        for diagnostic in report.diagnostics:
            raise UsageError(f"{diagnostic.filename}: {diagnostic.message}")
    return [layer for report in reports for layer in report.layers]


def _failure_line(target: str, answer: dict[str, Any], memory: int | None) -> str:
    text = str(answer["error"])
    limit = f"; its memory limit is {told_memory(memory)} (--memory-limit)" if answer.get("memory") else ""
    return f"{text if text.startswith(target) else f'{target}: {text}'}{limit}"


def _parts(found: Verification, options: VerifyOptions, destination: Destination) -> Iterator[str]:
    form = options.output_format
    if form == "json":
        from kreglint.output import verification_json

        return verification_json.render(found)
    if form == "html":
        from kreglint.output import verification_html

        return verification_html.render(found)
    palette = destination.palette(options.color)
    if form in CHECK_FORMATS:
        from kreglint.output.formats import rendered
        from kreglint.output.verification_diagnostics import diagnostics

        return rendered(form, diagnostics(found), palette, __version__)
    from kreglint.output import verification_table

    return verification_table.render(found, palette)


def _default_memory() -> int | None:
    """Three quarters of what the machine, or the group of processes that this one is in, has; None if unknown."""
    sizes = []
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    group = Path("/sys/fs/cgroup/memory.max")
    if sys.platform == "linux" and group.is_file():
        text = group.read_text().strip()
        sizes += [int(text)] if text.isdigit() else []
    return int(min(sizes) * _MEMORY_SHARE) if sizes else None
