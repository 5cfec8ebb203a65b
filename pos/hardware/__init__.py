"""Counter hardware: printers, drawer, scanners, scale, customer display, shelf labels.

It knows no ledger and no screen. Everything here blocks and belongs into a named thread of its
own; nothing is shared between two threads but what says so.
"""
