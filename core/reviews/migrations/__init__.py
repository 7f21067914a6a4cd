"""The schema of the log, step by step, the same for SQLite and PostgreSQL (alembic)."""
