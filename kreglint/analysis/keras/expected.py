"""Code in which a fault is none, whatever it is: that only some versions of Keras run, or whose failure is expected."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.keras.surroundings import Tree
from kreglint.analysis.keras.versioned import asks
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.syntax import nodes
from kreglint.diagnostics import Span
from kreglint.facts.expected import Expected, Handled

_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp", "assertRaisesWithLiteralMatch")
_SKIPPED = ("xfail", "expectedFailure", "skip")
_SKIPPED_UNDER = ("skipif", "skipIf", "skipUnless")
_LEAVES = ("skip", "skipTest", "exit", "fail")
_ANY_ERROR = ("Exception", "BaseException")
_SUPPRESS = "contextlib.suppress"


def expected(view: View) -> Expected:
    """Return where such code stands in one program."""
    finder = _Finder(view)
    return Expected(anything=tuple(sorted(finder.anything())), handled=tuple(finder.handled()))


class _Finder:
    def __init__(self, view: View) -> None:
        self._module = view.module
        self._tree = Tree(view.program)
        self._found = view.program.found

    def anything(self) -> Iterator[Span]:
        for node, scope, time in self._found.moments:
            match node:
                case nodes.If() | nodes.While():
                    if self._asks(node.test, scope, time):
                        yield self._reach(node)
                case nodes.Match() if self._asks(node.subject, scope, time):
                    yield node.span
                case nodes.Assert() if scope.kind == "function" and self._asks(node.test, scope, time):
                    yield self._rest(node)
                case nodes.With() if any(_name(item.item) in _RAISING for item in node.items):
                    yield node.body.span
                case nodes.FunctionDef() | nodes.ClassDef():
                    if any(self._skips(each.decorator, scope, time) for each in node.decorators):
                        yield node.span

    def handled(self) -> Iterator[Handled]:
        """Yield the bodies of `try` and of `with suppress(…)` whose errors somebody expects."""
        for node, scope, time in self._found.moments:
            if isinstance(node, nodes.Try):
                types = [each.type for each in node.handlers if not _raises_again(each)]
                errors = frozenset(name for each in types for name in _errors(each))
                # Whoever catches everything, around more than one statement, does not expect one of them to fail.
                errors = errors if _is_single(node.body) else errors.difference(_ANY_ERROR)
                yield from (Handled(node.body.span, errors),) if errors else ()
            elif isinstance(node, nodes.With):
                for item in node.items:
                    call = item.item
                    if isinstance(call, nodes.Call) and _SUPPRESS in self._module.paths.of(call.func, scope, time):
                        errors = frozenset(name for arg in call.args for name in _errors(arg.value))
                        yield Handled(node.body.span, errors)

    def _asks(self, test: nodes.Expression, scope: Scope, time: int) -> bool:
        return asks(test, scope, time, self._module)

    def _skips(self, decorator: nodes.Expression, scope: Scope, time: int) -> bool:
        name = _name(decorator)
        if name not in _SKIPPED_UNDER or not isinstance(decorator, nodes.Call):
            return name in _SKIPPED
        return any(self._asks(arg.value, scope, time) for arg in decorator.args)

    def _reach(self, node: nodes.If | nodes.While) -> Span:
        """Return what a condition decides on; where a branch leaves the function, the rest of the block as well."""
        leaves = isinstance(node, nodes.If) and any(map(_leaves, _branches(node)))
        return self._rest(node) if leaves and self._tree.function(node) is not None else node.span

    def _rest(self, node: nodes.Node) -> Span:
        around = self._tree.parent(node)
        while around is not None and not isinstance(around, nodes.Suite):
            around = self._tree.parent(around)
        return Span(node.start, around.end if around is not None else node.end)


def _branches(node: nodes.If) -> Iterator[nodes.Suite]:
    orelse: nodes.If | nodes.Else | None = node
    while isinstance(orelse, nodes.If):
        yield orelse.body
        orelse = orelse.orelse
    if orelse is not None:
        yield orelse.body


def _leaves(body: nodes.Suite) -> bool:
    """True if a block ends with a statement after which nothing goes on, such as `return` or `self.skipTest(…)`."""
    last: nodes.Node = body.body[-1]
    if isinstance(last, nodes.SimpleStatementLine):
        last = last.body[-1]
    if isinstance(last, nodes.Expr):
        return _name(last.value) in _LEAVES
    return isinstance(last, (nodes.Return, nodes.Raise, nodes.Continue, nodes.Break))


def _is_single(body: nodes.Suite) -> bool:
    [*lines] = body.body
    return len(lines) == 1 and (not isinstance(lines[0], nodes.SimpleStatementLine) or len(lines[0].body) == 1)


def _raises_again(handler: nodes.ExceptHandler) -> bool:
    last = handler.body.body[-1]
    return isinstance(last, nodes.SimpleStatementLine) and isinstance(last.body[-1], nodes.Raise)


def _errors(caught: nodes.Expression | None) -> Iterator[str]:
    """Yield the names of the errors that a handler catches; of none, it catches every one."""
    elements = caught.elements if isinstance(caught, nodes.Tuple) else (caught,)
    for each in elements:
        if each is None:
            yield _ANY_ERROR[1]
        else:
            yield _name(each.value if isinstance(each, nodes.BaseElement) else each)


def _name(node: nodes.Expression) -> str:
    """Return the last name of an expression, or of what it calls."""
    if isinstance(node, nodes.Call):
        return called(node)
    if isinstance(node, nodes.Attribute):
        return node.attr.value
    return node.value if isinstance(node, nodes.Name) else ""
