"""Routes for publishes, which the gate notes, and for what a change would touch of them and of registered cuts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter
from sqlalchemy import Connection

from clearcut.core.codec import WireError, to_plain
from clearcut.core.licence import Suspension
from clearcut.core.registered import NotedPublish, Publish, PublishedUse, Touched
from clearcut.core.registry import Registry
from clearcut.errors import MissingError
from clearcut.server.pages import After, Limit, Text, following, shown
from clearcut.server.permissions import Permission
from clearcut.server.writes import Asked, Name, done, read_body, write
from clearcut.store import cuts, publishes
from clearcut.store.causes import Cause
from clearcut.store.numbers import number_of
from clearcut.store.once import Done
from clearcut.store.tokens import Holder

_LETTER = "B"


class PublishedUseBody(msgspec.Struct, forbid_unknown_fields=True):
    """A replica that the published shot shows, for how many record frames, by which licences."""

    replica: Name
    frames: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    licences: Annotated[tuple[Name, ...], msgspec.Meta(max_length=1000)]


class PublishBody(msgspec.Struct, forbid_unknown_fields=True):
    """A shot that was published: which version of it, judged in which version of the cut, showing what."""

    production: Name
    shot: Name
    version: Name | None
    cut: Name | None
    uses: Annotated[tuple[PublishedUseBody, ...], msgspec.Meta(max_length=10_000)]


class PublishesPage(msgspec.Struct):
    """Publishes; `next` is what to give as `after`, null on the last page."""

    publishes: tuple[NotedPublish, ...]
    next: int | None


class ImpactPage(msgspec.Struct):
    """What would be touched; `next` is what to give as `after`, null on the last page."""

    touched: tuple[Touched, ...]
    next: str | None


@post(
    "/publishes",
    summary="Note a publish",
    permission=Permission.CHECK,
    body=PublishBody,
    answers={201: NotedPublish, 200: NotedPublish},
)
async def publish(request: Asked) -> Response[bytes]:
    """So that a later revocation finds what has left the house; 200 when it was noted already."""
    desk = request.app.state.desk

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        said = read_body(body, PublishBody)
        uses = tuple(PublishedUse(one.replica, one.frames, one.licences) for one in said.uses)
        new = Publish(said.production, said.shot, said.version, said.cut, uses)
        replicas = desk.current().index.registry.replicas
        performers = {one.replica: _performer(replicas.get(one.replica)) for one in uses}

        def run(connection: Connection, now: datetime) -> Done:
            noted, is_new = publishes.note(connection, new, performers, holder.name, now)
            return done(201 if is_new else 200, to_plain(noted))

        return run

    return await write(request, work)


@get("/publishes", summary="List publishes", permission=Permission.READ_REGISTRY)
async def list_publishes(
    state: State,
    production: Text = None,
    shot: Text = None,
    licence: Text = None,
    performer: Text = None,
    suspension: Text = None,
    after: After = 0,
    limit: Limit = 200,
) -> PublishesPage:
    """In the order in which they were noted; with a licence, performer or suspension, those that rest on it.

    What a scene brought in is among them, also where no cut was registered.
    """
    desk = state.desk

    def find() -> tuple[NotedPublish, ...]:
        named = any(one is not None for one in (licence, performer, suspension))
        cause = _cause(desk.current().index.registry, licence, performer, suspension) if named else None
        wanted = publishes.Wanted(production, shot, cause, after, limit + 1)
        found: tuple[NotedPublish, ...] = desk.store.read(lambda link: publishes.listed(link, wanted))
        return found

    found = await anyio.to_thread.run_sync(find)
    return PublishesPage(shown(found, limit), following(found, limit, _LETTER))


@get("/impact", summary="What a change would touch", permission=Permission.READ_REGISTRY)
async def impact(
    state: State,
    licence: Text = None,
    performer: Text = None,
    suspension: Text = None,
    after: Text = None,
    limit: Annotated[int, Parameter(ge=1, le=10_000, description="How many at most.")] = 1000,
) -> ImpactPage:
    """The shots of registered cuts that rest on one licence, performer or suspension: frames, and what is published.

    Name one of the three. `next` is what to give as `after` for the next page, null on the last.
    """
    beyond = _after(after)
    desk = state.desk

    def find() -> list[Touched]:
        cause = _cause(desk.current().index.registry, licence, performer, suspension)
        found: list[Touched] = desk.store.read(
            lambda connection: cuts.impact(connection, cause, limit + 1, beyond)
        )
        return found

    found = await anyio.to_thread.run_sync(find)
    last = found[limit - 1] if len(found) > limit else None
    return ImpactPage(shown(found, limit), None if last is None else f"{last.cut}:{last.shot}")


def _performer(replica: object) -> str:
    return getattr(replica, "performer", None) or ""


def _after(text: str | None) -> tuple[int, str]:
    if text is None:
        return (0, "")
    cut, colon, shot = text.partition(":")
    number = number_of(cut, cuts.LETTER)
    if not colon or not number:
        raise WireError("is no place in this list", "after")
    return (number, shot)


def _cause(registry: Registry, licence: str | None, performer: str | None, suspension: str | None) -> Cause:
    if sum(one is not None for one in (licence, performer, suspension)) != 1:
        raise WireError("name one of licence, performer and suspension")
    return Cause(licence, performer) if suspension is None else _cause_of(registry, suspension)


def _cause_of(registry: Registry, name: str) -> Cause:
    found: Suspension | None = registry.suspensions.get(name)
    if found is None:
        raise MissingError(f"there is no suspension {name}")
    if found.kind == "licence":
        return Cause(licence=found.value)
    if found.kind == "performer":
        return Cause(performer=found.value)
    if found.kind == "production":
        return Cause(productions=(found.value,))
    if found.kind == "agreement":
        under = tuple(p.id for p in registry.productions.values() if p.agreement.startswith(found.value))
        return Cause(productions=under)
    return Cause()


ROUTES = (publish, list_publishes, impact)
