from __future__ import annotations

import json

import pytest

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
UNKNOWN = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="l3")\n'
CLEAN = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="l2")\n'
LARGE = "from keras import layers, regularizers\nlayers.Dense(4, kernel_regularizer=regularizers.L2(1.5))\n"


def codes(run):
    return [line.split()[1] for line in run.stdout.splitlines()]


def files(run):
    return [line.partition(":")[0] for line in run.stdout.splitlines()]


def test_findings_go_to_standard_output_and_the_summary_to_standard_error(kreglint, write):
    write("model.py", INERT)
    run = kreglint("check", "model.py")
    assert run.returncode == 1
    assert run.stdout.startswith("model.py:2:36: KRG302 ")
    assert run.stdout.count("\n") == 1
    assert run.stderr == "Found 1 finding (1 error) in 1 of 1 file.\n1 can be fixed with --fix --unsafe-fixes.\n"


def test_a_clean_file_exits_with_0(kreglint, write):
    write("model.py", CLEAN)
    run = kreglint("check", "model.py")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "1 file checked: nothing to report\n"


def test_the_summary_counts_severities_and_files(kreglint, write):
    write("a.py", INERT + UNKNOWN)
    write("b.py", LARGE)
    write("c.py", CLEAN)
    assert kreglint("check").stderr.splitlines()[0] == "Found 3 findings (2 errors, 1 warning) in 2 of 3 files."


def test_without_a_path_the_current_folder_is_checked(kreglint, write):
    write("nets/vgg.py", INERT)
    write("train.py", INERT)
    assert files(kreglint("check")) == ["nets/vgg.py", "train.py"]


def test_a_folder_without_python_files_is_warned_about(kreglint):
    run = kreglint("check")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "kreglint: warning: no Python files found\n"


def test_a_file_that_is_named_twice_is_checked_once(kreglint, write):
    write("nets/vgg.py", INERT)
    assert files(kreglint("check", "nets/vgg.py", "nets", ".")) == ["nets/vgg.py"]


def test_an_absolute_path_below_the_current_folder_is_shown_relative(kreglint, write):
    assert files(kreglint("check", str(write("nets/vgg.py", INERT)))) == ["nets/vgg.py"]


def test_options_and_paths_may_be_mixed(kreglint, write):
    write("a.py", INERT)
    write("b.py", UNKNOWN)
    run = kreglint("check", "a.py", "--select", "KRG3", "b.py", "-q")
    assert (codes(run), run.stderr) == (["KRG302"], "")


def test_after_a_double_dash_everything_is_a_path(kreglint, write):
    write("-model.py", INERT)
    assert files(kreglint("check", "--", "-model.py")) == ["-model.py"]


def test_exit_zero_hides_findings_from_the_exit_code(kreglint, write):
    write("model.py", INERT)
    run = kreglint("check", "--exit-zero", "model.py")
    assert (run.returncode, codes(run)) == (0, ["KRG302"])


def test_quiet_leaves_out_the_summary(kreglint, write):
    write("model.py", INERT)
    run = kreglint("check", "-q", "model.py")
    assert (run.returncode, codes(run), run.stderr) == (1, ["KRG302"], "")


def test_verbose_says_which_settings_each_file_has(kreglint, write):
    write("model.py", CLEAN)
    config = write("nets/kreglint.toml", 'keras-version = "3.15"\n')
    write("nets/vgg.py", CLEAN)
    assert kreglint("check", "-v", "model.py", "nets").stderr.splitlines() == [
        "model.py: settings from the defaults, for the Keras version that its imports show",
        f"nets/vgg.py: settings from {config}, for Keras 3.15",
        "2 files checked: nothing to report",
    ]


