"""Where on the web things are told of."""

from __future__ import annotations

HOME = "https://github.com/kreglint/kreglint"


def rule_page(code: str) -> str:
    return f"{HOME}/blob/main/docs/rules/{code}.md"
