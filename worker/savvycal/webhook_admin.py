"""Webhooks at the Meetings API: list, create, delete. The Appointments product has no such endpoints (Dashboard only).

Source: SavvyCal Meetings API, webhooks. Every webhook gets every type. The answers carry the secret: it is shown once
by the command that created it, and kept out of everything else.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec

from worker.errors import Malformed
from worker.savvycal.client import Client
from worker.savvycal.wire import Request, decode_envelope, one

PATH = "/webhooks"
PAGES_MAX = 100


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as SavvyCal knows it. `state` is active, disabled or deleted."""

    id: str
    url: str
    state: str | None = None
    secret: str | None = field(default=None, repr=False)
    created_at: str | None = None


class _Metadata(msgspec.Struct):
    after: str | None = None


class _Page(msgspec.Struct):
    entries: list[Webhook]
    metadata: _Metadata


async def fetch_all(client: Client) -> AsyncIterator[Webhook]:
    """Every webhook of the account.

    Raises:
        errors.UpstreamError: SavvyCal refused, or did not answer.
    """
    cursor: str | None = None
    for _ in range(PAGES_MAX):
        query = (("limit", "100"), *((("after", cursor),) if cursor else ()))
        page = decode_envelope(await client.fetch(Request(PATH, query)), _Page)
        for webhook in page.entries:
            yield webhook
        cursor = page.metadata.after
        if cursor is None:
            return
    raise Malformed(f"the list of webhooks does not end after {PAGES_MAX} pages")


async def create(client: Client, url: str) -> Webhook:
    """A new webhook with its secret. Not repeated when the answer is lost: list them to see whether it is there."""
    body = msgspec.json.encode({"url": url})
    return decode_envelope(await client.fetch(Request(PATH, method="POST", body=body)), Webhook)


async def delete(client: Client, webhook_id: str) -> Webhook:
    """Deletes a webhook."""
    return decode_envelope(await client.fetch(Request(one(PATH, webhook_id).path, method="DELETE")), Webhook)
