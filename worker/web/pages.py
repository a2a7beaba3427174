"""The pages: plain HTML made here, one stylesheet, and one small script that keeps the overview current. Reading is
guarded by `admin`, acting even more.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape

from worker import __version__
from worker.core.kinds import KINDS, Kind, Product
from worker.core.problems import span
from worker.errors import ResyncRejected, SavvycalSyncError
from worker.logs import log
from worker.store import status, timeline
from worker.store.database import Connection
from worker.store.figures import Rows
from worker.store.queries import load
from worker.sync import actions, requests
from worker.sync.monitor import Monitor, Report
from worker.web.admin import BODY_SECONDS, Guard
from worker.web.lists import LISTS
from worker.web.overview import freshness, sparkline

SQL = load("pages")
SEARCH_CHARS_MAX = 100
TIMELINE_ROWS_MAX = 200


STATIC = {"style.css": "text/css", "live.js": "text/javascript"}
LONG_COLUMNS = {"last_error", "error", "reason"}
"""Their text is wrapped; everything else stays on one line."""

ACTIONS = {
    "retry": "Try this dead letter again now.",
    "discard": "Discard this work. No stored row is removed.",
    "resync": "Read this again at SavvyCal now.",
    "approve": "Approve up to this many deletions of a product. Valid for 24 hours.",
}


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, float):
        return f"{value:,.1f}"
    return "–" if value in {None, ""} else str(value)


def _ago(value: datetime, now: datetime) -> str:
    return f"{span((now - value).total_seconds())} ago"


def _ahead(value: datetime, now: datetime) -> str:
    return f"in {span((value - now).total_seconds())}" if value > now else "now"


def _environment() -> Environment:
    made = Environment(loader=PackageLoader("worker.web"), autoescape=select_autoescape(default=True), trim_blocks=True)
    made.filters |= {"cell": _cell, "span": span, "ago": _ago, "ahead": _ahead}
    return made


def add(app: web.Application, monitor: Monitor, guard: Guard, figures: Mapping[str, Rows]) -> None:
    """Adds all pages, the stylesheet and the actions. `figures`: those of the metrics, read at their own pace."""
    pages = Pages(monitor, guard, figures)
    for path, answer in (
        ("/", pages.overview),
        ("/bookings", pages.bookings),
        (f"/objects/{{kind:{'|'.join(KINDS)}}}/{{id}}", pages.timeline),
        ("/confirm/{action}", pages.confirm),
        *((f"/static/{name}", _static) for name in STATIC),
        *((f"/{name}", pages.table) for name in LISTS),
    ):
        app.router.add_get(path, guard.guarded(answer))
    app.router.add_post("/actions/{action}", guard.guarded(pages.act))


async def _static(request: web.Request) -> web.Response:
    name = request.path.rpartition("/")[2]
    text = files("worker.web").joinpath("static", name).read_text("utf-8")
    return web.Response(text=text, content_type=STATIC[name], headers={"Cache-Control": "max-age=3600"})


class Pages:
    """Makes pages from the monitor's report and the database."""

    def __init__(self, monitor: Monitor, guard: Guard, figures: Mapping[str, Rows]) -> None:
        self._monitor, self._guard, self._figures = monitor, guard, figures
        self._environment = _environment()

    async def _page(
        self, request: web.Request, template: str, status_: int = 200, /, report: Report | None = None, **values: Any
    ) -> web.Response:
        text = self._environment.get_template(template).render(
            report=report or await self._monitor.current(),
            path=request.path,
            lists=LISTS,
            kinds=KINDS,
            long=LONG_COLUMNS,
            may_act=self._guard.is_known(request.headers),
            has_token=self._guard.token is not None,
            version=__version__,
            **values,
        )
        return web.Response(text=text, content_type="text/html", status=status_)

    async def _failed(self, request: web.Request, error: Exception) -> web.Response:
        return await self._page(request, "message.html", 503, title="Not now", message=str(error))

    async def overview(self, request: web.Request) -> web.Response:
        """What is wrong, how fresh each window is, and what waits."""
        report, rows = await self._monitor.current(), await self._overview_rows()
        accounts = self._monitor.context.accounts.items()
        limits = {(account, p.value): e.client.rate_limit for account, ps in accounts for p, e in ps.items()}
        work, hour = next(iter(self._figures.get("work", ())), None), self._figures.get("changes", ())
        shown: dict[str, Any] = {
            "windows": freshness(report.facts.windows, report.at) if report.facts else [],
            "limits": limits,
            "tables": {kind.listing: kind.table for kind in KINDS.values()},
            "work": work,
            "webhooks": self._figures.get("webhooks", ()),
            "changed": sum(row["changes"] for row in hour),
            "spark": sparkline(hour),
        }
        return await self._page(request, "overview.html", report=report, **rows, **shown)

    async def _overview_rows(self) -> dict[str, Any]:
        """Open scans, newest changes and counts; empty while Postgres does not answer."""
        try:
            async with self._monitor.db.connection() as connection:
                return {
                    "scans": [dict(row) for row in await connection.fetch(status.SQL["scans"])],
                    "newest": await connection.fetch(SQL["newest_changes"]),
                    "mirrored": await connection.fetch(SQL["mirrored"]),
                }
        except SavvycalSyncError:
            return {"scans": (), "newest": (), "mirrored": ()}

    async def bookings(self, request: web.Request) -> web.Response:
        """Bookings ahead, or those that hold a text."""
        wanted = request.query.get("q", "").strip()[:SEARCH_CHARS_MAX]
        escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        try:
            async with self._monitor.db.connection() as connection:
                rows = await connection.fetch(SQL["booking_by_id"], wanted) if wanted else []
                rows = rows or await connection.fetch(SQL["bookings"], wanted, f"%{escaped}%")
        except SavvycalSyncError as error:
            return await self._failed(request, error)
        return await self._page(request, "bookings.html", rows=rows, wanted=wanted)

    async def table(self, request: web.Request) -> web.Response:
        """One of LISTS."""
        name = request.path.strip("/")
        try:
            async with self._monitor.db.connection() as connection:
                rows = await connection.fetch(SQL[name.replace("-", "_")])
        except SavvycalSyncError as error:
            return await self._failed(request, error)
        return await self._page(request, "list.html", list=LISTS[name], rows=rows)

    async def timeline(self, request: web.Request) -> web.Response:
        """What happened to one object."""
        kind, object_id = request.match_info["kind"], request.match_info["id"]
        account = request.query.get("account", "default")
        try:
            async with self._monitor.db.connection() as connection:
                rows = await timeline.load(connection, kind, object_id, account, TIMELINE_ROWS_MAX)
        except SavvycalSyncError as error:
            return await self._failed(request, error)
        return await self._page(
            request,
            "timeline.html",
            200 if rows else 404,
            rows=rows,
            limit=TIMELINE_ROWS_MAX,
            account=account,
            kind=kind,
            product=KINDS[Kind(kind)].listing.value,
            id=object_id,
        )

    async def confirm(self, request: web.Request) -> web.Response:
        """Says what an action will do, with a button that does it."""
        action = request.match_info["action"]
        if action not in ACTIONS:
            raise web.HTTPNotFound
        given: dict[str, Any] = {n: request.query.get(n, "")[:200] for n in ("account", "name", "product")}
        csrf = self._guard.csrf() if self._guard.is_known(request.headers) else ""
        return await self._page(request, "confirm.html", action=action, about=ACTIONS[action], csrf=csrf, **given)

    async def act(self, request: web.Request) -> web.Response:
        """Does an action that a form of ours asked for."""
        action = request.match_info["action"]
        if not self._guard.may_act(request):
            text = "Actions need the admin token, and a form of this very page."
            return await self._page(request, "message.html", 403, title="Refused", message=text)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                form = await request.post()
        except (TimeoutError, ValueError, LookupError, RuntimeError) as error:  # the last: an odd encoding
            status_ = 408 if isinstance(error, TimeoutError) else 400
            return await self._page(
                request, "message.html", status_, title="Refused", message="The form did not arrive."
            )
        if not self._guard.is_csrf(str(form.get("csrf", ""))):
            return await self._page(request, "message.html", 403, title="Refused", message="The form is not ours.")
        try:
            said = await self._act(action, {name: str(value) for name, value in form.items()})
        except ResyncRejected as error:
            return await self._page(request, "message.html", 422, title="Refused", message=str(error))
        except SavvycalSyncError as error:
            return await self._failed(request, error)
        log.info("admin_action", action=action, account=form.get("account"), name=form.get("name"))
        return await self._page(request, "message.html", title="Done", message=said)

    async def _act(self, action: str, form: Mapping[str, str]) -> str:
        account, name = form.get("account") or "default", form.get("name", "")
        if not name and action != "approve":
            raise ResyncRejected("name what it is about")
        if action == "resync":
            found = await requests.resync(self._monitor.context, name, form.get("product") or None, account)
            return f"Requested: {', '.join(answer for _, answer in found)}."
        async with self._monitor.db.connection() as connection:
            said = await _change(connection, action, account, name, form)
        await self._monitor.context.wake("work")
        return said


async def _change(connection: Connection, action: str, account: str, name: str, form: Mapping[str, str]) -> str:
    match action:
        case "retry":
            return f"{await actions.retry(connection, account, name)} tried again."
        case "discard":
            return f"{await actions.discard(connection, account, name)} discarded."
        case "approve":
            product, count = _approval(form)
            await actions.approve_deletions(connection, account, product, count)
            return f"Up to {count} deletions of {product} are approved for 24 hours."
    raise ResyncRejected("there is no such action")


def _approval(form: Mapping[str, str]) -> tuple[Product, int]:
    product, count = form.get("product", ""), form.get("count", "")
    if product not in set(Product) or not count.isascii() or not count.isdigit() or len(count) > 9:
        raise ResyncRejected("name a product and a number of deletions")
    if int(count) > actions.APPROVED_MAX:
        raise ResyncRejected(f"at most {actions.APPROVED_MAX} deletions can be approved at once")
    return Product(product), int(count)
