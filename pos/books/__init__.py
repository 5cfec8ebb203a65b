"""The books: a balanced voucher of each day, and the forms in which accountants take it."""
