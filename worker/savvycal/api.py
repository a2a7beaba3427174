"""All kinds of objects behind one face, so that everything after the fetch knows no API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from savvycal_sync.keyring import Keys, no_keys
from worker.core.kinds import KINDS, Kind, Product
from worker.core.model import Snapshot
from worker.core.windows import Bounds
from worker.privacy.redaction import NOTHING, Redaction
from worker.savvycal import appointment_requests, appointments, event_requests, events, links
from worker.savvycal.ladder import Ladder
from worker.savvycal.wire import ListForm, Page, Place, Request


@dataclass(frozen=True, slots=True)
class Privacy:
    """What may be kept: fields that are never stored, and the keys without which no credential is."""

    drop: tuple[tuple[str, ...], ...] = ()
    keys: Keys = no_keys


EVERY_FIELD = Privacy()
"""All fields are kept, credentials are not."""


class ParseRecord(Protocol):
    """Reads a record without what must not be kept."""

    def __call__(self, raw: bytes, redaction: Redaction = NOTHING) -> Snapshot:
        """Raises RecordError when it cannot be read."""


class GetRequest(Protocol):
    """The request for one object."""

    def __call__(self, object_id: str, form: ListForm = ..., /) -> Request:
        """Raises ResyncRejected when the id is not one. Of `form` only what is no matter of lists alone counts."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A cursor as a page number and its size, and back."""

    place_of: Callable[[str | None, ListForm], Place]
    cursor_of: Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Api:
    """How to ask for one kind of objects, and how to read the answers. All pure."""

    kind: Kind
    probe: Request
    list_request: Callable[[Bounds, str | None, ListForm], Request]
    get_request: GetRequest
    parse_page: Callable[[bytes, str | None], Page]
    parse_one: Callable[[bytes], bytes]
    parse_record: ParseRecord
    ladder: Ladder
    """Ways of requesting lists."""
    numbers: Numbers | None
    """How cursors count, where pages are numbered; None where SavvyCal hands out cursors."""
    start_of: Callable[[bytes], datetime | None]
    """When the object of a record starts, None when that cannot be read."""
    descends: bool
    """Whether its lists are requested from the farthest start backwards."""
    is_past_range: Callable[[Page, Bounds], bool]
    """Whether a page proves that the rest of the iteration is outside the range."""
    privacy: Privacy

    @property
    def product(self) -> Product:
        """What its lists are called."""
        return KINDS[self.kind].listing


def meetings(privacy: Privacy = EVERY_FIELD) -> Api:
    """The Meetings API: Events, requested by date."""
    return Api(
        Kind.EVENT,
        event_requests.PROBE,
        event_requests.list_request,
        event_requests.get_request,
        event_requests.parse_page,
        event_requests.parse_one,
        events.parse_record,
        event_requests.LADDER,
        None,
        event_requests.start_of,
        False,
        lambda _page, _bounds: False,
        privacy,
    )


def appointments_api(include_sensitive: bool, privacy: Privacy = EVERY_FIELD) -> Api:
    """Appointments, read from the farthest start backwards."""
    return Api(
        Kind.APPOINTMENT,
        appointment_requests.PROBE,
        lambda _bounds, cursor, form: appointment_requests.list_request(include_sensitive, cursor, form),
        lambda object_id, form=appointment_requests.FORM: appointment_requests.get_request(
            include_sensitive, object_id, form
        ),
        appointment_requests.parse_page,
        appointment_requests.parse_one,
        appointments.parse_record,
        appointment_requests.LADDER,
        Numbers(appointment_requests.place_of, appointment_requests.cursor_of),
        appointment_requests.start_of,
        True,
        appointment_requests.is_past_range,
        privacy,
    )


def booking_links(privacy: Privacy = EVERY_FIELD) -> Api:
    """Booking links, asked for by state."""
    return Api(
        Kind.LINK,
        event_requests.PROBE,
        links.list_request,
        links.get_request,
        links.parse_page,
        event_requests.parse_one,
        links.parse_record,
        links.LADDER,
        None,
        lambda _raw: None,
        False,
        lambda _page, _bounds: False,
        privacy,
    )


APIS: Mapping[Kind, Callable[[bool, Privacy], Api]] = {
    Kind.EVENT: lambda _include_sensitive, privacy: meetings(privacy),
    Kind.APPOINTMENT: appointments_api,
    Kind.LINK: lambda _include_sensitive, privacy: booking_links(privacy),
}
"""For each kind, given whether sensitive data is asked for and what may be kept."""

PARSERS: Mapping[Kind, ParseRecord] = {kind: build(False, EVERY_FIELD).parse_record for kind, build in APIS.items()}
"""How a record of each kind is read, also one that is stored."""
