"""`make bench` (`--quick`, `--only compare`): runs the plan, prints the table, writes docs/benchmarks/."""

import argparse
import sys
import time
from pathlib import Path

from tests.campaigns.bench import measure, plan, report
from tests.campaigns.bench.results import Results


def main() -> None:
    """Runs it. A part of the plan alone is printed, and written only where `--out` says."""
    parser = argparse.ArgumentParser(prog="make bench", description="How fast the mirror is, beside other ways.")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run: under 90 seconds")
    parser.add_argument(
        "--only", default="", help="compare, large, memory, appointments, workers, requests, daemon or pages"
    )
    parser.add_argument("--minutes", type=float, default=8.5, help="what is over later is left out (8.5: ends in ten)")
    parser.add_argument("--out", type=Path, help="where to write (docs/benchmarks, for a whole run)")
    chosen = parser.parse_args()
    with measure.postgres() as server:
        results, deadline = Results(), time.monotonic() + 60 * chosen.minutes
        plan.Plan(plan.QUICK if chosen.quick else plan.FULL, server, results, deadline).run(chosen.only)
        name = f"{server.name}, {server.ask('show server_version')}"
    out = chosen.out or (None if chosen.only or chosen.quick else Path("docs/benchmarks"))
    if out:
        sys.stdout.write(report.write(out, results, name))
    else:
        sys.stdout.write(report.table(report.medians(results.measured), report.machine(name), results.left_out))


if __name__ == "__main__":
    main()
