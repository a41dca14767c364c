"""The tree of a program: made of `ast`, it is the one that libcst's would give, with the same places."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from kreglint.analysis.syntax import from_libcst, nodes
from kreglint.analysis.syntax import parse as parsing
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.parse import parse
from kreglint.analysis.syntax.walk import descendants, is_same_code
from kreglint.rules import RULES
from kreglint.rules.prelude import shown

FIXTURES = Path(__file__).parents[3] / "fixtures"
PLACED = (
    nodes.Literal,
    nodes.Attribute,
    nodes.Arg,
    nodes.Call,
    nodes.Lambda,
    nodes.List,
    nodes.Dict,
    nodes.Tuple,
    nodes.Comprehension,
    nodes.BinaryOperation,
    nodes.IfExp,
    nodes.Decorator,
    nodes.DictElement,
    nodes.SmallStatement,
)
SOURCES = {
    "plain": "from keras import layers\nx = layers.Dense(4, kernel_regularizer='l2')\n",
    "crlf": "import a\r\nx = f(\r\n    1,\r\n    b='s',\r\n)\r\n",
    "cr": "import a\rx = f(\r    1,\r    b='s',\r)\r",
    "mixed line ends": "a = 1\r\nb = 2\rc = 3\nd(4)\r\n",
    "no final newline": "import a\nx = f(1, b='s')",
    "a final comment": "x = f(1)  # last",
    "tabs": "if a:\n\tx = f(\t1,\tb =\t's'\t)\n\tif b:\n\t\ty(2)\n",
    "form feed between": "import a\n\f\ndef f():\n    return g(1)\n",
    "form feed before code": "import a\n\fx = f(1)\ny(2)\n",
    "form feed before indented code": "def f():\n    a(1)\n\f    b(2)\n    c(3)\n",
    "form feed in a line": "x =\ff(1,\f 2)\f\ny(3)\n",
    "form feed in a string": "x = f('a\fb')\n\fy('''\n\f''')\n",
    "form feed first": "\fx = f(1)\n",
    "astral": "𝔁 = f('😀', b='𝕊')  # 🙂\nÿ(a.𝔁)\n",
    "continued": "x = \\\n    f(1, \\\n      b=2)\ny = 1 \\\n    + z(3)\n",
    "decorated": "@a.b(1)\n# why\n@c\n\nclass D(E, m=f(2)):\n    @g\n    def h(self): return i(3)\n",
    "definitions over several lines": "async \\\n def \\\n  f(): pass\nclass \\\n  C: pass\n",
    "semicolons": "x = f(1); y = g(2) ;z(3);\nx = 1;  # one\ny = 2\n",
    "one line": "if a: f(1); b(2)\nelse: g(2)\nfor x in y: h(3)\n",
    "parentheses": "x = ((f)((1), b=(('s'))))\ny = f((a), (b), *(c), **(d))\nz = (f)(x for x in y)\n",
    "comments in parentheses": (
        "x = f(((  # a)\n  1  # b(\n)), (2,  # c,\n), d=( # d\n3))\ny = (  # (e\n  1, 2  # f)\n)\n"
        "z = (  # g\n  a for a in b  # )\n)\nw = {'h': (  # i\n 4 # )\n)}\nv = ((1  # j),\n), 2)\n"
    ),
    "tuples": "x = (1, 2)\ny = (1), (2)\nz = ((1), 2)\nw = (1,)\nv = ()\nu = f((1, 2), ((3), 4))\n",
    "generators": "x = f(a for a in b)\ny = f((a for a in b), 1)\nz = ( a for a in b if c if d for e in f )\n",
    "comments inside": "x = f(  # one\n    1,  # two\n    # three\n    b='s',\n)\n",
    "multi-line strings": "x = f('''a\nb''', \"\"\"c\r\nd\"\"\")\ny(1)\n",
    "pieces of strings": "x = f('a' 'b', b'c'\\\n  b'd')\n",
    "f-strings": "x = f'{g(1)!r:>{h(2)}} and {i}'\ny = f'''\n{\n  k(3)\n}'''\nz = f'ä{l(4)}'\n",
    "lambdas": "x = f(lambda a, *b, c=g(1), **d: h(a))\ny = lambda a, /, b=1, *, c: 0\n",
    "operators": "x = a + b * -c ** d // e % f @ g << h >> i | j & k ^ ~l\ny = a and b and not c or d\n",
    "comparisons": "x = a < b <= c != d == e > f >= g is h is not i in j not in k\n",
    "items": "x = a[1][b:c][::2][d, e][...][*f]\ny = a[(1, 2)]\n",
    "displays": "x = {**a, 'b': (1), 'c': (2, 3)}\ny = {1, *b}\nz = [*c, (d)]\n",
    "assignments": "a = b, *c = d\na.b[c] += f(1)\na: int = 2\na: str\ndel a, b[0]\n(x := f(3))\n",
    "imports": "import a.b as c, d\nfrom . import e\nfrom ..f.g import (h as i, j)\nfrom k import *\n",
    "scopes": "def f():\n    global a, b\n    def g():\n        nonlocal c\n        yield from d\n",
    "branches": "if a: b\nelif c: d\nelse:\n    if e: f\nwhile g: break\nelse: h\nfor i in j: continue\nelse: k\n",
    "errors": "try:\n    a\nexcept B as c:\n    d\nexcept (E, F): raise g from h\nelse: i\nfinally: assert j, k\n",
    "contexts": "with a(1) as b, c: d\nwith (e as f, g): h\nasync def i():\n    async with j: await k\n",
    "blank lines": "\n\n   \nx = f(1)\n\n\t\n  # c\ny(2)\n\n\n",
    "empty": "",
}
PROGRAMS = {
    **SOURCES,
    **{path.name: path.read_text("utf-8", "replace") for path in sorted(FIXTURES.rglob("*.py"))},
    "examples": "\n".join(sorted({shown(example.code) for rule in RULES for example in rule.examples()})),
}


def is_kept(text: str) -> bool:
    """Whether libcst's tree holds the text as it was: it loses form feeds before code, and the last of lone CRs."""
    return cst.parse_module(text).code == text


