"""Connects the five steps: fetch, decide, apply, notify, plan. Each module has one task."""
