"""The HTTP API under /api/v1, for programs that operate the mirror: docs/http-api.md.

Reading is guarded as the pages are. Writing needs the token as a bearer, which no browser sends by itself, so that a
form of another site changes nothing. Each refusal has one form (RFC 9457).
"""

from functools import cache

from aiohttp import web
from aiohttp.typedefs import Middleware

from worker.documents import to_json
from worker.errors import ResyncRejected, SavvycalSyncError
from worker.logs import log
from worker.sync.monitor import Monitor
from worker.web import openapi, refusals
from worker.web.admin import Guard, Handler, harden
from worker.web.operations import ROUTES, Operations
from worker.web.refusals import Refusal
from worker.web.routes import Route
from worker.web.tickets import RETRY_AFTER_SECONDS

PREFIX = "/api/v1"
NO_BEARER = "writing needs the token of SAVVYCAL_ADMIN_TOKEN as Authorization: Bearer ..., and no page of another site"


def add(app: web.Application, monitor: Monitor, guard: Guard) -> None:
    """Adds the API to the admin side."""
    operations, own = Operations(monitor), web.Application(middlewares=[_guarding(guard)])
    own.on_cleanup.append(operations.tickets.close)
    for route in ROUTES:
        own.router.add_route(route.method, route.path, _handler(route, operations, guard))
    own.router.add_route("GET", "/openapi.json", _describe)
    app.add_subapp(PREFIX, own)


@cache
def description() -> str:
    """The OpenAPI document, made once: it takes 18 ms."""
    return to_json(openapi.document(PREFIX, ROUTES)) + "\n"


async def _describe(_request: web.Request) -> web.Response:
    return web.Response(text=description(), content_type="application/json")


def _handler(route: Route, operations: Operations, guard: Guard) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        if route.is_write and not guard.may_write(request):
            raise Refusal(403, NO_BEARER)
        given = await route.payload_of(request)
        document = await route.answer(operations, given, request)
        if route.is_write:
            log.info("admin_action", action=route.path.strip("/"), **given.model_dump(mode="json", exclude_none=True))
        return web.Response(text=to_json(document) + "\n", content_type="application/json")

    return handle


def _guarding(guard: Guard) -> Middleware:
    """Guards every path under the prefix, also those that do not exist, and gives each refusal its form."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if refused := guard.refusal(request):
                refusal = Refusal(refused.status, refused.text or "", headers=_only("WWW-Authenticate", refused))
                return harden(refusals.response(refusal))
            return harden(await handler(request))
        except Exception as error:  # noqa: BLE001 - whatever happens, the answer has one form
            return harden(refusals.response(_refusal_of(error)))

    return answer


def _only(name: str, response: web.Response) -> dict[str, str]:
    return {name: response.headers[name]} if name in response.headers else {}


def _refusal_of(error: Exception) -> Refusal:
    match error:
        case Refusal():
            return error
        case web.HTTPException():
            detail = "there is nothing at this path, or not by this method"
            return Refusal(error.status, detail, headers=_only("Allow", error))
        case ResyncRejected():
            return Refusal(422, str(error))
        case SavvycalSyncError():
            return Refusal(503, str(error), headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    log.error("request_failed", error=type(error).__name__)
    return Refusal(500, "a bug of this program; its log names the error")
