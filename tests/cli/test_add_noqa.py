from __future__ import annotations

import pytest

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
WITH_NOQA = INERT.rstrip() + "  # noqa: KRG302\n"


def test_comments_are_written_and_a_second_run_changes_nothing(kreglint, write):
    file = write("nets/model.py", INERT)
    run = kreglint("check", "--add-noqa")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "1 finding suppressed by comments in 1 file.\n"
    assert file.read_text("utf-8") == WITH_NOQA
    again = kreglint("check", "--add-noqa", ".")
    assert (again.returncode, again.stderr) == (0, "0 findings suppressed by comments in 0 files.\n")
    assert file.read_text("utf-8") == WITH_NOQA
    assert kreglint("check").returncode == 0


def test_what_follows_the_option_is_a_path(kreglint, write):
    one, other = write("a/model.py", INERT), write("b/model.py", INERT)
    kreglint("check", "--add-noqa", "a")
    assert (one.read_text("utf-8"), other.read_text("utf-8")) == (WITH_NOQA, INERT)


def test_a_reason_follows_an_equals_sign(kreglint, write):
    file = write("model.py", INERT)
    kreglint("check", "--add-noqa=as in the paper")
    assert file.read_text("utf-8") == WITH_NOQA.rstrip() + " as in the paper\n"


def test_findings_of_a_baseline_have_no_comment(kreglint, write):
    file = write("model.py", INERT)
    kreglint("check", "--write-baseline", "known.json")
    kreglint("check", "--baseline", "known.json", "--add-noqa")
    assert file.read_text("utf-8") == INERT


def test_what_no_comment_suppresses_is_counted(kreglint, write):
    write("broken.py", "from keras import (\n")
    run = kreglint("check", "--add-noqa")
    assert run.returncode == 1
    assert run.stderr == "0 findings suppressed by comments in 0 files; 1 left, which no comment suppresses.\n"


def test_the_mode_and_a_symbolic_link_stay(kreglint, write, tmp_path):
    file = write("elsewhere/model.py", INERT)
    file.chmod(0o755)
    (tmp_path / "link.py").symlink_to(file)
    kreglint("check", "--add-noqa", "link.py")
    assert (tmp_path / "link.py").is_symlink()
    assert file.read_text("utf-8") == WITH_NOQA
    assert file.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in file.parent.iterdir()] == ["model.py"]


@pytest.mark.parametrize("reason", ["KRG201 too", "a\nb", "E501"])
def test_a_reason_that_would_be_read_as_more_than_one_is_refused(kreglint, reason):
    run = kreglint("check", f"--add-noqa={reason}")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("kreglint: error: --add-noqa: expected one line that does not begin like a code, ")
    assert run.stderr.count("\n") == 1


def test_standard_input_is_refused(kreglint):
    run = kreglint("check", "--add-noqa", "-", stdin=INERT.encode())
    assert run.returncode == 2
    assert run.stderr == "kreglint: error: --add-noqa: expected files, received - for standard input\n"


def test_a_file_that_cannot_have_the_comment_is_told_and_the_others_go_on(kreglint, write, tmp_path):
    latin = b"# coding: latin-1\n" + INERT.encode()
    (tmp_path / "a.py").write_bytes(latin)
    other = write("b.py", INERT)
    run = kreglint("check", "--add-noqa=λ")
    assert run.returncode == 2
    assert run.stderr.splitlines()[0] == "kreglint: error: a.py: 'λ' cannot be written in latin-1"
    assert (tmp_path / "a.py").read_bytes() == latin
    assert other.read_text("utf-8") == WITH_NOQA.rstrip() + " λ\n"


def test_it_is_said_where_ruff_does_not_know_the_codes(kreglint, write):
    write("nets/model.py", INERT)
    write("pyproject.toml", '[tool.ruff.lint]\nselect = ["RUF"]\n')
    _, warning = kreglint("check", "--add-noqa").stderr.splitlines()
    assert warning == (
        "kreglint: warning: pyproject.toml: Ruff does not know these codes, and reports or removes them (RUF102): "
        'write external = ["KRG"] under its lint settings'
    )
    write("nets/model.py", INERT)
    assert kreglint("check", "--add-noqa", "--quiet").stderr == ""
