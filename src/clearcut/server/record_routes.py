"""Routes for single records of the registry: list, look, create, revise, revoke."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import anyio.to_thread
import msgspec
from litestar import Response, get, post, put
from litestar.datastructures import State
from litestar.params import Parameter
from sqlalchemy import Connection

from clearcut.core.codec import WireError
from clearcut.errors import MissingError, NotAllowedError
from clearcut.server.pages import Limit
from clearcut.server.permissions import Permission
from clearcut.server.writes import Asked, Revision, Why, done, read_body, write
from clearcut.store import changes, editing, records
from clearcut.store.documents import KINDS
from clearcut.store.once import Done
from clearcut.store.records import Standing
from clearcut.store.tokens import Holder

Kind = Enum("Kind", {name.upper(): name for name in KINDS}, type=str)  # type: ignore[misc]  # of all kinds there are
Kind.__doc__ = "A kind of record, as the sections of `clearcut.registry/1` are called."
_MAX_KEY = 300


class CreateBody(msgspec.Struct, forbid_unknown_fields=True):
    """A new record as `clearcut.registry/1` has it, and why it is entered."""

    why: Why
    record: dict[str, Any]


class ReviseBody(msgspec.Struct, forbid_unknown_fields=True):
    """What the record is to say, why, and which revision was looked at (or the header If-Match)."""

    why: Why
    record: dict[str, Any]
    revision: Revision | None = None


class RevokeBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why the record ends, and which revision was looked at (or the header If-Match)."""

    why: Why
    revision: Revision | None = None


class Record(msgspec.Struct):
    """A record as it stands from that revision on; `record` is null when it was taken out."""

    key: str
    revision: int
    record: dict[str, Any] | None


class RecordsPage(msgspec.Struct):
    """Records of a kind at a revision; `next` is what to give as `after`, null on the last page."""

    revision: int
    records: tuple[Record, ...]
    next: str | None


class Told(msgspec.Struct):
    """What a record said from a revision on, who said so, when and why."""

    revision: int
    at: str
    by: str
    why: str
    record: dict[str, Any] | None


class RecordHistory(msgspec.Struct):
    """A record as it stands, and everything it said, oldest first."""

    key: str
    revision: int
    record: dict[str, Any] | None
    history: tuple[Told, ...]


@get("/records/{kind:str}", summary="List records of a kind", permission=Permission.READ_REGISTRY)
async def list_records(
    state: State,
    kind: Kind,
    after: Annotated[str, Parameter(max_length=_MAX_KEY, pattern=r"^[^\x00]*$")] = "",
    limit: Limit = 200,
) -> RecordsPage:
    """In the order of their keys; `next` is what to give as `after` for the next page, null on the last."""
    found, revision = await anyio.to_thread.run_sync(
        state.desk.store.read,
        lambda connection: (
            records.page(connection, kind.value, after, limit + 1),
            changes.latest_revision(connection),
        ),
    )
    last = found[limit - 1].key if len(found) > limit else None
    return RecordsPage(revision, tuple(map(_record, found[:limit])), last)


@get("/records/{kind:str}/{key:str}", summary="One record", permission=Permission.READ_REGISTRY)
async def one_record(state: State, kind: Kind, key: str) -> Response[RecordHistory]:
    """As it stands, with everything it said before; the header ETag bears the revision for If-Match."""
    _check_key(key)
    found, told = await anyio.to_thread.run_sync(
        state.desk.store.read,
        lambda connection: (
            records.standing(connection, kind.value, key),
            records.history(connection, kind.value, key),
        ),
    )
    if not told:
        raise MissingError(f"{kind.value} has no {key}")
    history = tuple(Told(one.revision, one.at, one.by, one.why, one.body) for one in told)
    body = None if found is None else dict(found.body)
    plain = RecordHistory(key, told[-1].revision, body, history)
    return Response(plain, headers={"ETag": f'"{plain.revision}"'})


@post(
    "/records/{kind:str}",
    summary="Create a record",
    permission=Permission.CHANGE_REGISTRY,
    body=CreateBody,
    answers={201: Record},
)
async def create(request: Asked, kind: Kind) -> Response[bytes]:
    """201 and the record; 400 with every fault by its path; 409 when there is one of that id."""

    def make(connection: Connection, change: editing.Change, body: bytes) -> Done:
        said = read_body(body, CreateBody)
        made = editing.create(connection, dataclasses.replace(change, why=said.why), said.record)
        return done(201, _plain(_record(made)))

    return await _changing(request, kind, make, grants=True)


@put(
    "/records/{kind:str}/{key:str}",
    summary="Revise a record",
    permission=Permission.CHANGE_REGISTRY,
    body=ReviseBody,
    conditional=True,
    answers={200: Record},
)
async def revise(request: Asked, kind: Kind, key: str) -> Response[bytes]:
    """The record says something else from now on; 409 when somebody else changed it since it was looked at."""
    _check_key(key)
    match = request.headers.get("If-Match")

    def make(connection: Connection, change: editing.Change, body: bytes) -> Done:
        said = read_body(body, ReviseBody)
        revision = _revision(said.revision, match)
        change = dataclasses.replace(change, why=said.why)
        return done(200, _plain(_record(editing.revise(connection, change, key, revision, said.record))))

    return await _changing(request, kind, make, grants=True)


@post(
    "/records/{kind:str}/{key:str}/revoke",
    summary="Revoke a record",
    status_code=200,
    permission=Permission.CHANGE_REGISTRY,
    body=RevokeBody,
    conditional=True,
    answers={200: Record},
)
async def revoke(request: Asked, kind: Kind, key: str) -> Response[bytes]:
    """A licence stands as revoked from now on; any other record is taken out (`record` null), its history stays."""
    _check_key(key)
    match = request.headers.get("If-Match")

    def make(connection: Connection, change: editing.Change, body: bytes) -> Done:
        said = read_body(body, RevokeBody)
        revision = _revision(said.revision, match)
        left = editing.revoke(connection, dataclasses.replace(change, why=said.why), key, revision)
        if left is None:
            return done(200, _plain(Record(key, changes.latest_revision(connection), None)))
        return done(200, _plain(_record(left)))

    return await _changing(request, kind, make, grants=False)


async def _changing(
    request: Asked,
    kind: Kind,
    make: Callable[[Connection, editing.Change, bytes], Done],
    *,
    grants: bool,
) -> Response[bytes]:
    desk = request.app.state.desk

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        def run(connection: Connection, now: datetime) -> Done:
            if grants and kind.value == "waivers":
                raise NotAllowedError(
                    "a waiver needs two persons",
                    remedy="propose it, and let somebody else approve it (/v1/waiver-proposals)",
                )
            change = editing.Change(kind.value, holder.name, "", now, desk.known)
            return make(connection, change, body)

        return run

    return await write(request, work)


def _revision(said: int | None, match: str | None) -> int:
    if match is not None:
        number = match.strip().removeprefix("W/").strip('"')
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise WireError("If-Match is a revision in quotes, as ETag gave it")
        if said is not None and said != int(number):
            raise WireError("If-Match and revision name two revisions")
        return int(number)
    if said is None:
        raise WireError("name the revision that you have looked at: the header If-Match, or", "revision")
    return said


def _check_key(key: str) -> None:
    if len(key) > _MAX_KEY or "\x00" in key:
        raise MissingError("there is no such record")


def _record(one: Standing) -> Record:
    return Record(one.key, one.revision, dict(one.body))


def _plain(record: Record) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


ROUTES = (list_records, one_record, create, revise, revoke)
