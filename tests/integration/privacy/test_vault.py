"""Credentials of meetings: sealed, readable by those who may, for exactly as long as they are valid."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from savvycal_sync import reveal
from savvycal_sync.keyring import Keyring, Sealed, generate, keys_from
from tests.support.harness import Harness, running_harness
from tests.support.vaulted import (
    DAY,
    KEYRING,
    KEYRING_TEXT,
    KEYS,
    created_meeting,
    end_of,
    move_clock,
    revealed,
    revealed_url,
)
from worker.core.model import Kind
from worker.errors import KeyMissing, NoSecret, SettingError, TamperedSecret, WaitRejected
from worker.savvycal.api import Privacy
from worker.settings import file_token
from worker.store import vault
from worker.sync import purge, schedule

PLACE = ("_meeting_secrets", "default", "amtg_1", "host_url")


def test_a_value_opens_only_where_it_belongs() -> None:
    """Another table, account, row, column or a flipped bit: it does not open; keys behind the first still open."""
    sealed = KEYRING.first.seal(PLACE, "https://host")
    assert KEYRING.open(PLACE, sealed) == "https://host"
    for position in range(len(PLACE)):
        moved = tuple("other" if place == position else part for place, part in enumerate(PLACE))
        with pytest.raises(TamperedSecret):
            KEYRING.open(moved, sealed)
    for position in range(len(sealed.data)):
        flipped = bytearray(sealed.data)
        flipped[position] ^= 1
        with pytest.raises(TamperedSecret):
            KEYRING.open(PLACE, Sealed(sealed.key_id, bytes(flipped)))
    assert Keyring.parse(f"{generate()} {KEYRING_TEXT}").open(PLACE, sealed) == "https://host"
    with pytest.raises(KeyMissing):
        Keyring.parse(generate()).open(PLACE, sealed)


def test_the_same_value_is_sealed_differently_each_time() -> None:
    """The nonce is random: 1,000 seals of one value are 1,000 different ones."""
    assert len({KEYRING.first.seal(PLACE, "same").data for _ in range(1000)}) == 1000


WRONG_KEYS = {
    "empty": "",
    "short": "short",
    "too long": f"{generate()}x",
    "the second": f"{generate()},not-a-key",
    "letters that are none": "ü" * 43,
}


@pytest.mark.parametrize("text", WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_a_wrong_key_is_named_by_its_place_and_never_shown(text: str) -> None:
    """The error says which of the keys is wrong, without it."""
    with pytest.raises(SettingError, match=r"SAVVYCAL_SECRET_KEYS: key [12]") as caught:
        Keyring.parse(text)
    assert not text or text not in str(caught.value)


def test_keys_and_values_print_without_themselves() -> None:
    """No repr holds a key or a credential."""
    assert KEYRING_TEXT.split(",")[0] not in f"{KEYRING!r}{KEYRING.first!r}{KEYS!r}"


def test_a_replaced_keyring_file_is_read_without_a_restart(tmp_path: Path) -> None:
    """The file is read again for each use; a file that is missing, or holds no keyring, leaves the keyring it had."""
    path = tmp_path / "keys"
    first, second = generate(), generate()
    path.write_text(first)
    keys = keys_from(file_token("SAVVYCAL_SECRET_KEYS_FILE", path))
    before = keys()
    path.write_text(f"{second},{first}\n")
    after = keys()
    assert before
    assert after
    assert (before.first.id, after.first.id) == (Keyring.parse(first).first.id, Keyring.parse(second).first.id)
    path.unlink()
    assert keys() is after
    path.write_text("nonsense")
    assert keys() is after


async def test_a_host_url_can_be_revealed_and_is_nowhere_else(harness: Harness) -> None:
    """The application gets exactly what SavvyCal served; no other column holds it, and the read is in the audit."""
    document = await created_meeting(harness)
    meeting = document["meeting"]
    found = await revealed(harness, meeting["id"], reader="crm")
    assert (found.host_url, found.password) == (SecretStr(meeting["host_url"]), SecretStr("pw-7"))
    assert found.valid_until == end_of(document) + DAY
    assert "token=" not in repr(found)
    (read,) = await harness.rows("select meeting_id, reader, outcome, role_name from savvycal._secret_reads")
    assert (read["meeting_id"], read["reader"], read["outcome"]) == (meeting["id"], "crm", "given")
    tables = await harness.rows(
        "select table_name as name from information_schema.tables where table_schema = 'savvycal'"
    )
    for table in tables:
        found_in = await harness.value(
            f'select count(*) from savvycal."{table["name"]}" t where t::text ~ $1', meeting["host_url"].split("=")[1]
        )
        assert found_in == 0, table["name"]


async def test_a_rotated_host_url_replaces_the_old_one(harness: Harness) -> None:
    """A scan that finds nothing new writes nothing; one that finds a fresh link stores it."""
    document = await created_meeting(harness)
    await harness.scan()
    sealed = await harness.rows("select * from savvycal._meeting_secrets order by appointment_id")
    await harness.scan()
    assert await harness.rows("select * from savvycal._meeting_secrets order by appointment_id") == sealed

    fresh = harness.world.rotate_host_url(document["id"])["meeting"]["host_url"]
    await harness.scan()
    assert await revealed_url(harness, document["meeting"]["id"]) == fresh


async def test_rotation_alone_writes_no_version(mirrored_url: str) -> None:
    """Where SavvyCal does not even move updated_at, the vault's row is the only one written."""
    async with running_harness(mirrored_url, privacy=Privacy(keys=KEYS), updated_at_bumps_on_meeting=False) as harness:
        document = await created_meeting(harness)
        before = await harness.rows("select version, fence, changed_at from savvycal.appointments order by id")
        for _ in range(3):
            fresh = harness.world.rotate_host_url(document["id"])["meeting"]["host_url"]
            await harness.scan()
            assert await revealed_url(harness, document["meeting"]["id"]) == fresh
        rows = "select version, fence, changed_at from savvycal.appointments where id = $1"
        assert len(before) == 1
        assert (await harness.rows(rows, document["id"])) == before
        assert await harness.value("select count(*) from savvycal.snapshots where id = $1", document["id"]) == 1


