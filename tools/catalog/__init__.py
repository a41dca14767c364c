"""Writes the catalogs of `kreglint.catalog`: what each Keras declares, and what it does when it is tried."""
