"""Fixing: from a rule's fix to text edits, from edits to a text that is checked, and on to the file."""
