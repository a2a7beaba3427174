"""What tests of the vault share: a ring, a clock of the database's that can be moved, and a meeting that is created."""

from datetime import datetime, timedelta
from typing import Any

from tests.sync.stage import Stage
from worker.core.keyring import Keyring, generate
from worker.core.model import Kind
from worker.vault import Revealed, reveal

RING_TEXT = f"{generate()},{generate()}"
RING = Keyring.parse(RING_TEXT)


def KEYS() -> Keyring:  # noqa: N802 - a constant that is asked for
    """The ring, as a mirror asks for it."""
    return RING


async def move_clock(stage: Stage, to: datetime | None) -> None:
    """Sets the clock that dates of secrets are held against; None: the real one again."""
    now = "clock_timestamp()" if to is None else f"timestamptz '{to.isoformat()}'"
    await stage.execute(
        "create or replace function savvycal._now() returns timestamptz language sql volatile "
        f"set search_path = pg_catalog, pg_temp as $$ select {now} $$"
    )


async def created_meeting(stage: Stage) -> dict[str, Any]:
    """An appointment whose meeting has a host link and a password, seen by the mirror."""
    document: dict[str, Any] = stage.world.book_appointment(meeting_status="created")
    stage.world.set_meeting_status(
        document["id"],
        "created",
        host_url=f"https://book.example.test/host?token=tok{document['id'][::-1]}",
        password="pw-7",
    )
    await stage.look(Kind.APPOINTMENT, document["id"])
    current: dict[str, Any] = stage.world.document("appointment", document["id"])
    return current


async def revealed(stage: Stage, meeting_id: str, **options: Any) -> Revealed:
    """What an application gets."""
    async with stage.db.connection() as connection:
        keys: Keyring | None = options.pop("keys", RING)
        return await reveal(meeting_id, database=connection, keys=keys, **options)


async def revealed_url(stage: Stage, meeting_id: str) -> str | None:
    """The host link an application gets."""
    found = (await revealed(stage, meeting_id)).host_url
    return found.get_secret_value() if found else None


def end_of(document: dict[str, Any]) -> datetime:
    """End of an appointment."""
    return datetime.fromisoformat(document["end_at"]["utc"])


DAY = timedelta(hours=24)
