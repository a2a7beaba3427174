"""Webhooks of both products: bytes and a signature in, an envelope with a hint out. Pure.

A webhook is a hint and never the truth: what it carries is not applied, the object it names is read again.

Sources: SavvyCal Meetings API, webhooks; SavvyCal Appointments API, webhooks. They share the signature scheme:
`sha256=` and the hex HMAC-SHA256 of the raw body under the webhook's secret. Assumptions, where the documentation is
silent: the envelope's `id` stays the same when a delivery is repeated; `event.attendee.*`, `poll.*` and `workflow.*`
may name their Event as `event.id` or `event_id`; `appointment.meeting.*` may carry the meeting or its appointment.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from worker.core.hashing import canonical, mask
from worker.core.model import Kind, Product
from worker.errors import RecordError
from worker.savvycal import json_spans
from worker.savvycal.records import unmasked
from worker.savvycal.wire import is_id

SIGNATURE_HEADER, WEBHOOK_ID_HEADER = "x-savvycal-signature", "x-savvycal-webhook-id"
TYPES: Mapping[Product, frozenset[str]] = {
    Product.MEETINGS: frozenset(
        "event.created event.requested event.approved event.declined event.rescheduled event.changed event.canceled "
        "event.checkout.pending event.checkout.expired event.checkout.completed event.attendee.added "
        "event.attendee.canceled event.attendee.rescheduled poll.response.created poll.response.updated "
        "workflow.action.triggered".split()
    ),
    Product.APPOINTMENTS: frozenset(
        "appointment.created appointment.rescheduled appointment.canceled appointment.confirmed appointment.deleted "
        "appointment.meeting.updated appointment.meeting.replaced block.created block.updated block.deleted "
        "connected_account.created connected_account.deleted connected_account.refresh_failed "
        "connected_account.reconnected account_user.created account_user.updated account_user.deleted "
        "booking_intent.created booking_intent.updated booking_intent.completed booking_intent.abandoned "
        "client.created client.updated client.deleted provider.created provider.updated provider.deactivated "
        "provider.reactivated provider_schedule.created provider_schedule.updated provider_schedule.deleted "
        "service.created service.updated service.deleted service_provider.created service_provider.deleted".split()
    ),
}
"""The documented types. Others are stored, and followed when they name an object."""

UNNAMED = "unreadable"
"""Type of a delivery that names none."""

_SIGNATURE = re.compile(r"sha256=([0-9A-Fa-f]{64})", re.ASCII)
_NO_MAC = bytes(32)
_HOST_SEGMENT = re.compile(r"/(appt_[A-Za-z0-9]{1,64})(?=[/?#]|$)")


@dataclass(frozen=True, slots=True)
class Hint:
    """What a delivery is about: an object to read, a meeting to be mapped, or (kind None) something unnamed.

    `appointment_id` comes from a host_url, which is a credential: it is used to find the object, nothing of the link
    is kept.
    """

    kind: Kind | None
    id: str | None = None
    appointment_id: str | None = field(default=None, repr=False)
    is_ours: bool = True
    """False: it concerns nothing that is mirrored."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One delivery as read. `body` is the masked document as canonical JSON."""

    id: str
    type: str
    occurred_at: datetime | None
    account_id: str | None
    hint: Hint
    body: bytes
    is_known: bool
    """Whether the type is documented."""
    reason: str | None = None
    """What could not be read, None when nothing is wrong."""


SOMETHING, NOTHING = Hint(None), Hint(None, is_ours=False)


def sign(secret: str, raw: bytes) -> str:
    """The signature header of a body, in the upper case that SavvyCal uses."""
    return "sha256=" + hmac.digest(secret.encode(), raw, "sha256").hex().upper()


def signed_by(secrets: Sequence[str], raw: bytes, headers: Sequence[str]) -> int | None:
    """Which of the secrets (from 1) signed the body, None when none did.

    Every secret is tried and a MAC is computed in any case, so that the time says nothing about what was wrong.
    """
    found = _SIGNATURE.fullmatch(headers[0]) if len(headers) == 1 else None
    claimed = bytes.fromhex(found[1]) if found else _NO_MAC
    signer = None
    for number, secret in enumerate(secrets, 1):
        if hmac.compare_digest(hmac.digest(secret.encode(), raw, "sha256"), claimed) and found:
            signer = number
    return signer


