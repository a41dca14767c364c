"""Syntax: from a text to its tree. The only room that knows the parsers."""
