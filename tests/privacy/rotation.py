"""Rotation of keys under load: many credentials, with looks that write and applications that read meanwhile."""

import asyncio
import os
import time
from dataclasses import dataclass
from random import Random

from tests.privacy.vaulted import RING, RING_TEXT
from tests.sync.stage import Stage
from worker.core.keyring import Keyring, generate
from worker.store import vault
from worker.vault import reveal


@dataclass
class Tally:
    """What was done."""

    sealed: int = 0
    reads: int = 0
    failed_reads: int = 0
    writes: int = 0
    seconds: float = 0.0


async def rotate_under_load(stage: Stage, count: int, seed: int = 1) -> Tally:
    """Fills the vault, then rotates while readers and writers go on; afterwards the new key alone opens everything."""
    tally, done = Tally(), asyncio.Event()
    await _fill(stage, count)
    fresh = generate()
    ring = Keyring.parse(f"{fresh},{RING_TEXT}")

    async def read(rng: Random) -> None:
        async with stage.db.connection() as connection:
            while not done.is_set():
                number = rng.randrange(count)
                found = await reveal(f"amtg_{number}", database=connection, keys=ring)
                tally.reads += 1
                tally.failed_reads += not (found.host_url and found.host_url.get_secret_value().startswith("https://"))

    async def write(rng: Random) -> None:
        async with stage.db.connection() as connection:
            while not done.is_set():
                number = rng.randrange(count)
                where = vault.place("default", f"amtg_{number}", "host_url")
                sealed = ring.first.seal(where, f"https://host/{os.urandom(8).hex()}").data
                async with connection.transaction():
                    await connection.execute(
                        "update savvycal._meeting_secrets set key_id = $2, host_url = $3 where appointment_id = $1 "
                        "and password is null",
                        f"appt_{number}",
                        ring.first.id,
                        sealed,
                    )
                tally.writes += 1

    began = time.monotonic()
    load = [asyncio.create_task(job(Random(seed + n))) for n, job in enumerate((read, read, write))]
    async with stage.db.connection() as connection:
        while await vault.outdated_count(connection, ring):
            tally.sealed += await vault.rotate_all(connection, ring)
    done.set()
    await asyncio.gather(*load)
    tally.seconds = time.monotonic() - began
    await _opens_with(stage, Keyring.parse(fresh), count)
    return tally


async def _fill(stage: Stage, count: int) -> None:
    await stage.execute(
        "insert into savvycal.appointments (id, status, phase, start_at, end_at, extra, version, fence, digest, "
        "fingerprint, transition_seq, first_seen_at, changed_at) select 'appt_' || n, 'scheduled', 'created', now(), "
        "now() + interval '1 day', '{}', 1, 1, '', '', 0, now(), now() from generate_series(0, $1 - 1) n",
        count,
    )
    async with stage.db.connection() as connection:
        rows = [
            (
                "default",
                f"appt_{n}",
                f"amtg_{n}",
                RING.first.id,
                RING.first.seal(vault.place("default", f"amtg_{n}", "host_url"), f"https://host/{n}").data,
                b"",
                1,
            )
            for n in range(count)
        ]
        await connection.executemany(
            "insert into savvycal._meeting_secrets (account, appointment_id, meeting_id, key_id, host_url, "
            "fingerprint, fence, stored_at, purge_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, now(), now() + interval '2 days')",
            rows,
        )


async def _opens_with(stage: Stage, ring: Keyring, count: int) -> None:
    rows = await stage.rows("select account, meeting_id, key_id, host_url from savvycal._meeting_secrets")
    assert len(rows) == count
    for row in rows:
        assert row["key_id"] == ring.first.id
        assert ring.first.open(vault.place(row["account"], row["meeting_id"], "host_url"), row["host_url"])
