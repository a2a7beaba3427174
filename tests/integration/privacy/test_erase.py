"""People: erased from everything and not brought back; fields that are never stored."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from savvycal_sync.keyring import Keyring, generate
from tests.support.harness import Harness, running_harness
from tests.support.vaulted import KEYRING, KEYRING_TEXT, KEYS
from tests.support.writing import write_records
from worker.core.model import Kind, Via
from worker.errors import KeyMissing, ResyncRejected, StoreUnavailable
from worker.privacy.redaction import Redaction, forget, normalized, parse_fields, redact
from worker.savvycal.api import EVERY_FIELD, Privacy
from worker.store import suppression
from worker.store.objects import take_fence
from worker.sync.batch import Provenance
from worker.sync.erase import erase

JANE = {"email": "Jane.Doe@example.test", "first_name": "Jane", "last_name": "Doe-Zyx", "display_name": "Jane D. Zyx"}
TRACES = ("jane.doe@", "jane.doe%40", "doe-zyx", "jane d. zyx", "+15550109")


def _is_jane(address: str) -> bool:
    return address == "jane.doe@example.test"


def _event(harness: Harness) -> dict[str, Any]:
    """An event with Jane among its attendees, her name in its texts and her address in its metadata."""
    document = harness.world.book_event(state="confirmed")
    jane = document["attendees"][0] | JANE | {"phone_number": "+15550109", "is_organizer": False}
    jane["fields"] = [{"id": "f1", "type": "text", "label": "Who are you?", "value": "Doe-Zyx, a plumber"}]
    return dict(
        harness.world.put(
            "event",
            document
            | {
                "attendees": [*document["attendees"][1:], jane],
                "scheduler": jane,
                "summary": "Intro with Jane D. Zyx",
                "description": "Call +15550109 or write to JANE.DOE@example.test, https://x.test/?m=jane.doe%40example.test",
                "metadata": {"jane.doe@example.test": [{"deep": "jane.doe@example.test"}]},
            },
        )
    )


def _appointment(harness: Harness) -> dict[str, Any]:
    document = harness.world.book_appointment(meeting_status="created")
    who = {**JANE, "phone": "+15550109"}
    del who["display_name"]
    change = {"client": document["client"] | who, "client_data": document["client_data"] | who}
    return dict(harness.world.put("appointment", document | change))


async def _traces(harness: Harness) -> list[str]:
    """Tables in which something of Jane can be found."""
    found = []
    names = await harness.rows("select tablename as name from pg_tables where schemaname = 'savvycal'")
    for name in (row["name"] for row in names):
        for row in await harness.rows(f'select lower(t::text) as line from savvycal."{name}" t'):
            found += [f"{name}: {trace}" for trace in TRACES if trace in row["line"]]
    return found


async def test_an_erased_person_is_nowhere_and_stays_away(harness: Harness) -> None:
    """Rows, answers, all versions and quarantine; after a full resync and further changes still nowhere."""
    event, appointment = _event(harness), _appointment(harness)
    await harness.reconcile(Kind.EVENT, event["id"])
    harness.world.put("event", event | {"location": "At Jane D. Zyx's"})
    harness.world.put_raw("event", "event_bad", json.dumps(event | {"id": "event_bad", "start_at": "soon"}).encode())
    await harness.scan()
    assert len(await _traces(harness)) > 20
    versions = await harness.rows("select id, version from savvycal.events order by id")

    done = await erase(harness.db, KEYRING, "default", " jane.DOE@Example.test ", ())
    assert (done.objects, done.versions, done.quarantined) == (2, 3, 1)
    assert await _traces(harness) == []
    assert await harness.value("select count(*) from savvycal.changes where change = 'erased'") == 2
    assert await harness.rows("select id, version from savvycal.events order by id") == versions
    kept = await harness.rows(
        "select id, email, is_scheduler from savvycal.event_attendees where event_id = $1", event["id"]
    )
    assert [row["email"] for row in kept if row["id"] == event["attendees"][-1]["id"]] == [None]

    await harness.scan()
    assert await _traces(harness) == []
    assert await harness.rows("select id, version from savvycal.events order by id") == versions
    harness.world.put("event", event | {"location": "At Jane D. Zyx's again"})
    harness.world.cancel_appointment(appointment["id"])
    again = _event(harness)
    await harness.scan()
    assert await _traces(harness) == []
    row = await harness.rows("select location, version from savvycal.events where id = $1", event["id"])
    assert row == [{"location": "At [erased]'s again", "version": 3}]
    assert await harness.value("select count(*) from savvycal.events where id = $1", again["id"]) == 1


async def test_an_address_with_a_tag_is_erased_from_links_too(mirrored_url: str) -> None:
    """There its plus is percent-encoded."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        event = harness.world.book_event(state="confirmed")
        jane = event["attendees"][0] | {"email": "jane+work@example.test"}
        link = "https://example.test/?m=jane%2Bwork%40example.test&n=mary%2Bwork%40example.test"
        harness.world.put("event", event | {"attendees": [*event["attendees"], jane], "description": link})
        await harness.reconcile(Kind.EVENT, event["id"])
        await erase(harness.db, KEYRING, "default", "jane+work@example.test", ())
        bodies = await harness.rows("select body::text as text from savvycal.snapshots where id = $1", event["id"])
        assert bodies
        assert not [row for row in bodies if "jane" in row["text"]]
        assert any("mary%2Bwork%40example.test" in row["text"] for row in bodies)


