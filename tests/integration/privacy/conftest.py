"""A mirror that keeps credentials: the harness with a key."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.conftest import mirrored_url, schema_template
from tests.support.harness import Harness, running_harness
from tests.support.vaulted import KEYS
from worker.savvycal.api import Privacy

__all__ = ["mirrored_url", "schema_template"]


@pytest.fixture
async def harness(mirrored_url: str) -> AsyncIterator[Harness]:
    """A mirror that seals credentials, of a small SavvyCal in which nothing happens unless the test does it."""
    async with running_harness(mirrored_url, privacy=Privacy(keys=KEYS)) as found:
        yield found
