"""The context of every job: the database, the accounts with their clients, the windows, and a way to wake workers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from worker import errors
from worker.core.kinds import KINDS
from worker.core.model import Kind, Product
from worker.core.windows import Bounds, Window
from worker.errors import StoreReadOnly
from worker.logs import log
from worker.savvycal.api import Api
from worker.savvycal.client import Client
from worker.savvycal.wire import ListForm, Page, Request
from worker.store.database import Database
from worker.sync import observations
from worker.sync.lane import Lane
from worker.sync.learned import Learned
from worker.sync.prefetch import CapacityLimiter
from worker.sync.retry_budget import RetryBudget

PAGES_MAX, BATCHES_MAX = 8, 2
"""Limits over all scans of a process, which bound its memory: list pages that are fetched and not yet read, and batches
that are read and not yet written. In addition each scan may hold one page that has just arrived.
"""

PAGE_FAULTS = (errors.ServerFault, errors.Malformed)
"""Errors of a page whose parameters SavvyCal accepted."""

Wake = Callable[..., Awaitable[None]]
"""Requests that a job runs soon: wake(job name, *args, once=False). It may be lost; the work queue keeps the work."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One product of one account: its API, its client, and what was learned about it."""

    source: Api
    client: Client
    learned: Learned = field(default_factory=Learned)

    def __post_init__(self) -> None:
        """Starts with the preferred form of list requests."""
        self.learned.begin(self.source.ladder)
        self.client.on_error = partial(observations.saw_error, self.learned)

    async def fetch_page(
        self, bounds: Bounds, cursor: str | None, page_size: int | None = None, is_backwards: bool = False
    ) -> Page:
        """Fetches one page of a list. All list requests go through this method.

        `page_size`: fewer records than usual. `is_backwards`: from the other end of the list.

        Raises:
            errors.UpstreamError: SavvyCal did not answer with a page.
        """
        if self.client.circuit.is_on_trial:
            await self.probe()  # a page that always fails would keep the circuit breaker open
        if page_size is not None or is_backwards:
            return await self._fetch_unusual_page(bounds, cursor, page_size, is_backwards)
        if cursor is not None:
            return await self._fetch_next_page(bounds, cursor)
        form, page = await self._fetch_first_page(bounds)
        self.learned.found_form(form)
        starts = [self.source.start_of(record) for record in page.records]
        self.learned.saw_first_page(page, starts, self.source.descends)
        self._saw_page(bounds, page)
        return page

    async def _fetch_unusual_page(
        self, bounds: Bounds, cursor: str | None, page_size: int | None, is_backwards: bool
    ) -> Page:
        """Fetches a smaller page, or one from the other end; tries again if SavvyCal accepts another form."""

        def unusual() -> ListForm:
            form = self.learned.form
            return replace(form, page_size=page_size or form.page_size, is_backwards=is_backwards)

        try:
            page = await self._fetch_page(bounds, cursor, unusual())
        except errors.Refused as refusal:
            if not refusal.is_about_parameters or not await self._finds_another_form(bounds):
                raise
            page = await self._fetch_page(bounds, cursor, unusual())
        self.learned.found_form(self.learned.form)
        return page

    async def _finds_another_form(self, bounds: Bounds) -> bool:
        """Whether SavvyCal refuses the usual form and accepts another one. Not tried when lists were accepted just now.

        Raises:
            errors.Untaken: SavvyCal accepts lists in no form.
        """
        if self.learned.is_form_fresh:
            return False
        before = self.learned.form
        try:
            form, _ = await self._fetch_first_page(bounds)
            self.learned.found_form(form)
        except errors.Refused as refusal:
            raise errors.Untaken(str(refusal), refusal.status) from None
        except PAGE_FAULTS:
            self.learned.try_form(self.learned.form)
        return self.learned.form != before

    async def _fetch_next_page(self, bounds: Bounds, cursor: str) -> Page:
        try:
            page = await self._fetch_page(bounds, cursor, self.learned.form)
        except (errors.Refused, errors.NotThere):
            observations.took_cursor(self.learned, cursor, is_taken=False)
            raise
        observations.took_cursor(self.learned, cursor, is_taken=True)
        self._saw_page(bounds, page)
        return page

    def _saw_page(self, bounds: Bounds, page: Page) -> None:
        """Notes the cursor and the dates of a page, where lists are requested by days and paged by cursors."""
        if self.source.numbers is None:
            observations.gave_cursor(self.learned, page.cursor)
            observations.saw_dates(self.learned, bounds, (self.source.start_of(record) for record in page.records))

    async def _fetch_first_page(self, bounds: Bounds) -> tuple[ListForm, Page]:
        """Fetches the first page. All pages of a list have one form, so only the first may search for another."""
        form = self.learned.form_to_try()
        try:
            return form, await self._fetch_page(bounds, None, form)
        except errors.Refused as refusal:
            if not refusal.is_about_parameters or not self.learned.may_search:
                raise
            found = await self._search_form(bounds, form)
            if found is None:
                self.learned.found_no_form()
                raise
            return found

    async def _search_form(self, bounds: Bounds, refused: ListForm) -> tuple[ListForm, Page] | None:
        """The best form that SavvyCal accepts, with its page. Forms that give the same request are sent once.

        When a page cannot be read, its form was not refused: the list continues in that form with smaller pages.

        Raises:
            errors.UpstreamError: the page of that form could not be fetched.
        """
        answers: dict[Request, Page | errors.UpstreamError | None] = {
            self.source.list_request(bounds, None, refused): None
        }
        search = self.learned.ladder_now.search(self.learned.form, {refused})
        try:
            form = next(search)
            while True:
                request = self.source.list_request(bounds, None, form)
                if request not in answers:
                    answers[request] = await self._fetch_unless_refused(bounds, form)
                form = search.send(answers[request] is not None)
        except StopIteration as end:
            page = answers[self.source.list_request(bounds, None, end.value)] if end.value else None
            if isinstance(page, errors.UpstreamError):
                self.learned.try_form(end.value)
                raise page from None
            return (end.value, page) if page else None

    async def _fetch_unless_refused(self, bounds: Bounds, form: ListForm) -> Page | errors.UpstreamError | None:
        try:
            return await self._fetch_page(bounds, None, form)
        except PAGE_FAULTS as error:
            return error
        except errors.Refused as error:
            if not error.is_about_parameters:
                raise
            return None

    async def _fetch_page(self, bounds: Bounds, cursor: str | None, form: ListForm) -> Page:
        """Fetches a page. Where pages are numbered, the first cursor also contains the page size for all later ones."""
        numbers = self.source.numbers
        place = numbers.cursor_of(numbers.place_of(None, form)) if cursor is None and numbers else cursor
        body = await self.client.fetch(self.source.list_request(bounds, place, form), is_scan=True)
        return self.source.parse_page(body, place)

    async def probe_lists(self, bounds: Bounds) -> list[datetime]:
        """Proves that SavvyCal answers lists; returns the start of the first record of a range, if there is one.

        Where SavvyCal ignores days, the first record may be the one that fails: then the last one is requested.

        Raises:
            errors.UpstreamError: SavvyCal does not answer lists.
        """
        form = replace(self.learned.form, page_size=self.learned.form.page_size and 1)
        try:
            page = await self._fetch_page(bounds, None, form)
        except PAGE_FAULTS:
            if form.order == "none":
                raise
            page = await self._fetch_page(bounds, None, replace(form, is_backwards=True))
        return [start for raw in page.records if (start := self.source.start_of(raw))]

    async def fetch_one(self, object_id: str, is_scan: bool = False) -> bytes:
        """Fetches one record by id, raw. A request that is refused because of its parameters is repeated without them.

        Raises:
            errors.UpstreamError: SavvyCal did not answer with a record.
        """
        form = self.learned.form_of_single()
        request, plain = (self.source.get_request(object_id, each) for each in (form, self.learned.ladder.plainest))
        try:
            body = await self.client.fetch(request, is_scan)
        except errors.Refused as refusal:
            if not refusal.is_about_parameters or plain == request:
                raise
            body = await self._fetch_plain(plain, is_scan, refusal)
            self.learned.found_single(self.learned.ladder.plainest)
        else:
            self.learned.found_single(form)
        return self.source.parse_one(body)

    async def _fetch_plain(self, plain: Request, is_scan: bool, refusal: errors.Refused) -> bytes:
        try:
            return await self.client.fetch(plain, is_scan)
        except errors.Refused:
            raise refusal from None  # so the parameters were not the reason

    async def probe(self) -> None:
        """Proves that the token is valid and the product answers.

        Raises:
            errors.UpstreamError: the token is rejected, or the product does not answer.
        """
        await self.client.fetch(self.source.probe)


