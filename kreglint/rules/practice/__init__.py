"""Rules on what is usual practice (KRG7xx): opt-in, since Keras does as it is told."""
