"""The walk over imports, and over `global` and `nonlocal`: names that are another scope's."""

from __future__ import annotations

from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import join, lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    EarlierBinding,
    ImportBinding,
    JoinBinding,
    OpaqueBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import ImportedName, dotted
from kreglint.analysis.semantic.walk import Walk
from kreglint.analysis.syntax import nodes

KERAS = "import"  # the name of it all, which no program can have


def import_names(walk: Walk, node: nodes.Import) -> bool:
    for alias in node.names:
        path = dotted(alias.name) or ""
        _note_import(walk, path, alias)
        name = _alias_name(alias) or path.partition(".")[0]
        target = path if alias.asname is not None else name
        walk.scope.bind(name, ImportBinding(target, node))
    return True


def import_from(walk: Walk, node: nodes.ImportFrom) -> bool:
    base = "." * node.relative + (dotted(node.module) or "" if node.module is not None else "")
    if isinstance(node.names, nodes.ImportStar):
        _note_import(walk, base, node)
        _import_star(walk, base)
        return True
    for alias in node.names:
        path = f"{base}.{dotted(alias.name)}" if base.strip(".") else f"{base}{dotted(alias.name)}"
        _note_import(walk, path, alias)
        walk.scope.bind(_alias_name(alias) or dotted(alias.name) or "", ImportBinding(path, node))
    return True


def _note_import(walk: Walk, path: str, node: nodes.ImportAlias | nodes.ImportFrom) -> None:
    """Note what is imported; and where Keras is first, by a name of its own, for none of its names may remain."""
    walk.found.imports.append(
        ImportedName(
            path,
            node,
            walk.statement,
            walk.scope,
            walk.clock.now,
            walk.provoked,
            walk.guarded,
            walk.conditional,
            walk.around + walk.guards,
        )
    )
    alias = _alias_name(node) if isinstance(node, nodes.ImportAlias) else None
    if alias is not None:
        walk.aliases[alias] = path.rpartition(".")[2]
    first = not isinstance(walk.scope.at(KERAS, walk.clock.now), ImportBinding)
    if first and canonical(path) is not None:
        walk.scope.bind(KERAS, ImportBinding(path, walk.statement))


def _import_star(walk: Walk, module: str) -> None:
    """Bind anew what a star may replace.

    A module that is not known is taken to replace values, but neither imports nor definitions: nobody
    imports a name only to have it hidden.
    """
    scope = walk.scope
    for name in scope.history:
        brought = walk.star_names(module, name)
        older = EarlierBinding(scope, name, walk.clock.now)
        if brought:
            scope.bind(name, ImportBinding(f"{module}.{name}", walk.statement))
        elif brought is None and not _is_code(lookup(name, scope, walk.clock.now)):
            scope.bind(name, join([older, OpaqueBinding(f"'{name}' may be replaced by one of '{module}'")]))
    scope.stars.append(module)
    if walk.star_names(module, "") is None:
        scope.foreign_star = module


def global_(walk: Walk, node: nodes.Global) -> bool:
    if walk.scope is not walk.module_scope:
        for item in node.names:
            walk.scope.declare(item.name.value, (walk.module_scope,))
    return True


def nonlocal_(walk: Walk, node: nodes.Nonlocal) -> bool:
    owners: list[Scope] = []
    around = walk.scope.parent
    while around is not None:
        if around.kind == "function":
            owners.append(around)
        around = around.parent
    for item in node.names:
        walk.scope.declare(item.name.value, tuple(owners))
    return True


def _is_code(binding: Binding | None) -> bool:
    ways = binding.alternatives if isinstance(binding, JoinBinding) else (binding,)
    return all(isinstance(way, (ImportBinding, DefinitionBinding)) for way in ways)


def _alias_name(alias: nodes.ImportAlias) -> str | None:
    if alias.asname is not None and isinstance(alias.asname.name, nodes.Name):
        return alias.asname.name.value
    return None
