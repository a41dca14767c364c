"""Output formats: one module each, from diagnostics or layer entries alone."""
