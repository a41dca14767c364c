"""What is known of Python's own library and of others: a file for each."""
