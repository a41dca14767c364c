"""Black and `ruff format` split a call that is too long, and move the comment behind it."""

from __future__ import annotations

import black
import pytest

from tests.formats.conftest import findings_in

LONG = (
    "from keras import layers\n\n"
    'hidden = layers.Dense({}, name="the_hidden_layer_of_the_network", kernel_regularizer="L1L2"){}\n'
)


def by_black(tool, file, line_length):
    file.write_text(black.format_str(file.read_text("utf-8"), mode=black.Mode(line_length=line_length)), "utf-8")


def by_ruff(tool, file, line_length):
    tool("ruff", "format", "-q", "--isolated", "--line-length", line_length, file.name)


@pytest.mark.parametrize("formatted", [by_black, by_ruff])
@pytest.mark.parametrize("line_length", [88, 60])
@pytest.mark.parametrize("units", ["32", "units_of(width, height, depth, of=everything)"])
class TestSplitCalls:
    def test_a_comment_counts_where_it_is_moved(self, tool, tmp_path, formatted, line_length, units):
        file = tmp_path / "model.py"
        file.write_text(LONG.format(units, "  # noqa: KRG302"), "utf-8")
        formatted(tool, file, line_length)
        assert file.read_text("utf-8").endswith("\n)  # noqa: KRG302\n")
        assert findings_in(file) == []

    def test_a_comment_for_another_rule_does_not(self, tool, tmp_path, formatted, line_length, units):
        file = tmp_path / "model.py"
        file.write_text(LONG.format(units, "  # noqa: KRG301"), "utf-8")
        formatted(tool, file, line_length)
        assert "KRG302" in [code for code, *_ in findings_in(file)]


@pytest.mark.parametrize("formatted", [by_black, by_ruff])
def test_a_comment_that_add_noqa_wrote_stays_good(tool, tmp_path, formatted):
    file = tmp_path / "model.py"
    file.write_text(LONG.format(32, ""), "utf-8")
    tool("kreglint", "check", file.name, "--add-noqa", "--isolated")
    formatted(tool, file, 60)
    assert file.read_text("utf-8").endswith("\n)  # noqa: KRG302\n")
    assert findings_in(file) == []
