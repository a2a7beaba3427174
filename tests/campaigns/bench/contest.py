"""One contestant's phase in its own process: `python -m tests.campaigns.bench.contest NAME PHASE API DATABASE`.

Prints what it measured as one line of JSON. Time runs from the first request to the last commit: interpreter, imports
and connections are outside of it for all. The peak of memory is the whole process'.
"""

import asyncio
import importlib
import resource
import sys
from pathlib import Path

import msgspec


def peak_bytes() -> int:
    """The most memory this process had at once. On Linux from /proc: `ru_maxrss` starts with the parent's there."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024


def main() -> None:
    """Runs it."""
    name, phase, api_url, database_url = sys.argv[1:]
    contestant = importlib.import_module(f"tests.campaigns.bench.contestants.{name}")
    measured = asyncio.run(contestant.run(phase, api_url, database_url))
    sys.stdout.buffer.write(msgspec.json.encode({**measured, "peak_rss_bytes": peak_bytes()}) + b"\n")


if __name__ == "__main__":
    main()
