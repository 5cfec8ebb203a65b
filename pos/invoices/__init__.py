"""E-invoices (数电票): the rules, and the providers that get one from the tax bureau.

`building`, `buyers`, `reds` and `course` are pure: values and time in, documents, states and next
acts out. `workbook` fills the bureau's own import template; `nuonuo` speaks 诺税通. Nothing here
knows the ledger, starts a thread or talks to a person.
"""
