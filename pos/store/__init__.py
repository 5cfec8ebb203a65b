"""The ledger: one SQLite file a till, one writing thread, read-only connections for looking up."""