async def test_an_erasure_survives_the_rotation_of_keys_and_waits_without_them(mirrored_url: str) -> None:
    """The list keeps its own key; a mirror that lacks the keyring stores nothing rather than the person."""
    async with running_harness(mirrored_url, privacy=Privacy(keys=KEYS)) as harness:
        event = _event(harness)
        await harness.reconcile(Kind.EVENT, event["id"])
        await erase(harness.db, KEYRING, "default", JANE["email"], ())
        fresh = generate()
        async with harness.db.connection() as connection:
            assert await suppression.rotate(connection, Keyring.parse(f"{fresh},{KEYRING_TEXT}")) == 1
            erased = await suppression.load_erased(connection, Keyring.parse(fresh), "default")
            assert erased.is_erased
            assert erased.is_erased(normalized(JANE["email"]))
            with pytest.raises(KeyMissing):
                await suppression.load_erased(connection, None, "default")
        for endpoint in harness.context.accounts["default"].values():
            object.__setattr__(endpoint.source, "privacy", EVERY_FIELD)
        harness.world.put("event", event | {"summary": "Jane D. Zyx once more"})
        await harness.reconcile(Kind.EVENT, event["id"])
        assert await _traces(harness) == []
        assert "SAVVYCAL_SECRET_KEYS" in await harness.value(
            "select last_error from savvycal._work where job = 'object'"
        )


async def test_an_erasure_during_a_read_wins(harness: Harness) -> None:
    """What was read before the erasure is not written after it."""
    event = _event(harness)
    endpoint = harness.context.endpoint_for("default", Kind.EVENT)
    assert endpoint
    raw = await endpoint.fetch_one(event["id"])
    async with harness.db.connection() as connection:
        fence = await take_fence(connection)
    provenance = Provenance("default", fence, datetime.now(UTC), Via.POLL)

    async def erase_now() -> None:
        await erase(harness.db, KEYRING, "default", JANE["email"], ())

    with pytest.raises(StoreUnavailable, match="erased"):
        await write_records(harness.db, endpoint.source, provenance, [raw], before=erase_now)
    assert await _traces(harness) == []


async def test_an_address_is_needed(harness: Harness) -> None:
    """A name erases nobody."""
    with pytest.raises(ResyncRejected):
        await erase(harness.db, KEYRING, "default", "Jane", ())


def test_forgetting_leaves_other_people_and_the_structure() -> None:
    """Others keep everything; words of the API are never replaced, even when a person is called like one."""
    document = {
        "id": "event_1",
        "state": "confirmed",
        "start_at": "2026-01-01T00:00:00Z",
        "attendees": [
            {"id": "a1", "email": "jane.doe@example.test", "display_name": "confirmed", "response_status": "confirmed"},
            {"id": "a2", "email": "bob@example.test", "display_name": "Bob"},
        ],
        "summary": "confirmed with Bob, unconfirmed without",
    }
    found = forget(document, _is_jane)
    assert found["state"] == "confirmed"
    assert found["attendees"][0] == {"id": "a1", "email": None, "display_name": None, "response_status": "confirmed"}
    assert found["attendees"][1] == document["attendees"][1]
    assert found["summary"] == "[erased] with Bob, unconfirmed without"
    assert forget(found, _is_jane) == found


