"""What readers are told about an object by functions: compared with a model made of its stored versions.

`as_of` at moments drawn by the seed, `diff` of two of its versions, and its `timeline`, which replayed gives the stored
state.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import asyncpg

from tests.campaigns.simulation.checker import Document, Key, Row, by_key
from tests.campaigns.simulation.simulation import Simulation

MOMENTS = 10
"""Moments, pairs of versions and timelines that are read in each run."""

STATUS_COLUMNS = {"event": "state", "appointment": "status"}


async def wrong_readings(simulation: Simulation, tables: dict[str, list[Row]]) -> list[str]:
    """I27: every answer that differs from the model, in words."""
    chance, versions = Random(simulation.seed), by_key(tables["snapshots"])
    if not versions:
        return []
    keys, fetch, found = sorted(versions), simulation.lines.monitor.fetch, list[str]()
    for _ in range(MOMENTS):
        key = chance.choice(keys)
        mine = sorted(versions[key], key=lambda row: row["version"])
        found += await _wrong_as_of(fetch, key, mine, _moment(chance, mine))
        found += await _wrong_diff(fetch, key, chance.choice(mine), chance.choice(mine))
        if tables["coverage"]:  # an account without windows, as in modes that scan nothing, is not known to readers
            found += await _wrong_timeline(fetch, key, mine, tables)
    return found


def _moment(chance: Random, mine: Sequence[Row]) -> datetime:
    """A little before the first version to a little after the last one, or exactly one of theirs."""
    first, last = mine[0]["observed_at"], mine[-1]["observed_at"]
    between = first - timedelta(seconds=5) + (last - first + timedelta(seconds=10)) * chance.random()
    exact: datetime = chance.choice(mine)["observed_at"]
    return exact if chance.random() < 0.3 else between


async def _wrong_as_of(fetch: Any, key: Key, mine: Sequence[Row], at: datetime) -> list[str]:
    known = [row for row in mine if row["observed_at"] <= at]
    expected = known[-1]["version"] if known else None
    try:
        [row] = await fetch("select version, body from savvycal.as_of($1, $2, $3)", *key, at)
    except asyncpg.InvalidParameterValueError as error:
        is_right = expected is None and "nothing was known of it yet" in str(error)
        return [] if is_right else [f"I27: {key} as of {at} raises: {error}"]
    is_right = row["version"] == expected and json.loads(row["body"]) == known[-1]["body"]
    return [] if is_right else [f"I27: {key} as of {at} is version {row['version']}, not {expected}"]


async def _wrong_diff(fetch: Any, key: Key, before: Row, after: Row) -> list[str]:
    rows = await fetch("select * from savvycal.diff($1, $2, $3, $4)", *key, before["version"], after["version"])
    found = {row["field"]: tuple(one and json.loads(one) for one in (row["old"], row["new"])) for row in rows}
    old, new = _fields(before["body"]), _fields(after["body"])
    differing = {name for name in old | new if name not in old or name not in new or not _is_same(old[name], new[name])}
    expected = {name: (old.get(name), new.get(name)) for name in differing}
    versions = f"{before['version']} to {after['version']}"
    return [] if found == expected else [f"I27: {key}, diff of versions {versions}: {sorted(found)}"]


def _fields(body: Document) -> dict[str, Any]:
    """A document two levels deep; an object without fields is a field itself."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        found |= (
            {f"{name}.{inner}": one for inner, one in value.items()}
            if value and isinstance(value, dict)
            else {name: value}
        )
    return found


def _is_same(one: Any, other: Any) -> bool:
    """Equal in JSON, where true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


async def _wrong_timeline(fetch: Any, key: Key, mine: Sequence[Row], tables: dict[str, list[Row]]) -> list[str]:
    lines = await fetch("select * from savvycal.timeline($1, $2)", *key)
    told = [(line["version"], line["what"] == "deletion") for line in lines if line["what"] in {"version", "deletion"}]
    found = []
    if sorted(told) != [(row["version"], row["is_deleted"]) for row in mine]:
        found.append(f"I27: {key}: the timeline tells of versions {told}")
    status = None
    for move in sorted((line for line in lines if line["what"] == "transition"), key=lambda line: line["version"]):
        before, _, after = move["status"].rpartition("to ")
        if before.strip() != (status or ""):
            found.append(f"I27: {key}: the timeline goes on from {before or 'nothing'}, where it was {status}")
        status = after
    if key[0] in STATUS_COLUMNS:
        [row] = [row for row in tables[f"{key[0]}s"] if row["id"] == key[1]]
        stored = "deleted" if row["deleted_at"] else row[STATUS_COLUMNS[key[0]]]
        if status != stored:
            found.append(f"I27: {key}: the timeline ends with {status}, stored is {stored}")
    return found
