"""Which files of the project a program imports, without a look at what it does with them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from kreglint.analysis.names import canonical
from kreglint.source.kinds import is_composed

if TYPE_CHECKING:
    from kreglint.analysis.project import Project

_IMPORTING = re.compile(r"\b(?:from|import)\b([^\n]*)")
_FROM = re.compile(r"\s+([\w.]+)\s+import\b")
_PATH = re.compile(r"(?<![\w.])[\w.]+")
_DYNAMIC = ("import_module", "__import__")


class Unfollowed(Exception):  # noqa: N818  (nothing is wrong)
    """The imports of a program are not all known."""


def imported_files(text: str, filename: str, project: Project) -> frozenset[str]:
    """The files of the project that a program imports by any of its statements.

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
    modules = _imported_modules(text)
    if modules is None:
        raise Unfollowed
    found = {project.find(module, filename) for module in modules}
    return frozenset(found - {None})  # type: ignore[arg-type]


def _may_import(text: str, filename: str, project: Project) -> bool:
    """Whether any word after an `import` or `from` names a file of the project: a look that costs little."""
    if any(word in text for word in _DYNAMIC):
        return True
    candidates: set[str] = set()
    for rest in _IMPORTING.findall(text.replace("\\\r\n", " ").replace("\\\n", " ")):
        whole = _FROM.match(rest)
        if whole is not None and canonical(whole[1]) is not None:
            continue
        candidates.update(_PATH.findall(rest))
    return any(
        name.startswith(".") or project.find(name, filename) is not None for name in candidates if _is_followed(name)
    )


@lru_cache(maxsize=512)  # a file is asked about for each that imports it
def _imported_modules(text: str) -> frozenset[str] | None:
    """The names that may be modules, Keras' own left out; None where they are not all known."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return frozenset(filter(_is_followed, _modules(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError, Unfollowed):
        return None


def _is_followed(module: str) -> bool:
    """Keras' own modules are looked up in the catalog, wherever they lie."""
    return bool(module) and canonical(module) is None


def _modules(tree: ast.Module) -> Iterator[str]:
    """The dotted names that may be modules: what is imported, and what attributes of that may be."""
    bound: dict[str, set[str]] = {}
    chains: set[tuple[str, ...]] = set()
    computed: set[str] = set()  # names of which getattr reads something
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound.setdefault(alias.asname or alias.name.partition(".")[0], set()).add(
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
                yield from _prefixes(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            for alias in node.names:
                path = f"{base}.{alias.name}" if node.module else f"{base}{alias.name}"
                bound.setdefault(alias.asname or alias.name, set()).add(path)
                yield path
        elif isinstance(node, ast.Attribute):
            chains.add(_chain(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr" and node.args:
            computed.add((*_chain(node.args[0]), "")[0])
    if any(map(_is_followed, (path for name in computed for path in bound.get(name, ())))):
        raise Unfollowed
    for name, *attributes in filter(None, chains):
        for path in bound.get(name, ()):
            yield from (".".join((path, *attributes[:count])) for count in range(1, len(attributes) + 1))


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _chain(node: ast.expr) -> tuple[str, ...]:
    """`("a", "b", "c")` for `a.b.c`; empty for attributes of anything but a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else ()
