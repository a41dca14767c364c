"""Forgetting what this process has read, so that the next look finds what has changed."""

from __future__ import annotations

from kreglint.engine import project
from kreglint.engine.cache.store import forget_cache
from kreglint.settings.detection import forget_detected
from kreglint.settings.load import forget_tables


def forget_all() -> None:
    """Let the next check read files, caches and configurations again."""
    project.forget()
    forget_cache()
    forget_tables()
    forget_detected()
