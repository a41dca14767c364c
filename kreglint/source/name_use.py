"""Which names a small program binds, and which it needs from outside: whether two may run one after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kreglint.records import record
from kreglint.source.python import tree_of

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_AT_ONCE = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@record()
class Names:
    """What a program binds, what it may read before it has bound it, and what functions in it read at any time.

    `binds_any`: it has `from … import *`.
    """

    binds: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    binds_any: bool = False

    def leaves_alone(self, later: Names) -> bool:
        """True if neither program notices that the other one ran before or after it."""
        if self.binds_any or later.binds_any:
            return False
        return self.binds.isdisjoint(later.needs) and later.binds.isdisjoint(self.late)

    def and_also(self, later: Names) -> Names:
        """Return the names of both programs together."""
        return Names(
            self.binds | later.binds,
            self.needs | later.needs,
            self.late | later.late,
            self.binds_any or later.binds_any,
        )


def names_of(texts: Iterable[str]) -> Names:
    """Return the names of some pieces of one program, in their order; of what Python does not parse, none."""
    bound: set[str] = set()  # for certain by now
    binds: set[str] = set()
    needs: set[str] = set()
    late: set[str] = set()
    trees = filter(None, map(tree_of, texts))
    for statement in (each for tree in trees for each in tree.body):
        parts = list(ast.walk(statement))
        needs |= {name for part in parts for name in _read(part)} - bound
        stored = {name for part in parts for name in _stored(part)}
        binds |= stored
        bound |= stored if isinstance(statement, _AT_ONCE) else set()
        late |= {name for part in parts if isinstance(part, _INNER) for each in ast.walk(part) for name in _read(each)}
    return Names(frozenset(binds), frozenset(needs), frozenset(late), "*" in binds)


def _read(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load() | ast.Del()) | ast.AugAssign(target=ast.Name(id=name)):
            return (name,)
    return ()


def _stored(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.alias(name=path, asname=name):
            return (name or path.partition(".")[0],)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
    return ()
