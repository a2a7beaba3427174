"""The description of the HTTP API (OpenAPI 3.1), made of its routes, so that it describes what is checked."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from worker import __version__
from worker.web.payloads import Payload
from worker.web.refusals import CONTENT_TYPE, ProblemDetails
from worker.web.routes import Route

Json = dict[str, Any]

REFUSALS = {
    400: "A parameter is missing, unknown or wrong; the detail names it.",
    401: "The token is missing or wrong.",
    403: "The request names another host, or another site's page sent it.",
    503: "Postgres or Redis does not answer; Retry-After has the seconds until the next try.",
}
REFUSED_WRITES = {
    403: "The token was not sent as a bearer, or another site's page sent the request.",
    408: "The body took too long.",
    413: "The body is too large.",
    415: "The body is not application/json.",
}
ABOUT = """\
Operates a mirror of SavvyCal: request a resync and wait for its result, list, retry and discard work, approve
deletions. Reading needs the token of SAVVYCAL_ADMIN_TOKEN, unless the address is a loopback address and no token is
set. Writing always needs it, as a bearer token. Times are in ISO 8601.\
"""


def document(prefix: str, routes: Sequence[Route]) -> Json:
    """The whole description."""
    types: dict[type, JsonSchemaMode] = {route.payload: "validation" for route in routes if route.is_write}
    types.update(dict.fromkeys((*(route.document for route in routes), ProblemDetails), "serialization"))
    template = "#/components/schemas/{model}"
    adapters: list[tuple[type, JsonSchemaMode, TypeAdapter[Any]]] = [
        (made, mode, TypeAdapter(made)) for made, mode in types.items()
    ]
    references, definitions = TypeAdapter.json_schemas(adapters, ref_template=template)
    schemas = {made: schema for (made, _), schema in references.items()}
    paths: Json = {}
    for route in routes:
        paths.setdefault(prefix + route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "savvycal-sync", "version": __version__, "description": ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, schemas: dict[type, Json]) -> Json:
    refused = REFUSALS | (REFUSED_WRITES if route.is_write else {}) | dict(route.refusals)
    named = route.path.replace("{ticket}", "").strip("/").replace("/", "_").replace("-", "_")
    found: Json = {"operationId": f"{route.method.lower()}_{named}", "summary": route.about}
    if route.is_write:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schemas[route.payload]}}}
    else:
        found["parameters"] = _parameters(route.path, route.payload)
    answered = {"description": "Done.", "content": {"application/json": {"schema": schemas[route.document]}}}
    problem = {CONTENT_TYPE: {"schema": schemas[ProblemDetails]}}
    responses = {str(status): {"description": said, "content": problem} for status, said in sorted(refused.items())}
    return found | {"responses": {"200": answered} | responses}


def _parameters(path: str, payload: type[Payload]) -> list[Json]:
    schema = payload.model_json_schema()
    return [
        _parameter(name, each, f"{{{name}}}" in path, schema) for name, each in schema.get("properties", {}).items()
    ]


def _parameter(name: str, schema: Json, is_in_path: bool, whole: Json) -> Json:
    place, is_required = "path" if is_in_path else "query", name in whole.get("required", [])
    said = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return {
        "name": name,
        "in": place,
        "required": is_required,
        "description": schema["description"],
        "schema": said,
    }
