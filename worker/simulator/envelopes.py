"""Webhook objects, their envelopes and their signature, for both APIs. Pure: the dispatcher does the sending."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from .appointments import without_sensitive
from .formats import Document, encode, hex_id, iso, ulid
from .options import Options

Product = Literal["meetings", "appointments"]
MEETINGS_VERSION = "2020-11-18"
APPOINTMENTS_VERSION = "1.0"
USER_AGENTS: dict[Product, str] = {
    "meetings": "SavvyCal Webhooks (https://savvycal.com)",
    "appointments": "SavvyCal Webhooks (https://savvycal.app)",
}


@dataclass(slots=True)
class Webhook:
    """A registered receiver."""

    id: str
    product: Product
    url: str
    secret: str
    created_at: int
    state: str = "active"
    given_up: int = 0
    """Payloads given up in a row."""

    def document(self) -> Document:
        """The Webhook object of the Meetings API; its newest schema includes the secret."""
        return {
            "id": self.id,
            "url": self.url,
            "state": self.state,
            "version": MEETINGS_VERSION,
            "secret": self.secret,
            "created_at": iso(self.created_at),
        }


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One change that is announced: the same payload for every receiver."""

    product: Product
    type: str
    object: Document
    occurred_at: float
    id: str


def webhook_event_id(rng: Random, product: Product, at: float) -> str:
    """`payload_` and 26 characters, or `evt_` and 12."""
    return f"payload_{ulid(rng, at)}" if product == "meetings" else hex_id("evt", rng)


def envelope(webhook_event: WebhookEvent, options: Options) -> Document:
    """The JSON body of a delivery."""
    if webhook_event.product == "meetings":
        return {
            "type": webhook_event.type,
            "id": webhook_event.id,
            "version": MEETINGS_VERSION,
            "occurred_at": iso(webhook_event.occurred_at),
            "payload": webhook_event.object,
        }
    shown = webhook_event.object if options.webhook_includes_sensitive else without_sensitive(webhook_event.object)
    return {
        "id": webhook_event.id,
        "account_id": options.appointments_account,
        "version": APPOINTMENTS_VERSION,
        "created_at": iso(webhook_event.occurred_at),
        "data": {"type": webhook_event.type, "object": shown},
    }


def encode_envelope(webhook_event: WebhookEvent, options: Options, damaged: Callable[[str, bytes], bytes]) -> bytes:
    """The body as it is sent; its object is `damaged` (id, bytes) as it is in lists."""
    whole = envelope(webhook_event, options)
    part, key = (whole, "payload") if webhook_event.product == "meetings" else (whole["data"], "object")
    about, part[key] = part[key], {}
    name = f'"{key}":'.encode()
    return encode(whole).replace(name + b"{}", name + damaged(str(about.get("id")), encode(about)), 1)


def signature(secret: str, body: bytes) -> str:
    """`sha256=` and the uppercase hex HMAC-SHA256 of the raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().upper()


def headers(webhook: Webhook, body: bytes) -> dict[str, str]:
    """The documented headers of a delivery."""
    return {
        "content-type": "application/json",
        "user-agent": USER_AGENTS[webhook.product],
        "x-savvycal-webhook-id": webhook.id,
        "x-savvycal-signature": signature(webhook.secret, body),
    }
