"""One module a page: what it asks the database, and the plain values its template shows."""
