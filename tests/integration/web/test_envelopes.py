"""The pure part: signatures, envelopes of both products, and what each of them hints at."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.kinds import PRODUCTS
from worker.core.model import Kind, Product
from worker.savvycal.webhooks import NOTHING, SOMETHING, TYPES, UNNAMED, Hint, parse, sign, signed_by
from worker.simulator import Options, World
from worker.simulator.envelopes import envelope

VECTOR = (
    b'{"type":"event.created","id":"payload_01J0000000000000000000TEST","version":"2020-11-18",'
    b'"occurred_at":"2026-01-02T03:04:05Z","payload":{"id":"event_01J0000000000000000000TEST","state":"confirmed"}}'
)
VECTOR_SIGNATURE = "sha256=8A82248BC293B15DE9E688D145FD1085405C443D35D70942E45FB9FFBFFC1631"


def test_signature_vector() -> None:
    """The known vector, in SavvyCal's upper case and in lower case, opens with its secret and with no other."""
    assert len(VECTOR) == 198
    assert sign("test-secret", VECTOR) == VECTOR_SIGNATURE
    for header in (VECTOR_SIGNATURE, "sha256=" + VECTOR_SIGNATURE[7:].lower()):
        assert signed_by(["other", "test-secret"], VECTOR, [header]) == 2
        assert signed_by(["other"], VECTOR, [header]) is None
    assert signed_by(["test-secret"], VECTOR + b"\n", [VECTOR_SIGNATURE]) is None


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [VECTOR_SIGNATURE, VECTOR_SIGNATURE],
        [VECTOR_SIGNATURE[7:]],
        [VECTOR_SIGNATURE + "00"],
        [VECTOR_SIGNATURE[:-2]],
        [VECTOR_SIGNATURE.replace("sha256", "SHA256")],
        [VECTOR_SIGNATURE + "\n"],
        ["sha256=" + "\uff18" * 64],
        ["sha256=\udcff"],
    ],
)
def test_signatures_of_another_shape(headers: list[str]) -> None:
    """None, two, short, long, or with digits of another script: not signed, and no exception."""
    assert signed_by(["test-secret"], VECTOR, headers) is None


@given(st.text(), st.binary())
def test_any_header_is_only_a_refusal(header: str, body: bytes) -> None:
    """No header raises."""
    assert signed_by(["test-secret"], body, [header]) is None


def test_meetings_envelope() -> None:
    """The vector's body reads as it says."""
    found = parse(Product.MEETINGS, VECTOR)
    assert (found.id, found.type, found.is_known) == ("payload_01J0000000000000000000TEST", "event.created", True)
    assert found.occurred_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found.hint == Hint(Kind.EVENT, "event_01J0000000000000000000TEST")


def test_every_documented_type_is_known() -> None:
    """16 Meetings types; all that the simulator sends are among the known ones."""
    assert len(TYPES[Product.MEETINGS]) == 16
    world = World(Options(now=1_795_221_900, events=20, appointments=20))
    world.advance(3600)
    assert len({webhook_event.type for webhook_event in world.webhook_events}) > 5
    for webhook_event in world.webhook_events:
        read = parse(Product(webhook_event.product), json.dumps(envelope(webhook_event, world.options)).encode())
        assert read.is_known
        assert read.hint.kind is not None
        assert read.hint.id == webhook_event.object["id"]


@pytest.mark.parametrize(
    ("type_", "payload", "hint"),
    [
        ("event.approved", {"id": "e1"}, Hint(Kind.EVENT, "e1")),
        ("event.never_heard_of", {"id": "e1"}, Hint(Kind.EVENT, "e1")),
        ("event.attendee.added", {"id": "attendee_1", "event": {"id": "e1"}}, Hint(Kind.EVENT, "e1")),
        ("event.attendee.added", {"id": "attendee_1", "event_id": "e1"}, Hint(Kind.EVENT, "e1")),
        ("event.attendee.added", {"id": "event_1"}, Hint(Kind.EVENT, "event_1")),
        ("event.attendee.canceled", {"id": "attendee_1"}, SOMETHING),
        ("event.canceled", {}, SOMETHING),
        ("event.canceled", {"id": 7}, SOMETHING),
        ("event.canceled", {"id": "../../v1/me"}, SOMETHING),
        ("poll.response.created", {"id": "response_1"}, NOTHING),
        ("workflow.action.triggered", {"event": {"id": "e1"}}, Hint(Kind.EVENT, "e1")),
        ("workflow.action.triggered", {"id": "w1", "state": "confirmed", "start_at": "x"}, Hint(Kind.EVENT, "w1")),
    ],
)
def test_hints_of_meetings(type_: str, payload: dict[str, Any], hint: Hint) -> None:
    """What names an event leads to it; what is about events but names none leads to a scan; the rest to nothing."""
    assert parse(Product.MEETINGS, json.dumps({"type": type_, "payload": payload}).encode()).hint == hint


