"""The other files of a project, read as they are needed, each once."""

from __future__ import annotations

import re
from collections import OrderedDict
from copy import copy
from functools import partial
from typing import Protocol

from kreglint.analysis import bounds
from kreglint.analysis.semantic.program import Program, read_program
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.nesting import with_room_where_needed
from kreglint.records import field, record


class Sources(Protocol):
    """Where the project's files come from."""

    def find(self, module: str, importer: str) -> str | None:
        """Return the file of a module that `importer` imports."""

    def read(self, filename: str) -> str | None:
        """Return the text of a file, None for one that cannot be read."""

    def calling(self, name: str, near: str) -> tuple[str, ...]:
        """The files of the project around a file in whose text a name stands as one that is called."""

    def naming(self, word: str, near: str) -> tuple[str, ...] | None:
        """The files of the project around a file in whose text a word stands; None where there are too many files."""


@record(frozen=False)
class Asked:
    """Where imports led, and which files were looked into: what an outcome depends on besides the file itself."""

    modules: dict[tuple[str, str], str | None] = field(default_factory=dict)  # by the module and who imports it
    files: set[str] = field(default_factory=set)
    words: dict[tuple[str, str], tuple[str, ...] | None] = field(default_factory=dict)  # by the word and who asks


class Project:
    """Programs by their files. It outlives the analysis of one file, so that a run reads each as rarely as it can.

    `asked` is what has been asked of it. `seeks_callers`: it also tells which files call something, which `asked` does
    not note.
    """

    def __init__(self, sources: Sources, *, seeks_callers: bool = False) -> None:
        self.asked = Asked()
        self.seeks_callers = seeks_callers
        self._sources = sources
        self._texts: dict[str, str | None] = {}
        self._programs: OrderedDict[str, Program | None] = OrderedDict()
        self._left: list[Program] = []  # that are no longer kept, but may still be asked

    def unasked(self) -> Project:
        """Return the same files and programs for the analysis of one file, which notes what it asks by itself."""
        one = copy(self)
        one.asked = Asked()
        return one

    def find(self, module: str, importer: str) -> str | None:
        found = self._sources.find(module, importer)
        self.asked.modules[module, importer] = found
        return found

    def calling(self, name: str, near: str) -> tuple[str, ...]:
        """The files of the project in whose text a name stands as one that is called; none where none are sought."""
        return self._sources.calling(name, near) if self.seeks_callers else ()

    def naming(self, word: str, near: str) -> tuple[str, ...] | None:
        """The files of the project in whose text a word stands; None where there are too many files to look through."""
        found = self._sources.naming(word, near)
        self.asked.words[word, near] = found
        return found

    def text(self, filename: str) -> str | None:
        """Return the text of a file, None for one that cannot be read."""
        self.asked.files.add(filename)
        return self._text(filename)

    def mentions(self, filename: str, name: str) -> bool:
        """True if a file may have the name from somewhere else: it stands in it, and not as its own definition."""
        text = self.text(filename)
        if text is None or re.search(rf"^(?:class|def)\s+{re.escape(name)}\b", text, re.MULTILINE):
            return False
        return name in text or "import *" in text

    def program(self, filename: str) -> Program | None:
        """Return the program in a file, None for one that cannot be read or parsed."""
        self.asked.files.add(filename)
        if filename not in self._programs:
            self._programs[filename] = self._read(filename)
            if len(self._programs) > bounds.PROGRAMS_KEPT:
                _, oldest = self._programs.popitem(last=False)
                self._left += (oldest,) if oldest is not None else ()
        self._programs.move_to_end(filename)
        return self._programs[filename]

    def release(self) -> None:
        """Free the programs that are no longer kept: the analysis that asked for them has ended."""
        while self._left:
            self._left.pop().release()

    def _text(self, filename: str) -> str | None:
        if filename not in self._texts:
            self._texts[filename] = self._sources.read(filename)
        return self._texts[filename]

    def _read(self, filename: str) -> Program | None:
        text = self._text(filename)
        if text is None or len(text) > bounds.OTHER_FILE:
            return None
        try:
            return with_room_where_needed(partial(read_program, text, filename))
        except (UnparsableError, RecursionError):
            return None
