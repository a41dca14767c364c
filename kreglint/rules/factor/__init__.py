"""Rules on the factor λ (KRG2xx)."""
