from __future__ import annotations

import pytest

from kreglint.output.colour import Palette, palette


def test_plain_text_stays_as_it_is():
    assert Palette(False).paint("KRG302", "bold", "red") == "KRG302"


def test_styles_are_joined_and_reset():
    assert Palette(True).paint("KRG302", "bold", "red") == "\x1b[1;31mKRG302\x1b[0m"


def test_a_link_is_an_escape_sequence_around_the_text():
    assert Palette(True, links=True).link("KRG302", "https://a.b") == ("\x1b]8;;https://a.b\x1b\\KRG302\x1b]8;;\x1b\\")
    assert Palette(True).link("KRG302", "https://a.b") == "KRG302"


@pytest.mark.parametrize(
    ("choice", "on_terminal", "linked"),
    [("auto", True, True), ("always", True, True), ("always", False, False), ("never", True, False)],
)
def test_only_a_terminal_with_colour_has_links(choice, on_terminal, linked):
    assert palette(choice, {}, on_terminal=on_terminal).links is linked


@pytest.mark.parametrize(
    ("choice", "environment", "on_terminal", "coloured"),
    [
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
    ],
)
def test_colour_follows_the_option_then_the_environment_then_the_terminal(choice, environment, on_terminal, coloured):
    assert palette(choice, environment, on_terminal=on_terminal).enabled is coloured