def test_nobody_erased_costs_nothing() -> None:
    """The document comes back as it is."""
    document = {"id": "event_1", "attendees": [{"email": "bob@example.test"}]}
    assert redact(document, Redaction()) is document
    assert redact(document, Redaction(is_erased=_is_jane)) is document


async def test_dropped_fields_are_never_stored(mirrored_url: str) -> None:
    """Neither in rows nor in bodies nor in quarantine; a change of such a field alone is no change."""
    drop = parse_fields("attendees.phone_number, attendees.fields, scheduler.phone_number, client.email, client_data")
    async with running_harness(mirrored_url, privacy=Privacy(drop, KEYS)) as harness:
        event, appointment = _event(harness), _appointment(harness)
        harness.world.put("event", event | {"description": None, "summary": "x"})
        await harness.scan()
        assert await harness.value("select count(phone_number) from savvycal.event_attendees") == 0
        assert await harness.value("select count(*) from savvycal.event_answers where event_id = $1", event["id"]) == 0
        assert (
            await harness.value("select count(client_email) + count(client_data_email) from savvycal.appointments") == 0
        )
        assert await harness.value("select count(client_first_name) from savvycal.appointments") > 0
        assert await harness.value("select count(*) from savvycal.snapshots where body::text like '%15550109%'") == 1
        harness.world.put("appointment", appointment | {"client_data": appointment["client_data"] | {"phone": "+1"}})
        await harness.scan()
        assert await harness.value("select max(version) from savvycal.appointments") == 1


async def test_a_new_list_of_dropped_fields_reaches_what_is_stored(mirrored_url: str) -> None:
    """Unchanged objects are read once more, and the field leaves their current row."""
    async with running_harness(mirrored_url) as harness:
        _event(harness)
        await harness.scan()
        for endpoint in harness.context.accounts["default"].values():
            object.__setattr__(
                endpoint.source, "privacy", Privacy(parse_fields("attendees.email,scheduler.email,organizer.email"))
            )
        await harness.scan()
        assert await harness.value("select count(email) from savvycal.event_attendees") == 0


@pytest.mark.parametrize("text", ["id", "start_at", "start_at.utc.x-", "meeting", "meeting.id", "a b", "client..email"])
def test_fields_the_mirror_needs_cannot_be_dropped(text: str) -> None:
    """The message names the field."""
    with pytest.raises(ValueError, match=text.split(".", maxsplit=1)[0].split("-", maxsplit=1)[0]):
        parse_fields(text)


async def test_an_erased_person_is_in_no_meeting_not_even_a_former_one(mirrored_url: str) -> None:
    """Their address in a link, and their name in what the provider said: of a meeting that was replaced, too."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        appointment = _appointment(harness)
        said = {
            "join_url": "https://example.test/j?uname=jane.doe%40example.test",
            "error_message": "could not invite jane.doe@example.test (Jane Doe-Zyx)",
        }
        harness.world.put("appointment", appointment | {"meeting": appointment["meeting"] | said})
        await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
        harness.world.replace_meeting(appointment["id"])
        now = harness.world.documents("appointment")[appointment["id"]]
        harness.world.put("appointment", now | {"meeting": now["meeting"] | said})
        await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
        rows = "select is_current, error_message from savvycal.meetings order by is_current"
        assert ["Jane" in row["error_message"] for row in await harness.rows(rows)] == [True, True]
        await erase(harness.db, KEYRING, "default", "jane.doe@example.test", ())
        assert await _traces(harness) == []
        assert [row["is_current"] for row in await harness.rows(rows)] == [False, True]
        assert "could not invite" in (await harness.rows(rows))[0]["error_message"]


UNUSUAL_LETTERS = {
    "casefold": ("straße@example.test", "straße@example.test"),
    "capitals": ("jörg@example.test", "JÖRG@example.test"),
    "composed": ("josé@example.test", "jose\u0301@example.test"),
    "full width": ("jane@example.test", "jane＠example.test"),
}


@pytest.mark.parametrize(("address", "stored"), UNUSUAL_LETTERS.values(), ids=UNUSUAL_LETTERS)
async def test_an_address_of_unusual_letters_is_erased(mirrored_url: str, address: str, stored: str) -> None:
    """However Postgres lowers or composes letters: it only finds what may be meant."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        event = harness.world.book_event(state="confirmed")
        who = event["attendees"][0] | {"email": stored, "display_name": "Zyx Qwv"}
        harness.world.put("event", event | {"attendees": [*event["attendees"], who]})
        await harness.reconcile(Kind.EVENT, event["id"])
        found = "select count(*) from savvycal.event_attendees where email = $1"
        assert await harness.value(found, stored) == 1
        await erase(harness.db, KEYRING, "default", address, ())
        assert await harness.value(found, stored) == 0


