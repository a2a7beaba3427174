"""dlt into the same Postgres: its own REST client, merge by id, its default nesting (attendees in a child table)."""

import asyncio
import os
import time
from collections.abc import Iterator
from typing import Any

import dlt
from dlt.sources.helpers.rest_client.client import RESTClient
from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator

from tests.campaigns.bench.contestants.iteration import QUERY


async def run(_phase: str, api_url: str, database_url: str) -> dict[str, float]:
    """Every phase does the same; the pipeline's state is in BENCH_SCRATCH."""
    return await asyncio.to_thread(_run, api_url, database_url)


def _run(api_url: str, database_url: str) -> dict[str, float]:
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=os.environ["BENCH_SCRATCH"],
        destination=dlt.destinations.postgres(database_url),
        dataset_name="savvycal_dlt",
    )
    began = time.monotonic()
    resource = dlt.resource(_events, name="events", primary_key="id", write_disposition="merge")
    pipeline.run(resource(api_url))
    return {"seconds": time.monotonic() - began}


def _events(api_url: str) -> Iterator[Any]:
    paginator = JSONResponseCursorPaginator(cursor_path="metadata.after", cursor_param="after")
    client = RESTClient(api_url, paginator=paginator)
    yield from client.paginate("/events", params=dict(QUERY), data_selector="entries")
