"""The curl examples of docs/http-api.md run as they stand, and answer with the members that are shown."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.admin_side import TOKEN, admin_side
from tests.support.receiver import WebhookHarness
from worker.store import accounts
from worker.store.accounts import Configured

PAGE = Path(__file__).parents[3] / "docs" / "http-api.md"
_EXAMPLE = re.compile(r"^```sh\n(curl .*?)^```\n(?:\n```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
SHOWN_TICKET, SHOWN_EVENT = "9b1c2a52-6c0f-4a55-9d7e-2a6f6f3f4a10", "event_01J8ZQ3F5T0M6K2V9XW4B7C1DE"


class Example(NamedTuple):
    """A command, and the document that is shown for it."""

    command: str
    shown: Any


def examples() -> list[Example]:
    """All of the page, in order."""
    found = _EXAMPLE.findall(PAGE.read_text("utf-8"))
    return [Example(command, json.loads(shown) if shown else None) for command, shown in found]


async def run(command: str, it: WebhookHarness) -> Any:
    """What a command prints."""
    environ = os.environ | {"ADMIN": it.address, "TOKEN": TOKEN, "no_proxy": "*"}
    process = await asyncio.create_subprocess_shell(
        command, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, errors = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0, errors
    return json.loads(printed)


def shape(document: Any) -> Any:
    """The members of a document, without its values."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}
    return [shape(document[0])] if document and isinstance(document, list) else type(document).__name__


async def test_the_curl_examples_are_true(database_url: str, redis_url: str) -> None:
    """Each is run against a mirror that works, with an id and a ticket of its own in place of those that are shown."""
    async with admin_side(database_url, redis_url=redis_url) as it:
        await it.scan()
        async with it.db.connection() as connection:
            await accounts.report(connection, "worker-1:4711", [Configured("default", "meetings", True)])
        event, ticket = it.simulator.world.book_event()["id"], SHOWN_TICKET
        dead = (
            "insert into savvycal._work (kind, key, due_at, priority, dead_lettered_at, reasons, last_error, attempts)"
        )
        for example in examples():
            if "/work-items" in example.command:
                await it.rows(
                    f"{dead} values ('event', $1, now(), 1, now(), array['watch'], 'x', 12) on conflict "
                    "on constraint work_pkey do update set dead_lettered_at = now(), reasons = array['watch'], "
                    "last_error = 'x'",
                    SHOWN_EVENT,
                )
                printed = await run(example.command, it)
            else:
                printed = await run(example.command.replace(SHOWN_EVENT, event).replace(SHOWN_TICKET, ticket), it)
            ticket = printed.get("ticket") or ticket
            if example.shown is None:
                assert printed.keys() & {"sentence", "timeline", "accounts"}
            elif "detail" in example.shown and "title" in example.shown:
                assert printed == example.shown
            else:
                assert shape(printed) == shape(example.shown), example.command


def test_every_operation_has_an_example() -> None:
    """Nothing is described without being shown."""
    described = json.loads((PAGE.parent / "openapi.json").read_text("utf-8"))["paths"]
    shown = {re.search(r"/api/v1[\w/-]*", example.command)[0] for example in examples()}  # type: ignore[index]
    assert {path.partition("/{")[0] for path in described} == {
        re.sub(r"/tickets/.*", "/tickets", path) for path in shown
    }
