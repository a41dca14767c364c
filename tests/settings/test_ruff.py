"""What the project's Ruff makes of our codes, as Ruff itself shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kreglint.settings.ruff import settings_without

CODES = "KRG"
SUPPRESSES = 'from keras import layers\n\nlayers.Dense(4, kernel_regularizer="L1L2")  # noqa: KRG302\n'


def ruff_warns(folder) -> bool:
    (folder / "net.py").write_text(SUPPRESSES)
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "net.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return "RUF10" in run.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["RUF"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nextend-select = ["RUF100"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["ALL"]\nexternal = ["KRG"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["ALL"]\nexternal = ["ABC"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["RUF1"]\nexternal = ["K"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["RUF"]\nignore = ["RUF1"]\n'),
        ("pyproject.toml", '[tool.ruff.lint]\nselect = ["E"]\n'),
        ("pyproject.toml", "[tool.black]\nline-length = 100\n"),
        ("ruff.toml", '[lint]\nselect = ["RUF102"]\n'),
        (".ruff.toml", '[lint]\nselect = ["RUF"]\nexternal = ["KRG"]\n'),
    ],
)
def test_it_is_told_where_ruff_would_warn(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = settings_without(CODES, str(tmp_path))
    assert found == (tmp_path / name if ruff_warns(tmp_path) else None)


def test_the_closest_settings_count(tmp_path):
    nets = tmp_path / "nets"
    nets.mkdir()
    (tmp_path / "ruff.toml").write_text('lint.select = ["RUF"]\n')
    assert settings_without(CODES, str(nets)) == tmp_path / "ruff.toml"
    (nets / "pyproject.toml").write_text("[project]\nname = 'nets'\n")
    assert settings_without(CODES, str(nets)) == tmp_path / "ruff.toml"
    (nets / "pyproject.toml").write_text("[tool.ruff]\n")
    assert settings_without(CODES, str(nets)) is None


@pytest.mark.parametrize("text", ["lint.select = 1\n", "[lint\n", 'extend = "a.toml"\nlint.select = ["ALL"]\n'])
def test_nothing_is_said_of_settings_that_are_not_understood(tmp_path, text):
    (tmp_path / "ruff.toml").write_text(text)
    assert settings_without(CODES, str(tmp_path)) is None
