"""Upserts of the event row alone, five at a time: the way of Stripe's sync engine, in Python.

One column for each property of an Event, objects as jsonb; no attendees, no history, every row written every time.
"""

import asyncio
import time
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from tests.campaigns.bench.contestants.iteration import bodies

CHUNK = 5
TEXTS = "id state summary description additional_info cancel_reason reschedule_reason location url".split()
TIMES = "start_at end_at created_at canceled_at rescheduled_at original_start_at original_end_at".split()
NUMBERS = "duration buffer_before buffer_after maximum_group_size".split()
DOCUMENTS = (
    "description_settings link poll scope scheduler organizer attendees metadata location_settings conferencing payment"
).split()
TYPES = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(TIMES, "timestamptz"),
    **dict.fromkeys(NUMBERS, "integer"),
    **dict.fromkeys(DOCUMENTS, "jsonb"),
    "is_group_session": "boolean",
}
TABLE = f"create table if not exists events ({', '.join(f'{n} {t}' for n, t in TYPES.items())}, primary key (id))"
UPSERT = (
    f"insert into events ({', '.join(TYPES)}) values ({', '.join(f'${i}' for i in range(1, len(TYPES) + 1))}) "
    f"on conflict (id) do update set {', '.join(f'{n} = excluded.{n}' for n in TYPES if n != 'id')}"
)


async def run(_phase: str, api_url: str, database_url: str) -> dict[str, float]:
    """Every phase does the same: it cannot tell what is new."""
    pool = await asyncpg.create_pool(database_url, min_size=CHUNK, max_size=CHUNK)
    await pool.execute(TABLE)
    began = time.monotonic()
    async for body in bodies(api_url):
        rows = [_row(entry) for entry in msgspec.json.decode(body)["entries"]]
        for first in range(0, len(rows), CHUNK):
            await asyncio.gather(*(pool.execute(UPSERT, *row) for row in rows[first : first + CHUNK]))
    ended = time.monotonic()
    await pool.close()
    return {"seconds": ended - began}


def _row(entry: dict[str, Any]) -> list[object]:
    return [_value(name, entry.get(name)) for name in TYPES]


def _value(name: str, value: Any) -> object:
    if value is None:
        return None
    if name in TIMES:
        return datetime.fromisoformat(value)
    return msgspec.json.encode(value).decode() if name in DOCUMENTS else value
