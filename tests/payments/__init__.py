"""Payments: the machine, the wires, the bills."""
