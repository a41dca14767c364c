"""Which files can have a finding at all, by the words without which the selected rules find nothing.

A file without them is done after a look at its bytes, unless it imports a file of the project that has them:
`Dense(4, **REG)` does not name what the dict of another file brings, nor a training loop what its model is made of.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kreglint.engine.imports import Unfollowed, imported_files
from kreglint.records import record
from kreglint.rules import RULES
from kreglint.settings.schema import Settings
from kreglint.settings.selection import resolve

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project

_MOST_FILES = 400  # that are looked into for the sake of one


@record()
class Words:
    """Some words, as plain ones and as patterns, for bytes and for text."""

    plain: tuple[str, ...]
    plain_bytes: tuple[bytes, ...]
    patterns: tuple[re.Pattern[str], ...]  # one by one: a search for any of several cannot leap to the next candidate
    patterns_bytes: tuple[re.Pattern[bytes], ...]

    def within(self, content: str | bytes) -> bool:
        """True if a content has one of them."""
        if isinstance(content, str):
            return any(word in content for word in self.plain) or any(each.search(content) for each in self.patterns)
        if any(word in content for word in self.plain_bytes):
            return True
        return any(each.search(content) for each in self.patterns_bytes)


@record()
class Needs:
    """What the selected rules need: one of the words `alone`, or all of one of the groups `together`."""

    alone: Words
    together: tuple[frozenset[Words], ...]

    def within(self, content: str | bytes) -> bool:
        """True if a content has what one rule needs."""
        return self.alone.within(content) or any(all(word.within(content) for word in group) for group in self.together)

    def parts_within(self, content: str | bytes) -> set[Words]:
        """Return what a content has of the groups: the rest may stand in another file."""
        return {word for word in frozenset().union(*self.together) if word.within(content)}


def is_concerned(content: str | bytes, filename: str, settings: Settings, project: Project | None) -> bool:
    """True if a rule may find something in a file; one that only its imports may concern counts as one that is."""
    needs = needs_of(settings)
    return needs.within(content) or (project is not None and _is_with_imports(content, filename, needs, project))


@cache
def needs_of(settings: Settings) -> Needs:
    """Return the words of the selected rules, and the names of the project's own layers. Raises SettingsError."""
    selected = resolve(settings, {rule.code: rule.default for rule in RULES})
    needed = {trigger for rule in RULES if rule.code in selected for trigger in rule.triggers}
    alone = {each for each in needed if isinstance(each, str)}
    alone |= {re.escape(path.rpartition(".")[2]) for path, _ in settings.layers}
    groups = (each for each in needed if not isinstance(each, str) and alone.isdisjoint(each))
    return Needs(_words(alone), tuple(frozenset(_words({word}) for word in group) for group in sorted(groups)))


def _words(needed: set[str]) -> Words:
    plain = tuple(sorted(word for word in needed if re.escape(word) == word))
    patterns = sorted(needed - set(plain))
    return Words(
        plain,
        tuple(word.encode() for word in plain),
        tuple(re.compile(pattern) for pattern in patterns),
        tuple(re.compile(pattern.encode()) for pattern in patterns),
    )


def _is_with_imports(content: str | bytes, filename: str, needs: Needs, project: Project) -> bool:
    """True if a file has what is needed together with what it imports; where that cannot be followed, it may."""
    text = content if isinstance(content, str) else content.decode("utf-8", "surrogateescape")
    seen, waiting, parts = {filename}, [(text, filename)], needs.parts_within(content)
    while waiting:
        try:
            found = imported_files(*waiting.pop(), project)
        except Unfollowed:
            return True
        for file in found - seen:
            inner = project.text(file) or ""
            parts |= needs.parts_within(inner)
            if needs.alone.within(inner) or any(group <= parts for group in needs.together):
                return True
            seen.add(file)
            waiting.append((inner, file))
        if len(seen) > _MOST_FILES:
            return True
    return False
