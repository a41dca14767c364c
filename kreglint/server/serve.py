"""The server: what it does when the editor tells of documents, and when it asks."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from kreglint.engine.fixing.document import NotReversibleError
from kreglint.engine.fixing.passes import EndlessFixesError
from kreglint.server.actions import KINDS, Offer, offers
from kreglint.server.desk import Desk
from kreglint.settings.schema import SettingsError
from kreglint.version import __version__

_PAUSE = 0.2  # seconds: while someone types, only what stands when they pause is checked
_WATCHED = ("**/*.py", "**/pyproject.toml", "**/kreglint.toml")
_PYTHON_CELLS = types.NotebookCellLanguage("python")


def serve() -> int:
    """Speak over standard input and output until the editor ends it. Return the exit code."""
    notebooks = types.NotebookDocumentSyncOptions([types.NotebookDocumentFilterWithCells([_PYTHON_CELLS], "*")])
    server = LanguageServer("kreglint", __version__, types.TextDocumentSyncKind.Full, notebooks)
    Conversation(server).listen()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers, redirect_stdout(sys.stderr):
        server.start_io(stdout=answers)  # which it closes
    return 0


class Conversation:
    """Answers one editor."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._desk = Desk(server)
        self._last_change: dict[str, object] = {}

    def listen(self) -> None:
        """Take on each message that is understood."""
        handlers: dict[str, Callable[..., object]] = {
            types.INITIALIZED: self._ask_for_changes_of_files,
            types.TEXT_DOCUMENT_DID_OPEN: self._opened,
            types.TEXT_DOCUMENT_DID_CHANGE: self._changed,
            types.TEXT_DOCUMENT_DID_SAVE: self._saved,
            types.TEXT_DOCUMENT_DID_CLOSE: self._closed,
            types.NOTEBOOK_DOCUMENT_DID_OPEN: self._notebook_opened,
            types.NOTEBOOK_DOCUMENT_DID_CHANGE: self._notebook_changed,
            types.NOTEBOOK_DOCUMENT_DID_SAVE: self._saved,
            types.NOTEBOOK_DOCUMENT_DID_CLOSE: self._notebook_closed,
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES: self._saved,
            types.TEXT_DOCUMENT_CODE_ACTION: self._actions,
        }
        options = {types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(list(KINDS))}
        for message, handler in handlers.items():
            # pygls leaves marks on its handlers, which methods do not take
            self._server.feature(message, options.get(message))(partial(handler))

    def _ask_for_changes_of_files(self, _: types.InitializedParams) -> None:
        """Ask to be told of changes of files that the outcome depends on, open or not."""
        workspace = self._server.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace is not None else None
        if watched is not None and watched.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(p) for p in _WATCHED])
            wish = types.Registration("kreglint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self._server.client_register_capability(types.RegistrationParams([wish]))

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        self._desk.check(params.text_document.uri)

    def _notebook_opened(self, params: types.DidOpenNotebookDocumentParams) -> None:
        self._desk.check(params.notebook_document.uri)

    async def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        await self._check_after_pause(params.text_document.uri)

    async def _notebook_changed(self, params: types.DidChangeNotebookDocumentParams) -> None:
        await self._check_after_pause(params.notebook_document.uri)

    async def _check_after_pause(self, uri: str) -> None:
        self._last_change[uri] = this = object()
        await asyncio.sleep(_PAUSE)
        if self._last_change.get(uri) is this and self._desk.is_open(uri):
            self._desk.check(uri)

    def _saved(self, _: object) -> None:
        """Look at everything again: a file that was saved may be imported by another, or be the configuration."""
        self._desk.check_all()

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        self._desk.close(params.text_document.uri)

    def _notebook_closed(self, params: types.DidCloseNotebookDocumentParams) -> None:
        self._desk.close(params.notebook_document.uri)

    def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return what can be done about the findings at a place, or about all of a file where that is asked for."""
        held = self._desk.holding(params.text_document.uri)
        if held is None:
            return []
        try:
            return [self._action(offer) for offer in offers(*held, params.range, params.context.only)]
        except (SettingsError, NotReversibleError, EndlessFixesError) as error:
            self._desk.complain(str(error))
            return []

    def _action(self, offer: Offer) -> types.CodeAction:
        return types.CodeAction(
            title=offer.title,
            kind=offer.kind,
            diagnostics=[offer.about] if offer.about is not None else None,
            is_preferred=offer.is_preferred or None,
            edit=self._workspace_edit(offer.edits),
        )

    def _workspace_edit(self, edits: list[types.TextDocumentEdit]) -> types.WorkspaceEdit:
        """Return the edits with the versions that they are for, where the editor understands them."""
        workspace = self._server.client_capabilities.workspace
        understood = workspace.workspace_edit if workspace is not None else None
        if understood is not None and understood.document_changes:
            return types.WorkspaceEdit(document_changes=list(edits))
        plain = {each.text_document.uri: [e for e in each.edits if isinstance(e, types.TextEdit)] for each in edits}
        return types.WorkspaceEdit(changes=plain)
