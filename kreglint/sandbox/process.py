"""A process of its own for the user's code, with limits of time and memory, and nothing of it left afterwards."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from kreglint.records import record
from kreglint.runtime.keras_objects import one_line
from kreglint.sandbox.descendants import no_orphans

_NO_GPU = {"CUDA_VISIBLE_DEVICES": "-1", "HIP_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
_LOG_LINE = re.compile(r"[IWE]\d{4} |WARNING: All log messages before|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")  # TensorFlow's
_LONGEST_TOLD = 300
_LONGEST_LINE = 1 << 28
_PACKAGE = Path(__file__).parents[1]
_START = """
import json, sys
if sys.version_info < (3, 10):
    mark = json.loads(sys.stdin.readline())["mark"]
    found = ".".join(map(str, sys.version_info[:2]))
    sys.stdout.write(mark + json.dumps({"error": "expected Python 3.10 or newer, received Python " + found}) + "\\n")
    sys.exit(0)
import importlib.util
spec = importlib.util.spec_from_file_location("kreglint", sys.argv[1] + "/__init__.py",
                                              submodule_search_locations=[sys.argv[1]])
sys.modules["kreglint"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["kreglint"])
from kreglint.runtime.child import main
main()
"""


class SandboxError(Exception):
    """The process gave no answer. The message is one line that says why."""


@record()
class Limits:
    """`seconds` for the whole, and `memory` in bytes, None for none."""

    seconds: float
    memory: int | None


def ask(request: Mapping[str, Any], python: str, limits: Limits, *, gpu: bool) -> dict[str, Any]:
    """Return what the probe answers to a request, in the interpreter `python`.

    Raises:
        SandboxError: it cannot be started, takes too long, or ends without an answer.
    """
    with tempfile.TemporaryDirectory(prefix="kreglint-", ignore_cleanup_errors=True) as folder, no_orphans():
        process = _started(python, _environment(folder, gpu=gpu))
        try:
            return _answer(process, {**request, "memory": limits.memory, "folder": folder}, limits)
        finally:
            _end(process)


def _started(python: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [python, "-c", _START, str(_PACKAGE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise SandboxError(f"cannot start {python!r}: {error.strerror}") from error


def _environment(folder: str, *, gpu: bool) -> dict[str, str]:
    """Return an environment without GPU unless asked for, and with temporary files where they are removed."""
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**quiet, **os.environ, **folders, **({} if gpu else _NO_GPU)}


def _answer(process: subprocess.Popen[bytes], request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Return the line of its output that begins with our mark: what else writes to the pipe is not the answer."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    mark = uuid4().hex
    lines: queue.Queue[bytes] = queue.Queue()
    told: deque[bytes] = deque(maxlen=20)
    threading.Thread(target=_forward_marked, args=(process.stdout, mark.encode(), lines), daemon=True).start()
    listener = threading.Thread(target=_keep_last, args=(process.stderr, told), daemon=True)
    listener.start()
    with suppress(BrokenPipeError):  # it ended already: the missing answer tells
        process.stdin.write(json.dumps({**request, "mark": mark}).encode() + b"\n")
        process.stdin.flush()
    try:
        line = lines.get(timeout=limits.seconds)
    except queue.Empty:
        raise SandboxError(f"no answer within {limits.seconds:g} s (--timeout)") from None
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError:
        listener.join(1.0)
        raise SandboxError(_why_ended(process, told, limits)) from None
    return answer


def _forward_marked(stream: IO[bytes], mark: bytes, lines: queue.Queue[bytes]) -> None:
    """An empty line where the stream ends without one. The thread that reads a stream closes it."""
    with stream:
        every = iter(lambda: stream.readline(_LONGEST_LINE), b"")
        lines.put(next((line.removeprefix(mark) for line in every if line.startswith(mark)), b""))


def _keep_last(stream: IO[bytes], told: deque[bytes]) -> None:
    with stream:
        told.extend(iter(lambda: stream.readline(4096), b""))


def _why_ended(process: subprocess.Popen[bytes], told: deque[bytes], limits: Limits) -> str:
    with suppress(subprocess.TimeoutExpired):
        process.wait(1.0)
    code = process.returncode
    if code is None:
        return "the process of the model closed its output and gave no answer"
    text = b"".join(told).decode(errors="replace")
    if code < 0:
        why = f"the process of the model was ended by {signal.Signals(-code).name}"
        short = -code == signal.SIGKILL or re.search("alloc|memory", text, re.IGNORECASE)
        return why + (f"; its memory limit is {told_memory(limits.memory)} (--memory-limit)" if short else "")
    return f"the process of the model ended with code {code} and no answer {_last_words(text)}".rstrip()


def told_memory(size: int | None) -> str:
    return "none" if size is None else f"{size / 1e9:.1f} GB"


def _last_words(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and not _LOG_LINE.match(line)]
    return f"({one_line(lines[-1])[:_LONGEST_TOLD].strip()})" if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its group."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
