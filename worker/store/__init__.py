"""Postgres: loads what is stored, writes decisions, keeps the ledger. SQL: `queries/`, a sentence above each."""
