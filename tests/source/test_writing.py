"""Nothing is lost: a file is the old one or the new one, whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kreglint.source import writing
from kreglint.source.writing import ChangedFileError, replace_file


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "model.py"
    path.write_bytes(b"old\r\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_content_is_replaced_and_nothing_else_is_left_in_the_folder(file):
    replace_file(str(file), b"new\r\n", b"old\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert names(file.parent) == ["model.py"]


def test_a_file_that_changed_since_it_was_read_is_left_alone(file):
    with pytest.raises(ChangedFileError, match=r"model\.py: changed since it was read"):
        replace_file(str(file), b"new", b"older")
    assert file.read_bytes() == b"old\r\n"


def test_what_was_there_may_not_matter(file, tmp_path):
    replace_file(str(file), b"new", None)
    replace_file(str(tmp_path / "fresh.py"), b"new", None)
    assert (file.read_bytes(), (tmp_path / "fresh.py").read_bytes()) == (b"new", b"new")


@pytest.mark.parametrize("mode", [0o755, 0o640, 0o600])
def test_the_mode_is_kept(file, mode):
    file.chmod(mode)
    replace_file(str(file), b"new", b"old\r\n")
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_new_files_have(tmp_path):
    old = os.umask(0o027)
    try:
        replace_file(str(tmp_path / "fresh.py"), b"new", None)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "fresh.py").stat().st_mode) == 0o640


def test_a_symbolic_link_is_followed_and_stays(file, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to("model.py")
    replace_file(str(link), b"new", b"old\r\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    path = str(tmp_path / "no" / "a.py")
    with pytest.raises(FileNotFoundError) as caught:
        replace_file(path, b"new", None)
    assert caught.value.filename == path


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_on_the_way_leaves_the_old_file_and_no_other(file, monkeypatch, step):
    def fail(*_):
        raise OSError(28, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(writing.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(str(file), b"new", b"old\r\n")
    assert file.read_bytes() == b"old\r\n"
    assert names(file.parent) == ["model.py"]


def test_a_file_that_may_not_be_written_is_left_alone(file, monkeypatch):
    monkeypatch.setattr(writing.os, "access", lambda path, mode: False)  # as for anybody but root
    with pytest.raises(PermissionError):
        replace_file(str(file), b"new", b"old\r\n")
    assert file.read_bytes() == b"old\r\n"
