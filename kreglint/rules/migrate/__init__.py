"""Rules on what changed between versions of Keras (KRG5xx)."""
