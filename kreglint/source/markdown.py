"""The Python in a Markdown file: its fenced blocks, and the cells of MyST, Quarto and R Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kreglint.source.blocks import Block, examples, is_session, lines_of, with_margin

_PYTHON = ("python", "python3", "py", "py3", "ipython", "ipython3")
_SESSIONS = ("pycon", "pycon3")
_FENCE = re.compile(r"(?P<margin>[ \t]*(?:>[ \t]?)*[ \t]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>[^\r\n]*)")
_QUOTED = re.compile(r"(?:[ \t]*>)*")
_COMMENT = re.compile(r" {0,3}<!--")
_CELL = re.compile(r"\{(?:python|py)\w*\b")  # that is run
_WORD = re.compile(r"[{.\s]*([\w+-]*)")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>[^\s{]*)")
_CODE = ("code-cell", "code-block", "code", "sourcecode", "testcode", "doctest")
# Directives of MyST whose content is Markdown too, so that blocks of code stand inside them.
_CONTAINERS = frozenset(
    "admonition attention aside card card-body caution container danger deprecated details div dropdown epigraph error "
    "example exercise grid grid-item grid-item-card hint important margin note only panels seealso sidebar solution "
    "tab tab-item tab-set tabbed tip toggle topic versionadded versionchanged warning".split()
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

    Cells that their document does not run, by `eval: false` or the tag `skip-execution`, are left out too, and so is
    what stands in a comment of HTML.
    """
    for opening, lines, first_row in _fenced(text):
        yield from _block(opening, lines, first_row, text)


def _fenced(text: str) -> Iterator[tuple[re.Match[str], list[str], int]]:
    """Yield each block: its first fence, the lines after it, and the row where they begin."""
    opening: re.Match[str] | None = None
    containers: list[re.Match[str]] = []
    lines: list[str] = []
    first_row, is_comment = 0, False
    for row, line in enumerate(lines_of(text), start=1):
        fence = _FENCE.match(line)
        if opening is not None:
            closes = fence is not None and _closes(fence, opening)
            if not closes and _quotation(line) >= _quotation(opening.group()):
                lines.append(line)
                continue
            yield opening, lines, first_row
            opening = None
            if closes:
                continue
        is_comment = is_comment or _COMMENT.match(line) is not None
        if is_comment:
            is_comment = "-->" not in line
        elif fence is not None and containers and _closes(fence, containers[-1]):
            containers.pop()
        elif fence is not None and _name(fence) in _CONTAINERS:
            containers.append(fence)
        elif fence is not None and _opens(fence):
            opening, lines, first_row = fence, [], row + 1
    if opening is not None:
        yield opening, lines, first_row


def _opens(fence: re.Match[str]) -> bool:
    """True if a fence begins a block: colons are one only of a directive, and backticks may be code within a line."""
    if fence["fence"][0] == ":":
        return _name(fence) in _CODE
    return not (fence["fence"][0] == "`" and "`" in fence["info"])


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    """True if a fence ends a block: one that is indented as code is belongs to it, but to a cell of Quarto or knitr."""
    if not fence["fence"].startswith(opening["fence"]) or fence["info"].strip():
        return False
    is_code = _indent(fence) >= _indent(opening) + 4 and _CELL.match(opening["info"]) is None
    return not is_code and _quotation(fence.group()) == _quotation(opening.group())


def _indent(fence: re.Match[str]) -> int:
    return len(fence["margin"].expandtabs())


def _quotation(line: str) -> int:
    """Return how many quotations a line stands in."""
    quoted = _QUOTED.match(line)
    return quoted.group().count(">") if quoted is not None else 0


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
        yield from _with_margin(code, start + head, opening["margin"])


def _with_margin(code: list[str], first_row: int, margin: str) -> Iterator[Block]:
    """Yield the block of some lines; of a quotation, as of a session, one that no edit could write."""
    if ">" in margin:
        code = [line if line.strip(" \t>\r\n") else line.lstrip(" \t>") for line in code]
    yield from (each._replace(prompted=">" in margin) for each in with_margin(code, first_row, margin))


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
