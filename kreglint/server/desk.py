"""The files that an editor has open: kept checked, with the findings where the editor shows them."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from kreglint.diagnostics import Diagnostic
from kreglint.engine.run import Run
from kreglint.records import record
from kreglint.server.check import findings
from kreglint.server.protocol import Wording
from kreglint.server.shown import Shown, shown_file, shown_notebook
from kreglint.settings.schema import SettingsError


@record()
class Checked:
    """A file as it was shown, and what was found in it in a run."""

    shown: Shown
    run: Run
    found: tuple[Diagnostic, ...]
    wording: Wording


class Desk:
    """What is open, by the URI of each file."""

    __slots__ = ("_checked", "_complaint", "_run", "_server")

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._run = Run()
        self._checked: dict[str, Checked] = {}
        self._complaint = ""

    def check(self, uri: str) -> None:
        """Check a file as it is shown now, and show what is found in place of what was found before."""
        shown = self._shown(uri)
        if shown is None:
            return
        before = self._checked.get(uri)
        wording = Wording(shown, self._server.workspace.position_codec)
        self._checked[uri] = checked = Checked(shown, self._run, self._found(shown), wording)
        self._publish(checked)
        if before is not None:
            self._clear(before, _documents(checked))

    def check_all(self) -> None:
        """Check every file in a new run, which reads everything else again."""
        self._run = Run()
        for uri in tuple(self._checked):
            self.check(uri)

    def is_open(self, uri: str) -> bool:
        return uri in self._checked

    def close(self, uri: str) -> None:
        closed = self._checked.pop(uri, None)
        if closed is not None:
            self._clear(closed, frozenset())

    def holding(self, document: str) -> tuple[Checked, int | None] | None:
        """Return the file that a document is, or is a cell of, with the cell's number; None where none is open."""
        for checked in self._checked.values():
            for cell, part in checked.shown.parts.items():
                if part.uri == document:
                    return checked, cell
        return None

    def complain(self, problem: str) -> None:
        """Tell the person of a problem."""
        message = types.ShowMessageParams(types.MessageType.Error, f"kreglint: {problem}")
        self._server.window_show_message(message)

    def _shown(self, uri: str) -> Shown | None:
        workspace = self._server.workspace
        notebook = workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            return shown_notebook(notebook, workspace.get_text_document)
        return shown_file(workspace.get_text_document(uri))

    def _found(self, shown: Shown) -> tuple[Diagnostic, ...]:
        """Return what is found; nothing where the settings are no good, which is told once, not at every key."""
        try:
            found = findings(shown, self._run)
        except SettingsError as error:
            if str(error) != self._complaint:
                self.complain(str(error))
            self._complaint = str(error)
            return ()
        self._complaint = ""
        return found

    def _publish(self, checked: Checked) -> None:
        for cell, part in checked.shown.parts.items():
            said = [checked.wording.diagnostic(found) for found in checked.found if found.cell == cell]
            self._show(part.uri, said, part.version)

    def _clear(self, before: Checked, but_for: frozenset[str]) -> None:
        """Take back what was said of documents that are no more."""
        for uri in _documents(before) - but_for:
            self._show(uri, [])

    def _show(self, uri: str, said: list[types.Diagnostic], version: int | None = None) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, said, version))


def _documents(checked: Checked) -> frozenset[str]:
    return frozenset(part.uri for part in checked.shown.parts.values())
