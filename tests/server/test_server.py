"""`kreglint server` over the wire: what an editor is shown, and what it is offered."""

from __future__ import annotations

import subprocess
import sys
from itertools import count

import pytest

from tests.editor import Editor

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
MENDED = INERT.replace("L1L2", "l2")
MISSPELT = "from keras import layers\nlayers.Dense(4, kernal_regularizer='l2')\n"
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
UNDERSTANDS = {"workspace": {"workspaceEdit": {"documentChanges": True}}}


class Client(Editor):
    """An editor with one folder open."""

    def __init__(self, process, folder):
        super().__init__(process)
        self.folder = folder
        self._numbers = count(1)

    def ask(self, method, params):
        number = next(self._numbers)
        self.send(method, params, id=number)
        answer = self.receive_until(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def start(self, capabilities):
        params = {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": capabilities}
        answer = self.ask("initialize", params)
        self.send("initialized", {})
        return answer

    def uri(self, name):
        return (self.folder / name).as_uri()

    def open(self, name, text, language="python"):
        document = {"uri": self.uri(name), "languageId": language, "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})
        return self.diagnostics()

    def change(self, name, text, version=2):
        change = {"textDocument": {"uri": self.uri(name), "version": version}, "contentChanges": [{"text": text}]}
        self.send("textDocument/didChange", change)

    def save(self, name):
        self.send("textDocument/didSave", {"textDocument": {"uri": self.uri(name)}})

    def actions(self, uri, where=WHOLE, **context):
        context = {"diagnostics": [], **context}
        return self.ask("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": where, "context": context})

    def shown_by_uri(self, wanted):
        """The diagnostics of as many documents as told, as they come."""
        shown = {}
        while len(shown) < wanted:
            params = self.receive_until(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]
            shown[params["uri"]] = params["diagnostics"]
        return shown


@pytest.fixture
def process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "kreglint", "server"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def editor(process, tmp_path):
    editor = Client(process, tmp_path)
    editor.start(UNDERSTANDS)
    return editor


def codes(diagnostics):
    return [found["code"] for found in diagnostics]


def applied(text, edits):
    """The text after edits of one document, in which each character is one unit."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:row])) for row in range(len(lines) + 1)]

    def offset(place):
        return starts[min(place["line"], len(lines))] + place["character"]

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        start, end = (offset(edit["range"][side]) for side in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def edits_of(action):
    [change] = action["edit"]["documentChanges"]
    return change["edits"]


class TestDiagnostics:
    def test_a_file_that_is_opened_is_checked(self, editor):
        [found] = editor.open("model.py", INERT)
        assert (found["source"], found["code"], found["severity"]) == ("kreglint", "KRG302", 1)
        assert found["range"] == {"start": {"line": 1, "character": 35}, "end": {"line": 1, "character": 41}}
        assert found["codeDescription"]["href"].endswith("KRG302.md")

    def test_a_change_is_checked(self, editor):
        editor.open("model.py", INERT)
        editor.change("model.py", MENDED)
        assert editor.diagnostics() == []

    def test_of_changes_in_a_row_the_last_one_is_checked(self, editor):
        editor.open("model.py", MENDED)
        for version in range(2, 20):
            editor.change("model.py", f"{INERT}# {version}\n", version)
        editor.change("model.py", INERT, 20)
        params = editor.receive_until(lambda m: m.get("method") == "textDocument/publishDiagnostics")["params"]
        assert params["version"] == 20

    def test_a_file_that_is_closed_has_no_findings(self, editor):
        editor.open("model.py", INERT)
        editor.send("textDocument/didClose", {"textDocument": {"uri": editor.uri("model.py")}})
        assert editor.diagnostics() == []

    def test_columns_count_as_the_client_does(self, editor):
        text = 'from keras import layers\nname = "😀"; layers.Dense(4, kernel_regularizer="L1L2")\n'
        [found] = editor.open("model.py", text)
        assert found["range"]["start"]["character"] == text.splitlines()[1].index('"L1L2"') + 1

    def test_a_file_that_cannot_be_parsed_is_told_of(self, editor):
        assert codes(editor.open("model.py", "import keras\nkeras.layers.Dense(\n")) == ["KRG900"]

    def test_a_file_with_lines_of_ipython_is_checked_and_offers_comments(self, editor):
        lines = INERT.splitlines(keepends=True)
        text = f"{lines[0]}!echo '''\n{lines[1]}"
        [found] = editor.open("colab.py", text)
        assert (found["code"], found["range"]["start"]["line"]) == ("KRG302", 2)
        [comment] = [a for a in editor.actions(editor.uri("colab.py")) if "comment" in a["title"]]
        assert applied(text, edits_of(comment)) == f"{text.rstrip()}  # noqa: KRG302\n"

    def test_a_comment_behind_the_closing_bracket_counts(self, editor):
        text = 'from keras import layers\nlayers.Dense(\n    4, kernel_regularizer="L1L2"\n)  # noqa: KRG302\n'
        assert editor.open("model.py", text) == []

    def test_the_blocks_of_a_markdown_file_are_checked(self, editor):
        [found] = editor.open("README.md", f"# Use\n\n```python\n{INERT}```\n", language="markdown")
        assert (found["code"], found["range"]["start"]["line"]) == ("KRG302", 4)

    def test_a_buffer_without_a_file_is_checked(self, editor):
        document = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": INERT}
        editor.send("textDocument/didOpen", {"textDocument": document})
        assert codes(editor.diagnostics()) == ["KRG302"]

    def test_the_place_where_lambda_is_set_is_related(self, editor):
        importing = "from keras import layers, regularizers\n"
        text = importing + "wd = -0.1\nlayers.Dense(4, kernel_regularizer=regularizers.l2(wd))\n"
        [found] = editor.open("model.py", text)
        [related] = found["relatedInformation"]
        assert related["location"]["range"]["start"]["line"] == 1


class TestSettings:
    def test_the_closest_configuration_counts(self, editor, tmp_path):
        (tmp_path / "kreglint.toml").write_text('ignore = ["KRG302"]\n')
        assert editor.open("model.py", INERT) == []

    def test_a_file_that_is_excluded_is_left_out(self, editor, tmp_path):
        (tmp_path / "kreglint.toml").write_text('extend-exclude = ["generated"]\n')
        assert editor.open("generated/model.py", INERT) == []

    def test_a_configuration_that_is_saved_counts_from_then_on(self, editor, tmp_path):
        editor.open("model.py", INERT)
        (tmp_path / "kreglint.toml").write_text('ignore = ["KRG302"]\n')
        editor.send("workspace/didChangeWatchedFiles", {"changes": [{"uri": editor.uri("kreglint.toml"), "type": 1}]})
        assert editor.diagnostics() == []

    def test_one_that_is_no_good_is_told_of(self, editor, tmp_path):
        (tmp_path / "kreglint.toml").write_text('ignroe = ["KRG302"]\n')
        document = {"uri": editor.uri("model.py"), "languageId": "python", "version": 1, "text": INERT}
        editor.send("textDocument/didOpen", {"textDocument": document})
        told = editor.receive_until(lambda message: message.get("method") == "window/showMessage")["params"]
        assert "did you mean 'ignore'?" in told["message"]

    def test_a_file_that_is_saved_is_read_again_by_those_that_import_it(self, editor, tmp_path):
        (tmp_path / "constants.py").write_text("decay = 0.1\n")
        importer = "from keras import layers, regularizers\nfrom constants import decay\n"
        assert editor.open("model.py", f"{importer}layers.Dense(4, kernel_regularizer=regularizers.l2(decay))\n") == []
        (tmp_path / "constants.py").write_text("decay = -0.1\n")
        editor.save("constants.py")
        assert codes(editor.diagnostics()) == ["KRG201"]


class TestActions:
    def test_a_fix_is_offered_for_its_finding(self, editor):
        editor.open("model.py", INERT)
        fix, _ = editor.actions(editor.uri("model.py"))
        assert fix["kind"] == "quickfix"
        assert fix["title"] == "KRG302: Write regularizers.L1L2(l1=0.01, l2=0.01) (unsafe: the penalty changes)"
        assert codes(fix["diagnostics"]) == ["KRG302"]
        mended = applied(INERT, edits_of(fix))
        editor.change("model.py", mended)
        assert editor.diagnostics() == []

    def test_a_safe_fix_is_the_preferred_one(self, editor):
        editor.open("model.py", MISSPELT)
        fix, suppression = editor.actions(editor.uri("model.py"))
        assert fix["isPreferred"]
        assert not suppression.get("isPreferred")

    def test_a_comment_that_suppresses_a_finding_is_offered(self, editor):
        editor.open("model.py", INERT)
        _, suppression = editor.actions(editor.uri("model.py"))
        editor.change("model.py", applied(INERT, edits_of(suppression)))
        assert editor.diagnostics() == []

    def test_nothing_is_offered_elsewhere(self, editor):
        editor.open("model.py", INERT)
        elsewhere = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 4}}
        assert editor.actions(editor.uri("model.py"), elsewhere) == []

    @pytest.mark.parametrize("asked", ["source", "source.fixAll", "source.fixAll.kreglint"])
    def test_all_safe_fixes_at_once_are_offered_to_who_asks_for_them(self, editor, asked):
        editor.open("model.py", MISSPELT * 2)
        [action] = editor.actions(editor.uri("model.py"), only=[asked])
        assert action["kind"] == "source.fixAll.kreglint"
        assert applied(MISSPELT * 2, edits_of(action)) == MISSPELT.replace("kernal", "kernel") * 2

    def test_unsafe_fixes_are_not_among_them(self, editor):
        editor.open("model.py", INERT)
        assert editor.actions(editor.uri("model.py"), only=["source.fixAll"]) == []

    def test_an_editor_that_knows_no_versions_gets_plain_edits(self, process, tmp_path):
        editor = Client(process, tmp_path)
        editor.start({})
        editor.open("model.py", MISSPELT)
        fix, _ = editor.actions(editor.uri("model.py"))
        assert applied(MISSPELT, fix["edit"]["changes"][editor.uri("model.py")]) == MISSPELT.replace("kernal", "kernel")


class TestNotebooks:
    CELLS = ("# Model", "from keras import layers", 'layers.Dense(4, kernel_regularizer="L1L2")')

    @pytest.fixture
    def notebook(self, editor):
        """One with a Markdown cell and two of code, as an editor opens it."""
        kinds = (1, 2, 2)
        uris = [f"vscode-notebook-cell:/model.ipynb#{number}" for number in range(3)]
        cells = [{"kind": kind, "document": uri} for kind, uri in zip(kinds, uris, strict=True)]
        documents = [
            {"uri": uri, "languageId": "python" if kind == 2 else "markdown", "version": 1, "text": text}
            for kind, uri, text in zip(kinds, uris, self.CELLS, strict=True)
        ]
        uri = editor.uri("model.ipynb")
        notebook = {"uri": uri, "notebookType": "jupyter-notebook", "version": 1, "cells": cells}
        editor.send("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": documents})
        return uri, uris

    def test_cells_are_one_program_and_each_has_its_findings(self, editor, notebook):
        _, uris = notebook
        shown = editor.shown_by_uri(3)
        assert [codes(shown[uri]) for uri in uris] == [[], [], ["KRG302"]]
        assert shown[uris[2]][0]["range"]["start"] == {"line": 0, "character": 35}

    def test_a_change_of_a_cell_is_checked(self, editor, notebook):
        uri, uris = notebook
        editor.shown_by_uri(3)
        content = {"document": {"uri": uris[2], "version": 2}, "changes": [{"text": "layers.Dense(4)"}]}
        change = {"notebookDocument": {"uri": uri, "version": 2}, "change": {"cells": {"textContent": [content]}}}
        editor.send("notebookDocument/didChange", change)
        assert not any(editor.shown_by_uri(3).values())

    def test_a_fix_changes_the_cells_that_it_is_about(self, editor, notebook):
        _, uris = notebook
        editor.shown_by_uri(3)
        fix, _ = editor.actions(uris[2])
        changed = {change["textDocument"]["uri"]: change["edits"] for change in fix["edit"]["documentChanges"]}
        assert set(changed) == {uris[1], uris[2]}
        assert applied(self.CELLS[1], changed[uris[1]]) == "from keras import layers, regularizers"

    def test_a_notebook_that_is_closed_has_no_findings(self, editor, notebook):
        uri, uris = notebook
        editor.shown_by_uri(3)
        identifiers = [{"uri": each} for each in uris]
        editor.send("notebookDocument/didClose", {"notebookDocument": {"uri": uri}, "cellTextDocuments": identifiers})
        assert not any(editor.shown_by_uri(3).values())


class TestTheProcess:
    def test_it_ends_when_the_editor_says_so(self, editor, process):
        editor.ask("shutdown", None)
        editor.send("exit", None)
        assert process.wait() == 0

    def test_it_ends_with_its_input(self, editor, process):
        process.stdin.close()
        assert process.wait() == 0

    def test_it_asks_to_be_told_of_files_that_change(self, process, tmp_path):
        editor = Client(process, tmp_path)
        editor.start({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}})
        asked = editor.receive_until(lambda message: message.get("method") == "client/registerCapability")
        [registration] = asked["params"]["registrations"]
        assert registration["method"] == "workspace/didChangeWatchedFiles"
