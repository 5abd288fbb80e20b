"""The API's own description: Litestar's for paths and parameters, ours for bodies, answers, refusals and examples.

Bodies and answers come from the shapes that the routes name (`body`, `answers`, their return type), registry records
from their readers. The page is plain HTML: in a studio without the internet nothing could be fetched to draw it.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Literal

import msgspec
from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer
from clearcut.core.wire import ANSWER_SCHEMA, RECOGNITION_SCHEMA, REQUEST_SCHEMA, Question
from clearcut.server.desk import ImportBody, WholeRegistry
from clearcut.server.examples import REGISTRY, Example, examples
from clearcut.server.faults import Problem
from clearcut.server.permissions import ALLOWED
from clearcut.server.registry_schema import record_schema
from clearcut.server.shapes import envelope, strict_shape
from clearcut.store.amending import READERS

_JSON = "application/json"
_REF = "#/components/schemas/"
_WRITES = frozenset({"POST", "PUT"})
# What Litestar describes by itself and parameters refer to.
_PARAMETER_TYPES = ("Kind", "RequestState")
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again it gives the same answer and does nothing; with another body it is refused with 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of what was looked at; or name `revision` in the body.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
_REFUSALS = {
    400: "The request is not what this page says; nothing was changed.",
    401: "No valid token.",
    403: "The token's role may not do this; the refusal is in the record.",
    404: "There is no such thing.",
    409: "Somebody else changed it meanwhile, the key was used for another request, or the assets are others by now.",
    413: "The body is too large.",
    503: "The database cannot be used at the moment; nothing was changed.",
}


class OpenApiJson(JsonRenderPlugin):
    """The document, for programs."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The whole document as JSON."""
        return msgspec.json.encode(_documented(request.app, openapi_schema))


