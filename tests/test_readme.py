"""What the README shows is what a newcomer sees."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OUTPUTS = re.findall(r"<!-- output: kreglint ([^\n]+) -->\n```text\n(.*?)```\n", README, re.DOTALL)


def test_the_readme_shows_findings_and_an_inventory():
    assert [command.split()[0] for command, _ in OUTPUTS] == ["check", "report"]


@pytest.mark.parametrize(("command", "shown"), OUTPUTS, ids=[command for command, _ in OUTPUTS])
def test_the_readme_shows_a_part_of_what_the_command_prints(command, shown):
    run = [sys.executable, "-m", "kreglint", *command.split()]
    printed = subprocess.run(run, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout
    assert shown
    assert shown in printed


def test_every_relative_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
