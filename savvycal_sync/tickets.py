"""Read your writes: ask for a resync, and wait for the reconcile that answers it (docs/queue.md)."""

from typing import TYPE_CHECKING, NamedTuple, overload

from savvycal_sync.connection import Connection, refuse_transaction, refused_as, session_of, until
from savvycal_sync.errors import ResyncRejected, WaitRejected
from savvycal_sync.queue import DEFAULT_ACCOUNT, RESYNC, Call, push_resync
from savvycal_sync.targets import check_account, targets_of

if TYPE_CHECKING:
    from redis.asyncio import Redis

CHANNEL = "savvycal_tickets"
ASK_AGAIN_SECONDS = 0.25


class Answer(NamedTuple):
    """What came of a resync.

    `result`: done (a new version is stored), unchanged, deleted, unknown id, unreadable, dead letter, unreachable (the
    last attempt failed; it is tried again), or timed out. `version`: that of the stored object then, None without one.
    `detail`: the reason, where it is no success.
    """

    result: str
    version: int | None
    detail: str | None


@overload
async def resync(
    target: str, *, database: Connection, wait: float, product: str | None = ..., account: str = ...
) -> Answer: ...


@overload
async def resync(
    target: str, *, database: Connection, wait: None = ..., product: str | None = ..., account: str = ...
) -> str: ...


@overload
async def resync(
    target: str, *, redis: "Redis | str | None" = ..., product: str | None = ..., account: str = ...
) -> str: ...


async def resync(
    target: str,
    *,
    database: Connection | None = None,
    redis: "Redis | str | None" = None,
    wait: float | None = None,
    product: str | None = None,
    account: str = DEFAULT_ACCOUNT,
) -> Answer | str:
    """Requests that something is read again at SavvyCal: an id, a range of dates (2026-01-01..2026-02-01), or `all`.

    With `database` one object is requested in your transaction; returned is a ticket for wait(), or with `wait` (in
    seconds) the answer. Without it the request goes through Redis: a client, an address, or the variable REDIS_URL;
    returned is the id of the job. `product` (meetings, appointments, links) limits a range or `all`, and names the kind
    of an id without a known prefix.

    Raises:
        ResyncRejected: the target or the account names nothing that can be synced.
        WaitRejected: `wait` on a connection that is inside a transaction; nothing was requested.
        QueueUnavailable: Redis did not confirm the request. Requesting again is harmless.
    """
    targets = targets_of(target, product)
    check_account(account)
    if database is None:
        if wait is not None:
            raise ResyncRejected("a queue cannot answer: to wait for the result, pass a connection as database")
        return await push_resync(redis, Call(RESYNC, (target, product) if product else (target,)), account)
    if targets[0].object_id is None:
        raise ResyncRejected("Postgres takes requests for one object: a range or all needs the argument redis")
    session = session_of(database)
    if wait is not None:
        refuse_transaction(session)
    with refused_as(ResyncRejected):
        ((ticket,),) = await session.rows(
            "select savvycal.request_resync($1, $2, $3)", targets[0].product.kind.value, target, account
        )
    return str(ticket) if wait is None else await _answer(database, ticket, wait)


async def wait(ticket: str, *, database: Connection, seconds: float = 20) -> Answer:
    """Waits for a ticket, whose request has been committed. The answer never comes from a read that began before.

    Raises:
        WaitRejected: no such ticket, its transaction is not committed, or the connection is inside one.
    """
    return await _answer(database, ticket, seconds)


async def _answer(database: Connection, ticket: str, seconds: float) -> Answer:
    session = session_of(database)

    async def answered() -> Answer | None:
        (row,) = await session.rows("select result, version, detail from savvycal.ticket_result($1)", ticket)
        return Answer(*row) if row[0] else None

    with refused_as(WaitRejected):
        found = await until(session, CHANNEL, answered, seconds, ASK_AGAIN_SECONDS)
        if found is None:  # the function tells whether the last attempt failed
            (row,) = await session.rows("select result, version, detail from savvycal.wait($1, 0)", ticket)
            found = Answer(*row)
    return found


async def wait_until(
    kind: str, object_id: str, *, database: Connection, seconds: float = 20, account: str = DEFAULT_ACCOUNT
) -> int | None:
    """Waits until an object (event, appointment or link) is stored and not deleted, as after a booking that was just
    made: its version, or None when the time is over.

    Raises:
        WaitRejected: no such kind or account, or the connection is inside a transaction.
    """
    session = session_of(database)

    async def stored() -> int | None:
        ((version,),) = await session.rows("select savvycal.wait_until($1, $2, 0, $3)", kind, object_id, account)
        return None if version is None else int(version)

    with refused_as(WaitRejected):
        return await until(session, CHANNEL, stored, seconds, ASK_AGAIN_SECONDS)
