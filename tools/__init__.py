"""What only the maintainers of kreglint run, from the top folder of the repository. It is not installed."""