async def _no_wakeup(*_args: object, **_named: object) -> None:
    """Wakes nobody; the next run of the schedule finds the work."""


@dataclass(slots=True)
class SyncContext:
    """The context that `daemon` builds and that `jobs` run on."""

    db: Database
    accounts: Mapping[str, Mapping[Product, Endpoint]]
    windows: tuple[Window, ...]
    wake: Wake = _no_wakeup
    webhook_retention: timedelta = timedelta(days=35)
    random: Random = field(default_factory=Random)
    page_limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(PAGES_MAX))
    batch_limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(BATCHES_MAX))
    retries: RetryBudget = field(default_factory=RetryBudget)
    retention: Mapping[str, int] = field(default_factory=dict)
    """Days of history to keep, by table."""
    retained_at: float = float("-inf")
    """When history was last trimmed, on the monotonic clock."""
    objects: Lane = field(default_factory=Lane)
    scans: Lane = field(default_factory=Lane)
    audits: Lane = field(default_factory=Lane)

    is_read_only: bool = False
    """Whether the last write found Postgres read-only. This was logged once."""

    def is_already_logged(self, error: Exception) -> bool:
        """Whether the error is logged already. A read-only Postgres is logged once, not for each work item."""
        if not isinstance(error, StoreReadOnly):
            return False
        if not self.is_read_only:
            log.warning("postgres_read_only", error=str(error), meanwhile="due work waits in the work queue")
        self.is_read_only = True
        return True

    def note_writable(self) -> None:
        """Notes that Postgres accepts writes; logs it if it was read-only before."""
        if self.is_read_only:
            log.info("postgres_writable")
        self.is_read_only = False

    def endpoint(self, account: str, product: Product) -> Endpoint | None:
        """The endpoint of an account's product, None when it is not configured."""
        return self.accounts.get(account, {}).get(product)

    def endpoint_for(self, account: str, kind: Kind) -> Endpoint | None:
        """The endpoint for a kind of object, None when it is not configured."""
        return self.endpoint(account, KINDS[kind].listing)

    def reachable(self) -> list[tuple[str, Product]]:
        """The (account, product) pairs to which requests may be sent: circuit breaker closed, no cool-down."""
        return [
            (account, product)
            for account, products in self.accounts.items()
            for product, endpoint in products.items()
            if endpoint.client.may_be_asked
        ]

    def reachable_accounts(self) -> list[str]:
        """The accounts to which requests may be sent now."""
        return list({account: None for account, _ in self.reachable()})

    def window(self, product: Product, name: str) -> Window | None:
        """The standing window of that name, None for an ad hoc range."""
        return next((w for w in self.windows if w.product is product and w.name == name), None)
