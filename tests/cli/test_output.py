"""Where the findings go, and in which format."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess

import pytest

from kreglint.output.formats import FOR_PEOPLE, FOR_PROGRAMS
from tests.cli.conftest import COMMAND

NEGATIVE = "from keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer=regularizers.L2(-1.0))\n"
INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
SUMMARY = "Found 1 finding (1 error) in 1 of 1 file.\n1 can be fixed with --fix --unsafe-fixes.\n"


@pytest.fixture
def on_terminal(tmp_path, environment):
    """Runs kreglint with a terminal as its standard output, and gives what the terminal received."""

    def run(*arguments, **variables):
        ours, its = pty.openpty()
        try:
            done = subprocess.run(
                [*COMMAND, *arguments],
                cwd=tmp_path,
                env={**environment, "TERM": "xterm", **variables},
                stdout=its,
                stderr=subprocess.PIPE,
                timeout=60,
                check=False,
            )
        finally:
            os.close(its)
        received = b""
        try:
            while chunk := os.read(ours, 4096):
                received += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
        finally:
            os.close(ours)
        assert done.returncode in (0, 1)
        return received.decode().replace("\r\n", "\n")

    return run


@pytest.mark.parametrize("form", FOR_PEOPLE)
def test_formats_for_people_end_with_the_summary(kreglint, write, form):
    write("model.py", INERT)
    run = kreglint("check", "--output-format", form)
    assert run.returncode == 1
    assert "KRG302" in run.stdout
    assert run.stderr == SUMMARY


@pytest.mark.parametrize("form", FOR_PROGRAMS)
def test_formats_for_programs_leave_standard_error_alone(kreglint, write, form):
    write("model.py", INERT)
    run = kreglint("check", "--output-format", form)
    assert run.returncode == 1
    assert "KRG302" in run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("form", FOR_PROGRAMS)
def test_formats_for_programs_are_utf_8_in_any_locale(tmp_path, environment, write, form):
    write("model.py", NEGATIVE)
    plain = {name: value for name, value in environment.items() if not name.startswith("LC_")}
    run = subprocess.run(
        [*COMMAND, "check", "--output-format", form, "."],
        cwd=tmp_path,
        env={**plain, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert "λ" in run.stdout.decode("utf-8")


@pytest.mark.parametrize("form", [*FOR_PEOPLE, *FOR_PROGRAMS])
def test_a_run_without_findings_is_a_whole_output_too(kreglint, write, form):
    write("model.py", "from keras import layers\n")
    assert kreglint("check", "--output-format", form).returncode == 0


@pytest.mark.parametrize("form", [*FOR_PEOPLE, *FOR_PROGRAMS])
def test_an_output_file_has_what_standard_output_has(kreglint, write, tmp_path, form):
    write("model.py", INERT)
    printed = kreglint("check", "--output-format", form).stdout
    run = kreglint("check", "--output-format", form, "--output-file", "report")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == SUMMARY
    assert (tmp_path / "report").read_bytes().decode("utf-8") == printed


def test_an_output_file_is_not_coloured_by_force_of_a_terminal(on_terminal, write, tmp_path):
    write("model.py", INERT)
    on_terminal("check", "--output-file", "report")
    assert (tmp_path / "report").read_text("utf-8").startswith("model.py:2:36: KRG302 ")


def test_a_run_that_fails_leaves_the_output_file_as_it_was(kreglint, write, tmp_path):
    write("report", "old")
    write("a/model.py", INERT)
    write("b/kreglint.toml", "selct = 3\n")
    write("b/model.py", INERT)
    assert kreglint("check", "--output-file", "report", "a", "b").returncode == 2
    assert (tmp_path / "report").read_text("utf-8") == "old"


def test_an_output_file_may_be_a_device(kreglint, write):
    write("model.py", INERT)
    run = kreglint("check", "--output-file", "/dev/stdout", "-q")
    assert run.stdout.startswith("model.py:2:36: KRG302 ")
    assert kreglint("check", "--output-file", "/dev/null").returncode == 1


@pytest.mark.parametrize("form", [*FOR_PEOPLE, "json"])
def test_statistics_go_to_the_output_file_too(kreglint, write, tmp_path, form):
    write("model.py", INERT)
    kreglint("check", "--statistics", "--output-format", form, "--output-file", "report")
    text = (tmp_path / "report").read_text("utf-8")
    expected = [{"code": "KRG302", "name": "inert-identifier", "count": 1}]
    assert json.loads(text) == expected if form == "json" else text == "1  KRG302  inert-identifier\n"


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "html", "json"])
def test_a_report_can_be_written_to_a_file(kreglint, write, tmp_path, form):
    write("model.py", INERT)
    printed = kreglint("report", "--output-format", form).stdout
    run = kreglint("report", "--output-format", form, "--output-file", "report")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (tmp_path / "report").read_bytes().decode("utf-8") == printed


def test_sarif_tells_of_what_is_suppressed_and_the_others_do_not(kreglint, write):
    write("model.py", INERT.rstrip() + "  # noqa: KRG302\n")
    [result] = json.loads(kreglint("check", "--output-format", "sarif").stdout)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource"}]
    assert json.loads(kreglint("check", "--output-format", "json").stdout) == []


def test_one_finding_has_one_fingerprint_in_all_formats(kreglint, write):
    write("model.py", INERT)

    def found(form):
        return json.loads(kreglint("check", "--output-format", form).stdout)

    [fingerprint] = [finding["fingerprint"] for finding in found("json")]
    assert [issue["fingerprint"] for issue in found("gitlab")] == [fingerprint]
    [result] = found("sarif")["runs"][0]["results"]
    assert result["partialFingerprints"] == {"kreglint/v1": fingerprint}


class TestColour:
    def test_a_terminal_has_colours_and_a_link_on_the_code(self, on_terminal, write):
        write("model.py", INERT)
        shown = on_terminal("check")
        assert "\x1b[1;31mKRG302\x1b[0m" in shown
        links = re.findall(r"\x1b]8;;([^\x1b]*)\x1b\\", shown)
        assert links == ["https://github.com/kreglint/kreglint/blob/main/docs/rules/KRG302.md", ""]

    @pytest.mark.parametrize(
        ("arguments", "variables"),
        [
            (("--color", "never"), {}),
            ((), {"NO_COLOR": "1"}),
            ((), {"TERM": "dumb"}),
            ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
        ],
    )
    def test_a_terminal_can_be_kept_plain(self, on_terminal, write, arguments, variables):
        write("model.py", INERT)
        assert "\x1b" not in on_terminal("check", *arguments, **variables)

    @pytest.mark.parametrize(("arguments", "variables"), [(("--color", "always"), {}), ((), {"FORCE_COLOR": "1"})])
    def test_a_pipe_can_be_given_colours_but_no_links(self, kreglint, write, arguments, variables):
        write("model.py", INERT)
        shown = kreglint("check", *arguments, **variables).stdout
        assert "\x1b[1;31mKRG302\x1b[0m" in shown
        assert "\x1b]8" not in shown

    def test_a_pipe_is_plain(self, kreglint, write):
        write("model.py", INERT)
        assert "\x1b" not in kreglint("check").stdout
