"""诺税通: its open platform's signature, token, forms and answers."""
