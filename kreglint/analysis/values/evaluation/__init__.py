"""From an expression to its value, on demand: one module for each kind of expression."""
