from __future__ import annotations

import json

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
MORE = 'layers.Dense(4, kernel_regularizer="l3")\n'


def test_a_project_with_old_findings_hears_of_new_ones_only(kreglint, write):
    write("nets/model.py", INERT)
    run = kreglint("check", "--write-baseline", "known.json")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "1 finding in known.json (1 new, 0 gone).\n")
    run = kreglint("check", "--baseline", "known.json")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr.splitlines()[1] == "1 finding left out by the baseline known.json."
    write("nets/model.py", f"\n\n{INERT}{MORE}")
    run = kreglint("check", "--baseline", "known.json")
    assert run.returncode == 1
    assert [line.split()[1] for line in run.stdout.splitlines()] == ["KRG101"]


def test_findings_that_went_are_counted_and_pruned(kreglint, write, tmp_path):
    write("model.py", INERT + MORE)
    kreglint("check", "--write-baseline", "known.json")
    write("model.py", INERT)
    told = kreglint("check", "--baseline", "known.json").stderr.splitlines()[1]
    assert told.endswith("; 1 gone, which --write-baseline prunes.")
    assert kreglint("check", "--write-baseline", "known.json").stderr == "1 finding in known.json (0 new, 1 gone).\n"
    assert kreglint("check", "--write-baseline", "known.json").stderr == "1 finding in known.json (0 new, 0 gone).\n"


def test_writing_for_one_folder_keeps_what_is_known_of_the_others(kreglint, write):
    write("a/model.py", INERT)
    write("b/model.py", INERT)
    kreglint("check", "--write-baseline", "known.json")
    assert kreglint("check", "--write-baseline", "known.json", "a").stderr.startswith("2 findings in known.json")


def test_it_knows_files_from_any_folder_where_a_configuration_says_where_the_project_is(kreglint, write, tmp_path):
    write("project/kreglint.toml", "")
    write("project/nets/model.py", INERT)
    kreglint("check", "--write-baseline", "project/known.json", "project")
    run = kreglint("check", "--baseline", "project/known.json", str(tmp_path / "project" / "nets"))
    assert run.returncode == 0


def test_sarif_has_the_known_findings_as_suppressed(kreglint, write):
    write("model.py", INERT)
    kreglint("check", "--write-baseline", "known.json")
    log = json.loads(kreglint("check", "--baseline", "known.json", "--output-format", "sarif").stdout)
    assert [result["suppressions"] for result in log["runs"][0]["results"]] == [[{"kind": "external"}]]


def test_quiet_says_nothing(kreglint, write):
    write("model.py", INERT)
    assert kreglint("check", "-q", "--write-baseline", "known.json").stderr == ""
    assert kreglint("check", "-q", "--baseline", "known.json").stderr == ""


def test_the_fingerprints_are_those_of_json(kreglint, write, tmp_path):
    write("model.py", INERT)
    kreglint("check", "--write-baseline", "known.json")
    [known] = json.loads((tmp_path / "known.json").read_text("utf-8"))["findings"]
    [found] = json.loads(kreglint("check", "--output-format", "json").stdout)
    assert known["fingerprint"] == found["fingerprint"]


class TestWhatIsRefused:
    def refused(self, run):
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.count("\n") == 1
        return run.stderr

    def test_a_baseline_that_does_not_exist(self, kreglint, write):
        write("model.py", INERT)
        error = self.refused(kreglint("check", "--baseline", "no.json"))
        assert error == "kreglint: error: no.json: No such file or directory\n"

    def test_a_file_that_is_no_baseline_is_not_overwritten(self, kreglint, write):
        file = write("pyproject.toml", "[project]\n")
        for option in ("--baseline", "--write-baseline"):
            error = self.refused(kreglint("check", option, "pyproject.toml"))
            assert error.startswith("kreglint: error: pyproject.toml: not a baseline: invalid JSON: ")
        assert file.read_text("utf-8") == "[project]\n"

    def test_both_options_at_once(self, kreglint):
        error = self.refused(kreglint("check", "--baseline", "a", "--write-baseline", "a"))
        assert "not allowed with argument" in error


def test_a_run_that_failed_writes_no_baseline(kreglint, write, tmp_path):
    write("model.py", INERT)
    assert kreglint("check", "--write-baseline", "known.json", "missing.py", "model.py").returncode == 2
    assert not (tmp_path / "known.json").exists()


class TestWithFixes:
    KNOWN = 'from keras import layers\nlayers.Dense(4, W_regularizer="l2")\n'
    FRESH = 'layers.Dense(8, b_regularizer="l2")\n'
    FIXED = 'layers.Dense(8, bias_regularizer="l2")\n'

    def fresh(self, kreglint, write):
        write("model.py", self.KNOWN)
        kreglint("check", "--write-baseline", "known.json")
        return write("model.py", self.KNOWN + self.FRESH)

    def test_what_is_known_stays_as_it_is(self, kreglint, write):
        file = self.fresh(kreglint, write)
        run = kreglint("check", "--fix", "--baseline", "known.json")
        assert file.read_text() == self.KNOWN + self.FIXED
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr.splitlines() == [
            "Found 1 finding (1 fixed, 0 remaining).",
            "1 finding left out by the baseline known.json.",
        ]

    def test_a_diff_and_standard_input_too(self, kreglint, write):
        file = self.fresh(kreglint, write)
        diff = kreglint("check", "--diff", "--baseline", "known.json").stdout
        assert [line for line in diff.splitlines(keepends=True)[2:] if line[:1] in "+-"] == [
            f"-{self.FRESH}",
            f"+{self.FIXED}",
        ]
        given = ("--fix", "--baseline", "known.json", "--stdin-filename", "model.py", "-")
        assert kreglint("check", *given, stdin=file.read_bytes()).stdout == self.KNOWN + self.FIXED

    def test_comments_are_added_for_new_findings_only(self, kreglint, write):
        file = self.fresh(kreglint, write)
        kreglint("check", "--add-noqa", "--baseline", "known.json")
        assert file.read_text() == f"{self.KNOWN}{self.FRESH.rstrip()}  # noqa: KRG501\n"
