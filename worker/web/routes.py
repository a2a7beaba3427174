"""Routes of the HTTP API, each with its payload and its document, and the way from a request to a checked payload."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import ValidationError

from worker.web.admin import BODY_SECONDS
from worker.web.payloads import Payload
from worker.web.refusals import Refusal

BODY_BYTES_MAX = 16 * 1024


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `payload`: the body of a POST, the parameters of a GET. `document`: what it answers."""

    path: str
    about: str
    answer: Callable[[Any, Any, web.Request], Awaitable[object]]
    """Takes the operations, a payload and its request; returns a document."""
    payload: type[Payload]
    document: type
    is_write: bool = False
    refusals: Mapping[int, str] = field(default_factory=dict)
    """What may go wrong besides that which may go wrong everywhere."""

    @property
    def method(self) -> str:
        """POST for what writes."""
        return "POST" if self.is_write else "GET"

    async def payload_of(self, request: web.Request) -> Payload:
        """The checked payload of a request.

        Raises:
            Refusal: the payload is not as it must be.
        """
        return await _body_of(request, self.payload) if self.is_write else _query_of(request, self.payload)


def _query_of(request: web.Request, payload: type[Payload]) -> Payload:
    given = {**request.query, **request.match_info}
    if len(given) != len(request.query) + len(request.match_info):
        raise Refusal(400, "a parameter is given twice")
    try:
        return payload.model_validate_strings(given)
    except ValidationError as error:
        raise _refusal(error, payload) from None


async def _body_of(request: web.Request, payload: type[Payload]) -> Payload:
    if request.query:
        raise Refusal(400, "send parameters in the body, as JSON")
    body = await _read(request)
    try:
        return payload.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error, payload) from None


def _refusal(error: ValidationError, payload: type[Payload]) -> Refusal:
    """Names the field and the rule. The name of an unknown field is what a stranger sent, so it is not repeated."""
    first = error.errors(include_input=False, include_context=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else None
    if name is None or name in payload.model_fields:
        return Refusal(400, f"{name or 'body'}: {first['msg']}", name)
    known = ", ".join(payload.model_fields) or "none"
    return Refusal(400, f"an unknown field; there are: {known}")


async def _read(request: web.Request) -> bytes:
    """The body of a request, in bounds."""
    if request.content_type != "application/json" or "Content-Encoding" in request.headers:
        raise Refusal(415, "send application/json without content encoding")
    if (request.content_length or 0) > BODY_BYTES_MAX:
        raise Refusal(413, f"a body may have {BODY_BYTES_MAX} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    raise Refusal(413, f"a body may have {BODY_BYTES_MAX} bytes")
    except TimeoutError:
        raise Refusal(408, "the body took too long") from None
    except (web.RequestPayloadError, HttpProcessingError, OSError):
        raise Refusal(400, "the body did not arrive") from None
    return bytes(body)
