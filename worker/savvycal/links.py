"""SavvyCal Meetings: how to ask for booking links, and how to read one.

Sources: SavvyCal Meetings API, list links (paging, `state` active or disabled) and link object, as its readers have it;
more fields exist, and are kept. Assumption, where the documentation is silent: a list without `state` may leave out
disabled links, so that those in either state are asked for one after the other.
"""

from worker.core.hashing import content_hash
from worker.core.model import Kind, Row, Snapshot
from worker.core.windows import Bounds
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal import event_requests
from worker.savvycal.ladder import Ladder
from worker.savvycal.records import Columns, Document, Id, extras, reading, same, typed
from worker.savvycal.wire import PAGE_SIZES, ListForm, Page, Request, one

LADDER = Ladder({"page_size": PAGE_SIZES, "order": ("none",)})
PATH = "/links"
STATES = ("active", "disabled")


class BookingLink(Document):
    """Only what a mirror cannot do without is required: its id."""

    id: Id
    name: str | None = None
    private_name: str | None = None
    slug: str | None = None
    description: str | None = None
    type: str | None = None
    state: str | None = None


def list_request(_bounds: Bounds, cursor: str | None, form: ListForm) -> Request:
    """One page of the links in one state; a cursor is the state, a colon and SavvyCal's own cursor (none: `disabled:`).

    Links have no times, so that there are no bounds.
    """
    state, _, after = (cursor or STATES[0]).partition(":")
    query = [("state", state), ("limit", str(form.page_size or "")), ("after", after)]
    return Request(PATH, tuple((name, value) for name, value in query if value))


def get_request(link_id: str, _form: ListForm = event_requests.FORM) -> Request:
    """One link by id."""
    return one(PATH, link_id)


def parse_page(body: bytes, cursor: str | None) -> Page:
    """`{entries, metadata: {after}}`; behind the last page of a state comes the first one of the next state."""
    page, state = event_requests.parse_page(body, None), (cursor or STATES[0]).partition(":")[0]
    following = f"{state}:{page.cursor}" if page.cursor else next((f"{s}:" for s in STATES[1:] if s != state), None)
    return Page(page.records, following, granted=page.granted)


def parse_record(raw: bytes, redaction: Redaction = NOTHING) -> Snapshot:
    """A record as a snapshot; it has no times, no children and no meeting.

    Raises:
        RecordError: it cannot be read.
    """
    document, body = reading(raw, redaction)
    link = typed(BookingLink, document)
    unknown = extras(link)
    return Snapshot(
        kind=Kind.LINK,
        id=link.id,
        state=link.state or "",
        start_at=None,
        end_at=None,
        row=Row((*_OWN.names, "extra"), (*_OWN.of(link), unknown)),
        children={},
        meeting=None,
        occurred_at={},
        body=body,
        content_hash=content_hash(body),
        unknown_fields=tuple(unknown),
    )


_OWN = Columns(same("id", "name", "private_name", "slug", "description", "type", "state"))