async def test_an_older_read_never_brings_an_old_host_url_back(harness: Harness) -> None:
    """The vault has the fence of the read: a late answer loses."""
    document = await created_meeting(harness)
    await harness.execute("update savvycal._meeting_secrets set fence = fence + 1000000")
    harness.world.rotate_host_url(document["id"])
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    assert await revealed_url(harness, document["meeting"]["id"]) == document["meeting"]["host_url"]


async def test_secrets_after_a_failover_are_replaced_and_withdrawn(harness: Harness) -> None:
    """The vault holds a read that this Postgres never knew of: what comes then is read again, not lost."""
    document = await created_meeting(harness)
    await harness.execute("select setval('savvycal._fence', 1000)")
    for token, url in (("late", "https://h.example.test/x?token=late"), ("new", "https://h.example.test/x?token=new")):
        harness.world.set_meeting_status(document["id"], "created", host_url=url, password=token)
        await harness.reconcile(Kind.APPOINTMENT, document["id"])
        await harness.work_as_if_due()
        meeting = await harness.value("select meeting_id from savvycal._meeting_secrets")
        assert await revealed_url(harness, meeting) == url
        await harness.execute("select setval('savvycal._fence', 300)")
    harness.world.set_meeting_status(document["id"], "created", host_url=None, password=None)
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    await harness.work_as_if_due()
    assert await harness.value("select count(*) from savvycal._meeting_secrets") == 0


async def test_a_replaced_meeting_takes_its_secret_with_it(harness: Harness) -> None:
    """The old id reveals nothing any more; a meeting that has no link yet neither."""
    document = await created_meeting(harness)
    old = document["meeting"]["id"]
    new = harness.world.replace_meeting(document["id"])["meeting"]["id"]
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    for meeting_id in (old, new):
        with pytest.raises(NoSecret):
            await revealed(harness, meeting_id)
    harness.world.set_meeting_status(document["id"], "created")
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    assert (await revealed(harness, new)).meeting_id == new


async def test_without_a_key_nothing_is_stored_and_a_key_set_later_brings_all(mirrored_url: str) -> None:
    """No key, no row; with one the next scan seals what is still valid, although no record changed."""
    async with running_harness(mirrored_url) as bare:
        document = await created_meeting(bare)
        assert await bare.value("select count(*) from savvycal._meeting_secrets") == 0
        with pytest.raises(NoSecret, match="SAVVYCAL_SECRET_KEYS"):
            await revealed(bare, document["meeting"]["id"], keys=None)
        for endpoint in bare.context.accounts["default"].values():
            object.__setattr__(endpoint.source, "privacy", Privacy(keys=KEYS))
        await bare.scan()
        assert (await revealed(bare, document["meeting"]["id"])).host_url


async def test_reveal_is_refused_after_end_plus_a_day_even_when_the_purge_is_late(harness: Harness) -> None:
    """One second before it is given, one second after it is not, whatever the worker's clock says."""
    document = await created_meeting(harness)
    limit = end_of(document) + DAY
    await move_clock(harness, limit - timedelta(seconds=1))
    assert (await revealed(harness, document["meeting"]["id"])).host_url
    await move_clock(harness, limit)
    with pytest.raises(NoSecret, match="24 hours"):
        await revealed(harness, document["meeting"]["id"])
    assert await harness.value("select secrets_past_their_date from savvycal.health") == 1
    outcomes = await harness.rows("select outcome from savvycal._secret_reads order by id")
    assert [row["outcome"] for row in outcomes] == ["given", "expired"]


