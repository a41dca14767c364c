"""What a run finds is kept for the next one, and nobody notices but by the time."""

from __future__ import annotations

import subprocess

import pytest

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


def outcome(run):
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ["concise", "text", "json", "sarif"])
def test_a_second_run_says_what_the_first_one_said(kreglint, write, jobs, form):
    for number in range(6):
        write(f"m{number}.py", "\n" * number + INERT + INERT.rstrip() + "  # noqa: KRG302\n")
    arguments = ("check", "--output-format", form, "--jobs", jobs)
    without = kreglint(*arguments, "--no-cache")
    assert outcome(kreglint(*arguments)) == outcome(kreglint(*arguments)) == outcome(without)


def test_no_cache_writes_none_and_reads_none(kreglint, write, tmp_path):
    write("model.py", INERT)
    kreglint("check", "--no-cache")
    assert not (tmp_path / ".kreglint_cache").exists()
    kreglint("check")
    [entry] = (tmp_path / ".kreglint_cache").glob("*/*/*")
    entry.write_bytes(b"")
    assert kreglint("check", "--no-cache").returncode == 1
    assert entry.read_bytes() == b""


def test_the_cache_lies_beside_the_configuration(kreglint, write, tmp_path):
    write("nets/kreglint.toml", "")
    write("nets/model.py", INERT)
    kreglint("check")
    assert [path.parent.name for path in tmp_path.rglob(".kreglint_cache")] == ["nets"]


def test_the_setting_and_the_option_say_where_it_lies(kreglint, write, tmp_path):
    write("nets/kreglint.toml", 'cache-dir = "kept"\n')
    write("nets/model.py", INERT)
    kreglint("check")
    assert (tmp_path / "nets" / "kept" / "CACHEDIR.TAG").exists()
    kreglint("check", "--cache-dir", "elsewhere/deep")
    assert (tmp_path / "elsewhere" / "deep" / "CACHEDIR.TAG").exists()
    assert not list(tmp_path.rglob(".kreglint_cache"))


def test_standard_input_and_fixes_leave_it_alone(kreglint, write, tmp_path):
    write("model.py", INERT)
    kreglint("check", "-", stdin=INERT.encode())
    kreglint("check", "--diff", "--unsafe-fixes")
    kreglint("check", "--fix", "--unsafe-fixes")
    assert not (tmp_path / ".kreglint_cache").exists()


def test_a_baseline_is_held_against_what_is_recalled(kreglint, write):
    write("model.py", INERT)
    assert kreglint("check").returncode == 1
    assert kreglint("check", "--write-baseline", "known.json").returncode == 0
    assert kreglint("check", "--baseline", "known.json").returncode == 0
    assert kreglint("check").returncode == 1


def test_after_fixing_the_file_is_looked_at_again(kreglint, write):
    write("model.py", INERT)
    assert kreglint("check").returncode == 1
    kreglint("check", "--fix", "--unsafe-fixes")
    assert kreglint("check").returncode == 0


def test_git_does_not_see_it(kreglint, write, tmp_path):
    write("model.py", INERT)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    kreglint("check")
    status = subprocess.run(["git", "status", "--short"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert status.stdout == "?? model.py\n"


def test_a_cache_that_was_asked_for_and_cannot_be_is_warned_of_once(kreglint, write, tmp_path):
    write("taken", "")
    for name in ("a.py", "b/c.py"):
        write(name, INERT)
    run = kreglint("check", "--cache-dir", "taken", "a.py", "b")
    assert run.returncode == 1
    assert run.stderr.splitlines()[0] == f"kreglint: warning: {tmp_path}/taken: there is no cache: File exists"
    assert run.stderr.count("warning: /") == 1


def test_the_default_cache_that_cannot_be_is_not_spoken_of(kreglint, write):
    write(".kreglint_cache", "mine")
    write("model.py", INERT)
    first, second = kreglint("check"), kreglint("check")
    assert outcome(first) == outcome(second)
    assert "cache" not in first.stderr


@pytest.mark.parametrize("text", ["", "cache-dir = 3\n", 'cache-dir = ""\n'])
def test_a_folder_is_expected(kreglint, write, text):
    write("model.py", INERT)
    write("kreglint.toml", text)
    run = kreglint("check") if text else kreglint("check", "--cache-dir", "")
    assert run.returncode == 2
    assert 'expected the path of a folder such as ".kreglint_cache", received' in run.stderr
    assert run.stderr.count("\n") == 1
