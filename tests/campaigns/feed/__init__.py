"""The consumers of docs/change-feed.md, killed at random moments while the tables change.

`consumers.py` runs in the processes that are killed, `campaign.py` kills them and compares. `make kill-consumers` is
the long run, `make test` has a small share of it.
"""
