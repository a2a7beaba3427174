"""The operations of the HTTP API: each takes a payload and its request, and returns a document."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict

from aiohttp import web

from savvycal_sync.targets import kind_of, targets_of
from worker import documents
from worker.core.kinds import Product
from worker.documents import (
    Accounts,
    Approval,
    Discarded,
    Resync,
    ResyncResult,
    Retried,
    ScanRequest,
    Status,
    Timeline,
    Work,
)
from worker.errors import ResyncRejected
from worker.store import tickets as stored_tickets
from worker.store import timeline
from worker.sync import actions, requests
from worker.sync.monitor import Monitor
from worker.web import refusals, status
from worker.web.payloads import (
    AccountSelection,
    ApprovalRequest,
    NoParameters,
    ResyncRequest,
    TicketQuery,
    TimelineQuery,
    WorkQuery,
    WorkSelection,
)
from worker.web.refusals import Refusal
from worker.web.routes import Route
from worker.web.tickets import Tickets

PAUSED_BY = "the HTTP API"
"""Who paused, as `accounts list` shows it."""


class Operations:
    """What ROUTES lead to. All use the connections of the admin side."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor, self.tickets = monitor, Tickets(monitor.db)

    async def status(self, _given: NoParameters, _request: web.Request) -> Status:
        """GET /status."""
        return await status.load(self._monitor)

    async def timeline(self, given: TimelineQuery, _request: web.Request) -> Timeline:
        """GET /timeline."""
        with _about("id"):
            kind = given.kind or kind_of(given.id)
        async with self._monitor.db.connection() as connection:
            rows = await timeline.load(connection, kind, given.id, given.account, given.limit)
        if not rows:
            raise Refusal(404, "nothing is known of that object", "id")
        return documents.timeline(rows)

    async def work(self, given: WorkQuery, _request: web.Request) -> Work:
        """GET /work-items."""
        async with self._monitor.db.connection() as connection:
            rows = await actions.list_work(connection, given.limit, given.account, given.kind, given.reason)
        return documents.work(rows)

    async def retry(self, given: WorkSelection, _request: web.Request) -> Retried:
        """POST /work-items/retry."""
        async with self._monitor.db.connection() as connection:
            count = await actions.retry(connection, given.account, given.name, given.kind, given.reason)
        await self._monitor.context.wake("work")
        return Retried(count)

    async def discard(self, given: WorkSelection, _request: web.Request) -> Discarded:
        """POST /work-items/discard."""
        if not (given.name or given.kind or given.reason):
            raise Refusal(400, "name, kind or reason: give one", "name")
        async with self._monitor.db.connection() as connection:
            count = await actions.discard(connection, given.account, given.name, given.kind, given.reason)
        return Discarded(count)

    async def approve(self, given: ApprovalRequest, _request: web.Request) -> Approval:
        """POST /approve-deletions."""
        async with self._monitor.db.connection() as connection:
            await actions.approve_deletions(connection, given.account, given.product, given.count)
        return Approval(given.account, given.product, given.count)

    async def accounts(self, _given: NoParameters, _request: web.Request) -> Accounts:
        """GET /accounts."""
        async with self._monitor.db.connection() as connection:
            return documents.accounts(await actions.list_accounts(connection))

    async def pause(self, given: AccountSelection, _request: web.Request) -> Accounts:
        """POST /accounts/pause."""
        async with self._monitor.db.connection() as connection:
            rows = await actions.pause(connection, given.account, given.product, PAUSED_BY)
        return documents.accounts(rows)

    async def resume(self, given: AccountSelection, _request: web.Request) -> Accounts:
        """POST /accounts/resume."""
        async with self._monitor.db.connection() as connection:
            rows = await actions.resume(connection, given.account, given.product)
        await self._monitor.context.wake("work")
        return documents.accounts(rows)

    async def resync(self, given: ResyncRequest, request: web.Request) -> Resync:
        """POST /resync."""
        with _about("target"):
            targets = targets_of(given.target, given.product)
        object_id = targets[0].object_id
        if object_id:
            return await self._resync_object(targets[0].product, object_id, given, request)
        if given.wait_seconds:
            raise Refusal(400, "wait_seconds: only the resync of one object can be waited for", "wait_seconds")
        found = await requests.resync(self._monitor.context, given.target, given.product, given.account)
        return Resync(None, None, None, None, [ScanRequest(target.product, answer) for target, answer in found])

    async def _resync_object(
        self, product: Product, object_id: str, given: ResyncRequest, request: web.Request
    ) -> Resync:
        with self.tickets.place() if given.wait_seconds else nullcontext():
            async with self._monitor.db.connection() as connection:
                ticket = await stored_tickets.request(connection, given.account, product.kind, object_id)
            if ticket is None:
                raise refusals.too_many("too many objects of that account wait: request a range or all instead", 60)
            result = await self._result(ticket, given.wait_seconds, request)
        return Resync(ticket, **asdict(result), scans=[])

    async def ticket(self, given: TicketQuery, request: web.Request) -> ResyncResult:
        """GET /tickets/{ticket}."""
        with self.tickets.place() if given.wait_seconds else nullcontext():
            return await self._result(given.ticket, given.wait_seconds, request)

    async def _result(self, ticket: str, seconds: float, request: web.Request) -> ResyncResult:
        def is_gone() -> bool:
            return request.transport is None or request.transport.is_closing()

        return await (self.tickets.wait(ticket, seconds, is_gone) if seconds else self.tickets.result(ticket))


