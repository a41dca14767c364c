"""A long text in parts: the same statements at the same places as in one."""

from __future__ import annotations

import libcst as cst
import pytest

from kreglint.analysis import parts
from kreglint.analysis.parts import joined, parse_parts
from kreglint.analysis.positions import Positions
from kreglint.analysis.walk import descendants

DEFINITIONS = {
    "functions": "import a\n\n\ndef f():\n    return g(1)\n\n\n# of h\ndef h():\n    return i(2)\n\n"
    "async def j(): k(3)\n",
    "decorated": "x = 1\n\n@a.b\n@c\ndef f():\n    pass\n\n@d\nclass E:\n\n    def m(self):\n        return n(4)\n\n"
    "y = f(2)\n",
    "crlf": "x = 1\r\n\r\ndef f():\r\n    return g(1)\r\n\r\nclass H: pass\r\n",
    "other indentation": "if a:\n  b(1)\n\ndef f():\n\tif c:\n\t\td(2)\n\n\nclass E:\n        e = 3\n",
    "comments at an end": "def f():\n    g(1)\n    # of f\n  # of nobody\n# of all\n\ndef h():\n    i(2)\n\n# last",
    "form feed": "def f():\n    g(1)\n\f\n\ndef h():\n\f    i(2)\n\n\ndef j(): pass\n",
    "a backslash": "x = 1 \\\n\n\ndefault(2)\n",
    "statements": "x = f(1)\n\ny = g(2)\nif x:\n    h(3)\n\n# of all\nz = i(4)\n",
    "a long body": "def f(\n    a\n):\n    'of f'\n    b = a(1)\n\n    c = b(2)\n    if c:\n\n        d(3)\n\n"
    "    else:\n        e(4)\n\n    # more\n    return f(c)\n# of f\n\nx = f(5)\n",
    "a long class": "class E:\n\n    a = 1\n\n    @b\n    def f(self):\n        return g(2)\n\n    def h(self): i(3)\n",
    "astral": "x = '😀'\n\ndef f():\n    '''𝕊'''\n\ndef g():\n    h('ÿ')\n",
}
ONE_PART = {
    "in a string": "x = '''\n\ndef f():\n'''\ny = g(1)\n",
    "in brackets": "x = (a\n\n@ b)\n",
    "after a decorator": "@a\n\n@b\ndef f():\n    pass\n",
    "in brackets of a body": "def f():\n    x = (a,\n\n    b)\n",
    "in a string of a body": "def f():\n    x = '''\n\n    b'''\n    y = c\n",
}


@pytest.fixture
def tiny_parts(monkeypatch):
    monkeypatch.setattr(parts, "_SHORT", 0)
    monkeypatch.setattr(parts, "_PART", 1)


@pytest.mark.parametrize("source", DEFINITIONS.values(), ids=DEFINITIONS)
def test_parts_have_all_statements_where_they_stand(source, tiny_parts):
    found = parse_parts(source)
    whole = [parts.Part(cst.parse_module(source), source, 0)]
    assert len(found) > 1
    assert spans(found) == spans(whole)
    assert "".join(part.text.removeprefix("if 1:\n" if part.inner else "") for part in found) == source


def spans(of):
    module, copies = joined(of)
    positions = Positions(of, copies)
    statements = module.body
    nodes = [node for statement in statements for node in descendants(statement)]
    placed = (cst.BaseExpression, cst.SimpleStatementLine, cst.Arg, cst.Decorator)
    return [(type(node), positions.span(node)) for node in nodes if isinstance(node, placed)]


@pytest.mark.parametrize("source", ONE_PART.values(), ids=ONE_PART)
def test_what_only_looks_like_a_start_leaves_one_part(source, tiny_parts):
    assert [part.text for part in parse_parts(source)] == [source]


def test_a_fault_is_told_of_the_whole_text(tiny_parts):
    source = "def f():\n    pass\n\ndef g(:\n    pass\n"
    with pytest.raises(cst.ParserSyntaxError) as whole:
        cst.parse_module(source)
    with pytest.raises(cst.ParserSyntaxError) as raised:
        parse_parts(source)
    assert raised.value.raw_line == whole.value.raw_line


def test_a_short_text_is_one_part():
    assert len(parse_parts("x = 1\n\ndef f():\n    pass\n")) == 1


def test_a_long_text_is_in_parts_of_some_size():
    text = "import a\n" + "\n\ndef f():\n    return a.b(1)\n" * 10_000
    sizes = [len(part.text) for part in parse_parts(text)]
    assert sum(sizes) == len(text)
    assert all(40_000 <= size < 41_000 for size in sizes[:-1])


def test_a_long_function_is_in_parts_of_some_size():
    text = "def f(x):\n" + "    # more\n    x = a.b(x)\n    if x:\n        c(x)\n\n" * 10_000 + "\nf(1)\n"
    found = parse_parts(text)
    assert [part.inner for part in found] == [False, *[True] * (len(found) - 2), False]
    assert all(40_000 <= len(part.text) < 41_000 for part in found[:-2])
    assert len(joined(found).module.body) == 2


@pytest.mark.parametrize("name", ["a long body", "a long class"])
def test_a_definition_in_parts_is_as_long_as_in_one(name, tiny_parts):
    source = DEFINITIONS[name]
    found = parse_parts(source)
    module, copies = joined(found)
    span = Positions(found, copies).span(module.body[0])
    assert any(part.inner for part in found)
    assert span.start == 0
    assert source[: span.end].rstrip().endswith(("f(c)", "i(3)"))


def test_a_long_script_is_in_parts():
    assert len(parse_parts("x = a.b(1)\n\n" * 20_000)) > 5
