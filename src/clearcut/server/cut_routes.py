"""Routes for cuts: register a version, make it govern, note a publish, see what a change would touch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter
from sqlalchemy import Connection

from clearcut.core.codec import WireError
from clearcut.core.licence import Suspension
from clearcut.core.registry import Registry
from clearcut.errors import MissingError
from clearcut.server.permissions import Permission
from clearcut.server.writes import Asked, Name, Why, done, read_body, write
from clearcut.store import cuts
from clearcut.store.once import Done
from clearcut.store.tokens import Holder

_Text = Annotated[str | None, Parameter(max_length=300, pattern=r"^[^\x00]*$")]


class GovernBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why this version is the one to publish for."""

    why: Why


class PublishBody(msgspec.Struct, forbid_unknown_fields=True):
    """A version of a shot that was published."""

    production: Name
    shot: Name
    version: Name


@post("/cuts", summary="Register a version of a cut", permission=Permission.REGISTER_CUT)
async def register(request: Asked) -> Response[bytes]:
    """The body is the question of a check; 201 with the screen time per licence, 200 when it is registered already.

    409 when that version is another cut. What it uses, and what the decision rested on, is recorded.
    """
    return await write(request, request.app.state.desk.registering)


@get("/cuts", summary="List registered cuts", permission=Permission.READ_CUTS)
async def list_cuts(
    state: State,
    production: _Text = None,
    after: Annotated[int, Parameter(ge=0, le=999_999_999)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """In the order in which they were registered; `next` is what to give as `after`, null on the last page."""
    found = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: cuts.listed(connection, production, after, limit + 1)
    )
    shown = found[:limit]
    return {
        "cuts": [dataclasses.asdict(one) for one in shown],
        "next": cuts.number_of(shown[-1].id) if len(found) > limit else None,
    }


@get("/cuts/{identity:str}", summary="One registered cut", permission=Permission.READ_CUTS)
async def one_cut(state: State, identity: str) -> dict[str, Any]:
    """Its screen time per licence, and what its decision rested on."""
    found = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: cuts.one(connection, identity)
    )
    return dataclasses.asdict(found)


@post(
    "/cuts/{identity:str}/govern",
    summary="Make a cut govern",
    status_code=200,
    permission=Permission.REGISTER_CUT,
)
async def govern(request: Asked, identity: str) -> Response[bytes]:
    """From now on a check of any other version of the production says `cut-stale`."""

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        why = read_body(body, GovernBody).why
        return lambda connection, now: done(
            200, dataclasses.asdict(cuts.govern(connection, identity, by=holder.name, why=why, now=now))
        )

    return await write(request, work)


@post("/publishes", summary="Note a publish", permission=Permission.CHECK)
async def publish(request: Asked) -> Response[bytes]:
    """So that a later revocation finds what has left the house."""

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        said = read_body(body, PublishBody)

        def run(connection: Connection, now: datetime) -> Done:
            cuts.publish(connection, said.production, said.shot, said.version, by=holder.name, now=now)
            return done(201, msgspec.to_builtins(said))

        return run

    return await write(request, work)


@get("/impact", summary="What a change would touch", permission=Permission.READ_REGISTRY)
async def impact(
    state: State,
    licence: _Text = None,
    performer: _Text = None,
    suspension: _Text = None,
    after: _Text = None,
    limit: Annotated[int, Parameter(ge=1, le=10_000)] = 1000,
) -> dict[str, Any]:
    """The shots of registered cuts that rest on one licence, performer or suspension: frames, and what is published.

    `next` is what to give as `after` for the next page, null on the last.
    """
    if sum(one is not None for one in (licence, performer, suspension)) != 1:
        raise WireError("name one of licence, performer and suspension")
    beyond = _after(after)
    desk = state.desk

    def find() -> list[cuts.Touched]:
        cause = cuts.Cause(licence, performer)
        if suspension is not None:
            cause = _cause_of(desk.current().index.registry, suspension)
        found: list[cuts.Touched] = desk.store.read(
            lambda connection: cuts.impact(connection, cause, limit + 1, beyond)
        )
        return found

    found = await anyio.to_thread.run_sync(find)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return {
        "touched": [dataclasses.asdict(one) for one in shown],
        "next": None if last is None else f"{last.cut}:{last.shot}",
    }


def _after(text: str | None) -> tuple[int, str]:
    if text is None:
        return (0, "")
    cut, colon, shot = text.partition(":")
    if not colon or not cuts.number_of(cut):
        raise WireError("is no place in this list", "after")
    return (cuts.number_of(cut), shot)


def _cause_of(registry: Registry, name: str) -> cuts.Cause:
    found: Suspension | None = registry.suspensions.get(name)
    if found is None:
        raise MissingError(f"there is no suspension {name}")
    if found.kind == "licence":
        return cuts.Cause(licence=found.value)
    if found.kind == "performer":
        return cuts.Cause(performer=found.value)
    if found.kind == "production":
        return cuts.Cause(productions=(found.value,))
    if found.kind == "agreement":
        under = tuple(p.id for p in registry.productions.values() if p.agreement.startswith(found.value))
        return cuts.Cause(productions=under)
    return cuts.Cause()


ROUTES = (register, list_cuts, one_cut, govern, publish, impact)
