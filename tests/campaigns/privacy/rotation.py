"""Rotation of keys under load: many credentials, with reads that write and applications that read meanwhile."""

import asyncio
import os
import time
from dataclasses import dataclass
from random import Random

from savvycal_sync import reveal
from savvycal_sync.keyring import Keyring, generate
from savvycal_sync.vault import place
from tests.support.harness import Harness
from tests.support.vaulted import KEYRING, KEYRING_TEXT
from worker.store import vault


@dataclass
class Counters:
    """What was done."""

    sealed: int = 0
    reads: int = 0
    failed_reads: int = 0
    writes: int = 0
    seconds: float = 0.0


async def rotate_under_load(harness: Harness, count: int, seed: int = 1) -> Counters:
    """Fills the vault, then rotates while readers and writers go on; afterwards the new key alone opens everything."""
    counters, done = Counters(), asyncio.Event()
    await _fill(harness, count)
    fresh = generate()
    keyring = Keyring.parse(f"{fresh},{KEYRING_TEXT}")

    async def read(rng: Random) -> None:
        async with harness.db.connection() as connection:
            while not done.is_set():
                number = rng.randrange(count)
                found = await reveal(f"amtg_{number}", database=connection, keys=keyring)
                counters.reads += 1
                counters.failed_reads += not (
                    found.host_url and found.host_url.get_secret_value().startswith("https://")
                )

    async def write(rng: Random) -> None:
        async with harness.db.connection() as connection:
            while not done.is_set():
                number = rng.randrange(count)
                where = place("default", f"amtg_{number}", "host_url")
                sealed = keyring.first.seal(where, f"https://host/{os.urandom(8).hex()}").data
                async with connection.transaction():
                    await connection.execute(
                        "update savvycal._meeting_secrets set key_id = $2, host_url = $3 where appointment_id = $1 "
                        "and password is null",
                        f"appt_{number}",
                        keyring.first.id,
                        sealed,
                    )
                counters.writes += 1

    began = time.monotonic()
    load = [asyncio.create_task(job(Random(seed + n))) for n, job in enumerate((read, read, write))]
    async with harness.db.connection() as connection:
        while await vault.outdated_count(connection, keyring):
            counters.sealed += await vault.rotate_all(connection, keyring)
    done.set()
    await asyncio.gather(*load)
    counters.seconds = time.monotonic() - began
    await _opens_with(harness, Keyring.parse(fresh), count)
    return counters


async def _fill(harness: Harness, count: int) -> None:
    await harness.execute(
        "insert into savvycal.appointments (id, status, phase, start_at, end_at, extra, version, fence, raw_hash, "
        "content_hash, transition_seq, first_seen_at, changed_at) select 'appt_' || n, 'scheduled', 'created', now(), "
        "now() + interval '1 day', '{}', 1, 1, '', '', 0, now(), now() from generate_series(0, $1 - 1) n",
        count,
    )
    async with harness.db.connection() as connection:
        rows = [
            (
                "default",
                f"appt_{n}",
                f"amtg_{n}",
                KEYRING.first.id,
                KEYRING.first.seal(place("default", f"amtg_{n}", "host_url"), f"https://host/{n}").data,
                b"",
                1,
            )
            for n in range(count)
        ]
        await connection.executemany(
            "insert into savvycal._meeting_secrets (account, appointment_id, meeting_id, key_id, host_url, "
            "keyed_hash, fence, stored_at, purge_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, now(), now() + interval '2 days')",
            rows,
        )


async def _opens_with(harness: Harness, keyring: Keyring, count: int) -> None:
    rows = await harness.rows("select account, meeting_id, key_id, host_url from savvycal._meeting_secrets")
    assert len(rows) == count
    for row in rows:
        assert row["key_id"] == keyring.first.id
        assert keyring.first.open(place(row["account"], row["meeting_id"], "host_url"), row["host_url"])
