"""A whole mirror in one process: simulator over HTTP, a database of its own with the schema, both products."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.harness import Harness, running_harness
from tests.support.servers import Databases
from worker.store import schema
from worker.store.database import Database


@pytest.fixture(scope="session")
def schema_template(databases: Databases) -> Iterator[str]:
    """Name of a database that holds the schema, to be cloned."""
    url = databases.create()

    async def apply() -> None:
        db = await Database.connect(url, pool_size=1)
        async with db.connection() as connection:
            await schema.apply(connection)
        await db.close()

    asyncio.run(apply())
    yield url.rsplit("/", 1)[1]
    databases.drop(url)


@pytest.fixture
def mirrored_url(databases: Databases, schema_template: str) -> Iterator[str]:
    """A database of the test's own with the schema in it."""
    url = databases.create(template=schema_template)
    yield url
    databases.drop(url)


@pytest.fixture
async def harness(mirrored_url: str) -> AsyncIterator[Harness]:
    """A mirror of a small SavvyCal in which nothing happens unless the test does it."""
    async with running_harness(mirrored_url) as found:
        yield found
