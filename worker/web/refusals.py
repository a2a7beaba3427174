"""Refusals of the HTTP API: one form for all of them, that of RFC 9457."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from pydantic import BaseModel

CONTENT_TYPE = "application/problem+json"


class Refusal(Exception):
    """A request that is not carried out. `field`: the parameter that is wrong, where it is one."""

    def __init__(
        self, status: int, detail: str, field: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.field, self.headers = status, detail, field, headers or {}


class ProblemDetails(BaseModel):
    """Why a request was not carried out (RFC 9457). `field`: the parameter that is wrong, where it is one."""

    title: str
    status: int
    detail: str
    field: str | None = None


def response(refusal: Refusal) -> web.Response:
    """A refusal as it is sent."""
    title = HTTPStatus(refusal.status).phrase
    document = ProblemDetails(title=title, status=refusal.status, detail=refusal.detail, field=refusal.field)
    text = document.model_dump_json(indent=2, exclude_none=True) + "\n"
    return web.Response(status=refusal.status, text=text, content_type=CONTENT_TYPE, headers=refusal.headers)


def too_many(detail: str, seconds: int) -> Refusal:
    """Come back in so many seconds."""
    return Refusal(429, detail, headers={"Retry-After": str(seconds)})
