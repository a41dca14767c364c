"""kreglint: static analysis for Keras regularizers, every claim proved by real Keras."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.engine.api import check_paths as check_paths
    from kreglint.engine.api import check_source as check_source
    from kreglint.engine.api import fix_source as fix_source
    from kreglint.engine.api import report_source as report_source
    from kreglint.runtime.probe import verify as verify

__version__ = "0.1.0"
_PUBLIC = {
    "check_paths": "kreglint.engine.api",
    "check_source": "kreglint.engine.api",
    "fix_source": "kreglint.engine.api",
    "report_source": "kreglint.engine.api",
    "verify": "kreglint.runtime.probe",
}
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
    """Import what is public on first use: start-up must not pay for libcst."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"kreglint.{name}")
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'kreglint' has no attribute {name!r}")
