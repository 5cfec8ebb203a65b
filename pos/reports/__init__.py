"""Figures of shifts, days and ranges: stored rows added up over a read-only connection."""
