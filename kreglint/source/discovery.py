"""Which files to check: those named, and the Python files and notebooks in the folders named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from errno import ENOENT, ENOTDIR
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from kreglint.source.ignore import IgnoreRules, parse_exclude, parse_gitignore
from kreglint.source.kinds import FOUND_IN_FOLDERS, TEXTS

OnError = Callable[[OSError], None]


class MissingPathError(Exception):
    """A path that was named and does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"expected a file or folder, but {self.path} does not exist"


def find_files(
    paths: Iterable[str],
    *,
    exclude: Sequence[str],
    root: str | None = None,
    texts: bool = False,
    respect_gitignore: bool = True,
    on_error: OnError | None = None,
) -> Iterator[str]:
    """Yield the files to check, in the order of `paths` and sorted within folders, each once.

    A file that is named is always among them. A folder that is named is walked for Python files and notebooks, and
    for `texts` if so. What `exclude` (patterns relative to `root`, by default the current folder) and `.gitignore`
    files name is left out. Raises MissingPathError before the first file where a path does not exist. A folder that
    cannot be read is handed to `on_error`, and raised as OSError without one.
    """
    excluded = parse_exclude(exclude, Path(root or ".").resolve().as_posix())
    endings = FOUND_IN_FOLDERS + TEXTS if texts else FOUND_IN_FOLDERS
    walk = _Walk(excluded, endings, respect_gitignore, on_error or _raise)
    for path, is_folder in _named(paths, on_error or _raise):
        if is_folder:
            yield from walk.files(path)
        elif walk.is_new(os.path.realpath(path)):
            yield path


def require(paths: Iterable[str]) -> None:
    """Raise MissingPathError for the first path that does not exist."""
    _named(paths, on_error=lambda _: None)


def is_excluded(file: str, *, exclude: Sequence[str], root: str | None = None) -> bool:
    """True if the walk of `root`, by default the current folder, would leave a file out, by `exclude` alone."""
    base, place = Path(root or ".").resolve(), Path(file).absolute()
    rules = parse_exclude(exclude, base.as_posix())
    folders = [folder for folder in place.parents if folder.is_relative_to(base) and folder != base]
    return bool(rules.verdict(place.as_posix(), False)) or any(rules.verdict(f.as_posix(), True) for f in folders)


def _named(paths: Iterable[str], on_error: OnError) -> list[tuple[str, bool]]:
    """Return each path in its shortest spelling, and whether it is a folder."""
    found = []
    for given in paths:
        if not given:
            raise MissingPathError("''")  # an empty path is no name of the current folder
        path = str(Path(given))
        try:
            found.append((path, S_ISDIR(Path(path).stat().st_mode)))
        except OSError as error:
            if error.errno in (ENOENT, ENOTDIR):
                raise MissingPathError(given) from error
            on_error(error)
    return found


def _raise(error: OSError) -> None:
    raise error


class _Place(NamedTuple):
    """A file or folder on the way.

    `shown` is its path as the walk found it, `absolute` the same from the root of the file system with forward
    slashes, `real` its path without symbolic links. `gitignores` are those in the folders above it.
    """

    shown: str
    absolute: str
    real: str
    is_folder: bool
    gitignores: tuple[IgnoreRules, ...]


class _Walk:
    """Walks folders and remembers what it has seen, so that loops of symbolic links end."""

    __slots__ = ("_endings", "_excluded", "_on_error", "_respect_gitignore", "_seen")

    def __init__(
        self, excluded: IgnoreRules, endings: tuple[str, ...], respect_gitignore: bool, on_error: OnError
    ) -> None:
        self._excluded = excluded
        self._endings = endings
        self._respect_gitignore = respect_gitignore
        self._on_error = on_error
        self._seen: set[str] = set()

    def is_new(self, real: str) -> bool:
        new = real not in self._seen
        self._seen.add(real)
        return new

    def files(self, folder: str) -> Iterator[str]:
        real = Path(folder).resolve()
        above = self._gitignores_above(real)
        pending = [_Place(folder, real.as_posix(), str(real), True, above)]
        while pending:  # a stack, not recursion: folders may lie deeper than Python recurses
            place = pending.pop()
            if not self.is_new(place.real):
                continue
            if place.is_folder:
                pending.extend(reversed(self._places_in(place)))
            else:
                yield place.shown

    def _places_in(self, folder: _Place) -> list[_Place]:
        """Return the folders, and files of the endings, of a folder that are not left out, sorted by name."""
        try:
            with os.scandir(folder.shown) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._on_error(error)
            return []
        gitignores = folder.gitignores
        if any(entry.name == ".gitignore" for entry in entries):
            gitignores += self._gitignores_in(folder)
        places = (_place(entry, folder, gitignores, self._endings) for entry in entries)
        return [place for place in places if place and not self._is_left_out(place)]

    def _is_left_out(self, place: _Place) -> bool:
        if self._excluded.verdict(place.absolute, place.is_folder):
            return True
        for rules in reversed(place.gitignores):
            verdict = rules.verdict(place.absolute, place.is_folder)
            if verdict is not None:
                return verdict
        return False

    def _gitignores_above(self, folder: Path) -> tuple[IgnoreRules, ...]:
        """Return the rules of the folders from the repository's root down to the one above this."""
        if not self._respect_gitignore:
            return ()
        above: list[IgnoreRules] = []
        for parent in (folder, *folder.parents):
            base = parent.as_posix()
            if parent != folder:
                above[:0] = self._rules(parent / ".gitignore", base)
            if (parent / ".git").exists():
                return (*self._rules(parent / ".git" / "info" / "exclude", base), *above)
        return ()

    def _gitignores_in(self, folder: _Place) -> tuple[IgnoreRules, ...]:
        if not self._respect_gitignore:
            return ()
        return self._rules(Path(folder.shown, ".gitignore"), folder.absolute)

    def _rules(self, file: Path, base: str) -> tuple[IgnoreRules, ...]:
        try:
            text = file.read_text("utf-8", "surrogateescape")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return ()
        except OSError as error:
            self._on_error(error)
            return ()
        return (parse_gitignore(text, base),)


def _place(
    entry: os.DirEntry[str], folder: _Place, gitignores: tuple[IgnoreRules, ...], endings: tuple[str, ...]
) -> _Place | None:
    """Return the place of an entry, or None where it is neither a folder nor a file to check."""
    try:
        is_folder = entry.is_dir()
        if not is_folder and not (entry.name.endswith(endings) and entry.is_file()):
            return None
        is_link = entry.is_symlink()
    except OSError:  # a symbolic link that leads to itself
        return None
    shown = entry.name if folder.shown == "." else entry.path
    real = os.path.realpath(shown) if is_link else f"{folder.real.rstrip(os.sep)}{os.sep}{entry.name}"
    return _Place(shown, f"{folder.absolute.rstrip('/')}/{entry.name}", real, is_folder, gitignores)