HOST = "https://book.example.com/p/appointments/appt_0123456789ab/host?token=x"


@pytest.mark.parametrize(
    ("type_", "about", "hint"),
    [
        ("appointment.created", {"id": "appt_1", "object": "appointment"}, Hint(Kind.APPOINTMENT, "appt_1")),
        ("appointment.deleted", {"id": "appt_1"}, Hint(Kind.APPOINTMENT, "appt_1")),
        ("appointment.meeting.updated", {"id": "appt_1", "object": "appointment"}, Hint(Kind.APPOINTMENT, "appt_1")),
        (
            "appointment.meeting.replaced",
            {"id": "amtg_1", "object": "appointment_meeting", "host_url": HOST},
            Hint(Kind.MEETING, "amtg_1", "appt_0123456789ab"),
        ),
        ("appointment.meeting.updated", {"id": "amtg_1", "host_url": None}, Hint(Kind.MEETING, "amtg_1")),
        (
            "appointment.meeting.updated",
            {"id": "amtg_1", "host_url": "https://zoom.us/s/1?zak=appt_x"},
            Hint(Kind.MEETING, "amtg_1"),
        ),
        ("appointment.meeting.updated", {}, SOMETHING),
        ("client.updated", {"id": "clnt_1", "object": "client"}, NOTHING),
        ("booking_intent.completed", {"id": "x", "object": "appointment"}, Hint(Kind.APPOINTMENT, "x")),
    ],
)
def test_hints_of_appointments(type_: str, about: dict[str, Any], hint: Hint) -> None:
    """Both documented guesses of `data.object` are read; a host_url gives its appointment and is not shown."""
    document = {"id": "evt_1", "data": {"type": type_, "object": about}}
    found = parse(Product.APPOINTMENTS, json.dumps(document).encode())
    assert found.hint == hint
    assert "appt_0123456789ab" not in repr(found.hint)
    assert b"book.example.com" not in found.body


def test_nothing_secret_is_kept() -> None:
    """Credentials and action links are masked wherever they stand, as in bodies."""
    about = {"id": "appt_1", "urls": {"cancel": "canary"}, "meeting": {"host_url": "canary", "password": "canary"}}
    document = {"id": "evt_1", "host_url": "canary", "data": {"type": "appointment.created", "object": about}}
    found = parse(Product.APPOINTMENTS, json.dumps(document).encode())
    assert b"canary" not in found.body
    assert found.body.count(b"[masked]") == 4


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_is_an_envelope(document: Any) -> None:
    """Any JSON with a good signature gives an envelope, for both products."""
    for product, whole in (
        (Product.MEETINGS, document),
        (Product.MEETINGS, {"type": "event.created", "payload": document, "id": document, "occurred_at": document}),
        (Product.APPOINTMENTS, {"data": {"type": "appointment.meeting.updated", "object": document}}),
    ):
        raw = json.dumps(whole).encode("utf-8", "surrogatepass")
        assert parse(product, raw).id


@given(st.binary())
def test_any_bytes_are_an_envelope(raw: bytes) -> None:
    """Also what is no JSON at all: it has its window scanned."""
    for product in PRODUCTS:
        found = parse(product, raw)
        assert (found.type, found.hint) == (UNNAMED, SOMETHING)
        assert found.reason


@pytest.mark.parametrize("product", PRODUCTS)
def test_any_depth_is_taken(product: Product) -> None:
    """However deep an object is nested, the delivery is taken; what is too deep is stored without its body."""
    without_body = 0
    for depth in range(100, 1300, 20):
        nested = '{"a":' * depth + '{"password":"canary"}' + "}" * depth
        raw = f'{{"type":"event.created","payload":{nested},"data":{{"type":"appointment.created","object":{nested}}}}}'
        body = parse(product, raw.encode()).body
        assert b"canary" not in body
        without_body += b'{"unreadable":' in body
    assert 0 < without_body < 60


def test_without_an_id_the_bytes_are_the_id() -> None:
    """The same bytes are the same delivery, other bytes another one."""
    ids = {parse(Product.MEETINGS, raw).id for raw in (b'{"type":"x"}', b'{"type":"x"}', b'{"type":"y"}')}
    assert len(ids) == 2


def test_action_links_of_an_appointment_inside_of_something_else_are_masked() -> None:
    """Whoever holds one cancels or moves the booking without a login."""
    inner = {"object": "appointment", "id": "appt_1", "urls": {"cancel": ["https://example.test/c?token=canary"]}}
    about = {"object": "booking_intent", "appointment": inner}
    raw = json.dumps({"id": "evt_1", "data": {"type": "booking_intent.completed", "object": about}}).encode()
    assert b"canary" not in parse(Product.APPOINTMENTS, raw).body
