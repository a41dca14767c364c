"""Positions: the text between a node's offsets is that node's code, whatever the blanks around it."""

import libcst as cst
import pytest

from kreglint.analysis.errors import UnparsableError
from kreglint.analysis.parts import Part
from kreglint.analysis.positions import Positions
from kreglint.analysis.walk import children

CODE_KINDS = (cst.Name, cst.Call, cst.Arg, cst.Attribute, cst.SimpleString, cst.Integer, cst.Float, cst.Lambda)

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
    "form feed before a block": "if a:\n\f    x(1)\n    y(2)\nz(3)\n",
    "form feed in a line": "x =\ff(1,\f 2)\f\ny(3)\n",
    "form feed in a string": "x = f('a\fb')\n\fy('''\n\f''')\n",
    "form feed first": "\fx = f(1)\n",
    "astral": "𝔁 = f('😀', b='𝕊')  # 🙂\nÿ(𝔁)\n",
    "continued": "x = \\\n    f(1, \\\n      b=2)\ny = 1 \\\n    + z(3)\n",
    "continued before the first code": " \\\n  x = f(1)\ny(2)\n",
    "decorated": "@a.b(1)\n# why\n@c\n\nclass D(E, m=f(2)):\n    @g\n    def h(self): return i(3)\n",
    "semicolons": "x = f(1); y = g(2) ;z(3);\n",
    "one line": "if a: f(1)\nelse: g(2)\nfor x in y: h(3)\n",
    "parentheses": "x = ((f)((1), b=(('s'))))\n",
    "comments inside": "x = f(  # one\n    1,  # two\n    # three\n    b='s',\n)\n",
    "multi-line strings": "x = f('''a\nb''', \"\"\"c\r\nd\"\"\")\ny(1)\n",
    "f-strings": "x = f'{g(1)!r:>{h(2)}} and {i}' 'tail'\ny(3)\n",
    "lambdas": "x = f(lambda a, *b, c=g(1), **d: h(a))\n",
    "blank lines": "\n\n   \nx = f(1)\n\n\t\n  # c\ny(2)\n\n\n",
    "byte order mark": "\ufeffx = f(1)\n",
    "empty": "",
    "type parameters": "def f[T: int](a: T = g(1)) -> h(2): pass\ntype X = i(3)\n",
}


def nodes(node: cst.CSTNode) -> list[cst.CSTNode]:
    return [node, *(inner for child in children(node) for inner in nodes(child))]


def bare(node: cst.CSTNode) -> cst.CSTNode:
    """A node without the parentheses and the comma that stand around it."""
    if isinstance(node, cst.Arg):
        return node.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace(""))
    return node.with_changes(lpar=(), rpar=())


def solid(text: str) -> str:
    return "".join(text.replace("\\\n", "").split())


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_text_of_a_span_is_the_nodes_code(source):
    module = cst.parse_module(source)
    positions = Positions([Part(module, source, 0)])
    for node in nodes(module):
        if isinstance(node, CODE_KINDS):
            span = positions.span(node)
            text = source[span.start : span.end]
            assert solid(text) == solid(module.code_for_node(bare(node)))
            assert text == text.strip()


def test_a_text_that_the_tree_does_not_hold_is_refused():
    module = cst.parse_module("x = f(1)\n")
    with pytest.raises(UnparsableError):
        Positions([Part(module, "x = f(1, 2)\n", 0)]).span(module.body[0])
