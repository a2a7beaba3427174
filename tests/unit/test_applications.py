"""The package that applications import: light, typed, and its names are those of the daemon."""

import json
import os
import subprocess
import sys
from importlib import resources

import savvycal_sync
from savvycal_sync.queue import RESYNC, pack
from worker.queue import unpack

LOADED = "import asyncio, sys, time; before = set(sys.modules); began = time.process_time(); import savvycal_sync; "
LOADED += "print((time.process_time() - began) * 1000, *{each.partition('.')[0] for each in set(sys.modules) - before})"
MILLISECONDS_MAX = 50


def loaded() -> tuple[float, set[str]]:
    """Milliseconds of processor time that the import takes, and what comes with it."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, env=os.environ)
    milliseconds, *modules = done.stdout.split()
    return float(milliseconds), set(modules)


def test_the_import_is_quick_and_brings_no_driver() -> None:
    """Each driver and library is imported when it is used; nothing of the daemon ever is."""
    measured = [loaded() for _ in range(3)]
    foreign = set.union(*(modules for _, modules in measured)) - set(sys.stdlib_module_names)
    assert foreign == {"savvycal_sync"}
    assert min(milliseconds for milliseconds, _ in measured) < MILLISECONDS_MAX


def test_the_package_is_typed_and_names_what_it_has() -> None:
    """Type checkers read it, and each public name is there."""
    assert resources.files(savvycal_sync).joinpath("py.typed").is_file()
    assert [name for name in savvycal_sync.__all__ if not hasattr(savvycal_sync, name)] == []


def test_what_is_written_is_what_the_worker_reads() -> None:
    """The two ends of the queue agree on a job."""
    job = {"t": None, "f": RESYNC, "a": ["event_1"], "k": {"account": "berlin"}, "et": 1767600000000}
    assert unpack(pack(job)) == job
    assert json.loads(pack({"r": object()})) == {"r": "object"}