async def test_an_address_half_encoded_is_erased(mirrored_url: str) -> None:
    """A plus that stands for itself beside an at that does not."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        event = harness.world.book_event(state="confirmed")
        harness.world.put("event", event | {"description": "https://example.test/?m=jane+w%40example.test"})
        await harness.reconcile(Kind.EVENT, event["id"])
        await erase(harness.db, KEYRING, "default", "jane+w@example.test", ())
        assert "jane" not in await harness.value("select description from savvycal.events where id = $1", event["id"])


async def test_erasing_ann_spares_joann(mirrored_url: str) -> None:
    """Nothing is rewritten or announced of somebody whose address only ends like that."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        event = harness.world.book_event(state="confirmed")
        joann = event["attendees"][0] | {"email": "joann@example.test", "display_name": "Jo Ann"}
        harness.world.put("event", event | {"attendees": [*event["attendees"], joann]})
        await harness.reconcile(Kind.EVENT, event["id"])
        done = await erase(harness.db, KEYRING, "default", "ann@example.test", ())
        assert (done.objects, done.versions) == (0, 0)
        assert await harness.value("select count(*) from savvycal.changes where change = 'erased'") == 0


async def test_an_account_that_is_none_is_named(harness: Harness) -> None:
    """A slip in the name must not look like a person who is gone."""
    with pytest.raises(ResyncRejected, match="no account defualt is mirrored"):
        await erase(harness.db, KEYRING, "defualt", "jane@example.test", ())


SAID = {
    "join_url": "https://example.test/j?uname=jane.doe%40example.test",
    "error_message": "could not invite jane.doe@example.test (Jane Doe-Zyx)",
}


async def _replaced(harness: Harness) -> str:
    """An appointment of Jane's whose former meeting speaks of her."""
    appointment = _appointment(harness)
    harness.world.put("appointment", appointment | {"meeting": appointment["meeting"] | SAID})
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
    harness.world.replace_meeting(appointment["id"])
    await harness.reconcile(Kind.APPOINTMENT, appointment["id"])
    return str(appointment["id"])


async def test_a_replaced_meeting_whose_versions_are_not_kept_is_blanked(mirrored_url: str) -> None:
    """History is kept for some days, the row of a former meeting for good. Somebody else's stays as it is."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        await _replaced(harness)
        await harness.execute(
            "delete from savvycal.snapshots s "
            "where version < (select max(n.version) from savvycal.snapshots n where n.id = s.id)"
        )
        other = harness.world.book_appointment(meeting_status="created")
        url = "https://example.test/j?uname=mary-jane.doe%40example.test"
        harness.world.put("appointment", other | {"meeting": other["meeting"] | {"join_url": url}})
        await harness.reconcile(Kind.APPOINTMENT, other["id"])
        await erase(harness.db, KEYRING, "default", "jane.doe@example.test", ())
        former = await harness.rows("select join_url, error_message from savvycal.meetings where not is_current")
        assert former == [{"join_url": None, "error_message": None}]
        mine = "select join_url from savvycal.meetings where appointment_id = $1"
        assert await harness.value(mine, other["id"]) == url


async def test_an_old_version_that_reads_no_more_does_not_stop_an_erasure(mirrored_url: str) -> None:
    """An older program wrote it; what its meeting says goes all the same."""
    async with running_harness(mirrored_url, privacy=Privacy((), KEYS)) as harness:
        await _replaced(harness)
        await harness.execute(
            "update savvycal.snapshots set body = jsonb_set(body::jsonb, '{start_at}', '\"not a time\"')::json "
            "where version = 1 and kind = 'appointment'"
        )
        await erase(harness.db, KEYRING, "default", "jane.doe@example.test", ())
        assert await _traces(harness) == []
