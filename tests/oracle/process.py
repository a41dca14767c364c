"""The Keras processes: one for each major, kept for the whole run since TensorFlow takes seconds to import."""

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from kreglint.versions import MAJORS
from tests.oracle.engines import Engine, installed
from tests.oracle.outcomes import Observation, observation

_WORKER = Path(__file__).with_name("worker.py")


class OracleError(Exception):
    """The oracle itself failed: a Keras process ended or did not answer in time."""


class KerasProcess:
    """One process with one Keras. `timeout` is in seconds, for each answer."""

    def __init__(self, engine: Engine, timeout: float = 120.0) -> None:
        self.major, self.timeout = engine.version.major, timeout
        self._home = tempfile.TemporaryDirectory()
        with (Path(self._home.name) / "errors.txt").open("wb") as errors:
            self._process = subprocess.Popen(
                [str(engine.python), str(_WORKER), engine.package],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=_environment(engine, self._home.name),
                encoding="utf-8",
            )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_forward, args=(self._process.stdout, self._answers), daemon=True).start()
        self.version = str(self._answer("import Keras")["version"])

    def ask(self, program: str) -> dict[str, Any]:
        """What Keras does with a program.

        Raises:
            OracleError: The process ended, or did not answer within the timeout.
        """
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it ended: the missing answer tells
            self._process.stdin.write(json.dumps({"program": program}) + "\n")
            self._process.stdin.flush()
        return self._answer(program)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._home.cleanup()

    def _answer(self, question: str) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=self.timeout)
        except queue.Empty:
            raise OracleError(
                f"Keras {self.major} did not answer within {self.timeout:g} seconds:\n{question}"
            ) from None
        if not line:
            raise OracleError(f"the process of Keras {self.major} ended:\n{question}\n{self._last_errors()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_errors(self) -> str:
        text = (Path(self._home.name) / "errors.txt").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-5:])


class Oracle:
    """Answers what Keras 2 or 3 does with a program; starts each process when it is first asked.

    `engines` says which Keras stands for a major; by default it is the one installed beside the tests.
    """

    def __init__(self, timeout: float = 120.0, engines: Mapping[int, Engine] | None = None) -> None:
        self._timeout = timeout
        self._engines = {major: installed(major) for major in MAJORS} | dict(engines or {})
        self._processes: dict[int, KerasProcess] = {}
        self._observed: dict[tuple[int, str], Observation] = {}

    def observe(self, major: int, program: str) -> Observation:
        """What one major does with a program, which runs once however often it is asked for.

        Raises:
            OracleError: The process ended, or did not answer within the timeout. The next question starts anew.
        """
        key = (major, program)
        if key not in self._observed:
            self._observed[key] = self._ask(major, program)
        return self._observed[key]

    def version(self, major: int) -> str:
        return self._process(major).version

    def label(self, major: int) -> str:
        """The name to call a Keras by, as in "Keras 2.21.0 (tf_keras)"."""
        return f"Keras {self.version(major)}" + (" (tf_keras)" if major == 2 else "")

    def close(self) -> None:
        while self._processes:
            self._processes.popitem()[1].close()

    def _ask(self, major: int, program: str) -> Observation:
        process = self._process(major)
        try:
            return observation(process.ask(program))
        except OracleError:
            self._processes.pop(major).close()
            raise

    def _process(self, major: int) -> KerasProcess:
        if major not in self._processes:
            self._processes[major] = KerasProcess(self._engines[major], self._timeout)
        return self._processes[major]


def _forward(lines: IO[str], answers: "queue.Queue[str]") -> None:
    for line in lines:
        answers.put(line)
    answers.put("")


def _environment(engine: Engine, home: str) -> dict[str, str]:
    """The environment of a process: its own Keras settings, no GPU, `tf.keras` as the major has it."""
    return os.environ | {
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": engine.backend,
        "KERAS_HOME": home,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_USE_LEGACY_KERAS": "1" if engine.package == "tf_keras" else "0",
    }
