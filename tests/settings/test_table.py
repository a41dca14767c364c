"""The one table of settings, and what is made of it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreglint.cli.options import CheckOptions, check_parser, config_parser, report_parser
from kreglint.settings.schema import Settings
from kreglint.settings.table import BY_KEY, TABLE
from kreglint.settings.values import UnexpectedValueError

ON_COMMAND_LINES = [setting for setting in TABLE if setting.option is not None]


def test_it_has_every_setting_and_no_other():
    assert [setting.field for setting in TABLE] == [
        field.name for field in fields(Settings) if field.name not in ("root", "origins")
    ]


def test_the_keys_are_those_that_are_promised():
    assert tuple(BY_KEY) == (
        "select",
        "extend-select",
        "ignore",
        "per-file-ignores",
        "exclude",
        "extend-exclude",
        "keras-version",
        "max-lambda",
        "layers",
        "check-docs",
        "fixable",
        "unfixable",
        "cache-dir",
    )


@pytest.mark.parametrize("setting", TABLE, ids=list(BY_KEY))
def test_what_no_value_tells_is_told_in_words(setting):
    assert setting.default or getattr(Settings(), setting.field) is not None


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("select", "KRG3, ALL", ["KRG3", "ALL"]),
        ("extend-select", "KRG505", ["KRG505"]),
        ("ignore", "KRG3 KRG302", ["KRG3", "KRG302"]),
        ("per-file-ignores", "tests/*:KRG3,KRG2,a.py:ALL", {"tests/*": ["KRG3", "KRG2"], "a.py": ["ALL"]}),
        ("exclude", "a,b/*.py", ["a", "b/*.py"]),
        ("keras-version", "3.13.2", "3.13.2"),
        ("max-lambda", "0.5", 0.5),
        ("max-lambda", "2", 2),
        ("check-docs", "True", True),
        ("check-docs", "false", False),
        ("cache-dir", "caches/of ours", "caches/of ours"),
    ],
)
def test_a_command_line_and_a_file_give_the_same_value(key, text, value):
    kind = BY_KEY[key].kind
    assert kind.from_text(text) == kind.read(value)


@pytest.mark.parametrize("setting", ON_COMMAND_LINES, ids=[setting.key for setting in ON_COMMAND_LINES])
@given(text=st.text() | st.from_regex(r"[-.0-9a-z:,]*", fullmatch=True))
def test_any_text_is_read_as_something_that_settings_can_hold_or_refused(setting, text):
    with suppress(UnexpectedValueError):
        value = setting.kind.from_text(text)
        assert hash(replace(Settings(), **{setting.field: value})) == hash(Settings(**{setting.field: value}))


@pytest.mark.parametrize("text", ["-1", "0", "nan", "x", ""])
def test_both_refuse_alike_where_both_can_be_given(text):
    kind = BY_KEY["max-lambda"].kind
    with pytest.raises(UnexpectedValueError, match="expected a number above 0, received the "):
        kind.from_text(text)


def options_of(parser):
    return set(re.findall(r"^  (--[a-z-]+)", parser.format_help(), re.MULTILINE))


def test_check_has_every_option_and_the_other_commands_those_of_their_groups():
    assert options_of(check_parser()) >= {f"--{setting.key}" for setting in ON_COMMAND_LINES}
    mirrored = {f"--{setting.key}" for setting in TABLE}
    assert options_of(report_parser()) & mirrored == {"--keras-version", "--exclude", "--check-docs"}
    assert options_of(config_parser()) & mirrored == {"--keras-version"}


def test_what_only_a_file_can_say_is_no_option():
    only_in_files = {f"--{setting.key}" for setting in TABLE if setting.option is None}
    assert options_of(check_parser()) & only_in_files == set()


@pytest.mark.parametrize("setting", ON_COMMAND_LINES, ids=[setting.key for setting in ON_COMMAND_LINES])
def test_an_option_that_is_not_given_is_none(setting):
    options, _ = check_parser().parse([], CheckOptions())
    assert getattr(options, setting.field) is None
