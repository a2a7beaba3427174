"""What every run needs: the database, the accounts with their clients, the windows, and a bell to ring."""

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
from worker.sync.retry import RetryBudget

PAGES_MAX, BATCHES_MAX = 8, 2
"""List pages that are fetched and not yet read, and batches of them that are read and not yet written, over all passes
of a process: what keeps its memory flat. Beside them each pass may hold one page that has just come.
"""

PAGE_FAULTS = (errors.ServerFault, errors.Malformed)
"""What a page may be answered with whose parameters are taken."""

Wake = Callable[..., Awaitable[None]]
"""Asks for a job to be run soon: wake(job name, *args, once=False). Best effort: the work queue is what counts."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One product of one account: how to ask, and the client to ask with."""

    source: Api
    client: Client
    learned: Learned = field(default_factory=Learned)

    def __post_init__(self) -> None:
        """The way of asking that we like best, until something else is known."""
        self.learned.begin(self.source.ladder)
        self.client.on_error = partial(observations.saw_error, self.learned)

    async def fetch_page(
        self, bounds: Bounds, cursor: str | None, page_size: int | None = None, is_backwards: bool = False
    ) -> Page:
        """One page of a list: the one place where lists are asked for.

        `page_size`: fewer records than usual. `is_backwards`: from the other end of the list.

        Raises:
            errors.UpstreamError: SavvyCal did not answer with a page.
        """
        if self.client.circuit.is_on_trial:
            await self.probe()  # a page that always fails would keep it open
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
        """A smaller page, or one from the other end; once more when the list turns out to be taken in another form."""

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
        """Whether it was the usual form that is refused, and another one is taken. It is not asked again and again.

        Raises:
            errors.Untaken: lists are taken in no form at all.
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
        """Where lists are asked for by days, and SavvyCal hands out cursors."""
        if self.source.numbers is None:
            observations.gave_cursor(self.learned, page.cursor)
            observations.saw_dates(self.learned, bounds, (self.source.start_of(record) for record in page.records))

    async def _fetch_first_page(self, bounds: Bounds) -> tuple[ListForm, Page]:
        """All pages of a list are asked for alike, so only its first may find out how."""
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
        """The best form that is taken, with its page. What comes to the same request is sent once.

        A page that cannot be read was not refused: then its form is the one to go on with in smaller pages.

        Raises:
            errors.UpstreamError: the page of that form cannot be had.
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
        """Where pages are numbered, the first one's number names its size, too: all that follow depend on it."""
        numbers = self.source.numbers
        place = numbers.cursor_of(numbers.place_of(None, form)) if cursor is None and numbers else cursor
        body = await self.client.fetch(self.source.list_request(bounds, place, form), is_scan=True)
        return self.source.parse_page(body, place)

    async def probe_lists(self, bounds: Bounds) -> list[datetime]:
        """Proves that lists are answered: the start of the first record of a range, if there is any. Where SavvyCal
        does not follow days, that may be the record that cannot be read: then the last one is requested.

        Raises:
            errors.UpstreamError: they are not.
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
        """One record by id, raw. What is not taken with the parameters we like is asked for once more without them.

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
            raise refusal from None  # so it was not about the parameters

    async def probe(self) -> None:
        """Proves that the token is good and the product answers.

        Raises:
            errors.UpstreamError: it is not, or it does not.
        """
        await self.client.fetch(self.source.probe)


async def _no_wakeup(*_args: object, **_named: object) -> None:
    """Nobody listens: the ledger is worked off at the next tick."""


@dataclass(slots=True)
class SyncContext:
    """The composition that `daemon` builds and `jobs` run on."""

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
    """Postgres takes no writes, as far as anybody met that. The log has said so."""

    def is_already_logged(self, error: Exception) -> bool:
        """Whether the log has it already: a Postgres that takes no writes is named once, not for each piece of work."""
        if not isinstance(error, StoreReadOnly):
            return False
        if not self.is_read_only:
            log.warning("postgres_read_only", error=str(error), meanwhile="what is due waits in the ledger")
        self.is_read_only = True
        return True

    def note_writable(self) -> None:
        """Something was written, or could be: over, if it was not."""
        if self.is_read_only:
            log.info("postgres_writable")
        self.is_read_only = False

    def endpoint(self, account: str, product: Product) -> Endpoint | None:
        """The endpoint of an account's product, None when it is not configured."""
        return self.accounts.get(account, {}).get(product)

    def endpoint_for(self, account: str, kind: Kind) -> Endpoint | None:
        """The same, by kind of object."""
        return self.endpoint(account, KINDS[kind].listing)

    def reachable(self) -> list[tuple[str, Product]]:
        """The (account, product) pairs that may be asked now: their circuit is closed, and so is no cool-down open."""
        return [
            (account, product)
            for account, products in self.accounts.items()
            for product, endpoint in products.items()
            if endpoint.client.may_be_asked
        ]

    def reachable_accounts(self) -> list[str]:
        """The accounts with something that may be asked now."""
        return list({account: None for account, _ in self.reachable()})

    def window(self, product: Product, name: str) -> Window | None:
        """The standing window of that name, None for an ad hoc range."""
        return next((w for w in self.windows if w.product is product and w.name == name), None)
