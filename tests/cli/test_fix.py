from __future__ import annotations

import json
import subprocess
import sys

import pytest

IMPORT = "from keras import layers, regularizers\n"
SAFE = 'layers.Dense(4, W_regularizer="l2")\n'
SAFELY = 'layers.Dense(4, kernel_regularizer="l2")\n'
UNSAFE = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
UNSAFELY = "layers.Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))\n"
UNFIXABLE = "layers.Dense(4, kernel_regularizer=True)\n"
BOTH = IMPORT + SAFE + UNSAFE
DIFF = f"--- model.py\n+++ model.py\n@@ -1,3 +1,3 @@\n {IMPORT}-{SAFE}+{SAFELY} {UNSAFE}"


def codes(text):
    return [line.split()[1] for line in text.splitlines() if ": KRG" in line]


class TestFix:
    def test_safe_fixes_are_applied_and_what_remains_is_reported(self, kreglint, write):
        file = write("model.py", BOTH)
        run = kreglint("check", "--fix", "model.py")
        assert file.read_text() == IMPORT + SAFELY + UNSAFE
        assert (run.returncode, codes(run.stdout)) == (1, ["KRG302"])
        assert run.stderr.splitlines() == [
            "Found 2 findings (1 fixed, 1 remaining: 1 error) in 1 of 1 file.",
            "1 more with --unsafe-fixes.",
        ]

    def test_with_unsafe_fixes_all_are(self, kreglint, write):
        file = write("model.py", BOTH)
        run = kreglint("check", "--fix", "--unsafe-fixes", "model.py")
        assert file.read_text() == IMPORT + SAFELY + UNSAFELY
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr == "Found 2 findings (2 fixed, 0 remaining).\n"

    def test_a_second_run_changes_nothing(self, kreglint, write):
        file = write("model.py", BOTH)
        kreglint("check", "--fix", "--unsafe-fixes")
        before = file.stat().st_mtime_ns
        run = kreglint("check", "--fix", "--unsafe-fixes")
        assert (run.returncode, run.stderr) == (0, "1 file checked: nothing to report\n")
        assert file.stat().st_mtime_ns == before

    def test_what_has_no_fix_remains(self, kreglint, write):
        file = write("model.py", IMPORT + UNFIXABLE)
        run = kreglint("check", "--fix", "--unsafe-fixes", "model.py")
        assert (run.returncode, codes(run.stdout), file.read_text()) == (1, ["KRG103"], IMPORT + UNFIXABLE)
        assert run.stderr == "Found 1 finding (1 error) in 1 of 1 file.\n"

    def test_places_are_those_in_the_fixed_file(self, kreglint, write):
        write(
            "model.py",
            f"from keras.layers import Dense\nDense(4, kernel_regularizer='L1L2')\nDense(4, reg, True)\n{''}",
        )
        write(
            "model.py", "from keras.layers import Dense\nDense(4, kernel_regularizer='L1L2')\nDense(4, 'l2', 'relu')\n"
        )
        run = kreglint("check", "--fix", "--unsafe-fixes", "model.py")
        assert run.stdout.startswith("model.py:4:10: KRG105 ")

    def test_json_has_what_remains(self, kreglint, write):
        write("model.py", BOTH)
        run = kreglint("check", "--fix", "--output-format=json", "model.py")
        assert [finding["code"] for finding in json.loads(run.stdout)] == ["KRG302"]

    def test_exit_zero_holds_here_too(self, kreglint, write):
        write("model.py", BOTH)
        assert kreglint("check", "--fix", "--exit-zero").returncode == 0

    def test_a_finding_that_is_suppressed_is_not_fixed(self, kreglint, write):
        text = IMPORT + SAFE.replace("\n", "  # noqa: KRG501\n")
        file = write("model.py", text)
        assert kreglint("check", "--fix").returncode == 0
        assert file.read_text() == text

    def test_of_rules_that_are_not_selected_nothing_is_fixed(self, kreglint, write):
        file = write("model.py", BOTH)
        kreglint("check", "--fix", "--unsafe-fixes", "--select", "KRG3")
        assert file.read_text() == IMPORT + SAFE + UNSAFELY

    @pytest.mark.parametrize("setting", ['unfixable = ["KRG5"]', 'fixable = ["KRG3"]'])
    def test_the_settings_say_what_is_fixable(self, kreglint, write, setting):
        write("kreglint.toml", setting)
        file = write("model.py", BOTH)
        run = kreglint("check", "--fix", "--unsafe-fixes")
        assert file.read_text() == IMPORT + SAFE + UNSAFELY
        assert codes(run.stdout) == ["KRG501"]

    def test_the_more_specific_of_fixable_and_unfixable_wins(self, kreglint, write):
        write("kreglint.toml", 'fixable = ["KRG501"]\nunfixable = ["KRG5"]')
        file = write("model.py", BOTH)
        kreglint("check", "--fix")
        assert file.read_text() == IMPORT + SAFELY + UNSAFE

    def test_a_fix_of_an_unfixable_rule_is_not_shown_either(self, kreglint, write):
        write("kreglint.toml", 'unfixable = ["ALL"]')
        write("model.py", BOTH)
        found = json.loads(kreglint("check", "--output-format=json").stdout)
        assert [finding["fix"] for finding in found] == [None, None]

    def test_an_unknown_rule_is_told(self, kreglint, write):
        config = write("kreglint.toml", 'unfixable = ["KRG999"]')
        run = kreglint("check", "--fix")
        assert run.returncode == 2
        assert f"unknown rule selector 'KRG999' in unfixable of {config}" in run.stderr

    def test_a_file_that_cannot_be_parsed_is_left_alone_and_the_others_are_fixed(self, kreglint, write):
        broken, file = write("a.py", "import keras\nx = (\n"), write("b.py", IMPORT + SAFE)
        run = kreglint("check", "--fix")
        assert (run.returncode, codes(run.stdout)) == (1, ["KRG900"])
        assert (broken.read_text(), file.read_text()) == ("import keras\nx = (\n", IMPORT + SAFELY)

    def test_line_ends_and_encoding_and_the_missing_last_line_end_stay(self, kreglint, write):
        file = write("model.py", "")
        text = f"# coding: latin-1\r\nname = 'é'\r\n{IMPORT}{SAFE}".replace("\n", "\r\n").replace("\r\r", "\r").rstrip()
        file.write_bytes(text.encode("latin-1"))
        kreglint("check", "--fix")
        assert file.read_bytes() == text.replace("W_reg", "kernel_reg").encode("latin-1")

    def test_the_byte_order_mark_stays(self, kreglint, write):
        file = write("model.py", "\ufeff" + IMPORT + SAFE)
        kreglint("check", "--fix")
        assert file.read_bytes() == ("\ufeff" + IMPORT + SAFELY).encode()


