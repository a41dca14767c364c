"""Analysis: from a source to its facts. It has rooms of its own."""
