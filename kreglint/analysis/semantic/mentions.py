"""Which names a piece of code uses: those of variables, attributes and keywords, and strings that may be names.

Comments and docstrings are none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.syntax import nodes
from kreglint.analysis.syntax.walk import descendants


def speaks_of(node: nodes.Node, pattern: re.Pattern[str]) -> bool:
    """True if some name in a piece of code has a part that matches."""
    return any(pattern.search(name) for name in names_in(node))


def names_in(node: nodes.Node) -> Iterator[str]:
    """Yield the names in a piece of code, with a dot before those of attributes and strings.

    Those of modules are left out, as `losses` in `tf.losses.mse`.
    """
    passed: set[nodes.Node] = set()
    for each in descendants(node):
        match each:
            case nodes.Attribute():
                if isinstance(each.value, nodes.Attribute) and each.value.attr.value == "losses":
                    passed.add(each.value)
                if each not in passed:
                    yield f".{each.attr.value}"
            case nodes.Name():
                yield each.value
            case nodes.Arg() if each.keyword is not None:
                yield each.keyword.value
            case nodes.Expr() if isinstance(each.value, nodes.SimpleString):
                passed.add(each.value)
            case nodes.SimpleString() if each not in passed:
                text = string_of(each)
                if text is not None and text.isidentifier():
                    yield f".{text}"
