"""Product files."""
