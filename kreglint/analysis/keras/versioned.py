"""Code that a program runs only with some versions of Keras: a fault of the others is none there."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from kreglint.analysis.semantic.constants import NAMES
from kreglint.analysis.semantic.keras_names import canonical
from kreglint.analysis.semantic.lookup import lookup
from kreglint.analysis.semantic.scopes import (
    Binding,
    DefinitionBinding,
    ExpressionBinding,
    Guard,
    ImportBinding,
    JoinBinding,
    Scope,
)
from kreglint.analysis.semantic.sites import dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants
from kreglint.analysis.values.module import Module

_VERSION_ATTRIBUTES = frozenset(("__version__", "VERSION"))
_TELL_VERSIONS = frozenset(
    "keras.version importlib.metadata.version importlib_metadata.version pkg_resources.get_distribution "
    "pkg_resources.require tensorflow.version.VERSION".split()
)
_LIBRARIES = ("keras", "tensorflow", "tf_keras")
_VERSION_NAME = re.compile(
    r"_?(?:is_)?(?:keras|tf|tensorflow)_?(?:version|v)?_?[123]\w*|\w*keras_?version\w*", re.IGNORECASE
)


def asks_version(guards: Iterable[Guard], module: Module) -> bool:
    """True if one of the conditions asks for a version, or for something that only some versions have."""
    return any(guard.test is not None and asks(guard.test, guard.scope, guard.time, module) for guard in guards)


def asks(test: nodes.Expression, scope: Scope, time: int, module: Module) -> bool:
    """True if an expression depends on a version, also through names, attributes, functions and other files."""
    question = _Question(module.analysis.unversioned)
    found = question.asks(test, scope, time, module)
    if not found:
        module.analysis.unversioned.update(question.seen)
    return found


class _Question:
    """One question; what was asked on the way to its answer is not asked again, nor what is known to be no answer."""

    def __init__(self, unversioned: Container[Binding]) -> None:
        self._unversioned = unversioned
        self.seen: set[Binding] = set()

    def asks(self, test: nodes.Expression, scope: Scope, time: int, module: Module) -> bool:
        return any(self._tells(node, scope, time, module) for node in descendants(test))

    def _tells(self, node: nodes.Node, scope: Scope, time: int, module: Module) -> bool:
        match node:
            case nodes.Attribute():
                if node.attr.value in _VERSION_ATTRIBUTES:
                    return True
                if any(self._depends(each, module) for each in _attributes(node.attr.value, module)):
                    return True
                return any(self._is_set_elsewhere(path, module) for path in module.paths.of(node, scope, time))
            case nodes.Call():
                return _is_of_versions(node, scope, time, module)
            case nodes.Name():
                bound = lookup(node.value, scope, time)
                return _VERSION_NAME.fullmatch(node.value) is not None or self._depends(bound, module)
        return False

    def _depends(self, bound: Binding | None, module: Module) -> bool:
        """True if what a name is bound to depends on a version."""
        if bound is None or bound in self.seen or bound in self._unversioned:
            return False
        self.seen.add(bound)
        match bound:
            case ExpressionBinding():
                return self.asks(bound.value, bound.scope, bound.time, module)
            case JoinBinding():
                return _is_tried(bound, module) or any(self._depends(each, module) for each in bound.alternatives)
            case DefinitionBinding(node=nodes.FunctionDef()):
                site = module.program.found.functions[bound.node]
                returns = [(each.value, each.time) for each in site.returns if each.value is not None]
                return any(self.asks(value, site.scope, time, module) for value, time in returns)
            case ImportBinding():
                return self._is_set_elsewhere(bound.path, module)
        return False

    def _is_set_elsewhere(self, path: str, module: Module) -> bool:
        """True if what another file binds to the last name of a path depends on a version; of Keras nothing does."""
        target = module.analysis.follow(path, module.program.filename) if canonical(path) is None else None
        return target is not None and not target.rest and self._depends(target.binding, target.home)


def _is_of_versions(call: nodes.Call, scope: Scope, time: int, module: Module) -> bool:
    """True if a call gives a version, or says whether Keras or TensorFlow has a name."""
    if any(
        path in _TELL_VERSIONS or canonical(path) in _TELL_VERSIONS for path in module.paths.of(call.func, scope, time)
    ):
        return True
    asked = call.func.value if isinstance(call.func, nodes.Name) else ""
    if asked not in ("hasattr", "getattr") or not call.args:
        return False
    return any(path.partition(".")[0] in _LIBRARIES for path in module.paths.of(call.args[0].value, scope, time))


def _attributes(name: str, module: Module) -> Iterator[Binding]:
    """Yield what classes of the program have by a name, or their methods set on `self`."""
    for site in module.program.found.objects.classes.values():
        member = site.member(name)
        yield from () if member is None else (member,)
        yield from site.attributes.get(name, ())


def _is_tried(bound: JoinBinding, module: Module) -> bool:
    """True if a name has one constant where an import of Keras works, and another where it does not."""
    values = [each.value for each in bound.alternatives if isinstance(each, ExpressionBinding)]
    if not all(isinstance(value, nodes.Name) and value.value in NAMES for value in values):
        return False
    around = (node for node, _, _ in module.program.found.moments if isinstance(node, nodes.Try))
    return any(_handles(node, values) and _imports_keras(node.body) for node in around)


def _handles(node: nodes.Try, values: list[nodes.Expression]) -> bool:
    """True if some of the values are given in the handlers of a `try`."""
    return any(handler.start <= value.start < handler.end for handler in node.handlers for value in values)


def _imports_keras(body: nodes.Suite) -> bool:
    lines = [line for line in body.body if isinstance(line, nodes.SimpleStatementLine)]
    return any(_is_import(statement) for line in lines for statement in line.body)


def _is_import(statement: nodes.Node) -> bool:
    match statement:
        case nodes.Import():
            paths: list[nodes.Name | nodes.Attribute | None] = [name.name for name in statement.names]
        case nodes.ImportFrom(relative=0):
            paths = [statement.module]
        case _:
            return False
    return any((dotted(path) or "").partition(".")[0] in _LIBRARIES for path in paths if path is not None)
