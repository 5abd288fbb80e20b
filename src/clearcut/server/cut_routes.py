"""Routes for cuts: register a version, look, make it govern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from sqlalchemy import Connection

from clearcut.core.codec import to_plain
from clearcut.core.registered import RegisteredCut
from clearcut.core.wire import Question
from clearcut.server.pages import After, Limit, Text, following, shown
from clearcut.server.permissions import Permission
from clearcut.server.writes import Asked, Why, done, read_body, write
from clearcut.store import cuts
from clearcut.store.once import Done
from clearcut.store.tokens import Holder


class GovernBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why this version is the one to publish for."""

    why: Why


class CutsPage(msgspec.Struct):
    """Registered cuts; `next` is what to give as `after`, null on the last page."""

    cuts: tuple[RegisteredCut, ...]
    next: int | None


@post(
    "/cuts",
    summary="Register a version of a cut",
    permission=Permission.REGISTER_CUT,
    body=Question,
    answers={201: RegisteredCut, 200: RegisteredCut},
)
async def register(request: Asked) -> Response[bytes]:
    """The body is the question of a check; 201 with the screen time per licence, 200 when it is registered already.

    409 when that version is another cut. What it uses, and what the decision rested on, is recorded.
    """
    return await write(request, request.app.state.desk.registering)


@get("/cuts", summary="List registered cuts", permission=Permission.READ_CUTS)
async def list_cuts(
    state: State,
    production: Text = None,
    after: After = 0,
    limit: Limit = 200,
) -> CutsPage:
    """In the order in which they were registered; `next` is what to give as `after`, null on the last page."""
    found = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: cuts.listed(connection, production, after, limit + 1)
    )
    return CutsPage(shown(found, limit), following(found, limit, cuts.LETTER))


@get("/cuts/{identity:str}", summary="One registered cut", permission=Permission.READ_CUTS)
async def one_cut(state: State, identity: str) -> RegisteredCut:
    """Its screen time per licence, and what its decision rested on."""
    found: RegisteredCut = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: cuts.one(connection, identity)
    )
    return found


@post(
    "/cuts/{identity:str}/govern",
    summary="Make a cut govern",
    status_code=200,
    permission=Permission.REGISTER_CUT,
    body=GovernBody,
    answers={200: RegisteredCut},
)
async def govern(request: Asked, identity: str) -> Response[bytes]:
    """From now on a check of any other version of the production says `cut-stale`."""

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        why = read_body(body, GovernBody).why
        return lambda connection, now: done(
            200, to_plain(cuts.govern(connection, identity, by=holder.name, why=why, now=now))
        )

    return await write(request, work)


ROUTES = (register, list_cuts, one_cut, govern)