class TestOutputFormat:
    def test_json_is_the_whole_of_the_output(self, kreglint, write):
        write("model.py", INERT)
        run = kreglint("check", "--output-format", "json", "model.py")
        [finding] = json.loads(run.stdout)
        assert (finding["code"], finding["filename"]) == ("KRG302", "model.py")
        assert finding["location"] == {"row": 2, "column": 36}
        assert finding["end_location"] == {"row": 2, "column": 42}
        assert (run.returncode, run.stderr) == (1, "")

    def test_json_without_findings_is_an_empty_array(self, kreglint, write):
        write("model.py", CLEAN)
        run = kreglint("check", "--output-format=json", "model.py")
        assert (run.returncode, run.stdout, run.stderr) == (0, "[]\n", "")

    def test_json_is_utf_8_in_every_locale(self, kreglint, write):
        write("λ.py", INERT)
        run = kreglint("check", "--output-format=json", "λ.py", PYTHONIOENCODING="ascii")
        assert json.loads(run.stdout)[0]["filename"] == "λ.py"

    def test_what_the_locale_cannot_say_is_escaped_in_the_other_formats(self, kreglint, write):
        write("λ.py", INERT)
        run = kreglint("check", "λ.py", PYTHONIOENCODING="ascii")
        assert run.stdout.startswith("\\u03bb.py:2:36: KRG302")

    def test_text_quotes_the_source(self, kreglint, write):
        write("model.py", INERT)
        lines = kreglint("check", "--output-format", "text", "model.py").stdout.splitlines()
        assert lines[0].startswith("model.py:2:36: KRG302 [error] ")
        assert lines[1:4] == [
            "  |",
            '2 | layers.Dense(4, kernel_regularizer="L1L2")',
            "  |                                    ^^^^^^",
        ]

    def test_statistics_stand_in_for_the_findings(self, kreglint, write):
        write("model.py", INERT + INERT + UNKNOWN)
        run = kreglint("check", "--statistics", "model.py")
        assert run.stdout == "2  KRG302  inert-identifier\n1  KRG101  unknown-identifier\n"
        assert run.returncode == 1

    def test_statistics_have_a_json_form(self, kreglint, write):
        write("model.py", INERT)
        run = kreglint("check", "--statistics", "--output-format", "json", "model.py")
        assert json.loads(run.stdout) == [{"code": "KRG302", "name": "inert-identifier", "count": 1}]

    @pytest.mark.parametrize(
        ("arguments", "variables", "coloured"),
        [
            ((), {}, False),
            (("--color", "always"), {"NO_COLOR": "1"}, True),
            (("--color", "never"), {"FORCE_COLOR": "1"}, False),
            ((), {"FORCE_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ],
    )
    def test_colour_is_an_option_and_an_environment_variable(self, kreglint, write, arguments, variables, coloured):
        write("model.py", INERT)
        run = kreglint("check", "model.py", *arguments, **variables)
        assert ("\x1b[" in run.stdout) is coloured


class TestRules:
    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            ((), ["KRG101", "KRG302"]),
            (("--select", "KRG302"), ["KRG302"]),
            (("--select", "KRG3"), ["KRG302"]),
            (("--select", "KRG1,KRG302"), ["KRG101", "KRG302"]),
            (("--select", "KRG1", "--select", "KRG3"), ["KRG101", "KRG302"]),
            (("--select", "ALL", "--ignore", "KRG3"), ["KRG101"]),
            (("--ignore", "KRG302"), ["KRG101"]),
            (("--select", "KRG2", "--extend-select", "KRG101"), ["KRG101"]),
            (("--per-file-ignores", "model.py:KRG302"), ["KRG101"]),
            (("--per-file-ignores", "nets/*.py:KRG302"), ["KRG101"]),
            (("--per-file-ignores", "other.py:KRG302,nets/*:KRG1,KRG3"), []),
            (("--per-file-ignores", "other.py:KRG302"), ["KRG101", "KRG302"]),
        ],
    )
    def test_options_choose_the_rules(self, kreglint, write, arguments, found):
        write("nets/model.py", UNKNOWN + INERT)
        assert codes(kreglint("check", *arguments)) == found

    def test_max_lambda_is_an_option(self, kreglint, write):
        write("model.py", LARGE)
        assert codes(kreglint("check", "model.py")) == ["KRG202"]
        assert codes(kreglint("check", "--max-lambda", "2", "model.py")) == []

    def test_the_target_version_is_an_option(self, kreglint, write):
        write("model.py", 'from tensorflow.keras import layers\nlayers.Dense(4, kernel_regularizer="l1_l2")\n')
        assert codes(kreglint("check", "--keras-version", "2", "model.py")) == []
        assert codes(kreglint("check", "--keras-version", "3", "model.py")) == ["KRG102"]

    def test_a_noqa_comment_suppresses(self, kreglint, write):
        write("model.py", INERT.rstrip("\n") + "  # noqa: KRG302\n")
        assert codes(kreglint("check", "model.py")) == []


class TestSettings:
    def test_each_file_has_those_of_its_closest_configuration(self, kreglint, write):
        write("pyproject.toml", '[tool.kreglint]\nignore = ["KRG302"]\n')
        write("old/kreglint.toml", 'ignore = ["KRG101"]\n')
        write("model.py", UNKNOWN + INERT)
        write("old/model.py", UNKNOWN + INERT)
        run = kreglint("check")
        assert sorted(zip(files(run), codes(run), strict=True)) == [
            ("model.py", "KRG101"),
            ("old/model.py", "KRG302"),
        ]

    def test_isolated_reads_no_configuration(self, kreglint, write):
        write("kreglint.toml", 'ignore = ["KRG302"]\n')
        write("model.py", INERT)
        assert codes(kreglint("check", "--isolated")) == ["KRG302"]

    def test_config_names_the_one_to_read(self, kreglint, write):
        write("kreglint.toml", 'ignore = ["KRG302"]\n')
        write("other.toml", 'ignore = ["KRG101"]\n')
        write("model.py", UNKNOWN + INERT)
        assert codes(kreglint("check", "--config", "other.toml")) == ["KRG302"]

    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            (("--select", "KRG302"), ["KRG302"]),
            (("--ignore", "KRG101"), []),
            (("--extend-select", "KRG2"), ["KRG101"]),
        ],
    )
    def test_select_sets_aside_what_the_configuration_selects_and_the_others_add_to_it(
        self, kreglint, write, arguments, found
    ):
        write("kreglint.toml", 'ignore = ["KRG302"]\n')
        write("model.py", UNKNOWN + INERT)
        assert codes(kreglint("check", *arguments)) == found

    def test_patterns_of_the_command_line_count_from_the_current_folder(self, kreglint, write, tmp_path):
        write("kreglint.toml", "")
        write("a/b/model.py", INERT)
        run = kreglint("check", "--per-file-ignores", "b/*.py:KRG302", "a")
        assert codes(run) == ["KRG302"]
        assert codes(kreglint("check", "--per-file-ignores", "a/b/*.py:KRG302", "a")) == []


