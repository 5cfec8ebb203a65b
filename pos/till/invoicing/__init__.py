"""Invoices at the till: what an order offers, what is asked for, and the thread that gets it.

A fact and the work it makes are on disk before anybody outside is asked. A return never waits: red
letters are asked for behind it, from the records. One owner issues (`[invoices] owner`).
"""
