"""What a run leaves behind, for the judge: the tables, what was served, and the source's own history."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.check import History
from tests.storm.damaged import is_refused, readable, stored
from tests.storm.mode import MISSING_MIN, STARTED_AT, Mode
from tests.storm.storm import Storm
from tests.storm.world import KINDS

TABLES = (
    "events appointments event_attendees meetings transitions snapshots changes coverage runs quarantine "
    "webhook_deliveries _targets _passes"
).split()


async def history(storm: Storm, is_quiet: bool) -> History:
    """Everything for the judge."""
    tables: dict[str, list[Any]] = {name: await _dump(storm, f"savvycal.{name}") for name in TABLES}
    tables["_bounds"] = storm.bounds
    return History(
        source={kind: readable(storm.world, storm.world.documents(kind)) for kind in KINDS},
        versions=_versions(storm),
        served=storm.savvycal.served,
        marks=storm.marks,
        acknowledged=storm.acknowledged,
        tables=tables,
        claims=storm.claims,
        writes=await _dump(storm, "gate.writes", "order by seq"),
        list_lies=storm.savvycal.list_lies,
        unreadable=storm.upheaval.poisoned | _refused(storm),
        unfenced=storm.savvycal.unfenced,
        crashes=storm.crashes,
        scope_from=datetime.fromtimestamp(storm.gate.now, UTC) if storm.mode is Mode.POLL else None,
        missing_min=MISSING_MIN,
        is_watched=storm.mode in {Mode.ALL, Mode.WATCH},
        is_quiet=is_quiet,
        ended_at=datetime.fromtimestamp(storm.gate.now, UTC),
    )


def _versions(storm: Storm) -> dict[tuple[str, str], list[tuple[float, Any]]]:
    kept = {key: list(versions) for key, versions in storm.world._history.items()}
    for kind in KINDS:
        for object_id, document in storm.world.documents(kind).items():
            kept.setdefault((kind, object_id), [(float(STARTED_AT), document)])
    return {key: [(at, one and stored(storm.world, one)) for at, one in versions] for key, versions in kept.items()}


def _refused(storm: Storm) -> set[str]:
    return {one for kind in KINDS for one in storm.world.documents(kind) if is_refused(storm.world, one)}


async def _dump(storm: Storm, table: str, order: str = "") -> list[Any]:
    rows = await storm.lines.monitor.fetch(f"select * from {table} {order}")
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows]


def _plain(name: str, value: Any) -> Any:
    return json.loads(value) if name == "body" and value is not None else value
