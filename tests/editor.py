"""A language client, as much of one as tests need."""

from __future__ import annotations

import json
import subprocess


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
