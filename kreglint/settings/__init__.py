"""Settings: their schema, how they are loaded, and which rules they select."""