class TestFiles:
    def test_show_files_lists_them_and_checks_nothing(self, kreglint, write):
        write("b.py", INERT)
        write("a/c.py", INERT)
        run = kreglint("check", "--show-files")
        assert (run.returncode, run.stdout, run.stderr) == (0, "a/c.py\nb.py\n", "")

    @pytest.mark.parametrize("patterns", ["gen", "gen/", "gen/*.py", "g*,other", "./gen"])
    def test_exclude_leaves_out_of_folders(self, kreglint, write, patterns):
        write("gen/a.py", INERT)
        write("b.py", INERT)
        assert kreglint("check", "--show-files", "--exclude", patterns).stdout == "b.py\n"

    def test_exclude_of_the_settings_counts_from_their_folder(self, kreglint, write):
        write("nets/kreglint.toml", 'extend-exclude = ["gen"]\n')
        write("nets/gen/a.py", INERT)
        write("nets/b.py", INERT)
        assert kreglint("check", "--show-files", "nets").stdout == "nets/b.py\n"

    def test_a_file_that_is_named_is_checked_though_it_is_excluded(self, kreglint, write):
        write("gen/a.py", INERT)
        assert kreglint("check", "--show-files", "--exclude", "gen", "gen/a.py").stdout == "gen/a.py\n"

    def test_gitignore_is_respected_unless_told_otherwise(self, kreglint, write, tmp_path):
        (tmp_path / ".git").mkdir()
        write(".gitignore", "gen/\n")
        write("gen/a.py", INERT)
        write("b.py", INERT)
        assert kreglint("check", "--show-files").stdout == "b.py\n"
        assert kreglint("check", "--show-files", "--no-respect-gitignore").stdout == "b.py\ngen/a.py\n"


class TestStandardInput:
    def test_a_dash_reads_it(self, kreglint):
        run = kreglint("check", "-", stdin=INERT.encode())
        assert run.returncode == 1
        assert run.stdout.startswith("<stdin>:2:36: KRG302 ")
        assert run.stderr == "Found 1 finding (1 error) in 1 of 1 file.\n1 can be fixed with --fix --unsafe-fixes.\n"

    def test_stdin_filename_names_it_in_the_output(self, kreglint):
        run = kreglint("check", "--stdin-filename", "nets/vgg.py", "-", stdin=INERT.encode())
        assert files(run) == ["nets/vgg.py"]

    def test_stdin_filename_alone_reads_it(self, kreglint):
        run = kreglint("check", "--stdin-filename", "nets/vgg.py", stdin=INERT.encode())
        assert files(run) == ["nets/vgg.py"]

    def test_the_settings_are_those_of_the_named_files_folder(self, kreglint, write):
        write("nets/kreglint.toml", 'ignore = ["KRG302"]\n')
        run = kreglint("check", "--stdin-filename", "nets/vgg.py", "-", stdin=INERT.encode())
        assert (run.returncode, run.stdout) == (0, "")

    def test_without_a_name_the_settings_are_the_current_folders(self, kreglint, write):
        write("kreglint.toml", 'ignore = ["KRG302"]\n')
        assert kreglint("check", "-", stdin=INERT.encode()).returncode == 0

    def test_its_bytes_are_decoded_by_their_own_cookie(self, kreglint):
        source = '# coding: latin-1\nfrom keras import layers\nx = "é"; layers.Dense(4, kernel_regularizer="l3")\n'
        run = kreglint("check", "-", stdin=source.encode("latin-1"))
        assert run.stdout.startswith("<stdin>:3:45: KRG101 ")

    def test_files_may_stand_beside_it(self, kreglint, write):
        write("model.py", UNKNOWN)
        assert codes(kreglint("check", "model.py", "-", stdin=INERT.encode())) == ["KRG302", "KRG101"]
