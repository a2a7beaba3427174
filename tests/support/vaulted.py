"""What tests of the vault share: a keyring, a clock of the database's that can be moved, and a meeting that is
created."""

from datetime import datetime, timedelta
from typing import Any

from savvycal_sync import Revealed, reveal
from savvycal_sync.keyring import Keyring, generate
from tests.support.harness import Harness
from worker.core.model import Kind

KEYRING_TEXT = f"{generate()},{generate()}"
KEYRING = Keyring.parse(KEYRING_TEXT)


def KEYS() -> Keyring:  # noqa: N802 - a constant that is asked for
    """The keyring, as a mirror asks for it."""
    return KEYRING


async def move_clock(harness: Harness, to: datetime | None) -> None:
    """Sets the clock that dates of secrets are held against; None: the real one again."""
    now = "clock_timestamp()" if to is None else f"timestamptz '{to.isoformat()}'"
    await harness.execute(
        "create or replace function savvycal._now() returns timestamptz language sql volatile "
        f"set search_path = pg_catalog, pg_temp as $$ select {now} $$"
    )


async def created_meeting(harness: Harness) -> dict[str, Any]:
    """An appointment whose meeting has a host link and a password, seen by the mirror."""
    document: dict[str, Any] = harness.world.book_appointment(meeting_status="created")
    harness.world.set_meeting_status(
        document["id"],
        "created",
        host_url=f"https://book.example.test/host?token=tok{document['id'][::-1]}",
        password="pw-7",
    )
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    current: dict[str, Any] = harness.world.document("appointment", document["id"])
    return current


async def revealed(harness: Harness, meeting_id: str, **options: Any) -> Revealed:
    """What an application gets."""
    async with harness.db.connection() as connection:
        keys: Keyring | None = options.pop("keys", KEYRING)
        return await reveal(meeting_id, database=connection, keys=keys, **options)


async def revealed_url(harness: Harness, meeting_id: str) -> str | None:
    """The host link an application gets."""
    found = (await revealed(harness, meeting_id)).host_url
    return found.get_secret_value() if found else None


def end_of(document: dict[str, Any]) -> datetime:
    """End of an appointment."""
    return datetime.fromisoformat(document["end_at"]["utc"])


DAY = timedelta(hours=24)
