"""What can be resynced: the kinds of objects, the prefixes of their ids, and the texts that name a target. Pure."""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from savvycal_sync.errors import ResyncRejected

RANGE_DAYS_MAX = 3660

_RANGE = re.compile(r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")
_ID = re.compile(r"^[A-Za-z0-9_.:-]{1,128}$")


class Kind(StrEnum):
    """What a row is about. A meeting is the conferencing of an event or an appointment."""

    EVENT = "event"
    APPOINTMENT = "appointment"
    LINK = "link"
    MEETING = "meeting"


class Product(StrEnum):
    """What has lists of its own, as the columns `product` name it."""

    MEETINGS = "meetings"
    APPOINTMENTS = "appointments"
    LINKS = "links"

    @property
    def kind(self) -> Kind:
        """The kind of object that is listed."""
        return _LISTED[self].kind

    @property
    def id_prefix(self) -> str:
        """How the ids of these objects begin."""
        return _LISTED[self].id_prefix

    @property
    def has_times(self) -> bool:
        """Whether these objects have start times: a range of dates holds no others."""
        return _LISTED[self].has_times


class _Listed(NamedTuple):
    kind: Kind
    id_prefix: str
    has_times: bool


_LISTED = {
    Product.MEETINGS: _Listed(Kind.EVENT, "event_", has_times=True),
    Product.APPOINTMENTS: _Listed(Kind.APPOINTMENT, "appt_", has_times=True),
    Product.LINKS: _Listed(Kind.LINK, "link_", has_times=False),
}


class Target(NamedTuple):
    """What a request names of one product: one object, the days of a range (both included), or else everything."""

    product: Product
    object_id: str | None = None
    days: tuple[date, date] | None = None

    def __str__(self) -> str:
        return self.object_id or (f"{self.days[0]}..{self.days[1]}" if self.days else "all")


def targets_of(text: str, product: str | None = None) -> list[Target]:
    """What a text names: an id, `2026-01-01..2026-02-01`, or `all`; of each product, or of the one that is given.

    `product` is written as in the table `coverage`. It also names the kind of an id that does not start as its kind
    does, such as `event_` or `appt_`. Links have no times, so a range holds none of them.

    Raises:
        ResyncRejected: the text names nothing that can be synced; the message tells why.
    """
    if product not in {None, *Product}:
        raise ResyncRejected(f"the product is one of {', '.join(Product)}")
    products = [Product(product)] if product else list(Product)
    if text == "all":
        return [Target(each) for each in products]
    if found := _RANGE.fullmatch(text):
        days = parse_range(found[1], found[2])
        return [Target(each, days=days) for each in products if product or each.has_times]
    return [_object_of(text, product)]


def _object_of(text: str, product: str | None) -> Target:
    if not _ID.fullmatch(text):
        raise ResyncRejected(f"pass an id ({_PREFIXES}), a range like 2026-01-01..2026-02-01, or all")
    named = _named_by(text)
    if named and product not in {None, named}:
        raise ResyncRejected(f"that id is of no object of {product}")
    if named or product:
        return Target(named or Product(product or ""), text)
    raise ResyncRejected(f"cannot tell what that id is: it starts with none of {_PREFIXES}; name the product")


def kind_of(object_id: str) -> Kind:
    """The kind of an id by its prefix.

    Raises:
        ResyncRejected: it has the prefix of no kind.
    """
    if named := _named_by(object_id):
        return named.kind
    raise ResyncRejected(f"cannot tell what that id is: it starts with none of {_PREFIXES}; name the kind")


def _named_by(object_id: str) -> Product | None:
    return next((each for each in Product if object_id.startswith(each.id_prefix)), None)


_PREFIXES = ", ".join(f"{each.id_prefix}..." for each in Product)


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Two dates, in order and not absurdly far apart.

    Raises:
        ResyncRejected: they break a rule, which the message names.
    """
    try:
        start, until = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise ResyncRejected("a range is two dates, 2026-01-01..2026-02-01") from None
    if until < start:
        raise ResyncRejected("the range ends before it starts")
    if (until - start).days > RANGE_DAYS_MAX:
        raise ResyncRejected(f"a range may span {RANGE_DAYS_MAX} days; use all for everything")
    return start, until


def check_account(account: str) -> None:
    """Refuses what cannot be the name of an account.

    Raises:
        ResyncRejected: it is none.
    """
    if not _ID.fullmatch(account):
        raise ResyncRejected("the account is not the name of an account")
