"""A file is the old one or the new one, whole, whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kreglint.source.writing import ChangedFileError, replace_file

PROJECT = Path(__file__).parents[2]
OLD, NEW = b"old\n", b"new\n" * 100_000
NOBODY = 65534


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.py"
    path.write_bytes(OLD)
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_content_is_replaced_and_nothing_else_is_left(file):
    replace_file(str(file), NEW, OLD)
    assert (file.read_bytes(), names(file.parent)) == (NEW, ["model.py"])


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664, 0o200])
def test_the_mode_is_kept(file, mode):
    file.chmod(mode)
    replace_file(str(file), NEW, OLD)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_is_kept(file):
    os.chown(file, NOBODY, NOBODY)
    replace_file(str(file), NEW, OLD)
    assert (file.stat().st_uid, file.stat().st_gid) == (NOBODY, NOBODY)


def test_without_the_right_to_keep_the_owner_no_file_runs_as_another(file, monkeypatch):
    file.chmod(0o4755)

    def chown(*_):
        raise PermissionError

    monkeypatch.setattr(os, "chown", chown)
    replace_file(str(file), NEW, OLD)
    assert stat.S_IMODE(file.stat().st_mode) == 0o755


def test_a_symbolic_link_is_followed_and_stays(file, tmp_path):
    link = tmp_path / "link.py"
    (tmp_path / "folder").mkdir()
    link.symlink_to(file)
    inner = tmp_path / "folder" / "again.py"
    inner.symlink_to(link)
    replace_file(str(inner), NEW, OLD)
    assert (link.is_symlink(), inner.is_symlink(), file.is_symlink()) == (True, True, False)
    assert file.read_bytes() == NEW


def test_a_file_that_changed_since_it_was_read_is_left_alone(file):
    file.write_bytes(b"somebody was faster\n")
    with pytest.raises(ChangedFileError, match=r"model\.py: changed since it was read"):
        replace_file(str(file), NEW, OLD)
    assert (file.read_bytes(), names(file.parent)) == (b"somebody was faster\n", ["model.py"])


def test_a_file_that_is_gone_is_not_made_anew(file):
    file.unlink()
    with pytest.raises(FileNotFoundError):
        replace_file(str(file), NEW, OLD)
    assert names(file.parent) == []


def test_a_read_only_file_is_left_alone_for_root_too(file):
    file.chmod(0o444)
    with pytest.raises(PermissionError, match="the file is read-only"):
        replace_file(str(file), NEW, OLD)
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["model.py"])


def test_what_is_no_regular_file_is_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(OSError, match="not a regular file"):
        replace_file(str(tmp_path / "pipe.py"), NEW, OLD)


REPLACE = """
import os, sys
from pathlib import Path
from kreglint.source.writing import replace_file
path, old, new = Path(sys.argv[1]), b"old\\n", b"new\\n" * 100_000
{preparation}
try:
    replace_file(str(path), new, old)
except OSError as error:
    sys.exit(str(error))
"""


def replace_in_a_process(file, preparation="", **options):
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", REPLACE.format(preparation=preparation), str(file)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        **options,
    )


KILLED_AT = """
import signal, tempfile
def killed(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
def then_killed(action):
    def both(*arguments, **more):
        action(*arguments, **more)
        killed()
    return both
"""


@pytest.mark.parametrize(
    ("moment", "content"),
    [
        ("tempfile.mkstemp = then_killed(tempfile.mkstemp)", OLD),
        ("os.fsync = killed", OLD),
        ("os.fsync = then_killed(os.fsync)", OLD),
        ("Path.chmod = killed", OLD),
        ("Path.replace = killed", OLD),
        ("Path.replace = then_killed(Path.replace)", NEW),
    ],
)
def test_a_process_that_is_killed_leaves_one_or_the_other_whole(file, moment, content):
    done = replace_in_a_process(file, KILLED_AT + moment)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == content


def test_a_process_that_is_killed_in_the_middle_of_writing_leaves_the_old_file(file):
    half_written = """
import builtins
fdopen = os.fdopen
class Half:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def write(self, content):
        self.file.write(content[: len(content) // 2])
        self.file.flush()
        killed()
os.fdopen = lambda *arguments: Half(fdopen(*arguments))
"""
    done = replace_in_a_process(file, KILLED_AT + half_written)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == OLD
    assert [path.stat().st_size for path in file.parent.glob(".model.py.*.tmp")] == [len(NEW) // 2]


def test_an_interrupt_leaves_nothing_beside_the_file(file):
    done = replace_in_a_process(file, "def interrupted(*_): raise KeyboardInterrupt\nos.fsync = interrupted")
    assert done.returncode == -signal.SIGINT
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["model.py"])


def test_a_limit_on_the_size_of_files_leaves_the_old_file(file):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    done = replace_in_a_process(file, limit)
    assert "File too large" in done.stderr
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["model.py"])


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB with a file in it."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting a tmpfs is not permitted here: {mounted.stderr.decode().strip()}")
    file = place / "model.py"
    file.write_bytes(OLD)
    yield file
    subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_old_file(small_disk):
    with pytest.raises(OSError, match="No space left on device"):
        replace_file(str(small_disk), NEW, OLD)
    assert (small_disk.read_bytes(), names(small_disk.parent)) == (OLD, ["model.py"])


def test_a_read_only_file_system_leaves_the_old_file(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk.parent)], check=True)
    with pytest.raises(OSError, match=r"Read-only file system|Permission denied"):
        replace_file(str(small_disk), b"new\n", OLD)
    assert (small_disk.read_bytes(), names(small_disk.parent)) == (OLD, ["model.py"])


@pytest.fixture
def open_folder():
    """A folder that everybody may enter, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_leaves_the_old_file(open_folder):
    file = open_folder / "model.py"
    file.write_bytes(OLD)
    file.chmod(0o666)
    open_folder.chmod(0o555)
    nobody = f"os.setgid({NOBODY}); os.setuid({NOBODY})" if os.geteuid() == 0 else ""  # root may write everywhere
    done = replace_in_a_process(file, nobody)
    assert f"Permission denied: '{file}'" in done.stderr
    assert (file.read_bytes(), names(open_folder)) == (OLD, ["model.py"])