def is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError:
            return False
    return True


def both(text: str) -> tuple[nodes.Module, nodes.Module]:
    return parse(text), from_libcst.module(text)


def placed(tree: nodes.Module) -> Iterator[tuple[type, int, int]]:
    """Names are left out: `ast` does not tell where those of `global` and `except` stand, and nothing asks for them."""
    for node in descendants(tree):
        if isinstance(node, PLACED):
            yield node.__class__, node.start, node.end


@pytest.mark.parametrize("text", [text for text in PROGRAMS.values() if is_python(text) and is_kept(text)])
def test_both_parsers_give_the_same_tree(text):
    ours, theirs = both(text)
    assert is_same_code(ours, theirs)
    assert list(placed(ours)) == list(placed(theirs))


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_text_of_a_name_is_the_name(source):
    for node in descendants(parse(source)):
        if isinstance(node, nodes.Attribute):
            node = node.attr
        if isinstance(node, nodes.Name) and node.end - node.start == len(node.value):
            assert source[node.start : node.end] in (node.value, *"𝔁")


def test_the_names_of_patterns():
    text = "match a(1):\n    case [B(c=d), *e] | {'f': g, **h} if i: j\n    case k.l | 'm' | None: n\n    case _: o\n"
    ours, theirs = ({node.value for node in descendants(tree) if isinstance(node, nodes.Name)} for tree in both(text))
    assert ours == theirs - {"None", "c"}  # the latter is a keyword of B


def test_a_byte_order_mark_is_counted():
    [line] = parse("\ufeffx = f(1)\ny(2)\n").body[:1]
    assert (line.start, line.end) == (1, 9)


def test_tabs_and_blanks_in_one_block():
    text = "if a:\n\tb\n\tif c:\n    \t\td(1)\n\te\n"
    [call] = [node for node in descendants(parse(text)) if isinstance(node, nodes.Call)]
    assert text[call.start : call.end] == "d(1)"


class TestNewerSyntax:
    """What the Python that runs us refuses, and libcst does not, is read all the same."""

    @pytest.fixture
    def older_python(self, monkeypatch):
        def refuse(_):
            raise SyntaxError("invalid syntax", ("<unknown>", 1, 1, "", 1, 2))

        monkeypatch.setattr(parsing, "python_tree", refuse)

    @pytest.mark.parametrize("source", [text for text in SOURCES.values() if is_kept(text)])
    def test_the_tree_is_the_same(self, source, older_python):
        assert is_same_code(parse(source), from_libcst.module(source))

    @pytest.mark.parametrize("source", [text for text in SOURCES.values() if not is_kept(text)])
    def test_what_libcst_does_not_keep_as_it_was_is_refused(self, source, older_python):
        with pytest.raises(UnparsableError, match="invalid syntax"):
            parse(source)

    def test_what_neither_reads_is_refused_in_pythons_words(self):
        with pytest.raises(UnparsableError) as caught:
            parse("a = 1\nb = = 2\n")
        assert (caught.value.row, caught.value.column, caught.value.reason) == (2, 5, "invalid syntax")

    def test_exceptions_without_parentheses(self):
        tree = parse("try:\n    f(1)\nexcept A, B:\n    g(2)\n")
        assert [node.func.value for node in descendants(tree) if isinstance(node, nodes.Call)] == ["f", "g"]


class TestSameCode:
    @pytest.mark.parametrize(("one", "other"), [("f( 1 )", "f(1)"), ("a  + b", "a + b"), ("'x'", '"x"')])
    def test_layout_makes_no_difference(self, one, other):
        assert is_same_code(parse(one).body, parse(other).body)

    @pytest.mark.parametrize(("one", "other"), [("f(1)", "f(2)"), ("a + b", "a - b"), ("1", "1.0"), ("f()", "f(1)")])
    def test_all_else_does(self, one, other):
        assert not is_same_code(parse(one).body, parse(other).body)


class TestStringsOfOlderPythons:
    @pytest.mark.parametrize("string", ["f'{g(1)}'", "f'''\n{g(\n  1)}'''"])
    def test_its_parts_stand_where_they_do(self, string):
        [call] = [node for node in descendants(from_libcst.expression(string, 100)) if isinstance(node, nodes.Call)]
        assert string[call.start - 100 : call.end - 100].startswith("g(")

    def test_one_that_libcst_does_not_keep_as_it_was_is_not_understood(self, monkeypatch):
        monkeypatch.setattr(cst.Module, "code", property(lambda _: "other"))
        assert isinstance(from_libcst.expression("f'{g(1)}'", 100), nodes.Opaque)
