"""The Python in a Markdown file: its fenced blocks, and the cells of MyST, Quarto and R Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kreglint.source.blocks import Block, examples, is_session, lines_of, with_margin

_PYTHON = ("python", "python3", "py", "ipython")
_SESSIONS = ("pycon", "pycon3")
_FENCE = re.compile(r"(?P<margin>[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>[^\r\n]*)")
_WORD = re.compile(r"[{.\s]*([\w+-]*)")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>[^\s{]*)")
_CODE = ("code-cell", "code-block", "code", "sourcecode", "testcode", "doctest")
# Directives of MyST whose content is Markdown too, so that blocks of code stand inside them.
_CONTAINERS = frozenset(
    "admonition attention card caution danger details dropdown error exercise grid grid-item grid-item-card hint "
    "important margin note seealso sidebar solution tab-item tab-set tip toggle topic warning".split()
)
_OPTION = re.compile(r"[ \t]*:[\w-]+:(?=[ \t\r\n]|\Z)")
_RULE = re.compile(r"[ \t]*---[ \t]*(?:[\r\n]|\Z)")
_SWITCHED_OFF = re.compile(
    r"\beval[ \t]*[=:][ \t]*(?:false|no|f)\b|(?<![\w-])skip-execution(?![\w-])|\bdisabled=\"true\"", re.IGNORECASE
)  # of an option's line, or of the head of a cell
_CELL_OPTION = re.compile(r"[ \t]*#\|")
_FRONT_MATTER = re.compile(r"\A---[ \t]*(?:\r\n|\r|\n)(?P<keys>.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_KERNEL = re.compile(r"^kernelspec:(?P<keys>(?:[ \t]*(?:\r\n|\r|\n)[ \t]+[^\r\n]*)+)", re.MULTILINE)
_KERNEL_NAME = re.compile(r"^[ \t]+(?:language|name):[ \t]*[\"']?(?P<name>\w+)", re.MULTILINE)


def python_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks fenced as Python, in order. One with a line that is indented less than its fence is left out.

    Cells that their document does not run, by `eval: false` or the tag `skip-execution`, are left out too.
    """
    opening: re.Match[str] | None = None
    containers: list[re.Match[str]] = []
    lines: list[str] = []
    start = 0
    for row, line in enumerate(lines_of(text), start=1):
        fence = _FENCE.match(line)
        if opening is not None:
            if fence is not None and _closes(fence, opening):
                yield from _block(opening, lines, start, text)
                opening = None
            else:
                lines.append(line)
        elif fence is not None and containers and _closes(fence, containers[-1]):
            containers.pop()
        elif fence is not None and _name(fence) in _CONTAINERS:
            containers.append(fence)
        elif fence is not None and _opens(fence):
            opening, lines, start = fence, [], row + 1
    if opening is not None:
        yield from _block(opening, lines, start, text)


def _opens(fence: re.Match[str]) -> bool:
    """True if a fence begins a block: colons are one only of a directive, and backticks may be code within a line."""
    if fence["fence"][0] == ":":
        return _name(fence) in _CODE
    return not (fence["fence"][0] == "`" and "`" in fence["info"])


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    return fence["fence"].startswith(opening["fence"]) and not fence["info"].strip()


def _name(fence: re.Match[str]) -> str | None:
    """Return the name of a directive; None for a block that is none."""
    directive = _DIRECTIVE.match(fence["info"])
    return directive["name"] if directive is not None else None


def _block(opening: re.Match[str], lines: list[str], start: int, text: str) -> Iterator[Block]:
    language, head = _language(opening, text), 0
    if _name(opening) in _CODE:
        head = _options(lines)
    elif _SWITCHED_OFF.search(opening["info"]):
        return
    options = (*lines[:head], *filter(_CELL_OPTION.match, lines[head:]))
    if any(map(_SWITCHED_OFF.search, options)):
        return
    code = lines[head:]
    if language in _SESSIONS or (language in _PYTHON and is_session(code)):
        yield from examples(code, start + head)
    elif language in _PYTHON:
        yield from with_margin(code, start + head, opening["margin"])


def _language(opening: re.Match[str], text: str) -> str:
    """Return the language of a block: of a directive, its argument's; of a cell without one, the document's."""
    directive = _DIRECTIVE.match(opening["info"])
    if directive is not None and directive["name"] in _CODE:
        return (
            _PYTHON[0]
            if directive["argument"] in ("ipython2", "ipython3")
            else (directive["argument"].lower() or (_kernel(text) if directive["name"] == _CODE[0] else ""))
        )
    word = _WORD.match(opening["info"])
    return word[1].lower() if word is not None else ""


def _kernel(text: str) -> str:
    """Return the language of a document's cells: Python where its front matter names no kernel."""
    front = _FRONT_MATTER.match(text)
    kernel = _KERNEL.search(front["keys"]) if front is not None else None
    names = [found["name"].lower() for found in _KERNEL_NAME.finditer(kernel["keys"])] if kernel is not None else []
    return _PYTHON[0] if not names or any(name.startswith(_PYTHON) for name in names) else names[0]


def _options(lines: Sequence[str]) -> int:
    """Return how many lines at the head of a directive are its options: `:key: value`, or between two rules."""
    if lines and _RULE.match(lines[0]):
        return next((number + 1 for number, line in enumerate(lines[1:], 1) if _RULE.match(line)), 0)
    return next((number for number, line in enumerate(lines) if not _OPTION.match(line)), len(lines))