async def test_purge_deletes_at_end_plus_a_day_and_not_before(harness: Harness) -> None:
    """The schedule requests the purge as soon as a secret is due, and the job leaves none."""
    document = await created_meeting(harness)
    await move_clock(harness, end_of(document) + DAY - timedelta(seconds=1))
    assert ("purge",) not in await schedule.run(harness.context)
    await purge.purge(harness.context)
    assert await harness.value("select count(*) from savvycal._meeting_secrets") == 1
    await move_clock(harness, end_of(document) + DAY)
    assert ("purge",) in await schedule.run(harness.context)
    await purge.purge(harness.context)
    assert await harness.value("select count(*) from savvycal._meeting_secrets") == 0
    await harness.scan()
    assert (
        await harness.value("select count(*) from savvycal._meeting_secrets where appointment_id = $1", document["id"])
        == 0
    )


@pytest.mark.parametrize("hours", [-30, 30])
async def test_a_reschedule_moves_the_date(harness: Harness, hours: int) -> None:
    """Earlier or later: the secret is valid until the new end + 24 h."""
    document = await created_meeting(harness)
    start = datetime.fromisoformat(document["start_at"]["utc"]) + timedelta(hours=hours)
    start = max(start, datetime.now(UTC) + timedelta(hours=1))
    moved = harness.world.reschedule_appointment(document["id"], start.isoformat())
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    assert await harness.value("select purge_at from savvycal._meeting_secrets") == end_of(moved) + DAY


async def test_a_deleted_appointment_leaves_no_secret(harness: Harness) -> None:
    """Two 404s make a tombstone, and take the credentials with them."""
    document = await created_meeting(harness)
    harness.world.delete("appointment", document["id"])
    await harness.reconcile(Kind.APPOINTMENT, document["id"])
    await harness.advance_a_minute()
    await harness.work_as_if_due()
    assert await harness.value("select deleted_at is not null from savvycal.appointments where id = $1", document["id"])
    assert await harness.value("select count(*) from savvycal._meeting_secrets") == 0


async def test_a_value_moved_to_another_row_does_not_open(harness: Harness) -> None:
    """Someone who can write the table cannot make one meeting open another."""
    first, second = await created_meeting(harness), await created_meeting(harness)
    await harness.execute(
        "update savvycal._meeting_secrets s set host_url = o.host_url from savvycal._meeting_secrets o "
        "where s.appointment_id = $1 and o.appointment_id = $2",
        first["id"],
        second["id"],
    )
    with pytest.raises(TamperedSecret):
        await revealed(harness, first["meeting"]["id"])


async def test_reveal_is_refused_inside_a_transaction(harness: Harness) -> None:
    """A rolled back transaction would take the audit with it."""
    document = await created_meeting(harness)
    async with harness.db.connection() as connection:
        assert (await reveal(document["meeting"]["id"], database=connection, keys=KEYRING_TEXT)).host_url
    async with harness.db.transaction() as connection:
        with pytest.raises(WaitRejected, match="transaction"):
            await reveal(document["meeting"]["id"], database=connection, keys=KEYRING)


async def test_rotation_of_keys_under_load(harness: Harness) -> None:
    """While reads write and applications read, all is sealed again; no read fails; the old key can go."""
    documents = [await created_meeting(harness) for _ in range(12)]
    fresh = f"{generate()},{KEYRING_TEXT}"
    keyring, reads = Keyring.parse(fresh), 0

    async def read_all() -> None:
        nonlocal reads
        for document in documents * 4:
            found = await revealed(harness, document["meeting"]["id"], keys=keyring)
            reads += found.host_url is not None

    async def rotate_urls() -> None:
        for document in documents:
            harness.world.rotate_host_url(document["id"])
            await harness.reconcile(Kind.APPOINTMENT, document["id"])

    async def rotate_keys() -> None:
        async with harness.db.connection() as connection:
            await vault.rotate_all(connection, keyring)

    await asyncio.gather(read_all(), rotate_urls(), rotate_keys())
    async with harness.db.connection() as connection:
        await vault.rotate_all(connection, keyring)
        assert await vault.outdated_count(connection, keyring) == 0
    alone = Keyring.parse(fresh.split(",", maxsplit=1)[0])
    for document in documents:
        assert (await revealed(harness, document["meeting"]["id"], keys=alone)).host_url
    assert reads == 48


async def test_history_is_kept_for_its_days_and_the_current_version_for_ever(harness: Harness) -> None:
    """Superseded snapshots, old changes and finished runs go; whatever is current stays."""
    document = harness.world.book_event(state="confirmed")
    await harness.reconcile(Kind.EVENT, document["id"])
    harness.world.cancel_event(document["id"], "ill")
    await harness.scan()
    current = await harness.value("select count(distinct (kind, id)) from savvycal.snapshots")
    await move_clock(harness, datetime.now(UTC) + timedelta(days=31))
    harness.context.retention = {"snapshots": 30, "changes": 30, "runs": 30, "webhook_deliveries": 30}
    assert ("purge",) in await schedule.run(harness.context)
    await purge.purge(harness.context)
    assert await harness.value("select count(*) from savvycal.snapshots") == current
    assert await harness.value("select count(*) from savvycal.changes") == 0
    assert await harness.value("select count(*) from savvycal.runs where finished_at is not null") == 0
    assert ("purge",) not in await schedule.run(harness.context)