class TestFilesThatCannotBeFixed:
    def test_a_read_only_file_is_told_and_its_findings_remain(self, kreglint, write):
        file, other = write("a.py", IMPORT + SAFE), write("b.py", IMPORT + SAFE)
        file.chmod(0o444)
        run = kreglint("check", "--fix")
        assert (run.returncode, codes(run.stdout)) == (2, ["KRG501"])
        assert run.stderr.startswith("kreglint: error: a.py: not fixed: the file is read-only\n")
        assert (file.read_text(), other.read_text()) == (IMPORT + SAFE, IMPORT + SAFELY)

    def test_an_encoding_that_does_not_go_back_and_forth_is_told(self, kreglint, write):
        text = f"# coding: utf-7\nname = '+AGE-'\n{IMPORT}{SAFE}"
        file = write("model.py", text)
        run = kreglint("check", "--fix")
        assert (run.returncode, codes(run.stdout), file.read_text()) == (2, ["KRG501"], text)
        assert "model.py: cannot be fixed: utf-7 text does not encode to the bytes it was read from" in run.stderr

    def test_a_file_that_changes_in_the_meantime_is_left_alone(self, tmp_path, write, environment):
        write("model.py", IMPORT + SAFE)
        meanwhile = (
            "import sys\nfrom pathlib import Path\nfrom kreglint.engine.fixing import files\n"
            "fix = files.fix_bytes\n"
            "def slow(*args, **more):\n    Path('model.py').write_text('x = 1\\n')\n    return fix(*args, **more)\n"
            "files.fix_bytes = slow\n"
            "from kreglint.cli.main import main\nsys.exit(main(['check', '--fix', 'model.py']))\n"
        )
        run = subprocess.run(
            [sys.executable, "-c", meanwhile],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, (tmp_path / "model.py").read_text()) == (2, "x = 1\n")
        assert "kreglint: error: model.py: not fixed: the file has changed since it was read" in run.stderr


