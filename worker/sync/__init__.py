"""Strings the five steps together: fetch, decide, apply, notify, plan. One short file for each thing it does."""
