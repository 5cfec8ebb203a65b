"""What stands at the other end of a till's cables and networks, for tests and demonstrations."""
