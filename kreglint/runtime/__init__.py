"""What a live model does: its penalties held against formulas, in the project's own Keras."""
