"""Which files of the project a program imports, without a look at what it does with them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.records import record
from kreglint.source.kinds import is_composed
from kreglint.source.python import tree_of

if TYPE_CHECKING:
    from kreglint.analysis.values.project import Project

_BEGINNING = re.compile(r"(?:^|[;:\r])[ \t\f]*(?:lazy[ \t]+)?(?:from|import)\b", re.MULTILINE)
_REST = re.compile(r"[^\n(]*(?:\((?:[^)#]|#[^\n]*)*\))?[^\n]*")
_COMPOSED = re.compile(rf"\b(?:from|import)\b({_REST.pattern})")  # a line of a notebook begins with a quote or a magic
_FROM = re.compile(r"\s+([\w.]+)\s+import\b")
_PATH = re.compile(r"(?<![\w.])[\w.]+")
_DYNAMIC = ("import_module", "__import__", "%run")


class Unfollowed(Exception):  # noqa: N818  (nothing is wrong)
    """The imports of a program are not all known."""


def imported_files(text: str, filename: str, project: Project) -> frozenset[str]:
    """Return the files of the project that a program imports by any of its statements.

    Raises:
        Unfollowed: some may be missing: names that are computed, or a program that Python does not parse.
    """
    if is_composed(filename):
        text = text.replace("\\n", "\n")
        if _may_import(text, filename, project):
            raise Unfollowed
        return frozenset()
    if not _may_import(text, filename, project):
        return frozenset()
    if any(word in text for word in _DYNAMIC):
        raise Unfollowed
    imported = _imported(text)
    if imported is None or any(project.find(module, filename) is not None for module in imported.searched):
        raise Unfollowed
    found = {project.find(module, filename) for module in imported.modules}
    return frozenset(found - {None})  # type: ignore[arg-type]


@record()
class _Imported:
    modules: frozenset[str]  # the names that may be modules, Keras' own left out
    searched: frozenset[str]  # those of which getattr reads something


def _may_import(text: str, filename: str, project: Project) -> bool:
    """True if any word after an `import` or `from` names a file of the project: a look that costs little."""
    if any(word in text for word in _DYNAMIC):
        return True
    candidates: set[str] = set()
    text = text.replace("\\\r\n", " ").replace("\\\n", " ")
    for rest in _COMPOSED.findall(text) if is_composed(filename) else _rests(text):
        names = _PATH.findall(rest)
        whole = _FROM.match(rest)
        if whole is None:
            candidates.update(names)
        elif canonical(whole[1]) is None:
            candidates.update((whole[1], *(f"{whole[1]}.{name}" for name in names)))  # of a folder that is no package
    return any(
        name.startswith(".") or project.find(name, filename) is not None for name in candidates if _is_followed(name)
    )


def _rests(text: str) -> Iterator[str]:
    """What follows the first word of each statement that imports; only lines that have the word are looked at."""
    at = text.find("import")
    while at >= 0:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        for beginning in _BEGINNING.finditer(text, text.rfind("\n", 0, at) + 1, end):
            rest = _REST.match(text, beginning.end())
            assert rest is not None
            yield rest[0]
            end = max(end, rest.end())
        at = text.find("import", end)


@lru_cache(maxsize=512)  # a file is asked about for each that imports it
def _imported(text: str) -> _Imported | None:
    """Return what a program imports, or None if Python does not parse it."""
    tree = tree_of(text)
    return _imported_in(tree) if tree is not None else None


def _is_followed(module: str) -> bool:
    """Keras' own modules are looked up in the catalog, wherever they lie."""
    return bool(module) and canonical(module) is None


def _imported_in(tree: ast.Module) -> _Imported:
    """Return what is imported, and what attributes of that may be modules."""
    modules: set[str] = set()
    bound: dict[str, set[str]] = {}
    chains: set[tuple[str, ...]] = set()
    searched: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound.setdefault(alias.asname or alias.name.partition(".")[0], set()).add(
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
                modules.update(_prefixes(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            modules.add(base)
            for alias in node.names:
                path = f"{base}.{alias.name}" if node.module else f"{base}{alias.name}"
                bound.setdefault(alias.asname or alias.name, set()).add(path)
                modules.add(path)
        elif isinstance(node, ast.Attribute):
            chains.add(_chain(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" and node.args:
            searched.add((*_chain(node.args[0]), "")[0])
    for name, *attributes in filter(None, chains):
        for path in bound.get(name, ()):
            modules.update(".".join((path, *attributes[:count])) for count in range(1, len(attributes) + 1))
    paths = {path for name in searched for path in bound.get(name, ())}
    return _Imported(frozenset(filter(_is_followed, modules)), frozenset(filter(_is_followed, paths)))


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _chain(node: ast.expr) -> tuple[str, ...]:
    """`("a", "b", "c")` for `a.b.c`, `("a",)` for a name; empty for what begins with neither."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else ()
