"""The engine: from bytes to diagnostics, for one file and for many."""
