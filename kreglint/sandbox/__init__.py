"""The project's own interpreter, asked about a model: what the linter does on its side of the process."""
