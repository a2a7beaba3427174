"""JSON answers and the error bodies of both products, each as its documentation shows them."""

from __future__ import annotations

import json

from aiohttp import web

from .envelopes import Product
from .formats import Document, encode

STALE = web.RequestKey("stale", bool)
"""Set on a request that is to be answered with the version before the last change."""
TITLES = {400: "Bad request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too many requests"}
RATE_LIMITED = "Rate limit exceeded. Please try again later."
UNSCOPED = "You must use an account-scoped token to access this endpoint."


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, answer: web.Response) -> None:
        self.answer = answer


async def read_object(request: web.Request) -> Document | None:
    """The request's JSON object; {} for an empty body, None for anything else."""
    body = await request.read()
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def json_answer(value: object, status: int = 200) -> web.Response:
    """A JSON answer."""
    return raw_answer(encode(value), status)


def raw_answer(body: bytes, status: int = 200) -> web.Response:
    """An answer whose JSON is ready."""
    return web.Response(body=body, status=status, headers={"content-type": "application/json; charset=utf-8"})


def meetings_error(status: int, message: str) -> web.Response:
    """The list shape: 401, 404 and whatever has no field to blame."""
    return json_answer({"errors": [{"message": message}]}, status)


def meetings_invalid(field: str, message: str) -> web.Response:
    """The map shape of 422: field to list of messages."""
    return json_answer({"errors": {field: [{"message": message}]}}, 422)


def appointments_error(status: int, detail: str, title: str | None = None) -> web.Response:
    """The generic shape; `status` is a string there."""
    error = {"detail": detail, "status": str(status)}
    return json_answer({"errors": [error | ({"title": title} if title else {})]}, status)


def appointments_invalid(pointer: str, detail: str, code: str | None = None) -> web.Response:
    """The JSON:API shape of 422."""
    error = {"title": "Invalid value", "detail": detail, "source": {"pointer": pointer}}
    return json_answer({"errors": [error | ({"code": code} if code else {})]}, 422)


def plain_error(status: int) -> web.Response:
    """An error as text/plain: `Unauthenticated` for 401, as another integration saw it on the live API."""
    return web.Response(text={401: "Unauthenticated", 404: "Not Found"}[status], status=status)


def product_error(product: Product, status: int) -> web.Response:
    """The product's own body for a bare status."""
    if product == "meetings":
        message = {401: "Unauthenticated", 404: "Not found"}.get(status, TITLES.get(status, "Server error"))
        return meetings_error(status, message)
    detail = RATE_LIMITED if status == 429 else TITLES.get(status, "Internal Server Error")
    return appointments_error(status, detail)
