"""What can be set, with the defaults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from kreglint.records import field, record, replace
from kreglint.versions import Version, parse

DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".kreglint_cache",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)


class SettingsError(Exception):
    """A setting that cannot be used, told in one line: where, which key, what was expected and received."""


@record(kw_only=True)
class Settings:
    """The settings of one run.

    `select` of None means the rules that are on by default. `keras_version` is a major or exact as "3.15";
    None: found for each project and file. `root` is the folder that the patterns of `per_file_ignores`, `exclude` and
    `extend_exclude` are relative to; None: the current folder. `layers` has the Keras layers
    that the project's own classes and functions behave like, by their dotted paths. `origins` says where each key was
    set. `check_docs`: examples in docstrings are read, and texts are looked for in folders. `cache_dir`: what earlier
    runs found is kept there, relative to `root`; None: `.kreglint_cache` in it.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    keras_version: str | None = None
    max_lambda: float = 1.0
    layers: tuple[tuple[str, str], ...] = ()
    check_docs: bool = False
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    cache_dir: str | None = None
    root: str | None = None
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def version(self) -> Version | None:
        """The version of Keras that is set; a major alone means its newest."""
        return parse(self.keras_version) if self.keras_version else None

    @property
    def excluded(self) -> tuple[str, ...]:
        """All patterns of files and folders that are left out."""
        return (*self.exclude, *self.extend_exclude)

    def origin(self, key: str) -> str:
        """Where a key, spelt as in the configuration file, was set; the key itself where that is unknown."""
        return dict(self.origins).get(key, key)

    def source(self, key: str) -> str:
        """Where the value of a key comes from: a file, an option of the command line, or "default"."""
        return dict(self.origins).get(key, "default").removeprefix(f"{key} of ")

    def without(self, names: Collection[str]) -> Settings:
        """These settings with the defaults of some fields."""
        origins = tuple(origin for origin in self.origins if origin[0].replace("-", "_") not in names)
        defaults = Settings()
        return replace(self, origins=origins, **{name: getattr(defaults, name) for name in names})

    def overridden(self, values: Mapping[str, Any], prefix: str = "--") -> Settings:
        """These settings with the values of some fields given on a command line, as the prefix and the key."""
        origins = dict(self.origins) | {_key(name): f"{prefix}{_key(name)}" for name in values}
        return replace(self, origins=tuple(origins.items()), **values)


SettingsOf = Callable[[str], Settings]  # of a file


def _key(name: str) -> str:
    return name.replace("_", "-")
