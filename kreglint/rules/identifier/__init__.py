"""Rules on what is given as a regularizer (KRG1xx)."""