@contextmanager
def _about(field: str) -> Iterator[None]:
    """What is rejected meanwhile is rejected for one parameter."""
    try:
        yield
    except ResyncRejected as error:
        raise Refusal(400, f"{field}: {error}", field) from None


_NO_ACCOUNT = "There is no such account, or it has no such product."
_CROWD = {429: "Too many requests are waiting: Retry-After has the seconds until the next try."}
_UNKNOWN = {422: "Nothing of that kind is mirrored for the account."}
ROUTES = (
    Route("/status", "What is wrong, what is synced and how fresh it is.", Operations.status, NoParameters, Status),
    Route(
        "/timeline",
        "All that is known of one object, in order; the last rows are when it is read next.",
        Operations.timeline,
        TimelineQuery,
        Timeline,
        refusals={404: "Nothing is known of that object."},
    ),
    Route("/work-items", "Pending work: dead letters first, then by priority.", Operations.work, WorkQuery, Work),
    Route("/accounts", "The accounts with their products.", Operations.accounts, NoParameters, Accounts),
    Route(
        "/tickets/{ticket}",
        "The result of a resync; null while it is open.",
        Operations.ticket,
        TicketQuery,
        ResyncResult,
        refusals={404: "There is no such ticket; one is kept for a day."} | _CROWD,
    ),
    Route(
        "/resync",
        "Read one object, a range of dates or everything again, now.",
        Operations.resync,
        ResyncRequest,
        Resync,
        is_write=True,
        refusals=_UNKNOWN | _CROWD,
    ),
    Route("/work-items/retry", "Try dead letters again now.", Operations.retry, WorkSelection, Retried, is_write=True),
    Route(
        "/work-items/discard",
        "Discard pending work. No stored row is removed.",
        Operations.discard,
        WorkSelection,
        Discarded,
        is_write=True,
    ),
    Route(
        "/approve-deletions",
        "Approve deletions that the delete guard holds. Valid for 24 hours.",
        Operations.approve,
        ApprovalRequest,
        Approval,
        is_write=True,
        refusals={422: "The account does not mirror that product."},
    ),
    Route(
        "/accounts/pause",
        "Pause an account or one of its products: nothing is requested from SavvyCal for it.",
        Operations.pause,
        AccountSelection,
        Accounts,
        is_write=True,
        refusals={422: _NO_ACCOUNT},
    ),
    Route(
        "/accounts/resume",
        "End a pause; what became due meanwhile is done now.",
        Operations.resume,
        AccountSelection,
        Accounts,
        is_write=True,
        refusals={422: _NO_ACCOUNT},
    ),
)
