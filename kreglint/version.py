"""The version of kreglint."""

__version__ = "0.1.0"
