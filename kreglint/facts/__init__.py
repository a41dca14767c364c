"""Facts: what the analysis found in a file, as plain frozen data without syntax nodes."""
