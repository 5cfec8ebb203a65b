"""Head office over HTTP: doors (who asks, how much), one table of calls, metrics, pages beside."""
