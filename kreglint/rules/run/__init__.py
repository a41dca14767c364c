"""Rules on the run itself (KRG9xx): reported by the engine."""
