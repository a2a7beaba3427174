"""`make screenshots`: pictures of each page, wide and narrow, and of the overview in the dark."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser

from tests.support.browser import SCHEMES, WIDTHS, Scheme, browser, chromium, visitor
from tests.support.receiver import WebhookHarness
from tests.support.servers import Databases, postgres_server
from tests.support.showcase import DEAD_LETTERS, showcase, upcoming
from worker.web.lists import LISTS

INTO = Path(__file__).parents[2] / "docs" / "screenshots"
HEIGHT_MAX = 1000
"""Long lists are cut off here: nobody reads fifty rows in a picture."""


def addresses(it: WebhookHarness) -> dict[str, str]:
    """Path by the name of its picture."""
    return {
        "bookings": "/bookings",
        "timeline": f"/objects/event/{upcoming(it.simulator)[0]}",
        "confirm": f"/confirm/retry?account=default&name={DEAD_LETTERS[0]}",
        **{name: f"/{name}" for name in LISTS},
    }


async def take(found: Browser, it: WebhookHarness, width: int, scheme: Scheme, pages: dict[str, str]) -> None:
    """Takes a picture of each of these pages."""
    async with visitor(found, width, scheme) as somebody:
        page = await somebody.new_page()
        for name, path in pages.items():
            await page.goto(it.address + path)
            high = await page.evaluate("document.body.scrollHeight")
            await page.set_viewport_size({"width": width, "height": min(high, HEIGHT_MAX)})
            dark = "-dark" if scheme == "dark" else ""
            await page.screenshot(path=INTO / f"{name}-{width}{dark}.png")


async def take_all(executable: str, urls: tuple[str, str]) -> None:
    """All pictures: the overview when all is well and with problems, then the other pages."""
    async with browser(executable) as found:
        async with showcase(urls[0], has_problems=False) as it:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    await take(found, it, width, scheme, {"overview": "/"})
        async with showcase(urls[1]) as it:
            for width in WIDTHS:
                await take(found, it, width, "light", {"problems": "/"} | addresses(it))


def main() -> int:
    """Starts a server of its own; 1 without Chromium."""
    executable = chromium()
    if executable is None:
        print("chromium is not installed: `make system-packages` installs it", file=sys.stderr)  # noqa: T201
        return 1
    INTO.mkdir(exist_ok=True)
    with postgres_server() as server:
        databases = Databases(server.url)
        asyncio.run(take_all(executable, (databases.create(), databases.create())))
        databases.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
