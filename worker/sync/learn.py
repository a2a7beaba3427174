"""Stores findings about an account in `account_facts`, shared by all processes, and applies their consequences."""

import time
from datetime import datetime

from worker.core import facts, findings
from worker.core.facts import Fact
from worker.core.findings import JOINABLE, WITHOUT_LINK
from worker.core.kinds import KINDS, Conferencing, Product
from worker.logs import log
from worker.store import account_facts, change_feed
from worker.store.database import Connection, Database
from worker.sync.learned import Learned

REFRESH_SECONDS = 60.0
"""How often the findings of other processes are read."""


async def refresh(db: Database, account: str, product: Product, learned: Learned) -> None:
    """Loads the stored findings, at most once a minute."""
    if time.monotonic() - learned.loaded_at < REFRESH_SECONDS:
        return
    async with db.connection() as connection:
        stored = await account_facts.load(connection, account, product)
        is_derived = KINDS[product.kind].conferencing is Conferencing.DERIVED
        joinable = await account_facts.joinable(connection, account) if is_derived else set()
    learned.loaded_at = time.monotonic()
    unsaved = {name: value for name, (value, _) in learned.unsaved.items()}
    learned.known = {name: value for name, (value, _) in stored.items()}
    learned.known |= {name: findings.merged(name, learned.known.get(name), value) for name, value in unsaved.items()}
    for type_ in joinable:
        learned.known.setdefault(f"{Fact.CONFERENCING}:{type_}", JOINABLE)
    learned.form = learned.ladder.named(learned.known.get(Fact.LIST_FORM, "")) or learned.form


async def save(db: Database, account: str, product: Product, learned: Learned) -> None:
    """Stores new findings and applies their consequences; does nothing when there are none."""
    if not learned.unsaved:
        return
    found, learned.unsaved = learned.unsaved, {}
    try:
        async with db.transaction() as connection:
            before = await account_facts.load(connection, account, product)
            known = {fact: value for fact, (value, _) in before.items()}
            values = {fact: findings.merged(fact, known.get(fact), value) for fact, (value, _) in found.items()}
            for fact, value in sorted(values.items()):
                source = found[fact][1]
                await account_facts.record(connection, account, product, fact, value, source)
                await _follow(connection, account, fact, value, db.clock.now())
    except BaseException:
        learned.unsaved = found | learned.unsaved
        raise
    if any(fact.startswith(f"{Fact.CONFERENCING}:") for fact in values):
        await change_feed.publish(db)  # of meetings that were settled
    learned.known |= {fact: value for fact, value in values.items() if fact not in learned.unsaved}
    for fact, (old, new) in findings.changed_facts(known, values).items():
        log.warning("account_fact_changed", account=account, product=product, fact=fact, before=old, after=new)
    for fact in sorted(values.keys() - known.keys()):
        write = log.warning if fact in facts.REFUSALS else log.debug
        write("account_fact_found", account=account, product=product, fact=fact, value=values[fact])


async def _follow(connection: Connection, account: str, fact: str, value: str, now: datetime) -> None:
    if fact == Fact.LISTS_EMBED_MEETING and value == "no":
        await account_facts.request_meetings(connection, account)
    if fact == Fact.LISTS_EMBED_MEETING and value == "yes":
        await account_facts.drop_requests_for_meetings(connection, account)
    name, _, type_ = fact.partition(":")
    if name == Fact.CONFERENCING:
        await account_facts.settle_conferencing(connection, account, type_, value == WITHOUT_LINK, now)
