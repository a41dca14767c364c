"""An editor that runs python-lsp-server with flake8 is shown what kreglint finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editor import Editor
from tests.test_flake8_plugin import REPOSITORY, installed

__all__ = ["installed"]
INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


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
