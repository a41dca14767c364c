"""What earlier runs found, kept on disk."""
