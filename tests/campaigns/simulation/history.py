"""What a run leaves behind, for the checker: the tables, what was served, and the source's own history."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.campaigns.simulation.checker import History
from tests.campaigns.simulation.damaged import is_refused, readable, stored
from tests.campaigns.simulation.mode import MISSING_MIN, STARTED_AT, Mode
from tests.campaigns.simulation.readings import wrong_readings
from tests.campaigns.simulation.simulation import Simulation
from tests.campaigns.simulation.world_changes import KINDS

TABLES = (
    "events appointments links event_attendees meetings transitions snapshots changes coverage runs quarantine "
    "webhook_deliveries _work"
).split()


async def history(simulation: Simulation, is_quiescent: bool) -> History:
    """Everything for the checker."""
    await simulation.lines.monitor.execute("select savvycal._publish_changes()")  # as the schedule would
    tables: dict[str, list[Any]] = {name: await _dump(simulation, f"savvycal.{name}") for name in TABLES}
    tables["_bounds"] = simulation.bounds
    return History(
        source={kind: readable(simulation.world, simulation.world.documents(kind)) for kind in KINDS},
        versions=_versions(simulation),
        served=simulation.savvycal.served,
        marks=simulation.marks,
        acknowledged=simulation.acknowledged,
        tables=tables,
        claims=simulation.claims,
        writes=await _dump(simulation, "sim.writes", "order by seq"),
        list_faults=simulation.savvycal.list_faults,
        unreadable=simulation.world_changes.poisoned | _refused(simulation),
        unfenced=simulation.savvycal.unfenced,
        crashes=simulation.crashes,
        wrong_readings=await wrong_readings(simulation, tables),
        scope_from=datetime.fromtimestamp(simulation.scheduler.now, UTC) if simulation.mode is Mode.POLL else None,
        knows_links=simulation.mode not in {Mode.WEBHOOK, Mode.POLL},
        missing_min=MISSING_MIN,
        is_watched=simulation.mode in {Mode.ALL, Mode.WATCH},
        is_quiescent=is_quiescent,
        ended_at=datetime.fromtimestamp(simulation.scheduler.now, UTC),
    )


def _versions(simulation: Simulation) -> dict[tuple[str, str], list[tuple[float, Any]]]:
    kept = {key: list(versions) for key, versions in simulation.world._history.items()}
    for kind in KINDS:
        for object_id, document in simulation.world.documents(kind).items():
            kept.setdefault((kind, object_id), [(float(STARTED_AT), document)])
    return {
        key: [(at, one and stored(simulation.world, one)) for at, one in versions] for key, versions in kept.items()
    }


def _refused(simulation: Simulation) -> set[str]:
    return {one for kind in KINDS for one in simulation.world.documents(kind) if is_refused(simulation.world, one)}


async def _dump(simulation: Simulation, table: str, order: str = "") -> list[Any]:
    rows = await simulation.lines.monitor.fetch(f"select * from {table} {order}")
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows]


def _plain(name: str, value: Any) -> Any:
    return json.loads(value) if name == "body" and value is not None else value
