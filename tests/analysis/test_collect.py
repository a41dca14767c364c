"""The walk: what it notes, of whatever syntax."""

import pytest

from kreglint.analysis.semantic.builder import collect
from kreglint.analysis.semantic.sites import Collected, dotted
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.parse import parse
from tests.analysis.reading import expression

EVERY_STATEMENT = """
async def f(a, /, b: int = call(), *args, c=1, **kwargs) -> int:
    async with a as b, c as (d, e): await x
    async for i, (j, *k) in y: yield
    return [z async for z in w if (v := z)]
@decorated(1)
class C(Base, metaclass=Meta):
    x: int
    x: int = 1
for a.b, c[0] in d: pass
else: pass
while x: break
else: continue
try: raise E from e
except (A, B) as error: assert x, y
else: pass
finally: pass
try: pass
except* A: pass
with (a as b, c as d[0]): pass
match x:
    case {"a": 1, **rest} if rest: pass
    case [a, *_] | C(a, b=1) | None | -1 | 1 + 2j | "s" as b: pass
    case _: pass
type X[T] = list[T]
def g[T: int, *Ts, **P](): global q; q = 1
del a, b.c, d[0]
lambda a, *b, c=(d := 1), **e: f"{a!r:>{b}}" "x"
x = y = (*a, *b)
a, (b, [c, *d]) = e
x[0] @= y if z else not w
{**a, "b": 1}, {*c}, a[1:2, ...], ~b, a < b < c
print(*a, **b)
import a.b, c as d
from . import e
from .f import *
"""


def collected(source: str) -> Collected:
    return collect(parse(source), lambda name, owner: name == "l1l2", lambda module, name: None)


def names_of_calls(source: str) -> list[str | None]:
    return [dotted(call.node.func) for call in collected(source).calls]


@pytest.mark.parametrize(
    "source",
    [
        "f()",
        "x = f()",
        "x: f() = f()",
        "x += f()",
        "x[f()] = 1",
        "x.y[f()] = 1",
        "for x in f(): pass",
        "for x[f()] in y: pass",
        "while f(): pass",
        "if f(): pass",
        "if x: pass\nelif f(): pass",
        "if x: pass\nelse: f()",
        "with f(): pass",
        "with x: f()",
        "try: f()\nfinally: pass",
        "try: pass\nexcept f(): pass",
        "try: pass\nfinally: f()",
        "match f():\n    case 1: pass",
        "match x:\n    case 1 if f(): pass",
        "match x:\n    case 1: f()",
        "def g(x=f()): pass",
        "def g(): return f()",
        "@f()\ndef g(): pass",
        "@f()\nclass G: pass",
        "class G(f()): pass",
        "class G(metaclass=f()): pass",
        "class G: f()",
        "lambda: f()",
        "lambda x=f(): 0",
        "[f() for x in y]",
        "[0 for x in f()]",
        "[0 for x in y for z in f()]",
        "[0 for x in y if f()]",
        "{f(): 0 for x in y}",
        "{0: f() for x in y}",
        "{f() for x in y}",
        "(f() for x in y)",
        "(x := f())",
        "f'{f()}'",
        "f'{x:{f()}}'",
        "f() if x else y",
        "x if f() else y",
        "x[f()]",
        "x[f():]",
        "(*f(),)",
        "{**f()}",
        "-f()",
        "not f()",
        "x and f()",
        "x < f()",
        "del x[f()]",
        "assert f()",
        "raise f()",
        "async def g(): await f()",
        "def g(): yield f()",
        "x = 1; f()",
        "f().y",
    ],
)
def test_a_call_is_noted_once_wherever_it_stands(source):
    assert names_of_calls(source).count("f") == 1


def test_calls_are_noted_in_source_order():
    assert names_of_calls("a(b(), c())\nd(e)\n") == ["a", "b", "c", "d"]


def test_every_syntax_is_walked():
    assert set(names_of_calls(EVERY_STATEMENT)) == {"call", "decorated", "print"}


def test_an_annotation_is_no_code_that_matters():
    assert names_of_calls("x: f() = 1\ndef g(a: f()) -> f(): pass\n") == []