class OpenApiPage(OpenAPIRenderPlugin):
    """The document, for people."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """One page without scripts."""
        from jinja2 import Environment, PackageLoader

        pages = Environment(loader=PackageLoader("clearcut.server", "."), autoescape=True, trim_blocks=True)
        pages.filters["shown"] = lambda value: json.dumps(value, indent=1, ensure_ascii=False)
        document = _documented(request.app, openapi_schema)
        return pages.get_template("openapi.html").render(document=document, examples=examples()).encode()


def _documented(app: Litestar, base: dict[str, Any]) -> dict[str, Any]:
    # Built once: the routes of a running server do not change.
    known: dict[str, Any] | None = getattr(app.state, "openapi", None)
    if known is None:
        known = document(app, base)
        app.state.openapi = known
    return known


def document(app: Litestar, base: dict[str, Any]) -> dict[str, Any]:
    """Litestar's document with bodies, answers, refusals and examples."""
    made = deepcopy(base)
    handlers = list(_handlers(app))
    named = [shape for _, _, handler in handlers for shape in _shapes(handler)]
    kinds = [*dict.fromkeys(named), Problem]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF + "{name}")
    shapes = dict(zip(kinds, schemas, strict=True))
    for method, path, handler in handlers:
        operation = made["paths"][path][method.lower()]
        _describe(operation, method, handler, shapes, examples().get((method, path), Example()))
    known = made["components"].get("schemas", {})
    parameters = {name: known[name] for name in _PARAMETER_TYPES if name in known}
    made["components"]["schemas"] = {**parameters, **components, **_registry_components()}
    _say_what_a_record_is(made["components"]["schemas"])
    return made


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, path and handler of every route of ours."""
    for route in app.routes:
        path = route.path.replace(":str}", "}")
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.resolve_include_in_schema():
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield str(method), path, handler


def _shapes(handler: HTTPRouteHandler) -> Iterator[Any]:
    body = handler.opt.get("body")
    if body is not None:
        yield _body_shape(body)
    yield from _answers(handler).values()


def _body_shape(body: Any) -> Any:
    return _question() if body is Question else body


def _answers(handler: HTTPRouteHandler) -> dict[int, Any]:
    """The shape of the answer by status: what the route names, else what it returns."""
    named: Mapping[int, Any] | None = handler.opt.get("answers")
    if named is None:
        hints = typing.get_type_hints(handler.fn, include_extras=True)
        returned = hints["return"]
        arguments = typing.get_args(returned) if typing.get_origin(returned) is Response else ()
        named = {200: arguments[0] if arguments else returned}
    return {status: _answer_shape(shape) for status, shape in named.items()}


@cache
def _answer_shape(shape: Any) -> Any:
    if shape is CheckAnswer:
        return envelope("Answer", CheckAnswer, schema=Literal[ANSWER_SCHEMA], question=str)
    if shape is Recognition:
        return envelope("Recognition", Recognition, schema=Literal[RECOGNITION_SCHEMA])
    return strict_shape(shape)


@cache
def _question() -> Any:
    hints = typing.get_type_hints(Question)
    fields = [(name, strict_shape(hint)) for name, hint in hints.items() if name != "schema"]
    return msgspec.defstruct(
        "Question",
        [("schema", Literal[REQUEST_SCHEMA]), *fields],
        forbid_unknown_fields=True,
        namespace={"__doc__": Question.__doc__},
    )


def _describe(
    operation: dict[str, Any],
    method: str,
    handler: HTTPRouteHandler,
    shapes: Mapping[Any, dict[str, Any]],
    example: Example,
) -> None:
    doc = handler.fn.__doc__ or ""
    permission = handler.opt.get("permission")
    if permission is not None:
        roles = ", ".join(
            role.value for role in type(next(iter(ALLOWED[permission]))) if role in ALLOWED[permission]
        )
        doc = f"{doc.strip()}\n\nRoles: {roles}."
    operation["description"] = "\n".join(line.strip() for line in doc.strip().splitlines())
    operation["operationId"] = handler.fn.__name__
    _parameters(operation, method, handler, example)
    body = handler.opt.get("body")
    if body is not None:
        content = {"schema": shapes[_body_shape(body)], "example": example.body}
        operation["requestBody"] = {"required": True, "content": {_JSON: content}}
    answers = {
        str(status): {
            "description": "Done." if method in _WRITES else "Here it is.",
            "content": {_JSON: {"schema": shapes[shape]}},
        }
        for status, shape in _answers(handler).items()
    }
    refusals = {
        str(status): {"description": _REFUSALS[status], "content": {_JSON: {"schema": shapes[Problem]}}}
        for status in _refused_with(operation, method, handler)
    }
    operation["responses"] = {**answers, **refusals}


def _parameters(operation: dict[str, Any], method: str, handler: HTTPRouteHandler, example: Example) -> None:
    parameters = operation.setdefault("parameters", [])
    if method in _WRITES and "answers" in handler.opt and handler.opt.get("once", True):
        parameters.append(dict(_KEY))
    if handler.opt.get("conditional"):
        parameters.append(dict(_MATCH))
    given = {"path": example.path, "query": example.query, "header": example.headers}
    for one in parameters:
        _bounded(one["schema"])
        value = given[one["in"]].get(one["name"])
        if value is not None:
            one["example"] = value
    if not parameters:
        del operation["parameters"]


def _bounded(schema: dict[str, Any]) -> None:
    """Litestar puts the bounds of a text that may be left out beside its type, where no validator looks at them."""
    for choice in schema.get("oneOf", ()):
        if choice.get("type") == "string":
            choice.update(
                {key: schema.pop(key) for key in ("maxLength", "pattern", "format") if key in schema}
            )
    for key in ("maximum", "minimum"):
        if key in schema:
            schema[key] = int(schema[key])


def _refused_with(operation: Mapping[str, Any], method: str, handler: HTTPRouteHandler) -> list[int]:
    if "permission" not in handler.opt:
        return [503] if "ready" in handler.fn.__name__ else []
    refused = [401, 403, 503]
    places = {one["in"] for one in operation.get("parameters", ())}
    if method in _WRITES:
        refused += [400, 409, 413]
    if places & {"query", "path"}:
        refused += [400, 404]
    return sorted(set(refused))


@cache
def _registry_components() -> dict[str, Any]:
    """The schema of each kind of record (`registry.licences`), and of a registry as a whole."""
    kinds = {f"registry.{kind}": record_schema(read, REGISTRY[kind]) for kind, read in READERS.items()}
    whole = {
        "type": "object",
        "properties": {
            "schema": {"const": REGISTRY["schema"]},
            **{kind: {"type": "array", "items": {"$ref": f"{_REF}registry.{kind}"}} for kind in READERS},
        },
        "required": ["schema"],
        "additionalProperties": False,
    }
    return {**kinds, WholeRegistry.__name__: whole}


def _say_what_a_record_is(schemas: dict[str, Any]) -> None:
    """Puts the readers' schemas where the routes' shapes leave a record to them."""
    any_record = {"anyOf": [{"$ref": f"{_REF}registry.{kind}"} for kind in READERS]}
    for name in ("CreateBody", "ReviseBody"):
        schemas[name]["properties"]["record"] = any_record
    for name in ("Record", "Told", "RecordHistory"):
        schemas[name]["properties"]["record"] = {"anyOf": [*any_record["anyOf"], {"type": "null"}]}
    schemas[ImportBody.__name__]["properties"]["registry"] = {"$ref": _REF + WholeRegistry.__name__}
