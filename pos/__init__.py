"""Guitai 柜台: a point-of-sale till that runs in a terminal."""

__version__ = "0.1.0"
