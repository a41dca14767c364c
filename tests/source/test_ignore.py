"""The pattern language is git's: git itself is asked where it is installed."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from kreglint.source.ignore import parse_exclude, parse_gitignore

CASES = [
    ("a.py", "a.py", True),
    ("a.py", "sub/a.py", True),
    ("/a.py", "sub/a.py", None),
    ("/a.py", "a.py", True),
    ("sub/a.py", "sub/a.py", True),
    ("sub/a.py", "deep/sub/a.py", None),
    ("*.py", "sub/a.py", True),
    ("sub/*.py", "sub/a.py", True),
    ("sub/*.py", "sub/deep/a.py", None),
    ("sub/**/a.py", "sub/a.py", True),
    ("sub/**/a.py", "sub/x/y/a.py", True),
    ("**/a.py", "x/y/a.py", True),
    ("**/a.py", "a.py", True),
    ("sub/**", "sub/x/a.py", True),
    ("x**y.py", "x1y.py", True),
    ("?.py", "a.py", True),
    ("?.py", "ab.py", None),
    ("[ab].py", "b.py", True),
    ("[!ab].py", "b.py", None),
    ("[^ab].py", "c.py", True),
    ("[]x].py", "].py", True),
    ("[a-c].py", "b.py", True),
    ("[[:digit:]].py", "7.py", True),
    ("[z-a].py", "b.py", None),
    ("[a.py", "[a.py", None),
    ("\\[a.py", "[a.py", True),
    ("\\!a.py", "!a.py", True),
    ("\\#a.py", "#a.py", True),
    ("#a.py", "#a.py", None),
    ("a.py  ", "a.py", True),
    ("a\\ ", "a ", True),
    ("a.py\\", "a.py", None),
    ("", "a.py", None),
    ("./a.py", "a.py", None),
    ("a.py/", "a.py", None),
    ("*.py\n!a.py", "a.py", False),
    ("!a.py\n*.py", "a.py", True),
    ("*.py\r\n!a.py\r\n", "a.py", False),
    ("\ufeffa.py", "a.py", True),
]


@pytest.mark.parametrize(("patterns", "path", "expected"), CASES)
def test_a_file_is_left_out_by_the_last_pattern_that_matches_it(patterns, path, expected):
    assert parse_gitignore(patterns, "/project").verdict(f"/project/{path}", is_folder=False) is expected


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("patterns", "path", "expected"), CASES)
def test_git_agrees(patterns, path, expected, tmp_path):
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_bytes(patterns.encode())
    asked = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=tmp_path, check=False)
    assert (asked.returncode == 0) is bool(expected)


def test_a_pattern_with_a_final_slash_matches_folders_only():
    rules = parse_gitignore("out/", "/project")
    assert rules.verdict("/project/out", is_folder=True) is True
    assert rules.verdict("/project/out", is_folder=False) is None


def test_a_pattern_does_not_match_what_lies_in_a_folder_that_it_matches():
    assert parse_gitignore("out", "/project").verdict("/project/out/a.py", is_folder=False) is None


def test_outside_its_folder_a_pattern_matches_by_name_alone():
    assert parse_exclude(["a.py"], "/project").verdict("/else/a.py", is_folder=False) is True
    assert parse_exclude(["/a.py"], "/project").verdict("/else/a.py", is_folder=False) is None


def test_the_root_of_the_file_system_can_be_the_folder():
    assert parse_exclude(["/a.py"], "/").verdict("/a.py", is_folder=False) is True


@pytest.mark.parametrize("pattern", ["/project/sub/a.py", "./sub/a.py", "sub/a.py", "/sub/a.py"])
def test_an_exclude_pattern_may_be_a_path(pattern):
    assert parse_exclude([pattern], "/project").verdict("/project/sub/a.py", is_folder=False) is True


def test_an_exclude_pattern_that_begins_with_a_hash_is_no_comment():
    assert parse_exclude(["#a.py"], "/project").verdict("/project/#a.py", is_folder=False) is True
