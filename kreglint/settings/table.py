"""The one table of all settings, from which their readers, options and documentation are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kreglint.settings import texts, values

HOW_RULES_ARE_NAMED = "A rule is named by a code (KRG302), a prefix (KRG3) or ALL."


class Kind(NamedTuple):
    """What the values of a setting are.

    `read` takes a value of TOML, `read_text` one of a command line (None: `read` takes that too); both raise
    UnexpectedValueError. `metavar` stands for it in the help. `adds_up`: an option that is given again adds to what
    was given. `pairs`: the value is a table in TOML, and a tuple of pairs in the settings.
    """

    read: Callable[[object], object]
    read_text: Callable[[str], object] | None = None
    metavar: str = ""
    adds_up: bool = False
    pairs: bool = False

    def from_text(self, text: str) -> object:
        """The value that a command line gives. Raises UnexpectedValueError."""
        return self.read(text) if self.read_text is None else self.read_text(text)


class Option(NamedTuple):
    """A setting on the command line, as `--key`, in one of the groups that `--help` shows.

    `flake8`: the plugin has it too, as `--kreglint-key`.
    """

    group: str
    help: str
    flake8: bool = False


class Setting(NamedTuple):
    """A key of the configuration file; `option` is None where no command line has it.

    `meaning` and `default` are for the documentation, in Markdown. `default` is empty where the value in `Settings`
    tells it.
    """

    key: str
    kind: Kind
    meaning: str
    default: str = ""
    option: Option | None = None

    @property
    def field(self) -> str:
        """The attribute of `Settings`, and of the options of a command line."""
        return self.key.replace("-", "_")


SELECTORS = Kind(values.selectors, texts.selectors, "CODES", adds_up=True)
SELECTORS_BY_PATTERN = Kind(values.selectors_by_pattern, texts.selectors_by_pattern, "PATTERN:CODES", pairs=True)
PATTERNS = Kind(values.patterns, texts.words, "PATTERNS", adds_up=True)
KERAS_VERSION = Kind(values.keras_version, metavar="2|3|X.Y")
NUMBER = Kind(values.number_above_0, texts.number_above_0, "X")
SWITCH = Kind(values.boolean, texts.boolean)
LAYERS = Kind(values.layers, pairs=True)
FOLDER = Kind(values.folder, metavar="FOLDER")

TABLE = (
    Setting(
        "select",
        SELECTORS,
        "the rules to report: codes, beginnings of codes as `KRG3`, or `ALL`",
        "the rules that are on by default",
        Option("rules", "report these rules and no others", flake8=True),
    ),
    Setting(
        "extend-select",
        SELECTORS,
        "rules to report besides these",
        option=Option("rules", "report these rules too", flake8=True),
    ),
    Setting(
        "ignore",
        SELECTORS,
        "rules not to report; the more specific of `select` and `ignore` wins",
        option=Option("rules", "do not report these rules", flake8=True),
    ),
    Setting(
        "per-file-ignores",
        SELECTORS_BY_PATTERN,
        'rules not to report in some files: `{ "tests/*" = ["KRG1"] }`',
        option=Option("rules", "do not report these rules in these files: 'tests/*:KRG2,KRG301'"),
    ),
    Setting(
        "exclude",
        PATTERNS,
        "patterns, as in `.gitignore`, of what is left out of folders",
        "folders of tools, as `.git` and `.venv`",
        Option("files", "skip these in folders, instead of the `exclude` of the settings"),
    ),
    Setting("extend-exclude", PATTERNS, "patterns besides these"),
    Setting(
        "keras-version",
        KERAS_VERSION,
        '`"2"`, `"3"` or exact as `"3.15"`',
        "found file by file",
        Option("settings", "the Keras version that the code targets (default: detected file by file)", flake8=True),
    ),
    Setting(
        "max-lambda",
        NUMBER,
        "KRG202 reports λ above this",
        option=Option("rules", "report a λ above this (KRG202; default 1.0)", flake8=True),
    ),
    Setting(
        "layers",
        LAYERS,
        'the project\'s own classes and functions that behave like a Keras layer: `{ "my.nets.conv_bn" = "Conv2D" }`',
    ),
    Setting(
        "check-docs",
        SWITCH,
        "read [examples in docstrings](formats.md#docstrings) too, and find `.md`, `.markdown` and `.rst` in folders",
        option=Option("files", "read examples in docstrings too, and find Markdown and reStructuredText", flake8=True),
    ),
    Setting("fixable", SELECTORS, "the rules whose [fixes](fixes.md) are offered"),
    Setting(
        "unfixable", SELECTORS, "the rules whose fixes are not; the more specific of `fixable` and `unfixable` wins"
    ),
    Setting(
        "cache-dir",
        FOLDER,
        "the folder of the cache, from the folder of this file",
        '`".kreglint_cache"`',
        Option(
            "running",
            "keep what is found there (default: .kreglint_cache beside the configuration, or in the current folder)",
        ),
    ),
)
BY_KEY = {setting.key: setting for setting in TABLE}
