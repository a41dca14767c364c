"""Read back as a Markdown renderer reads tables."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from kreglint.output.inventory_markdown import render


def cells(*layers):
    tokens = MarkdownIt().enable("table").parse("".join(render(layers, 1)))
    end = next((index for index, token in enumerate(tokens) if token.type == "table_close"), 0)
    texts = ["".join(child.content for child in token.children) for token in tokens[:end] if token.type == "inline"]
    below = [token.content for token in tokens[end:] if token.type == "inline"]
    return [texts[start : start + 7] for start in range(0, len(texts), 7)], below


def test_a_table_has_a_row_for_each_argument_and_the_totals_below(layer, entry):
    rows, totals = cells(layer(entry(), entry(argument="bias_regularizer")))
    assert rows[0][:2] == ["Place", "Layer"]
    assert [row[4] for row in rows[1:]] == ["kernel_regularizer", "bias_regularizer"]
    assert rows[1] == [
        "nets/vgg.py:12:9",
        "Conv2D",
        "block1_conv1",
        "vgg_block",
        "kernel_regularizer",
        "L2(l2=0.0005)",
        "exact",
    ]
    assert totals == ["L2(l2=0.0005): 2", "1 layer in 1 file: 1 regularized, 0 unresolved."]


def test_markup_in_a_cell_is_text(layer, entry):
    hostile = "a|b *c* _d_ `e` <f> [g](h)"
    rows, _ = cells(layer(entry(), name=hostile))
    assert rows[1][2] == hostile


def test_without_layers_there_are_the_totals_alone():
    assert "".join(render([], 2)) == "0 layers in 2 files: 0 regularized, 0 unresolved.\n"


def test_each_row_is_one_line(layer, entry):
    table = "".join(render([layer(entry(kind="unknown", source="f(\n1)", resolution="unknown", reason="a\nb"))], 1))
    assert re.findall(r"^\|.*\|$", table, re.MULTILINE)[2].count(" | ") == 6
