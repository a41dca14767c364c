"""Keras: what a program does with layers, models, optimizers and regularizers."""
