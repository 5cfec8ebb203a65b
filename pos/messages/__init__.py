"""Messages out: mail and webhooks."""
