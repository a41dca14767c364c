"""Escape analysis: where an object of a program goes, and whether code that is not seen may hold it."""
