"""What answers, changes and webhooks show beside their content."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.examples import meeting, seen, snapshot, written
from worker.core import findings, observations
from worker.core.decide import Record, decide
from worker.core.facts import Fact
from worker.core.model import Kind, Snapshot
from worker.core.windows import FAR, Bounds

WORDS = st.lists(st.sampled_from(["json", "text", "html", "empty", "yes: 404"]), max_size=6)


@given(WORDS, WORDS)
def test_words_add_up(before: list[str], after: list[str]) -> None:
    """In any order, once each; what was known stays."""
    known = observations.joined(None, before)
    assert observations.joined(known, after) == observations.joined(None, [*after, *before])
    assert observations.joined(known, before) == known


def test_words_are_bounded_and_hold_nothing_else() -> None:
    """Nobody can fill a fact, or put an address into it."""
    many = observations.joined(None, [f"word {number}" for number in range(100)])
    assert len(many.split(", ")) == observations.WORDS_MAX
    assert observations.joined(many, ["one more"]) == many
    assert observations.joined("json", ["a@example.test", "x" * 61, "a, b", ""]) == "json"


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b'{"errors":[]}', "json"),
        ("application/problem+json; charset=utf-8", b"{}", "json"),
        ("application/json", b"Unauthenticated", "other"),
        ("text/plain; charset=utf-8", b"Unauthenticated", "text"),
        ("Text/HTML", b"<html>", "html"),
        ("application/json", b" ", "empty"),
        ("", b"?", "other"),
    ],
)
def test_bodies_of_errors(content_type: str, body: bytes, expected: str) -> None:
    """By their content, and by the content type they claim."""
    assert observations.body_kind(content_type, body) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, "absent"), (" ", "absent"), ("30", "seconds"), ("Wed, 21 Oct 2026 07:28:00 GMT", "date")],
)
def test_retry_after(text: str | None, expected: str) -> None:
    """Of a 429."""
    assert observations.retry_after_kind(text) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, None), (60, "1 minute"), (599, "1 minute"), (600, "10 minutes"), (3600, "1 hour"), (10**6, "1 day")],
)
def test_ages(seconds: int, expected: str | None) -> None:
    """In spans, so that a fact is seldom written."""
    assert observations.age_word(timedelta(seconds=seconds)) == expected


def test_the_longest_age_counts() -> None:
    """Whoever found it."""
    assert observations.longer(None, None) is None
    assert observations.longer("1 hour", "10 minutes") == "1 hour"
    assert findings.merged(f"{Fact.CURSOR_LIFETIME}:worked", "1 minute", "1 day") == "1 day"
    assert findings.merged(f"{Fact.CURSOR_LIFETIME}:worked", None, "1 minute") == "1 minute"
    assert findings.merged(Fact.WEBHOOK_ID, "another", "the same") == "another, the same"
    assert findings.merged(Fact.LISTS_EMBED_MEETING, "no", "yes") == "yes"


def _change(before: Snapshot, after: Snapshot) -> Record:
    first = decide(seen(before), None)
    assert isinstance(first, Record)
    second = decide(seen(after, 2), written(first))
    assert isinstance(second, Record)
    return second


PENDING, CREATED = meeting(), meeting(status="created", join_url="https://x.test/1")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"carried": PENDING}, {"carried": CREATED}, "stays"),
        ({"carried": PENDING, "updated_at": 1}, {"carried": CREATED, "updated_at": 2}, "moves"),
        ({"carried": PENDING, "title": 1}, {"carried": CREATED, "title": 2}, None),
        ({"carried": PENDING, "updated_at": 1}, {"carried": PENDING, "updated_at": 2}, None),
        ({}, {"carried": CREATED}, None),
        ({"carried": PENDING}, {"carried": meeting("amtg_000000000002", "created")}, None),
    ],
    ids=["meeting alone", "both", "something else, too", "no meeting", "a first meeting", "a replacement"],
)
def test_whether_updated_at_moves_with_the_meeting(
    before: dict[str, Any], after: dict[str, Any], expected: str | None
) -> None:
    """Only a change of nothing but the meeting shows it."""
    assert observations.updated_at_word(_change(snapshot(**before), snapshot(**after)), "meeting") == expected


def test_what_follows_failed() -> None:
    """Of a meeting of an appointment."""
    failed = snapshot(carried=meeting(status="failed"))
    assert observations.after_failed(_change(failed, snapshot(carried=CREATED))) == {"created"}
    assert observations.after_failed(_change(snapshot(carried=PENDING), snapshot(carried=CREATED))) == set()


@pytest.mark.parametrize(
    ("extra", "expected"),
    [({"conferencing": 1, "location": "x"}, True), ({"conferencing": 1, "summary": "x"}, False)],
)
def test_a_link_that_comes_late(extra: dict[str, Any], expected: bool) -> None:
    """And nothing else changed: else it was that which a webhook told of."""
    before, after = (snapshot("confirmed", kind=Kind.EVENT, carried=one) for one in (PENDING, CREATED))
    record = _change(before, snapshot("confirmed", kind=Kind.EVENT, carried=CREATED, **extra))
    record = Record(**{n: getattr(record, n) for n in record.__struct_fields__} | {"changed_fields": tuple(extra)})
    assert observations.is_late_link(record) is expected
    assert not observations.is_late_link(_change(after, before))


DAYS = Bounds(date(2026, 6, 1), date(2026, 6, 3))


@pytest.mark.parametrize(
    ("asked", "start", "expected"),
    [
        (DAYS, "2026-05-31T20:00", {"a zone east of UTC"}),
        (DAYS, "2026-06-04T04:00", {"a zone west of UTC"}),
        (DAYS, "2026-06-01T00:00", set()),
        (DAYS, "2026-06-03T23:59", set()),
        (DAYS, "2020-01-01T00:00", {"the range is not followed"}),
        (DAYS, "9999-12-31T23:59", {"the range is not followed"}),
        (DAYS, "0001-01-01T00:00", {"the range is not followed"}),
        (Bounds(date(2026, 6, 1), FAR), "9999-12-31T23:59", set()),
        (Bounds(date(2026, 6, 1), None), "2026-05-31T23:59", {"a zone east of UTC"}),
        (Bounds(None, None), "2020-01-01T00:00", set()),
    ],
)
def test_days_of_lists(asked: Bounds, start: str, expected: set[str]) -> None:
    """What is a day outside is inside in another time zone."""
    assert observations.dates_words(asked, [datetime.fromisoformat(start).replace(tzinfo=UTC)]) == expected


def test_deliveries_are_told_apart_by_everything_but_their_id() -> None:
    """And by the webhook they belong to: two receivers have two ids for one move."""
    one = {"id": "evt_1", "type": "event.created", "occurred_at": "2026-01-01T00:00:00Z", "payload": {"id": "event_1"}}
    key = observations.delivery_key(one, "wh_1")
    assert observations.delivery_key(one | {"id": "evt_2"}, "wh_1") == key
    assert observations.delivery_key(one, "wh_2") != key
    assert observations.delivery_key(one | {"payload": {"id": "event_2"}}, "wh_1") != key


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"object": "appointment", "client": {"id": "clnt_1", "email": None}}, "carried"),
        ({"object": "appointment", "client_data": {"time_zone": "UTC", "first_name": "A"}}, "carried"),
        ({"object": "appointment", "client": {"id": "clnt_1"}, "client_data": {"time_zone": "UTC"}}, "omitted"),
        ({"object": "appointment"}, None),
        ({"object": "client", "client": {"email": "a@example.test"}}, None),
        (None, None),
    ],
)
def test_contact_data_in_webhooks(about: Any, expected: str | None) -> None:
    """By the names of fields alone."""
    assert observations.sensitive_word({"data": {"object": about}}) == expected


def test_states_that_no_documented_webhook_tells_of() -> None:
    """Others are documented."""
    assert observations.told_state({"payload": {"state": "tentative"}}) == "tentative"
    others: tuple[dict[str, Any], ...] = ({"payload": {"state": "confirmed"}}, {"payload": []}, {})
    assert [observations.told_state(other) for other in others] == [None] * 3
