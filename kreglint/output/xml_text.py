"""Text in XML: with the characters that XML cannot hold made visible."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'


def text(value: str) -> str:
    return escape(_holdable(value))


def attributes(**values: object) -> str:
    """` name="value"` for each, with line ends and tabs kept."""
    return "".join(f" {name}={_quoted(str(value))}" for name, value in values.items())


def _quoted(value: str) -> str:
    return quoteattr(_holdable(value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _holdable(value: str) -> str:
    return _NOT_IN_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", value)
