"""Rules on how a penalty reaches the training (KRG6xx)."""