def parse(product: Product, raw: bytes) -> Envelope:
    """Reads a delivery whose signature is good, whatever it is: refused, SavvyCal would only send the same bytes again.

    One that cannot be read is followed by what can be found in it, and kept without its body; `reason` says why.
    """
    try:
        return _envelope(product, raw, unmasked(raw)[0])
    except RecordError as error:
        found = _envelope(product, raw, _outline(product, raw))
        return replace(found, body=canonical({"unreadable": error.reason}), reason=error.reason)


def _outline(product: Product, raw: bytes) -> dict[str, Any]:
    """What a delivery that cannot be read is about: its envelope and the ids of its object, each part by itself."""
    outer = _texts_of(raw, b"id", b"type", b"occurred_at", b"created_at", b"account_id")
    if product is Product.MEETINGS:
        about = _texts_of(json_spans.member(raw, b"payload") or b"", b"id", b"event_id", b"state", b"start_at")
        return outer | {"payload": about}
    data = json_spans.member(raw, b"data") or b""
    about = _texts_of(json_spans.member(data, b"object") or b"", b"id", b"object", b"host_url")
    return outer | {"data": {**_texts_of(data, b"type"), "object": about}}


def _texts_of(raw: bytes, *keys: bytes) -> dict[str, Any]:
    """These members of an object, as far as they are texts that can be read."""
    found = {}
    for key in keys:
        with suppress(ValueError):
            found[key.decode()] = msgspec.json.decode(json_spans.member(raw, key) or b"", type=str)
    return found


def _envelope(product: Product, raw: bytes, document: dict[str, Any]) -> Envelope:
    inner = document.get("data") if product is Product.APPOINTMENTS else document
    inner = inner if isinstance(inner, dict) else {}
    named, key = _text_id(inner.get("type")), "object" if product is Product.APPOINTMENTS else "payload"
    type_ = named or UNNAMED
    about = inner.get(key)
    about = about if isinstance(about, dict) else {}
    hint = _event_hint(type_, about) if product is Product.MEETINGS else _appointment_hint(type_, about)
    return Envelope(
        id=_text_id(document.get("id")) or f"body:{hashlib.sha256(raw).hexdigest()[:32]}",
        type=type_,
        occurred_at=_time(document.get("occurred_at" if product is Product.MEETINGS else "created_at")),
        account_id=_text_id(document.get("account_id")),
        hint=hint if named or hint.id else SOMETHING,
        body=_kept(document, inner, key),
        is_known=type_ in TYPES[product],
        reason=None if named else "has no readable type",
    )


def _kept(document: dict[str, Any], inner: dict[str, Any], key: str) -> bytes:
    """The document as it may be stored: the object is masked as everywhere else."""
    try:
        if isinstance(inner.get(key), dict):
            inner[key] = mask(inner[key])
        return canonical(mask(document))
    except RecursionError:
        raise RecordError("is nested too deeply") from None


def _event_hint(type_: str, payload: Mapping[str, Any]) -> Hint:
    if event_id := _event_id(type_, payload):
        return Hint(Kind.EVENT, event_id)
    return SOMETHING if type_.startswith("event.") else NOTHING


def _event_id(type_: str, payload: Mapping[str, Any]) -> str | None:
    own = _text_id(payload.get("id"))
    is_event = type_.startswith("event.") and not type_.startswith("event.attendee.")
    if own and (is_event or own.startswith("event_") or {"state", "start_at"} <= payload.keys()):
        return own
    inner = payload.get("event")
    return _text_id(inner.get("id") if isinstance(inner, dict) else payload.get("event_id"))


def _appointment_hint(type_: str, about: Mapping[str, Any]) -> Hint:
    own, is_about_appointments = _text_id(about.get("id")), type_.startswith("appointment.")
    if own and (about.get("object") == "appointment_meeting" or own.startswith("amtg_")):
        return Hint(Kind.MEETING, own, _host_segment(about.get("host_url")))
    is_meeting = type_.startswith("appointment.meeting.")
    if own and (about.get("object") == "appointment" or (is_about_appointments and not is_meeting)):
        return Hint(Kind.APPOINTMENT, own)
    return SOMETHING if is_about_appointments else NOTHING


def _host_segment(host_url: object) -> str | None:
    found = _HOST_SEGMENT.search(host_url) if isinstance(host_url, str) else None
    return found[1] if found else None


def _text_id(value: object) -> str | None:
    return value if isinstance(value, str) and is_id(value) else None


def _time(value: object) -> datetime | None:
    """A time with an offset, None for anything else: it is only shown, nothing is decided by it."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
