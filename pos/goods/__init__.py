"""Products: files in, codes, search."""
