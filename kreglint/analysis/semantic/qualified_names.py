"""Dotted paths: what a name or attribute refers to, without a look at its value or place."""

from __future__ import annotations

import re
from collections.abc import Callable

from kreglint.analysis import bounds
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import Binding, ExpressionBinding, ImportBinding, JoinBinding, Scope
from kreglint.analysis.syntax import nodes

_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class Paths:
    """Finds the paths of one module's names.

    `star_path(module, name)` tells the dotted path of a name that `from module import *` brings, None where it brings
    none, and "" where that is not known.
    `imported_on(path)` tells what a path stands for that leads through other files of the project.
    `unbound(node)` tells what a name stands for that nothing binds.
    `all_ways`: also where a name is None, the mark of an import that failed, the path is to be had.
    """

    def __init__(
        self,
        module_scope: Scope,
        star_path: Callable[[str, str], str | None],
        imported_on: Callable[[str], tuple[str, ...]],
        *,
        unbound: Callable[[nodes.Name], str | None] = lambda _: None,
        all_ways: bool = False,
    ) -> None:
        self._module_scope = module_scope
        self._star_path = star_path
        self._imported_on = imported_on
        self._unbound = unbound
        self._all_ways = all_ways
        self._paths: dict[Binding, tuple[str, ...]] = {}
        self._stars: dict[str, str | None] = {}
        self._known: dict[tuple[nodes.Expression, Scope, int], tuple[str, ...]] = {}
        self._depth = 0

    def of(self, node: nodes.Expression, scope: Scope, time: int) -> tuple[str, ...]:
        """Return every dotted path that a plain name may stand for; empty where one of them is not an import."""
        if self._depth:  # what is found in the midst of something else may be cut off
            return self._of(node, scope, time)
        asked = (node, scope, time)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._of(node, scope, time)
        return found

    def _of(self, node: nodes.Expression, scope: Scope, time: int) -> tuple[str, ...]:
        if isinstance(node, nodes.IfExp):
            ways = [self.of(node.body, scope, time), self.of(node.orelse, scope, time)]
            return tuple(dict.fromkeys(path for way in ways for path in way)) if all(ways) else ()
        attributes: list[str] = []
        while not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Attribute):
                attributes.append(node.attr.value)
                node = node.value
                continue
            module = self._module(node, scope, time)
            if module is not None:
                return self._imported_on(".".join((module, *reversed(attributes))))
            step = _searched(node, scope, time)
            if step is None:
                return ()
            node, name = step
            attributes.append(name)
        binding = lookup(node.value, scope, time)
        if binding is None:
            path = self.of_star(node.value) or self._unbound(node)
            roots: tuple[str, ...] = () if path is None else self._imported_on(path) if not attributes else (path,)
        else:
            roots = self.of_binding(binding)
        if not attributes:
            return roots
        rest = ".".join(reversed(attributes))
        return tuple(path for root in roots for path in self._imported_on(f"{root}.{rest}"))

    def _module(self, node: nodes.Expression, scope: Scope, time: int) -> str | None:
        """Return the module that `importlib.import_module("…")` or `__import__("…")` gives."""
        given = _only_string(node)
        if given is None or not isinstance(node, nodes.Call) or not _MODULE.fullmatch(given):
            return None
        if isinstance(node.func, nodes.Name) and node.func.value == "__import__":
            whole = lookup("__import__", scope, time) is None and "." not in given
        else:
            whole = self.of(node.func, scope, time) == ("importlib.import_module",)
        return given if whole else None

    def of_binding(self, binding: Binding) -> tuple[str, ...]:
        if isinstance(binding, ImportBinding):
            return self._imported_on(binding.path)
        if binding not in self._paths:
            if self._depth >= bounds.NAMES:
                return ()
            self._paths[binding] = ()  # what refers to itself refers to nothing
            self._depth += 1
            self._paths[binding] = self._work_out_paths(binding)
            self._depth -= 1
        return self._paths[binding]

    def _work_out_paths(self, binding: Binding) -> tuple[str, ...]:
        if isinstance(binding, ExpressionBinding) and binding.whole:
            return self.of(binding.value, binding.scope, binding.time)
        if isinstance(binding, JoinBinding):
            ways = [self.of_binding(part) for part in binding.alternatives if self._all_ways or not _is_none(part)]
            return tuple(dict.fromkeys(path for way in ways for path in way)) if all(ways) else ()
        return ()

    def of_star(self, name: str) -> str | None:
        """Return the path of a name that a star brings: of the last star that has it, if no unknown one comes after.

        A name of Keras is taken to be hidden by no such module: nobody imports it only for that.
        """
        if name not in self._stars:
            self._stars[name] = self._work_out_star(name)
        return self._stars[name]

    def may_be_of_star(self, name: str) -> bool:
        """True unless it is known of every star that it does not bring the name."""
        return any(self._star_path(module, name) is not None for module in self._module_scope.stars)

    def _work_out_star(self, name: str) -> str | None:
        unknown = False
        for module in reversed(self._module_scope.stars):
            path = self._star_path(module, name)
            unknown = unknown or path == ""
            if path and (not unknown or canonical(path) is not None):
                return path
        return None


def _only_string(node: nodes.Expression) -> str | None:
    """Return the plain string that is a call's only argument."""
    if not isinstance(node, nodes.Call) or len(node.args) != 1 or node.args[0].star or node.args[0].keyword is not None:
        return None
    return string_of(node.args[0].value)


def _searched(node: nodes.Expression, scope: Scope, time: int) -> tuple[nodes.Expression, str] | None:
    """Return the owner and the name in `getattr(owner, "name")`."""
    if not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Name) or node.func.value != "getattr":
        return None
    plain = len(node.args) == 2 and all(not arg.star and arg.keyword is None for arg in node.args)
    name = node.args[1].value if plain else None
    found = string_of(name)
    if found is None or not found.isidentifier() or lookup("getattr", scope, time) is not None:
        return None
    return node.args[0].value, found


def _is_none(binding: Binding) -> bool:
    """True if the name is bound to None: the mark of an import that failed, which nobody calls."""
    return (
        isinstance(binding, ExpressionBinding)
        and isinstance(binding.value, nodes.Name)
        and binding.value.value == "None"
    )
