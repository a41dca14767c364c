from __future__ import annotations

import re

import pytest

from kreglint.cli.errors import UsageError
from kreglint.cli.options import CheckOptions, check_parser


def parsed(*arguments):
    return check_parser().parse(arguments, CheckOptions())


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ((), []),
        (("a", "b"), ["a", "b"]),
        (("a", "-q", "b", "--select", "KRG3", "c"), ["a", "b", "c"]),
        (("-",), ["-"]),
        (("a", "--", "-q", "--"), ["a", "-q", "--"]),
    ],
)
def test_what_is_no_option_is_a_path_in_its_order(arguments, paths):
    assert parsed(*arguments)[1] == paths


@pytest.mark.parametrize("option", ["--select", "--extend-select", "--ignore"])
def test_codes_are_separated_by_commas_and_options_add_up(option):
    options, _ = parsed(option, "KRG1,KRG2", option, "KRG3 , KRG4")
    assert vars(options)[option.strip("-").replace("-", "_")] == ["KRG1", "KRG2", "KRG3", "KRG4"]


def test_options_that_are_not_given_are_none():
    options, _ = parsed()
    assert (options.select, options.extend_select, options.ignore, options.exclude) == (None, None, None, None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a.py:KRG1", (("a.py", ("KRG1",)),)),
        ("a.py:KRG1,KRG2,b/*:ALL", (("a.py", ("KRG1", "KRG2")), ("b/*", ("ALL",)))),
        ("c:/a.py:KRG1", (("c:/a.py", ("KRG1",)),)),
    ],
)
def test_per_file_ignores_have_patterns_before_colons(text, read):
    assert parsed("--per-file-ignores", text)[0].per_file_ignores == read


@pytest.mark.parametrize("text", ["", "KRG1", ":KRG1", "a.py:", "a.py:KRG1,:KRG2"])
def test_per_file_ignores_without_a_pattern_or_a_code_are_refused(text):
    with pytest.raises(UsageError, match=r"--per-file-ignores: expected PATTERN:CODE"):
        parsed("--per-file-ignores", text)


def test_an_abbreviated_option_is_refused():
    with pytest.raises(UsageError, match=r"unrecognised option '--sel' \(did you mean '--select'\?\)"):
        parsed("--sel", "KRG3")


PROMISED = """
--fix --unsafe-fixes --fix-only --diff --select --extend-select --ignore --per-file-ignores --output-format
--output-file --statistics --exit-zero --stdin-filename --add-noqa --baseline --write-baseline --keras-version
--max-lambda --jobs --no-cache --cache-dir --watch --show-files --show-settings --isolated --config --exclude
--no-respect-gitignore --color -q -v --version
""".split()


def test_the_options_are_those_that_are_promised():
    spelt = {
        option
        for line in check_parser().format_help().splitlines()
        for option in re.findall(r"(?<!\S)--?[a-z-]+", line)
    }
    assert spelt - {"-h", "--help", "--quiet", "--verbose"} >= set(PROMISED)
