"""The pages in a real browser: with and without script, narrow and wide, light and dark."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import product

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.environments.programs import program
from tests.support.browser import SCHEMES, WIDTHS, Scheme, browser, visitor
from tests.support.receiver import WebhookHarness
from tests.support.servers import Databases
from tests.support.showcase import DEAD_LETTERS, showcase, upcoming
from worker.web import pages
from worker.web.admin import Guard

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]

CONFIRM = "/confirm/{action}"
OBJECT = "/objects/{kind}/{id}"
RETRY = f"/confirm/retry?account=default&name={DEAD_LETTERS[0]}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser; without Chromium the tests are skipped."""
    async with browser(program("chromium", "chromium")) as found:
        yield found


@pytest.fixture(scope="module")
def module_url(databases: Databases) -> Iterator[str]:
    """A database for all these tests."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mirror(module_url: str) -> AsyncIterator[WebhookHarness]:
    """A mirror in which every page has something to show."""
    async with showcase(module_url) as found:
        yield found


def paths(it: WebhookHarness) -> list[str]:
    """All pages that the router has, with an example of each that takes a name."""
    app = web.Application()
    pages.add(app, it.admin.monitor, Guard(is_local=True), {})
    event = next(iter(it.simulator.world.documents("event")))
    examples = {
        OBJECT: [f"/objects/event/{event}"],
        CONFIRM: [f"/confirm/{action}?account=default&name=event_dead_0&product=meetings" for action in pages.ACTIONS],
        **{f"/static/{name}": [] for name in pages.STATIC},
        "/bookings": ["/bookings", "/bookings?q=consult", "/bookings?q=nobody"],
    }
    found = {route.resource.canonical for route in app.router.routes() if route.method == "GET" and route.resource}
    assert {path for path in found if "{" in path} < set(examples), "a page that takes a name needs an example"
    return [example for path in sorted(found) for example in examples.get(path, [path])]


@asynccontextmanager
async def listened(page: Page, flaws: list[str]) -> AsyncIterator[Page]:
    """A page whose console errors, uncaught errors and failed requests are collected."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            flaws.append(f"{page.url}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: flaws.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: flaws.append(f"{page.url}: {request.url} failed"))
    yield page
    await page.close()


async def visit(page: Page, address: str, path: str, flaws: list[str]) -> None:
    """Opens a page: it answers, and it is no wider than the window, whatever its width and colours."""
    answer = await page.goto(address + path)
    if answer is None or answer.status != 200:
        flaws.append(f"{path}: {answer and answer.status}")
    for width, scheme in product(WIDTHS, SCHEMES):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme=scheme)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            flaws.append(f"{path}: {wide} px wide in a window of {width}")


HAS_SCRIPT = pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])


@HAS_SCRIPT
async def test_every_page_fits_and_has_no_error(mirror: WebhookHarness, chromium: Browser, has_script: bool) -> None:
    """No console error, no failed request and no sideways scrolling, at any width and in both colours."""
    flaws: list[str] = []
    async with visitor(chromium, script=has_script) as somebody, listened(await somebody.new_page(), flaws) as page:
        for path in paths(mirror):
            await visit(page, mirror.address, path, flaws)
    assert flaws == []


@pytest.mark.parametrize(("width", "scheme"), list(zip(WIDTHS, SCHEMES, strict=True)))
async def test_axe_finds_nothing(mirror: WebhookHarness, chromium: Browser, width: int, scheme: Scheme) -> None:
    """Names, roles, contrast, order: what axe-core can test of accessibility, best practices included."""
    found: dict[str, list[str]] = {}
    async with visitor(chromium, width, scheme) as somebody:
        page = await somebody.new_page()
        for path in paths(mirror):
            await page.goto(mirror.address + path)
            if violations := (await Axe().run(page)).response["violations"]:
                found[path] = [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations]
    assert found == {}


@HAS_SCRIPT
async def test_a_dead_letter_is_retried_in_two_clicks(
    mirror: WebhookHarness, chromium: Browser, has_script: bool
) -> None:
    """One on its link, one on the button of the form."""
    dead = DEAD_LETTERS[has_script]
    async with visitor(chromium, script=has_script) as somebody:
        page = await somebody.new_page()
        await page.goto(f"{mirror.address}/dead-letters")
        await page.get_by_role("link", name=f"Retry {dead}").click()
        await page.get_by_role("button", name="Yes, retry").click()
        await expect(page.get_by_role("main")).to_contain_text("1 tried again")
    assert [row["dead_lettered_at"] for row in await mirror.work_queue() if row["key"] == dead] == [None]


@pytest_asyncio.fixture(loop_scope="module")
async def trap(mirror: WebhookHarness) -> AsyncIterator[str]:
    """The address of somebody else's page, which shows our form in a frame."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=f"<iframe src='{mirror.address}{RETRY}'></iframe>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def test_no_page_of_others_can_frame_the_form(mirror: WebhookHarness, chromium: Browser, trap: str) -> None:
    """The browser refuses to show it there, so nobody can be led to click its button unknowingly."""
    async with visitor(chromium) as somebody:
        page = await somebody.new_page()
        await page.goto(f"{mirror.address}{RETRY}")
        assert await page.get_by_role("button", name="Yes, retry").count() == 1
        await page.goto(trap)
        framed = page.frames[1]
        assert await framed.get_by_role("button").count() == 0
        assert not framed.url.startswith(mirror.address)


async def test_the_overview_shows_a_change_without_being_loaded_again(
    mirror: WebhookHarness, chromium: Browser
) -> None:
    """And it says so when the daemon answers no more."""
    summary = "A change that nobody had seen"
    async with visitor(chromium) as somebody:
        page = await somebody.new_page()
        await page.goto(mirror.address)
        await page.evaluate("window.isTheSame = true")
        await page.get_by_text("How long ago each window was complete").click()  # which puts the focus somewhere
        mirror.simulator.world.edit_event(upcoming(mirror.simulator)[0], summary=summary)
        await expect(page.get_by_role("main")).not_to_contain_text(summary)

        async def is_stored() -> bool:
            await mirror.work()
            return bool(await mirror.rows("select from savvycal.events where summary = $1", summary))

        await mirror.until(is_stored)
        await expect(page.get_by_role("main")).to_contain_text(summary, timeout=20_000)
        assert await page.evaluate("window.isTheSame")
        await somebody.set_offline(True)
        await expect(page.get_by_text("does not answer now")).to_be_visible(timeout=20_000)
