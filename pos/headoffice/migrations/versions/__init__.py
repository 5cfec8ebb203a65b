"""Alembic's steps, in order; each runs the SQL of its number."""
