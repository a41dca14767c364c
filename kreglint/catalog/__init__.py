"""The catalog: what Keras 2 and Keras 3 are, as real Keras showed it to `tools.catalog`."""
