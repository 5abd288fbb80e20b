"""The HTTP routes: thin, each one call of the desk in a thread of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import anyio.to_thread
from litestar import Litestar, Request, Response, Router, get, post, put
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import Parameter

from clearcut import __version__
from clearcut.core.codec import WireError, parse_moment
from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer
from clearcut.core.wire import Question
from clearcut.server import metrics
from clearcut.server.cut_routes import ROUTES as CUT_ROUTES
from clearcut.server.desk import Desk, ImportBody, WholeRegistry
from clearcut.server.faults import EXCEPTION_HANDLERS
from clearcut.server.openapi import OpenApiJson, OpenApiPage
from clearcut.server.people import TokenMiddleware, needs_permission
from clearcut.server.permissions import Permission
from clearcut.server.publish_routes import ROUTES as PUBLISH_ROUTES
from clearcut.server.record_routes import ROUTES as RECORD_ROUTES
from clearcut.server.request_routes import ROUTES as REQUEST_ROUTES
from clearcut.server.waiver_routes import ROUTES as WAIVER_ROUTES
from clearcut.server.writes import write
from clearcut.store.changes import Change

# A cut of 100,000 uses is about 45 MB.
MAX_BODY_BYTES = 64 * 1024 * 1024
_JSON = "application/json"

Asked = Request[Any, Any, State]
Moment = Annotated[str | None, Parameter(max_length=40, schema_extra={"format": "date-time"})]


@get("/v1/health", summary="Whether the server runs", tags=["running"])
async def health() -> dict[str, str]:
    """Says that the process answers; needs no token and tells nothing else."""
    return {"status": "ok", "version": __version__}


@get("/v1/health/ready", summary="Whether the server can decide", tags=["running"])
async def ready(state: State) -> dict[str, str]:
    """503 while the database cannot be read or is not up to date; needs no token and tells nothing else."""
    await anyio.to_thread.run_sync(state.desk.check_ready)
    return {"status": "ready"}


@get("/metrics", permission=Permission.READ_METRICS, include_in_schema=False)
async def read_metrics(state: State) -> Response[bytes]:
    """What Prometheus reads, of all workers together; counts and times, no names."""
    revision = await anyio.to_thread.run_sync(state.desk.store.revision)
    shown = metrics.exposition(revision, state.metrics_folder)
    return Response(shown, media_type=metrics.CONTENT_TYPE)


@get(
    "/recognition",
    summary="What is needed to recognise replicas",
    permission=Permission.RECOGNISE,
    answers={200: Recognition},
)
async def recognition(state: State) -> Response[bytes]:
    """Replicas, assets and what is declared to be no replica, with the revision that a question must name."""
    return Response(await anyio.to_thread.run_sync(state.desk.recognition), media_type=_JSON)


@post(
    "/check",
    summary="Decide all uses of a cut",
    status_code=200,
    permission=Permission.CHECK,
    body=Question,
    answers={200: CheckAnswer},
    once=False,
)
async def check(request: Asked, state: State) -> Response[bytes]:
    """One decision per use, matched by id; 409 `recognition-changed` when the assets are others by now."""
    body = await request.body()
    return Response(await anyio.to_thread.run_sync(state.desk.check, body, request.user), media_type=_JSON)


@get(
    "/registry",
    summary="Export the registry",
    permission=Permission.READ_REGISTRY,
    answers={200: WholeRegistry},
)
async def export_registry(state: State, as_of: Moment = None) -> Response[bytes]:
    """The whole registry as `clearcut.registry/1`; the header `Clearcut-Revision` says which revision it is.

    With `as_of`, a moment with a zone, what was known then.
    """
    moment = None if as_of is None else _moment(as_of)
    revision, document = await anyio.to_thread.run_sync(state.desk.export_registry, moment)
    return Response(document, media_type=_JSON, headers={"Clearcut-Revision": str(revision)})


@put(
    "/registry",
    summary="Import a registry",
    permission=Permission.CHANGE_REGISTRY,
    body=ImportBody,
    answers={200: Change},
)
async def import_registry(request: Asked) -> Response[bytes]:
    """Makes the registry the one in the body, as a new revision: `{"why": …, "base": …, "registry": {…}}`.

    With `base`, the revision it was made from, 409 `conflict` when another was made since; without, when it would
    take back what was decided. Waivers come in by proposal and approval; an admin alone may import them.
    """
    return await write(request, request.app.state.desk.importing)


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except WireError as error:
        raise error.inside("as_of") from None


def create_app(desk: Desk, metrics_folder: str | None = None) -> Litestar:
    """The ASGI application over a desk; `metrics_folder` is where several workers keep what they count."""
    measured = Router(
        "/", route_handlers=[read_metrics], middleware=[TokenMiddleware], guards=[needs_permission]
    )
    guarded = Router(
        "/v1",
        route_handlers=[
            recognition,
            check,
            export_registry,
            import_registry,
            *RECORD_ROUTES,
            *WAIVER_ROUTES,
            *REQUEST_ROUTES,
            *CUT_ROUTES,
            *PUBLISH_ROUTES,
        ],
        middleware=[TokenMiddleware],
        guards=[needs_permission],
        tags=["clearance"],
        security=[{"token": []}],
    )
    return Litestar(
        route_handlers=[health, ready, measured, guarded],
        state=State({"desk": desk, "metrics_folder": metrics_folder}),
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=OpenAPIConfig(
            title="Clearcut clearance server",
            version=__version__,
            path="/v1/openapi",
            render_plugins=[OpenApiPage(path="/"), OpenApiJson(path="/openapi.json")],
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        ),
        # Ours is set up by `worker`; Litestar's would write the bodies of failed requests.
        logging_config=None,
    )
