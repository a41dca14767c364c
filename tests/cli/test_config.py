from __future__ import annotations

import json

from kreglint.settings.table import TABLE


def settings(run):
    assert (run.returncode, run.stderr) == (0, "")
    return json.loads(run.stdout)["settings"]


def test_each_key_has_its_value_and_its_source(kreglint, write, tmp_path):
    write("pyproject.toml", '[tool.kreglint]\nignore = ["KRG202"]\nmax-lambda = 2\n')
    found = settings(kreglint("config", "--output-format", "json"))
    assert list(found) == [setting.key for setting in TABLE]
    file = str(tmp_path / "pyproject.toml")
    assert found["ignore"] == {"value": ["KRG202"], "source": file}
    assert found["max-lambda"] == {"value": 2.0, "source": file}
    assert found["keras-version"] == {"value": None, "source": "default"}


def test_the_closest_file_wins(kreglint, write, tmp_path):
    write("pyproject.toml", '[tool.kreglint]\nignore = ["KRG202"]\n')
    write("nets/kreglint.toml", "max-lambda = 2\n")
    write("nets/vgg.py", "")
    found = settings(kreglint("config", "--output-format", "json", "nets/vgg.py"))
    assert found["ignore"] == {"value": [], "source": "default"}
    assert found["max-lambda"]["source"] == str(tmp_path / "nets" / "kreglint.toml")


def test_for_a_person_each_is_a_line_as_toml_has_it(kreglint, write, tmp_path):
    write("kreglint.toml", 'select = ["KRG3"]\nper-file-ignores = {"tests/*" = ["KRG1", "KRG2"]}\n')
    run = kreglint("config")
    assert run.returncode == 0
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in run.stdout.splitlines()[1:]}
    file = tmp_path / "kreglint.toml"
    assert run.stdout.startswith("Settings for .\n")
    assert lines["select"].split("  ")[0] == '["KRG3"]'
    assert lines["per-file-ignores"].split("  ")[0] == '{"tests/*" = ["KRG1", "KRG2"]}'
    assert lines["select"].endswith(str(file))
    assert lines["keras-version"].split("  ")[0] == "found file by file"


def test_options_win_and_are_named(kreglint, write):
    write("kreglint.toml", 'keras-version = "2"\n')
    found = settings(kreglint("config", "--keras-version", "3.15", "--output-format", "json"))
    assert found["keras-version"] == {"value": "3.15", "source": "--keras-version"}
    assert settings(kreglint("config", "--isolated", "--output-format", "json"))["keras-version"]["source"] == "default"
    write("other.toml", "max-lambda = 3\n")
    named = settings(kreglint("config", "--config", "other.toml", "--output-format", "json"))
    assert named["max-lambda"] == {"value": 3.0, "source": "other.toml"}


def test_check_shows_the_settings_with_all_of_its_options(kreglint, write):
    write("kreglint.toml", 'ignore = ["KRG202"]\n')
    run = kreglint("check", "--show-settings", "--select", "KRG3", "--per-file-ignores", "a.py:KRG302")
    lines = [line.split() for line in run.stdout.splitlines()[1:]]
    sources = {line[0]: line[-1] for line in lines}
    assert (sources["select"], sources["per-file-ignores"]) == ("--select", "--per-file-ignores")
    assert ["ignore", "[]", "default"] in lines, "--select sets it aside"


def test_check_shows_the_settings_of_each_path(kreglint, write):
    write("a/kreglint.toml", "max-lambda = 2\n")
    write("b/kreglint.toml", "max-lambda = 3\n")
    run = kreglint("check", "--show-settings", "a", "b")
    assert [line for line in run.stdout.splitlines() if line.startswith("Settings")] == [
        "Settings for a",
        "Settings for b",
    ]


def test_an_unknown_key_names_the_nearest(kreglint, write):
    write("kreglint.toml", "max-lamda = 2\n")
    run = kreglint("config")
    assert (run.returncode, run.stdout) == (2, "")
    assert "unknown key 'max-lamda'; did you mean 'max-lambda'?" in run.stderr
