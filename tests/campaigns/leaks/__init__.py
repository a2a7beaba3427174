"""The canary campaign: unique secrets flow through every path while errors are forced, then every sink is searched.

`canaries.py` makes the secrets, `forcing.py` forces errors in one process, `daemon_run.py` runs the real
daemon with them, `sinks.py` collects where they could surface. `make canary` runs it long, `make test` a
fixed share of it.
"""
