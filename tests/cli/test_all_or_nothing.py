"""What writes files finds out before it writes the first that something is wrong with what it was asked."""

from __future__ import annotations

import pytest

FIXABLE = 'from keras import layers\nlayers.Dense(4, W_regularizer="l2")\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
WRITING = (
    ("--add-noqa",),
    ("--add-noqa=as in the paper",),
    ("--fix",),
    ("--fix", "--unsafe-fixes"),
    ("--fix-only",),
    ("--write-baseline", "known.json"),
    ("--output-file", "report.txt"),
)


@pytest.fixture
def files(write, tmp_path):
    """The content of all files."""
    write("vgg.py", FIXABLE)
    return lambda: {path.name: path.read_text("utf-8") for path in tmp_path.iterdir() if path.is_file()}


@pytest.mark.parametrize("options", WRITING)
@pytest.mark.parametrize("paths", [("legacy", "vgg.py"), ("vgg.py", "legacy"), ("vgg.py", "")])
def test_nothing_is_written_where_a_path_does_not_exist(kreglint, files, options, paths):
    before = files()
    run = kreglint("check", *options, *paths)
    wrong = "legacy" if "legacy" in paths else "''"
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        f"kreglint: error: expected a file or folder, but {wrong} does not exist; nothing is written\n"
    )
    assert files() == before


def test_an_inventory_is_not_written_either(kreglint, files):
    before = files()
    assert kreglint("report", "--output-file", "report.txt", "vgg.py", "legacy").returncode == 2
    assert files() == before


def test_standard_input_is_not_fixed_either(kreglint, files):
    before = files()
    run = kreglint("check", "--fix", "-", "legacy", stdin=FIXABLE.encode())
    assert (run.returncode, run.stdout, files()) == (2, "", before)


@pytest.mark.parametrize("options", [("--output-file", "no/report.txt"), ("--write-baseline", "no/known.json")])
def test_nothing_is_fixed_where_another_file_cannot_be_written(kreglint, files, options):
    before = files()
    run = kreglint("check", "--fix", *options, "vgg.py")
    assert (run.returncode, run.stderr) == (2, f"kreglint: error: {options[1]}: No such file or directory\n")
    assert files() == before


def test_no_comment_is_written_where_the_settings_of_a_later_folder_are_no_good(kreglint, files, write):
    before = files()
    write("z/kreglint.toml", "selekt = []\n")
    write("z/model.py", FIXABLE)
    assert kreglint("check", "--add-noqa", "vgg.py", "z").returncode == 2
    assert files() == before


@pytest.mark.parametrize("options", [("--add-noqa",), ("--fix",), ("--fix-only",), ("--write-baseline", "known.json")])
def test_nothing_is_written_where_a_folder_cannot_be_looked_through(kreglint, files, write, tmp_path, options):
    before = files()
    write("z/model.py", FIXABLE)
    (tmp_path / "z" / ".gitignore").symlink_to(".gitignore")  # a link that leads to itself
    assert kreglint("check", *options).returncode == 2
    assert files() == before


def test_what_only_reads_goes_on_with_the_rest(kreglint, files):
    for options in ((), ("--diff",)):
        run = kreglint("check", *options, "legacy", "vgg.py")
        assert (run.returncode, "vgg.py" in run.stdout) == (2, True)
        assert "expected a file or folder, but legacy does not exist\n" in run.stderr


def test_the_help_shows_how_a_value_that_may_be_left_out_is_given(kreglint):
    assert "--add-noqa[=REASON]" in kreglint("check", "--help").stdout
    assert "--add-noqa REASON" not in kreglint("check", "--help").stdout
