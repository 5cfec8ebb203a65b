"""Benches of the till as a whole program."""
