"""Rules on which argument a regularizer is given to (KRG4xx)."""
