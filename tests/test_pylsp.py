"""An editor that runs python-lsp-server with flake8 is shown what kreglint finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_flake8_plugin import REPOSITORY, installed

__all__ = ["installed"]
INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


class Editor:
    """As much of a language client as it takes: messages over the standard streams of a server."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def send(self, method: str, params: object, **more: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def receive(self) -> dict[str, object]:
        length = 0
        while header := self._process.stdout.readline().strip():
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        assert length, "the server has ended"
        return json.loads(self._process.stdout.read(length))

    def receive_until(self, wanted) -> dict[str, object]:
        while True:
            message = self.receive()
            if wanted(message):
                return message

    def diagnostics(self) -> list[dict[str, object]]:
        message = self.receive_until(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        return message["params"]["diagnostics"]


@pytest.fixture
def editor(tmp_path, installed):
    path = os.pathsep.join((str(installed), str(REPOSITORY)))
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    with subprocess.Popen(
        [sys.executable, "-m", "pylsp"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PATH": programs, "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        editor = Editor(process)
        editor.send("initialize", {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}}, id=1)
        editor.receive_until(lambda message: message.get("id") == 1)
        editor.send("initialized", {})
        flake8 = {"enabled": True, "select": ["KRG"]}
        others = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe")}
        settings = {"pylsp": {"plugins": {"flake8": flake8, **others}}}
        editor.send("workspace/didChangeConfiguration", {"settings": settings})
        yield editor
        editor.send("shutdown", None, id=2)
        editor.receive_until(lambda message: message.get("id") == 2)
        editor.send("exit", None)


def test_the_editor_is_sent_the_findings_of_the_text_that_it_shows(editor, tmp_path):
    uri = (tmp_path / "model.py").as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": INERT}
    editor.send("textDocument/didOpen", {"textDocument": document})
    [found] = editor.diagnostics()
    assert (found["source"], found["code"]) == ("flake8", "KRG302")
    assert found["range"]["start"] == {"line": 1, "character": 35}
    assert "'L1L2'" in found["message"]

    mended = INERT.replace("L1L2", "l2")
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": mended}]}
    editor.send("textDocument/didChange", change)
    assert editor.diagnostics() == []
