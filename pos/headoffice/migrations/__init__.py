"""Steps of head office's database, run by Alembic; the SQL of each is in `steps/`."""
