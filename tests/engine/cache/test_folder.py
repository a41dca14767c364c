"""The folder of a cache: what is read is what was written, and nothing that goes wrong there matters."""

from __future__ import annotations

import os
import time
from errno import ENOSPC
from pathlib import Path

import pytest

from kreglint.engine.cache.folder import Folder, prepare

KEY = "0123456789abcdef"
DAY = 24 * 60 * 60


@pytest.fixture
def place(tmp_path):
    return tmp_path / "cache"


def entry(place: Path) -> Path:
    [file] = place.glob("*/*/*")
    return file


def aged(file: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(file, (then, then))


def test_what_is_written_is_read(place):
    Folder(place).write(KEY, b"one")
    assert Folder(place).read(KEY) == b"one"


def test_a_second_entry_takes_the_place_of_the_first(place):
    folder = Folder(place)
    folder.write(KEY, b"one")
    folder.write(KEY, b"two")
    assert folder.read(KEY) == b"two"
    assert entry(place).is_file()


def test_without_an_entry_there_is_none_and_no_folder_is_made(place):
    assert Folder(place).read(KEY) is None
    assert not place.exists()


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: data + b" ", bytes.swapcase])
def test_a_damaged_entry_is_none(place, damage):
    Folder(place).write(KEY, b'{"found": []}')
    entry(place).write_bytes(damage(entry(place).read_bytes()))
    assert Folder(place).read(KEY) is None


def test_a_folder_in_the_place_of_an_entry_is_none(place):
    folder = Folder(place)
    folder.write(KEY, b"one")
    entry(place).unlink()
    (place / "0.1.0" / KEY[:2] / KEY[2:]).mkdir()
    assert folder.read(KEY) is None
    folder.write(KEY, b"two")
    assert folder.read(KEY) is None


def test_git_and_backups_leave_it_out(place):
    Folder(place).write(KEY, b"one")
    assert (place / ".gitignore").read_text("utf-8").endswith("\n*\n")
    assert (place / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_file_in_the_place_of_the_folder_keeps_nothing(place):
    place.write_text("mine", "utf-8")
    folder = Folder(place)
    folder.write(KEY, b"one")
    assert folder.read(KEY) is None
    assert place.read_text("utf-8") == "mine"
    assert prepare(place) is not None


def test_a_full_disk_leaves_no_half_entry(place, monkeypatch):
    folder = Folder(place)
    folder.write(KEY, b"one")

    def full(self: Path, target: Path) -> Path:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    folder.write(KEY, b"two")
    assert folder.read(KEY) == b"one"
    assert [file.name for file in place.glob("*/*/*")] == [KEY[2:]]


def test_once_a_day_what_nobody_asked_for_in_30_days_goes(place):
    folder = Folder(place)
    folder.write(KEY, b"old")
    aged(entry(place), 31)
    folder.write("f" * 16, b"new")
    assert len(list(place.glob("*/*/*"))) == 2
    aged(place / ".gitignore", 2)
    Folder(place).write("e" * 16, b"newer")
    assert folder.read(KEY) is None
    assert folder.read("f" * 16) == b"new"


def test_what_is_asked_for_stays(place):
    folder = Folder(place)
    folder.write(KEY, b"old")
    aged(entry(place), 29)
    assert folder.read(KEY) == b"old"
    assert time.time() - entry(place).stat().st_mtime < DAY
