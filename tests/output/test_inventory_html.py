from __future__ import annotations

import html5lib

from kreglint.output.inventory_html import render

_X = "{http://www.w3.org/1999/xhtml}"


def read(*layers):
    return html5lib.HTMLParser(strict=True).parse("".join(render(layers, 1)))


def test_the_table_has_a_row_for_each_argument(layer, entry):
    page = read(layer(entry(), entry(argument="bias_regularizer")))
    rows = [["".join(cell.itertext()) for cell in row] for row in page.iter(f"{_X}tr")]
    assert rows[0][0] == "Place"
    assert [row[4] for row in rows[1:]] == ["kernel_regularizer", "bias_regularizer"]
    assert rows[1][0] == "nets/vgg.py:12:9"


def test_text_is_never_markup(layer, entry):
    page = read(layer(entry(), name="<script>x</script>"))
    assert list(page.iter(f"{_X}script")) == []
    assert "<script>x</script>" in "".join(page.itertext())


def test_without_layers_there_are_the_totals_alone():
    page = read()
    assert list(page.iter(f"{_X}table")) == []
    assert "0 layers in 1 file" in "".join(page.itertext())
