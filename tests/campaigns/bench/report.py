"""Measurements to a table, a JSON file and a plot. Ratios are of medians of one run of the plan."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.campaigns.bench.measure import MIB, Measured
from tests.campaigns.bench.results import NAMES, PEERS, SCENARIOS, Results

PRODUCT = NAMES["product"]
Key = tuple[str, int, str]


def medians(results: Iterable[Measured]) -> dict[Key, Measured]:
    """One line for each (scenario, objects, contestant), numbers by their medians."""
    grouped: dict[Key, list[Measured]] = {}
    for one in results:
        grouped.setdefault((one["scenario"], one["objects"], one["contestant"]), []).append(one)
    return {key: _median(ones) for key, ones in grouped.items()}


def _median(ones: Sequence[Measured]) -> Measured:
    names = [name for name, value in ones[0].items() if isinstance(value, int | float)]
    return {name: median(one[name] for one in ones if name in one) for name in names} | {"runs": len(ones)}


def machine(postgres: str) -> dict[str, Any]:
    """What it ran on."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "postgres": postgres,
    }


def write(folder: Path, results: Results, postgres: str) -> str:
    """Writes results.json, results.md and results.png; the table."""
    folder.mkdir(parents=True, exist_ok=True)
    found, where = medians(results.measured), machine(postgres)
    told = {"machine": where, "measurements": [_plain(one) for one in results.measured], "left_out": results.left_out}
    (folder / "results.json").write_text(json.dumps(told, indent=1) + "\n")
    text = table(found, where, results.left_out)
    (folder / "results.md").write_text(text)
    plot(folder / "results.png", found)
    return text


def _plain(one: Measured) -> Measured:
    left_out = ("began", "ended")
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in one.items() if k not in left_out}


def table(found: dict[Key, Measured], where: dict[str, Any], left_out: Sequence[str]) -> str:
    """The whole report as Markdown."""
    said = ", ".join(f"{name}: {value}" for name, value in where.items())
    lines = [
        "# Benchmark",
        "",
        f"Written by `make bench`. {said}. Medians; only ratios inside one run mean anything.",
        "",
    ]
    for objects in sorted({key[1] for key in found if key[0] == "load"}):
        lines += _comparison(found, objects)
    lines += _others(found)
    lines += ["", f"Left out for want of time: {', '.join(left_out)}."] if left_out else []
    return "\n".join(lines) + "\n"


def _comparison(found: dict[Key, Measured], objects: int) -> list[str]:
    lines = [f"## {objects:,} Events", ""]
    lines += [
        "| step | who | s | objects/s | CPU s | Postgres CPU s | peak RSS MiB | WAL MiB | rows written | dead rows |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|---|---|"]
    for scenario in ("limits", *SCENARIOS):
        for (named, count, who), one in found.items():
            if (named, count) == (scenario, objects):
                lines.append(_row(scenario, who, objects, one))
    return [*lines, "", *_ratios(found, objects), ""]


def _row(scenario: str, who: str, objects: int, one: Measured) -> str:
    first = one.get("first_iteration_seconds")
    seconds = f"{one['seconds']:.2f}" + (f" (rows in after {first:.2f})" if first else "")
    return (
        f"| {scenario} | {who} | {seconds} | {objects / one['seconds']:,.0f} | {one['cpu_seconds']:.2f} | "
        f"{one['postgres_cpu_seconds']:.2f} | {one['peak_rss_bytes'] / MIB:.0f} | {one['wal_bytes'] / MIB:.1f} | "
        f"{one['rows_written']:,.0f} | {one['dead_rows']:,.0f} |"
    )


def _ratios(found: dict[Key, Measured], objects: int) -> list[str]:
    """How many times as fast, for the whole scan and until all rows were in."""
    lines = [
        "| times as fast as | load, rows in | load, completed | unchanged | changed, rows in | changed, completed |"
    ]
    lines += ["|---|---|---|---|---|---|"]
    hashed = found["limits", objects, NAMES["iteration hash"]]["seconds"]
    copied = found["limits", objects, NAMES["copy rows"]]["seconds"]
    for name in PEERS:
        if ("load", objects, NAMES[name]) not in found:
            continue
        cells = [_times(found, objects, name, *which) for which in _COLUMNS]
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} |")
    load, same = found["load", objects, PRODUCT], found["unchanged", objects, PRODUCT]
    first = load.get("first_iteration_seconds", load["seconds"])
    lines += ["", f"First load: {first / copied:.1f} × the time of a plain COPY of the same rows until they are in, "]
    lines += [f"{load['seconds'] / copied:.1f} × until the scan is completed. "]
    lines += [f"Unchanged: {same['seconds'] / hashed:.1f} × the time of fetch, split and hash alone."]
    return lines


