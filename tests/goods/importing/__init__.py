"""Dirty product files."""
