"""The other end: takes in records of all tills, sends goods and prices down, stands between tills.

service/   FastAPI: who asks, how much, what; no rule lives there
ingest     bytes, chain and signatures → inbox, and a verdict each; nothing else decides it
projecting inbox → tables, again and again the same; by a worker that may die at any moment
master     goods, prices, people: versioned, in two streams
between/   holds, returns, members: one request, one answer, however often it is asked
database   SQLite or PostgreSQL: all that differs between them
"""
