"""A fix does to the cells of a notebook, and to the blocks of a Markdown file, what it does to a script of them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.engine.api import fix_source
from kreglint.rules.prelude import PRELUDE, shown
from kreglint.settings.schema import Settings
from tests.engine.fixing.growing import grown
from tests.engine.fixing.test_fixes import GROWN, applying, settings_for
from tests.laws import examples

STYLES = ({"indent": 1}, {"indent": "\t"}, {}, {"separators": (",", ":")}, {"indent": 2, "sort_keys": True})
ABOVE = "%matplotlib inline\nabove = 'é☃'  # first"
BELOW = "below  =  [1,2]  # last\n!ls"


@st.composite
def program_with_fix(draw, code, example) -> tuple[str, Settings]:
    version = draw(st.sampled_from(applying(code, example)))
    text, _, _ = draw(grown(shown(example.code), shown(example.after_fix(version))))
    return text.rstrip("\n") + draw(st.sampled_from(["", "\n"])), settings_for(code, version)


def fixed_script(text: str, how: Settings) -> str:
    """The program after its fixes, without what stands above it."""
    after, _ = fix_source(PRELUDE + text, "example.py", how, unsafe=True)
    assert after.startswith(PRELUDE)
    return after.removeprefix(PRELUDE)


def notebook(cells: list[str], style: dict[str, object], *, as_lists: bool, ascii_only: bool) -> str:
    listed = [
        {
            "metadata": {"tags": ["é", "W_regularizer"]},
            "cell_type": "code",
            "source": text.splitlines(keepends=True) if as_lists else text,
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [text]}] if text == ABOVE else [],
        }
        for text in cells
    ]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4}, ensure_ascii=ascii_only, **style)


@pytest.mark.parametrize(("code", "example"), GROWN)
@settings(max_examples=examples(2))
@given(data=st.data(), style=st.sampled_from(STYLES), as_lists=st.booleans(), ascii_only=st.booleans())
def test_only_the_source_of_its_cell_changes(code, example, data, style, as_lists, ascii_only):
    text, how = data.draw(program_with_fix(code, example))

    def around(program):
        return notebook([PRELUDE, ABOVE, program, BELOW], style, as_lists=as_lists, ascii_only=ascii_only)

    after, remaining = fix_source(around(text), "example.ipynb", how, unsafe=True)
    assert (after, remaining) == (around(fixed_script(text, how)), [])
    assert fix_source(after, "example.ipynb", how, unsafe=True) == (after, [])


@pytest.mark.parametrize(("code", "example"), GROWN)
@settings(max_examples=examples(2))
@given(data=st.data(), margin=st.sampled_from(["", "  ", "\t"]), end=st.sampled_from(["\n", "\r\n"]))
def test_only_its_block_changes(code, example, data, margin, end):
    text, how = data.draw(program_with_fix(code, example))

    def around(program):
        lines = [f"{margin}{line}" if line else "" for line in program.rstrip("\n").split("\n")]
        head = "".join(f"{margin}{line}\n" for line in PRELUDE.splitlines())
        blocks = f"{margin}```python\n{head}{margin}```\n\n é `x`\n\n{margin}~~~py\n" + "\n".join(lines)
        return f"# Title\n\n{blocks}\n{margin}~~~\n\n{margin}```\nDense(W_regularizer=1)\n{margin}```".replace(
            "\n", end
        )

    after, remaining = fix_source(around(text), "README.md", how, unsafe=True)
    assert (without_margins(after, margin), remaining) == (without_margins(around(fixed_script(text, how)), margin), [])


def without_margins(text: str, margin: str) -> str:
    """The text whose blank lines are empty: a line that an edit leaves blank keeps the block's margin."""
    return re.sub(rf"^{margin}(?=\r?$)", "", text, flags=re.MULTILINE)
