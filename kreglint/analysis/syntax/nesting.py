"""How deeply a program is nested, and room to follow it.

libcst's parser and its tree recurse as deeply as the program nests, and where the stack ends the whole process
dies. So what Python itself refuses to read is refused before, and a long text is given a stack to spare.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

_STACK = 256 * 1024 * 1024  # bytes of address space, of which only what is used becomes memory
# Not by the tokens of source/tokens.py: a long text is passed over at the speed of C, with a match for what has
# brackets or hides some, and none for the rest.
_SKIPPED = (
    r"#[^\n\r]*"
    r"|\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)"
    r"|'''(?:[^\\']|\\.|'(?!''))*(?:'''|\Z)"
    r"|\"(?:[^\\\"\n\r]|\\.)*\"?"
    r"|'(?:[^\\'\n\r]|\\.)*'?"
)
_BRACKET = re.compile(rf"{_SKIPPED}|[(\[{{]+|[)\]}}]+", re.DOTALL)

Result = TypeVar("Result")


def nesting_depth(text: str) -> int:
    """Return how many brackets are open at most, outside strings and comments."""
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        found = match.group()
        if found[0] in "([{":
            depth += len(found)
            deepest = max(deepest, depth)
        elif found[0] in ")]}":
            depth = max(depth - len(found), 0)
    return deepest


def with_room(work: Callable[[], Result], *, depth: int = 0) -> Result:
    """Do `work` in a thread with a large stack, and with a recursion limit of at least `depth`.

    Raises what the work raises.
    """
    from concurrent.futures.thread import ThreadPoolExecutor  # here, since few files need it

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(depth, limit))
    usual = threading.stack_size(_STACK)
    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(work).result()
    finally:
        threading.stack_size(usual)
        sys.setrecursionlimit(limit)


def with_room_where_needed(work: Callable[[], Result], *, depth: int = 0) -> Result:
    """Do `work` on this stack, and anew with a larger one if that does not do. Raises what the work raises."""
    try:
        return work()
    except RecursionError:
        pass  # whatever it held is let go before the second try
    return with_room(work, depth=depth)
