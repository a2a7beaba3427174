"""A mirror that keeps credentials: the stage with a key."""

from collections.abc import AsyncIterator

import pytest

from tests.privacy.vaulted import KEYS
from tests.sync.conftest import mirrored_url, schema_template
from tests.sync.stage import Stage, staged
from worker.savvycal.source import Privacy

__all__ = ["mirrored_url", "schema_template"]


@pytest.fixture
async def stage(mirrored_url: str) -> AsyncIterator[Stage]:
    """A mirror of a small quiet SavvyCal that seals credentials."""
    async with staged(mirrored_url, privacy=Privacy(keys=KEYS)) as found:
        yield found