class TestFixOnly:
    def test_it_reports_nothing_else(self, kreglint, write):
        file = write("model.py", BOTH)
        run = kreglint("check", "--fix-only")
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr == "Fixed 1 finding (1 more with --unsafe-fixes).\n"
        assert file.read_text() == IMPORT + SAFELY + UNSAFE

    def test_without_fixes_it_says_so(self, kreglint, write):
        write("model.py", IMPORT)
        run = kreglint("check", "--fix-only")
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "Nothing to fix.\n")

    def test_a_file_that_could_not_be_checked_is_warned_about(self, kreglint, write):
        write("model.py", "import keras\nx = (\n")
        run = kreglint("check", "--fix-only")
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr.startswith("kreglint: warning: model.py:2:5: KRG900 this file cannot be parsed")


class TestDiff:
    def test_it_shows_what_would_change_and_writes_nothing(self, kreglint, write):
        file = write("model.py", BOTH)
        run = kreglint("check", "--diff", "model.py")
        assert (run.returncode, run.stdout) == (1, DIFF)
        assert run.stderr == "Would fix 1 finding (1 more with --unsafe-fixes).\n"
        assert file.read_text() == BOTH

    def test_it_wins_over_fix(self, kreglint, write):
        file = write("model.py", BOTH)
        run = kreglint("check", "--fix", "--diff", "model.py")
        assert (run.returncode, run.stdout, file.read_text()) == (1, DIFF, BOTH)

    def test_without_changes_it_exits_with_0(self, kreglint, write):
        write("model.py", IMPORT + UNSAFE)
        run = kreglint("check", "--diff", "model.py")
        assert (run.returncode, run.stdout) == (0, "")
        assert run.stderr == "Nothing to fix (1 more with --unsafe-fixes).\n"

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\x0c\n", ""])
    def test_patch_applies_it(self, kreglint, write, tmp_path, ending):
        text = (IMPORT + SAFE).replace("\n", "\r\n" if ending == "\r\n" else "\n").rstrip() + ending
        file = write("nets/model.py", "")
        file.write_bytes(text.encode())
        kreglint_diff = kreglint("check", "--diff").stdout.encode()
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
        subprocess.run(["git", "apply", "-p0", "-"], cwd=tmp_path, input=kreglint_diff, check=True)
        assert file.read_bytes() == text.replace("W_reg", "kernel_reg").encode()


class TestStandardInput:
    def test_the_fixed_program_goes_to_standard_output_and_findings_to_standard_error(self, kreglint):
        run = kreglint("check", "--fix", "-", stdin=BOTH.encode())
        assert (run.returncode, run.stdout) == (1, IMPORT + SAFELY + UNSAFE)
        assert codes(run.stderr) == ["KRG302"]

    @pytest.mark.parametrize("text", [IMPORT + SAFELY, "x = 1", "import keras\nx = (\n", ""])
    def test_a_program_without_fixes_comes_out_as_it_is(self, kreglint, text):
        assert kreglint("check", "--fix-only", "-", stdin=text.encode()).stdout == text

    def test_a_diff_has_its_name(self, kreglint):
        run = kreglint("check", "--diff", "--stdin-filename", "model.py", stdin=BOTH.encode())
        assert (run.returncode, run.stdout) == (1, DIFF)

    def test_other_bytes_stay(self, kreglint):
        run = kreglint("check", "--fix", "-q", "-", stdin=f"\ufeff{IMPORT}{SAFE}".replace("\n", "\r\n").encode())
        assert run.stdout == f"\ufeff{IMPORT}{SAFELY}".replace("\n", "\r\n")


def test_without_fix_the_summary_tells_what_it_would_do(kreglint, write):
    write("model.py", BOTH)
    last = kreglint("check").stderr.splitlines()[-1]
    assert last == "1 can be fixed with --fix, 1 more with --unsafe-fixes."
    assert kreglint("check", "--unsafe-fixes").stderr.splitlines()[-1] == "2 can be fixed with --fix."
