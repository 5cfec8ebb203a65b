"""One real till works in a terminal for as long as it is told, while faults come and go.

place     head office, a wallet and a printer around it, each a process, and what goes wrong
till      the till itself, with a clock that can be set and, if asked, a fault put in on purpose
cashier   sells, and remembers what the screen said
ending    compares that with the ledger, head office, the wallet and the paper
judge     is the till at the end as it was in the beginning?
"""
