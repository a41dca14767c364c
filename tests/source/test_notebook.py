from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.diagnostics import Edit, Span
from kreglint.source.notebook import Notebook
from kreglint.source.text import UndecodableError

STYLES = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 1, 2, "\t"]),
        "ensure_ascii": st.booleans(),
        "sort_keys": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (" , ", " : ")]),
    }
)
LINE = st.text(st.sampled_from('ab"\\/éλ😀\t\x07 '), max_size=5)
LINES = st.tuples(st.lists(LINE.map(lambda line: f"{line}\n"), max_size=4), LINE).map(
    lambda lines: [*lines[0], lines[1]] if lines[1] else lines[0]
)


def code(source, **more):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **more}


def markdown(source="text"):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def cells(document):
    return [(cell.number, cell.text) for cell in Notebook(json.dumps(document)).cells]


def insertion(place, text):
    return Edit(Span(place, place), text)


class TestCells:
    def test_code_cells_are_counted_together_with_markdown_cells_from_1(self):
        raw = {"cell_type": "raw", "metadata": {}, "source": "raw"}
        assert cells(notebook(markdown(), code(["a\n", "b"]), raw, markdown(), code("c"))) == [(2, "a\nb"), (4, "c")]

    def test_nbformat_3_has_them_in_worksheets(self):
        sheet = {
            "cells": [
                {"cell_type": "heading", "level": 1, "source": ["Title"]},
                {"cell_type": "code", "input": ["a\n", "b"], "language": "python", "outputs": []},
                {"cell_type": "code", "input": "ls", "language": "bash", "outputs": []},
            ]
        }
        more = {"cells": [{"cell_type": "code", "input": "c", "language": "python", "outputs": []}]}
        assert cells({"worksheets": [sheet, more], "metadata": {}, "nbformat": 3}) == [(2, "a\nb"), (4, "c")]

    @pytest.mark.parametrize(
        "metadata",
        [
            {"language_info": {"name": "R"}},
            {"kernelspec": {"language": "julia"}},
            {"language_info": {"name": "scala"}, "kernelspec": {"language": "python"}},
            {"kernelspec": {"name": "ir", "display_name": "R"}},
            {"jupytext": {"main_language": "R"}},
        ],
    )
    def test_a_notebook_in_another_language_has_none(self, metadata):
        assert cells(notebook(code("x <- 1"), **metadata)) == []

    def test_a_cell_in_another_language_is_none(self):
        document = notebook(code("SELECT", metadata={"vscode": {"languageId": "sql"}}), code("a"))
        assert cells(document) == [(2, "a")]

    def test_an_empty_cell_is_none(self):
        assert cells(notebook(code([]), code(""), code("a"))) == [(2, ""), (3, "a")]

    @pytest.mark.parametrize(
        ("content", "place", "reason"),
        [
            ("", (1, 1), "it is no JSON: Expecting value"),
            ('{"cells": [\n  }', (2, 3), "it is no JSON"),
            ('{"cells": []} x', (1, 15), "it is no JSON: Extra data"),
            ("[]", (1, 1), "expected a JSON object, received list"),
            ("{}", (1, 1), "expected a list of cells, received none"),
            ('{"cells": 3}', (1, 1), "expected a list of cells, received none"),
            ('{"cells": [3]}', (1, 1), None),
            ("[" * 100_000, (1, 1), "its JSON is nested too deeply"),
        ],
    )
    def test_what_is_no_notebook_is_told(self, content, place, reason):
        if reason is None:
            assert Notebook(content).cells == ()
            return
        with pytest.raises(UndecodableError, match="cannot be read as a notebook: ") as caught:
            Notebook(content)
        assert reason in str(caught.value)
        assert (caught.value.row, caught.value.column) == place


class TestEdits:
    def test_a_new_line_is_a_string_of_its_own_and_written_as_its_neighbours_are(self):
        before = json.dumps(notebook(code(["import os\n", "x = 1"])), indent=1)
        after = Notebook(before).edited({1: [insertion(10, "import re\n")]})
        assert after == json.dumps(notebook(code(["import os\n", "import re\n", "x = 1"])), indent=1)

    def test_above_the_first_and_below_the_last_line_too(self):
        before = json.dumps(notebook(code(["a\n", "b"])), indent=1)
        assert Notebook(before).edited({1: [insertion(0, "z\n"), insertion(3, "\nc")]}) == json.dumps(
            notebook(code(["z\n", "a\n", "b\n", "c"])), indent=1
        )

    def test_a_line_that_goes_takes_its_string_with_it(self):
        before = json.dumps(notebook(code(["a\n", "b\n", "c"])), indent=1)
        assert Notebook(before).edited({1: [Edit(Span(2, 4), "")]}) == json.dumps(
            notebook(code(["a\n", "c"])), indent=1
        )

    def test_lines_that_are_joined_are_one_string(self):
        before = json.dumps(notebook(code(["a(\n", "  b\n", ")"])), indent=1)
        assert Notebook(before).edited({1: [Edit(Span(2, 7), "")]}) == json.dumps(notebook(code(["a()"])), indent=1)

    def test_a_cell_that_is_one_string_stays_one(self):
        before = json.dumps(notebook(code("a\nb")))
        assert Notebook(before).edited({1: [insertion(2, "é\n")]}) == json.dumps(notebook(code("a\né\nb")))

    def test_escapes_that_need_not_be_stay_as_they_were_written(self):
        before = r'{"cells": [{"cell_type": "code", "source": ["a = \u0027\/\u003c\ud83d\ude00é\u0027\n", "b"]}]}'
        (cell,) = Notebook(before).cells
        after = Notebook(before).edited({1: [Edit(Span(len(cell.text) - 1, len(cell.text)), "cé")]})
        assert after == before.replace('"b"', '"cé"')

    def test_other_cells_and_their_outputs_stay(self):
        outputs = [{"output_type": "stream", "text": ["W_regularizer\n"], "name": "stdout"}]
        document = notebook(markdown("a"), code(["a"], outputs=outputs), code(["b"], outputs=outputs))
        before = json.dumps(document, indent=2)
        assert Notebook(before).edited({3: [Edit(Span(0, 1), "c")]}) == before.replace('"b"', '"c"')

    @given(st.lists(LINES, min_size=1, max_size=3), STYLES, st.booleans(), st.sampled_from(["", "\n"]), st.data())
    def test_any_edit_in_any_style_changes_that_text_and_nothing_else(self, texts, style, as_list, end, data):
        lines = [text if as_list else "".join(text) for text in texts]
        before = json.dumps(notebook(markdown(), *map(code, lines)), **style) + end
        found = Notebook(before)
        assert found.edited({}) == before
        for cell in found.cells:
            assert found.edited({cell.number: []}) == before
            start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(cell.text))] * 2)))
            content = data.draw(st.sampled_from(["", "x", "\n", 'é"\n', "a\nb\n", "c\r\nd"]))
            after = found.edited({cell.number: [Edit(Span(start, stop), content)]})
            changed = cell.text[:start] + content + cell.text[stop:]
            assert texts_of(after) == {**texts_of(before), cell.number: changed}
            assert after[: before.index('"source"')] == before[: before.index('"source"')]


def texts_of(content):
    found = {}
    for number, cell in enumerate(json.loads(content)["cells"], start=1):
        found[number] = "".join(cell["source"])
        if isinstance(cell["source"], list):
            assert all(not line or line.count("\n") <= 1 for line in cell["source"])
            assert all(line.endswith("\n") for line in cell["source"][:-1])
    return found
