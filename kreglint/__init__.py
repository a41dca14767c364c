"""kreglint: static analysis for Keras regularizers, every claim proved by real Keras."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint import callbacks as callbacks
    from kreglint import testing as testing
    from kreglint.engine.api import check_paths as check_paths
    from kreglint.engine.api import check_source as check_source
    from kreglint.engine.api import fix_source as fix_source
    from kreglint.engine.api import report_source as report_source
    from kreglint.engine.api import verify as verify
    from kreglint.version import __version__ as __version__

_FUNCTIONS = ("check_paths", "check_source", "fix_source", "report_source", "verify")
_MODULES = ("callbacks", "testing")

__all__ = [
    "__version__",
    "callbacks",
    "check_paths",
    "check_source",
    "fix_source",
    "report_source",
    "testing",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import what is public on first use: start-up must not pay for the analysis."""
    from importlib import import_module

    if name == "__version__":
        return import_module("kreglint.version").__version__
    if name in _MODULES:
        return import_module(f"kreglint.{name}")
    if name in _FUNCTIONS:
        return getattr(import_module("kreglint.engine.api"), name)
    raise AttributeError(f"module 'kreglint' has no attribute {name!r}")


def __dir__() -> list[str]:
    """All that is there, so that `help` and completion find what is not imported yet."""
    return sorted({*globals(), *__all__})
