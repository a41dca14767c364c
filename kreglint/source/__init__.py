"""Sources: text and offsets, suppression comments, and the files to check."""
