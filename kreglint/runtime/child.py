"""The process that the user's code runs in: reads one request, answers with one line.

Its standard output is turned away before the user's code runs, so nothing that it prints is taken for the answer.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from typing import Any

from kreglint.runtime import places
from kreglint.runtime.keras_objects import ModelError, first_line, is_out_of_memory


def main() -> None:
    """Answer the request on standard input and end the process, whatever the user's code left running."""
    own = os.getpid()
    pipe = os.dup(1)
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    _end_with_parent(request["folder"])
    _limit_memory(request["memory"])
    answer = _answer(request, own)
    with os.fdopen(pipe, "wb") as file:
        file.write(request["mark"].encode() + json.dumps(answer).encode() + b"\n")
    os._exit(0)


def _answer(request: dict[str, Any], own: int) -> dict[str, Any]:
    from kreglint.runtime.loading import loaded_data, loaded_model

    places.watch()
    try:
        model = loaded_model(request)
        _leave_forks(own)
        from kreglint.runtime.probe import Probe

        shape = request["shape"]
        probe = Probe(
            model,
            data=loaded_data(request),
            shape=None if shape is None else tuple(shape),
            tolerance=request["tolerance"],
            restore=False,
            target=request["target"],
        )
        return {"verification": probe.run().to_dict()}
    except ModelError as error:
        return {"error": str(error)}
    except SystemExit as error:
        return {"error": f"the model's code called sys.exit({error.code!r})"}
    except BaseException as error:  # what the user's code raises may be no Exception
        return {"error": "out of memory", "memory": True} if is_out_of_memory(error) else {"error": first_line(error)}
    finally:
        _leave_forks(own)


def _leave_forks(own: int) -> None:
    """A process that the user's code forked off and that came back here is none of ours."""
    if os.getpid() != own:
        os._exit(0)


def _end_with_parent(folder: str) -> None:
    """When the linter is gone, so is its end of standard input; `folder`, with the temporary files, then goes too.

    The user's code reads from nowhere.
    """
    pipe = os.dup(0)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)

    def wait() -> None:
        while os.read(pipe, 1):
            pass
        shutil.rmtree(folder, ignore_errors=True)
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _limit_memory(size: int | None) -> None:
    """What a process writes to counts, not what it only reserves, as TensorFlow and Torch do."""
    if size is None or sys.platform != "linux":
        return
    import resource

    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = size if hardest == resource.RLIM_INFINITY else min(size, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, hardest))
