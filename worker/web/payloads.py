"""What the HTTP API accepts: bodies of requests that write, parameters of requests that read."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from savvycal_sync.queue import DEFAULT_ACCOUNT
from worker.core.kinds import Product
from worker.queue import Argument
from worker.sync.actions import APPROVED_MAX
from worker.web.tickets import WAIT_SECONDS_MAX

KindName = Literal["event", "appointment", "link"]
Account = Annotated[Argument, Field(description="Name of the SavvyCal account.")]
OneKind = Annotated[KindName | None, Field(description="Of one kind.")]
Reason = Annotated[
    str | None,
    Field(
        pattern=r"^[a-z_]{1,40}$", description="Only work with this reason: poll, backfill, resync, webhook, watch ..."
    ),
]
Name = Annotated[
    str | None, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,200}$", description="An id, or product/window of a scan.")
]
WaitSeconds = Annotated[
    float, Field(ge=0, le=WAIT_SECONDS_MAX, description="Wait this long for the result; 0: do not wait.")
]


class Payload(BaseModel):
    """Every field is checked strictly, no other is accepted, and no error quotes a value."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class NoParameters(Payload):
    """The request has no parameters."""


class ResyncRequest(Payload):
    """What is to be read again."""

    target: Annotated[
        str, Field(min_length=1, max_length=128, description="An id, a range 2026-01-01..2026-02-01, or all.")
    ]
    product: Annotated[Product | None, Field(description="For a range, all, or an id without a known prefix.")] = None
    account: Account = DEFAULT_ACCOUNT
    wait_seconds: WaitSeconds = 0.0


class TicketQuery(Payload):
    """Which ticket."""

    ticket: Annotated[Argument, Field(description="As returned by a resync.")]
    wait_seconds: WaitSeconds = 0.0


class WorkQuery(Payload):
    """Which pending work."""

    account: Annotated[Argument | None, Field(description="Of one account.")] = None
    kind: OneKind = None
    reason: Reason = None
    limit: Annotated[int, Field(ge=1, le=1000, description="Maximum number of rows.")] = 50


class WorkSelection(Payload):
    """Work of an account: one object or scan by its name, or all that match."""

    account: Account = DEFAULT_ACCOUNT
    name: Name = None
    kind: OneKind = None
    reason: Reason = None


class ApprovalRequest(Payload):
    """How many deletions of a product may happen within 24 hours."""

    account: Account = DEFAULT_ACCOUNT
    product: Annotated[Product, Field(description="Product whose deletions are approved.")]
    count: Annotated[int, Field(ge=0, le=APPROVED_MAX, description="At most this many deletions.")]


class AccountSelection(Payload):
    """All products of an account, which must be named, or one of them."""

    account: Account
    product: Annotated[Product | None, Field(description="Only this product of the account.")] = None


class TimelineQuery(Payload):
    """Which object."""

    id: Annotated[Argument, Field(description="Id of the object.")]
    kind: Annotated[KindName | None, Field(description="For an id without a known prefix.")] = None
    account: Account = DEFAULT_ACCOUNT
    limit: Annotated[int, Field(ge=1, le=1000, description="The newest rows, and what is planned.")] = 200