_COLUMNS = (
    ("load", "first_iteration_seconds"),
    ("load", "seconds"),
    ("unchanged", "seconds"),
    ("changed", "first_iteration_seconds"),
    ("changed", "seconds"),
)


def _times(found: dict[Key, Measured], objects: int, peer: str, scenario: str, field: str) -> str:
    ours = found[scenario, objects, PRODUCT]
    seconds = found[scenario, objects, NAMES[peer]]["seconds"]
    return f"{seconds / ours.get(field, ours['seconds']):.1f}"


def _others(found: dict[Key, Measured]) -> list[str]:
    lines = ["## The mirror alone", "", "| what | objects | s | objects/s | CPU s | peak RSS MiB | requests |"]
    lines += ["|---|---|---|---|---|---|---|"]
    idle = []
    for (scenario, objects, _), one in found.items():
        if scenario == "idle":
            idle += [
                "",
                f"Idle with {objects:,} Events, watched for {one['watched_seconds']:.0f} s: daemon "
                f"{one['idle_daemon_cpu']:.1%} of a core, Postgres {one['idle_postgres_cpu']:.1%}, "
                f"{one['idle_redis_operations']:.1f} Redis operations a second, "
                f"{one['peak_rss_bytes'] / MIB:.0f} MiB peak.",
            ]
        elif scenario == "webhook":
            idle += [
                "",
                f"From webhook to row, {one['deliveries']:.0f} deliveries, SavvyCal answering in 5 ms: "
                f"p50 {one['p50_ms']:.0f} ms, p95 {one['p95_ms']:.0f} ms, p99 {one['p99_ms']:.0f} ms.",
            ]
        elif scenario not in ("limits", *SCENARIOS):
            lines.append(
                f"| {scenario} | {objects:,} | {one['seconds']:.2f} | {objects / one['seconds']:,.0f} | "
                f"{one['cpu_seconds']:.2f} | {one['peak_rss_bytes'] / MIB:.0f} | {one.get('requests', 0):.0f} |"
            )
    return [*lines, *idle, *_rate_limit(found)]


def _rate_limit(found: dict[Key, Measured]) -> list[str]:
    """Requests a minute that the standing windows take, from one quiet scan of each at its cadence."""
    minutes = {"near": 1, "month": 10, "later": 60, "all": 1440}
    scans = {key[0].removeprefix("scan "): one for key, one in found.items() if key[0].startswith("scan ")}
    if scans.keys() != minutes.keys():
        return []
    rate = sum(scans[name]["requests"] / every for name, every in minutes.items())
    counted = ", ".join(f"{name} {scans[name]['requests']:.0f} each {every} min" for name, every in minutes.items())
    objects = next(key[1] for key in found if key[0] == "scan near")
    return ["", f"To keep {objects:,} Events of the next 30 days fresh: {counted}: {rate:.1f} requests a minute."]


def plot(path: Path, found: dict[Key, Measured]) -> None:
    """Objects per second, side by side, for the largest comparison."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    sizes = [key[1] for key in found if key[0] == "load"]
    if not sizes:
        return
    objects = max(sizes)
    figure, axes = pyplot.subplots(1, len(SCENARIOS), figsize=(13, 4), layout="constrained")
    for axis, scenario in zip(axes, SCENARIOS, strict=True):
        rows = [(who, one) for (named, count, who), one in found.items() if (named, count) == (scenario, objects)]
        rows += [(NAMES[n], found["limits", objects, NAMES[n]]) for n in _LIMITS[scenario]]
        rates = [objects / one["seconds"] for _, one in rows]
        colors = ["#2a6f97" if who == PRODUCT else "#bbbbbb" for who, _ in rows]
        bars = axis.barh([who for who, _ in rows], rates, color=colors)
        axis.bar_label(bars, [f"{rate:,.0f}" for rate in rates], padding=3, fontsize=8)
        axis.set(title=f"{scenario}, {objects:,} Events", xlabel="Events per second", xmargin=0.2)
        axis.invert_yaxis()
        axis.tick_params(labelsize=8)
    figure.savefig(path, dpi=110)


_LIMITS = {"load": ("copy rows",), "unchanged": ("iteration hash",), "changed": ("iteration hash",)}
