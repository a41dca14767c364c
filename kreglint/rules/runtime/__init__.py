"""Rules on a live model (KRG8xx): reported by `kreglint verify`."""
