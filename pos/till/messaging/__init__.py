"""Messages of a till: what managers want to know, receipts and invoices to customers by mail.

They are found in what is on disk, kept, and sent by a thread of their own: a sale, a close and a
printer never wait for a message. A thing is told once, because its message's id comes from what it
tells of.
"""
