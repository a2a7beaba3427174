"""Splitting a page into records: the parser alone, the mirror, and the mirror with one damaged record of a hundred."""

import resource
import time
from collections.abc import Callable, Iterator

import msgspec

from tests.campaigns.bench.events import build_event, starts, today
from tests.campaigns.bench.measure import Measured
from worker.savvycal import event_requests

RECORDS = 100


class _Metadata(msgspec.Struct):
    after: str | None = None


class _Page(msgspec.Struct):
    entries: list[msgspec.Raw]
    metadata: _Metadata


def page(damage: bytes = b"") -> bytes:
    """A page of 100 Events; `damage` stands in the text of one of them."""
    base = today()
    records = [build_event(number, at, base, 0) for number, at in enumerate(starts(RECORDS, base))]
    records[RECORDS // 2] = records[RECORDS // 2].replace(b'"summary":"', b'"summary":"' + damage, 1)
    return b'{"entries":[' + b",".join(records) + b'],"metadata":{"after":null}}'


def measured(rounds: int) -> Iterator[tuple[str, Measured]]:
    """Who splits, and what it took; in turns, so that all meet the same machine."""
    whole, damaged = page(), page(rb"\ud83d ")
    ways: dict[str, Callable[[], object]] = {
        "parser": lambda: _alone(whole),
        "undamaged": lambda: event_requests.parse_page(whole, None),
        "damaged": lambda: event_requests.parse_page(damaged, None),
    }
    took = dict.fromkeys(ways, 0.0)
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way()
            took[name] += time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for name, seconds in took.items():
        yield name, {"seconds": seconds, "cpu_seconds": seconds, "peak_rss_bytes": peak}


def _alone(body: bytes) -> object:
    return tuple(bytes(record) for record in msgspec.json.decode(body, type=_Page).entries)
