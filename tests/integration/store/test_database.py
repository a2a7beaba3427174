"""A Postgres that takes everything and says nothing."""

import asyncio

import pytest

from tests.campaigns.chaos.proxy import Toxics, proxied
from tests.support.harness import running_harness, until
from worker import daemon
from worker.core.model import Kind
from worker.errors import StoreUnavailable
from worker.store import connecting, database


async def test_a_black_hole_ends_at_the_deadline_and_heals(mirrored_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call waits longer than its deadline, however silent Postgres is; the same pool works when it is back."""
    async with proxied(mirrored_url) as (proxy, url), running_harness(mirrored_url) as honest:
        await honest.scan()
        for name in ("COMMAND_SECONDS", "CONNECT_SECONDS", "ACQUIRE_SECONDS"):
            monkeypatch.setattr(database, name, 0.5)
        monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.5)
        db = await database.Database.connect(url, pool_size=2, command_seconds=0.5)
        honest.context.db = db
        event = next(iter(honest.world.documents("event")))
        proxy.toxics = Toxics(swallows=True)
        async with asyncio.timeout(10):
            with pytest.raises(StoreUnavailable):
                await honest.reconcile(Kind.EVENT, event)
        proxy.heal()
        honest.world.edit_event(event, summary="healed")

        async def is_there() -> bool:
            try:
                await honest.reconcile(Kind.EVENT, event)
            except StoreUnavailable:  # a connection that was lost in the hole
                return False
            return bool(await honest.value("select summary = 'healed' from savvycal.events where id = $1", event))

        await until(is_there, 20)
        db._pool.terminate()


async def test_the_live_figures_hold_up_no_stop(mirrored_url: str) -> None:
    """A Postgres that swallows everything is waited for no longer than FIGURES_SECONDS."""
    async with proxied(mirrored_url) as (proxy, url):
        db = await database.Database.connect(url, pool_size=2)
        assert (await daemon._figures_in_time(db))["events"] == 0
        proxy.toxics = Toxics(swallows=True)
        async with asyncio.timeout(daemon.FIGURES_SECONDS + 10):
            assert await daemon._figures_in_time(db) == {}
        proxy.heal()
        db._pool.terminate()
