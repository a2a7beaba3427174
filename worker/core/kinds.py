"""Kinds of objects as data: all that differs between them, one entry each.

The code that requests the records of a kind and parses them is in `worker.savvycal`, one module for each kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from savvycal_sync.targets import Kind as Kind  # noqa: PLC0414  # names that applications use, too
from savvycal_sync.targets import Product as Product  # noqa: PLC0414
from worker.core import lifecycle
from worker.core.lifecycle import Lifecycle

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


PRODUCTS = (Product.MEETINGS, Product.APPOINTMENTS)
"""SavvyCal's two products, with tokens, a base URL and webhooks: each has its own API, and they share nothing but the
webhook signature scheme.
"""


class Conferencing(StrEnum):
    """Where the meeting of an object comes from."""

    DERIVED = "derived"
    """Read from the object itself, under the object's own id."""
    EMBEDDED = "embedded"
    """An object of its own inside of it, with an id and credentials."""
    NONE = "none"


class Interval(StrEnum):
    """Which setting says how often a window is scanned."""

    NEAR = "near"
    MONTH = "month"
    LATER = "later"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class WindowSpec:
    """A standing range of start times. Offsets count from now; None means no bound."""

    name: str
    interval: Interval
    priority: int
    """Smaller goes first."""
    from_offset: timedelta | None = None
    until_offset: timedelta | None = None


EVERYTHING = WindowSpec("all", Interval.EVERYTHING, 40)


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind of object. Names of tables and columns go into SQL texts as they stand here, and from nowhere else."""

    kind: Kind
    product: Product
    """Whose token, base URL and webhooks serve it."""
    listing: Product
    """What its lists are called in coverage, runs and scans."""
    table: str
    windows: tuple[WindowSpec, ...]
    children: tuple[str, ...] = ()
    """Tables of its child rows."""
    state_column: str = "state"
    start_column: str | None = None
    """None: it has no times, and the one window `all`."""
    updated_column: str | None = None
    """SavvyCal's own time of the last change."""
    lifecycle: Lifecycle | None = None
    """None: no transitions are recorded."""
    conferencing: Conferencing = Conferencing.NONE
    meeting_lifecycle: Lifecycle | None = None
    named_window: str = "all"
    """Scanned when a webhook says that something changed, but not what. Other windows find the rest in their turn."""

    @property
    def id_prefix(self) -> str:
        """How ids of this kind begin."""
        return self.listing.id_prefix

    @property
    def parent_column(self) -> str:
        """Column of child rows and meetings that names the object."""
        return f"{self.kind}_id"

    @property
    def has_credentials(self) -> bool:
        """Whether its records carry what the vault keeps."""
        return self.conferencing is Conferencing.EMBEDDED

    def fill(self, statement: str) -> str:
        """A statement that is written once for all kinds, for this one. A column that it lacks is null."""
        for name, text in self._names().items():
            statement = statement.replace(f"{{{name}}}", text)
        return statement

    def _names(self) -> Mapping[str, str]:
        return {
            "kind": self.kind.value,
            "table": f"savvycal.{self.table}",
            "state": f"o.{self.state_column}",
            "start_at": f"o.{self.start_column}" if self.start_column else "null::timestamptz",
            "updated_at": f"o.{self.updated_column}" if self.updated_column else "null::timestamptz",
            "has_lifecycle": "true" if self.lifecycle else "false",
            "parent": self.parent_column,
            "meeting_key": self.parent_column if self.conferencing is Conferencing.EMBEDDED else "id",
        }


KINDS: Mapping[Kind, KindSpec] = {
    spec.kind: spec
    for spec in (
        KindSpec(
            Kind.EVENT,
            product=Product.MEETINGS,
            listing=Product.MEETINGS,
            table="events",
            windows=(
                WindowSpec("near", Interval.NEAR, 10, -6 * HOUR, 2 * DAY),
                WindowSpec("month", Interval.MONTH, 20, 2 * DAY, 30 * DAY),
                WindowSpec("later", Interval.LATER, 30, 30 * DAY),
                EVERYTHING,
            ),
            children=("event_attendees", "event_answers"),
            start_column="start_at",
            lifecycle=lifecycle.EVENT,
            conferencing=Conferencing.DERIVED,
            meeting_lifecycle=lifecycle.CONFERENCING,
            named_window="near",
        ),
        KindSpec(  # lists cannot be asked for by date: they are read from the farthest start backwards
            Kind.APPOINTMENT,
            product=Product.APPOINTMENTS,
            listing=Product.APPOINTMENTS,
            table="appointments",
            windows=(WindowSpec("upcoming", Interval.NEAR, 10, -6 * HOUR), EVERYTHING),
            children=("appointment_history",),
            state_column="status",
            start_column="start_at",
            updated_column="updated_at",
            lifecycle=lifecycle.APPOINTMENT,
            conferencing=Conferencing.EMBEDDED,
            meeting_lifecycle=lifecycle.MEETING,
            named_window="upcoming",
        ),
        KindSpec(
            Kind.LINK,
            product=Product.MEETINGS,
            listing=Product.LINKS,
            table="links",
            windows=(EVERYTHING,),
        ),
    )
}
"""All kinds that are mirrored; a meeting is part of another object."""
