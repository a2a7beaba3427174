"""Postgres: loads what is stored, writes decisions, keeps the work queue. The SQL is in `queries/`."""
