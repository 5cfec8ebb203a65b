"""Invoices that head office issues, where it is their owner (`[invoices] owner`).

asking     what a customer or a manager asks for, put down with its number before anything is sent
keeping    the table of it: one row a number, with its machine's state and its sealed document
buyers     personal data under keys of their own, which erasing destroys
returns    red letters for what came back, behind the records of returns
working    the thread that issues, asks after, takes back; it may be killed and run beside others
callbacks  the provider's calls: no more than a hint to ask
"""