class TestStatementOfACall:
    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            ("f()\n", nodes.Expr),
            ("x = 1; y = f()\n", nodes.Assign),
            ("if f():\n    pass\n", nodes.If),
            ("if x:\n    pass\nelif f():\n    pass\n", nodes.If),
            ("while f():\n    x = 1\n", nodes.While),
            ("for x in f():\n    y = 1\n", nodes.For),
            ("with f():\n    x = 1\n", nodes.With),
            ("try:\n    x = 1\nexcept f():\n    pass\n", nodes.ExceptHandler),
            ("@f()\ndef g():\n    x = 1\n", nodes.FunctionDef),
            ("def g(x=f()):\n    y = 1\n", nodes.FunctionDef),
            ("class G(f()):\n    x = 1\n", nodes.ClassDef),
            ("def g():\n    return f()\n", nodes.Return),
        ],
    )
    def test_it_is_the_innermost(self, source, kind):
        (call,) = collected(source).calls
        assert isinstance(call.statement, kind)


class TestProvoked:
    @pytest.mark.parametrize(
        "context",
        [
            "pytest.raises(ValueError)",
            "raises(E)",
            "self.assertRaises(E)",
            "self.assertRaisesRegex(E, 'x')",
            "a, raises(E)",
        ],
    )
    def test_a_call_where_a_failure_is_expected(self, context):
        call = collected(f"with {context}:\n    f()\n").calls[-1]
        assert call.provoked

    @pytest.mark.parametrize("context", ["open(x)", "raises", "strategy.scope()"])
    def test_another_context_provokes_nothing(self, context):
        call = collected(f"with {context}:\n    f()\n").calls[-1]
        assert not call.provoked

    def test_after_the_block_nothing_is_provoked(self):
        assert not collected("with raises(E):\n    f()\nf()\n").calls[-1].provoked


class TestImports:
    def test_each_name_is_noted_with_its_path(self):
        source = "import a, b.c\nfrom d import e, f as g\nfrom . import h\nfrom .i import j\nfrom ..k import l\n"
        assert [name.path for name in collected(source).imports] == ["a", "b.c", "d.e", "d.f", ".h", ".i.j", "..k.l"]

    def test_a_star_is_noted_by_its_module(self):
        (star,) = collected("from a.b import *\n").imports
        assert star.path == "a.b"
        assert isinstance(star.node, nodes.ImportFrom)

    @pytest.mark.parametrize(
        ("source", "guarded", "conditional"),
        [
            ("import a\n", False, False),
            ("def f():\n    import a\n", False, False),
            ("try:\n    import a\nexcept E:\n    pass\n", True, True),
            ("try:\n    pass\nexcept E:\n    import a\n", True, True),
            ("try:\n    pass\nfinally:\n    import a\n", False, False),
            ("if x:\n    import a\n", False, True),
            ("if x:\n    pass\nelse:\n    import a\n", False, True),
            ("if x:\n    pass\nimport a\n", False, False),
        ],
    )
    def test_what_may_fail_or_be_passed_by_is_told(self, source, guarded, conditional):
        (name,) = collected(source).imports
        assert (name.guarded, name.conditional) == (guarded, conditional)


class TestAttributes:
    def test_only_those_asked_for_are_noted_when_read(self):
        (site,) = collected("a.b.l1l2(0.1)\na.other\n").attributes
        assert (dotted(site.node), site.assigned) == ("a.b.l1l2", False)

    @pytest.mark.parametrize(
        "source", ["a.b = 1", "a.b += 1", "a.b: int = 1", "a.b, c = d", "for a.b in c: pass", "del a.b"]
    )
    def test_every_one_that_is_assigned_is_noted(self, source):
        (site,) = collected(source + "\n").attributes
        assert (dotted(site.node), site.assigned) == ("a.b", True)


class TestDotted:
    @pytest.mark.parametrize("code", ["a", "a.b", "a.b.c"])
    def test_a_plain_name_is_told(self, code):
        assert dotted(expression(code)) == code

    @pytest.mark.parametrize("code", ["a()", "a().b", "a[0].b", "1", "(a, b)"])
    def test_anything_else_is_not(self, code):
        assert dotted(expression(code)) is None
