"""The files and snippets for CI systems, held against the schemas that check-jsonschema ships, and run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
SNIPPETS = re.findall(
    r"<!-- schema: (\S+) -->\n```yaml\n(.*?)```\n", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.S
)
INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'


def validate(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_the_action_is_valid():
    validate("vendor.github-actions", ROOT / "action.yml")


def test_the_hook_is_valid():
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    subprocess.run(command, cwd=ROOT, check=True)


@pytest.mark.parametrize(("schema", "snippet"), SNIPPETS)
def test_a_snippet_of_the_guide_is_valid(tmp_path, schema, snippet):
    file = tmp_path / "snippet.yml"
    file.write_text(snippet, encoding="utf-8")
    validate(schema, file)


def test_the_guide_has_snippets_for_github_and_gitlab():
    assert {schema for schema, _ in SNIPPETS} == {"vendor.github-workflows", "vendor.gitlab-ci"}


def test_the_guide_gives_the_action_inputs_that_it_has():
    [used] = re.findall(r"uses: kreglint/kreglint@\S+\n        with:\n((?:          .*\n)+)", SNIPPETS[0][1])
    assert yaml.safe_load(used).keys() <= ACTION["inputs"].keys()


@pytest.fixture
def check(tmp_path):
    """Runs the second step of the action as the runner does, with kreglint on its path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    kreglint = programs / "kreglint"
    kreglint.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m kreglint "$@"\n', encoding="utf-8")
    kreglint.chmod(0o755)
    script = tmp_path / "step.sh"
    script.write_text(ACTION["runs"]["steps"][1]["run"], encoding="utf-8")
    folder = tmp_path / "checkout"
    folder.mkdir()

    def run(paths=".", args="", sarif=""):
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "PATHS": paths,
                "ARGS": args,
                "SARIF_FILE": sarif,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    run.folder = folder
    return run


def test_the_action_annotates_and_fails(check):
    (check.folder / "model.py").write_text(INERT, "utf-8")
    done = check()
    assert done.returncode == 1
    assert done.stdout.startswith("::error title=kreglint (KRG302),file=model.py,line=2,")


def test_the_action_passes_where_there_is_nothing_to_report(check):
    (check.folder / "model.py").write_text("import keras\n", "utf-8")
    assert check().returncode == 0


def test_the_action_takes_paths_with_blanks_one_a_line_and_options(check):
    for name in ("my nets", "other", "third"):
        (check.folder / name).mkdir()
        (check.folder / name / "model.py").write_text(INERT, "utf-8")
    done = check(paths="my nets\nother\n", args="--select KRG3")
    assert re.findall(r"file=([^,]+)", done.stdout) == ["my nets/model.py", "other/model.py"]
    assert check(paths="my nets", args="--select KRG1").returncode == 0


def test_the_action_takes_no_commands_from_its_inputs(check):
    (check.folder / "$(touch hacked).py").write_text(INERT, "utf-8")
    done = check(paths="$(touch hacked).py\n; touch hacked", args="$(touch hacked)")
    assert done.returncode == 2
    assert not (check.folder / "hacked").exists()


def test_the_action_writes_a_sarif_file_beside_the_annotations(check):
    (check.folder / "model.py").write_text(INERT, "utf-8")
    assert check(sarif="kreglint.sarif").returncode == 1
    [run] = json.loads((check.folder / "kreglint.sarif").read_text("utf-8"))["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["KRG302"]


def test_the_action_fails_where_the_run_fails(check):
    assert check(paths="missing", sarif="kreglint.sarif").returncode == 2
