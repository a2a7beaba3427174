"""What was measured, and what there was no time for."""

import sys
from dataclasses import dataclass, field

from tests.campaigns.bench.measure import Measured

NAMES = {
    "product": "savvycal-sync",
    "iteration fetch": "raw fetch",
    "iteration hash": "raw fetch, split, hash",
    "copy rows": "plain COPY of the same rows",
    "copy encoded": "the same, encoded beforehand",
    "upsert": "upserts, five at a time, event row alone",
    "dlt_merge": "dlt, merge by id",
}
PEERS = ("upsert", "dlt_merge")
SCENARIOS = ("load", "unchanged", "changed")


@dataclass
class Results:
    """All measurements, one line printed for each as it comes."""

    measured: list[Measured] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def note(self, scenario: str, contestant: str, objects: int, measured: Measured) -> None:
        """Keeps one."""
        name = NAMES[contestant]
        self.measured.append({"scenario": scenario, "contestant": name, "objects": objects, **measured})
        seconds, cpu = measured.get("seconds", 0.0), measured.get("cpu_seconds", 0.0)
        rate = f"{objects / seconds:9,.0f}/s" if seconds else " " * 11
        sys.stderr.write(f"{scenario:>16} {objects:>7,} {name:<42} {seconds:8.2f} s {rate}  cpu {cpu:6.2f} s\n")

    def leave_out(self, what: str) -> None:
        """For want of time; the report says so."""
        self.left_out.append(what)
        sys.stderr.write(f"left out for want of time: {what}\n")

    def run_seconds(self, contestants: tuple[str, ...], objects: int) -> float:
        """What the last run of these took, with so many objects."""
        names = {NAMES[one] for one in contestants}
        found = {
            (one["scenario"], one["contestant"]): one["seconds"]
            for one in self.measured
            if one["objects"] == objects and one["scenario"] in SCENARIOS and one["contestant"] in names
        }
        return float(sum(found.values()))
