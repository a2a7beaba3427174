"""`make chaos MINUTES=10 SEED=7`: the campaign, and a table of what struck. Exit code 1 when anything was wrong."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from random import SystemRandom
from urllib.parse import urlsplit

from tests.campaigns.chaos import evidence
from tests.campaigns.chaos.campaign import Campaign, Report
from tests.campaigns.chaos.evidence import Told
from tests.campaigns.chaos.faults import Kind
from tests.campaigns.chaos.kinds import KINDS
from tests.campaigns.chaos.processes import Servers
from tests.campaigns.chaos.schedule import MINUTES_MIN
from tests.campaigns.chaos.site import Size, open_site


async def run_campaign(
    path: Path, servers: Servers, seed: int, seconds: float, kinds: list[Kind], size: Size
) -> Report:
    """The campaign on its site, and a search of all logs."""
    async with open_site(path, servers, seed, size) as site:
        campaign = Campaign(site, seed, kinds, size, lambda line: print(line, flush=True))
        report = await campaign.run(seconds)
        told = Told.of(await site.savvycal.control("GET", "testimony"))
        settings = site.daemons[0].settings
    search(report, path, servers, told, settings)
    return report


def search(report: Report, path: Path, servers: Servers, told: Told, settings: Mapping[str, str]) -> None:
    """Secrets and crashes in all that was written."""
    fixed = {settings[name] for name in settings if name.endswith(("_TOKEN", "_SECRETS", "_KEYS"))}
    fixed |= {urlsplit(server.url).password or "" for server in (servers.postgres, servers.valkey)}
    secrets, ours = evidence.secrets_of(told, fixed), sorted(path.glob("daemon-*.log"))
    logs = [*ours, servers.postgres.log_path, servers.valkey.log_path]
    report.facts["secrets searched for"] = len(secrets)
    report.facts["bytes of logs"] = sum(log.stat().st_size for log in logs)
    report.violations += evidence.leaks(secrets, logs) + evidence.tracebacks(ours)


def show(report: Report, kinds: list[Kind]) -> None:
    """The table, the figures, and what was wrong."""
    print(f"\n{'kind of fault':36} {'tried':>6} {'took hold':>10}")
    for kind in kinds:
        print(f"{kind.name:36} {report.fired.get(kind.name, 0):6} {report.struck.get(kind.name, 0):10}")
    print(f"{len(kinds)} kinds, {sum(report.fired.values())} faults, {sum(report.struck.values())} times taken hold\n")
    for name, value in report.facts.items():
        print(f"{name}: {value}")
    for violation in report.violations[:40]:
        print(f"WRONG  {violation}")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help=f"of faults; at least {MINUTES_MIN:g} for all kinds")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    parser.add_argument("--only", help="kinds of faults that begin so, comma-separated")
    parser.add_argument("--events", type=int, default=Size.events)
    parser.add_argument("--appointments", type=int, default=Size.appointments)
    parser.add_argument("--changes", type=float, default=Size.changes_per_second, help="per second")
    parser.add_argument("--keep", action="store_true", help="keep the logs in any case")
    given = parser.parse_args()
    kinds = [kind for kind in KINDS if not given.only or kind.name.startswith(tuple(given.only.split(",")))]
    if given.minutes < MINUTES_MIN and not given.only:
        parser.error(f"--minutes: in less than {MINUTES_MIN:g} not every kind of fault finds its place")
    size = Size(given.events, given.appointments, given.changes)
    path, began = Path(tempfile.mkdtemp(prefix="savvycal-chaos-")), time.monotonic()
    print(
        f"seed {given.seed}, {given.minutes:g} minutes of faults, {len(kinds)} kinds of faults; logs in {path}",
        flush=True,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything that was started is ended
    servers = Servers(path)
    try:
        report = asyncio.run(run_campaign(path, servers, given.seed, given.minutes * 60, kinds, size))
    finally:
        servers.stop()
    show(report, kinds)
    (path / "schedule.txt").write_text("\n".join(report.schedule))
    (path / "diary.txt").write_text("\n".join(report.diary))
    print(f"seed {given.seed}: {len(report.violations)} violations, {time.monotonic() - began:.0f} s")
    if report.violations:
        print("what happened when:\n" + "\n".join(report.diary))
        print(f"replay: make chaos MINUTES={given.minutes:g} SEED={given.seed}; logs are kept in {path}")
        return 1
    if not given.keep:
        shutil.rmtree(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
