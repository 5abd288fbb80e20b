"""Routes for clearance requests: ask, look, answer, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter
from sqlalchemy import Connection

from clearcut.core.clearance_request import ClearanceRequest, RequestState
from clearcut.core.codec import WireError, to_plain
from clearcut.core.reasons import CATALOGUE
from clearcut.errors import NotAllowedError
from clearcut.server.pages import After, Limit, Text, following, shown
from clearcut.server.permissions import Permission, may
from clearcut.server.writes import Asked, Name, Revision, Words, done, read_body, write
from clearcut.store import records as registry_records
from clearcut.store import requests
from clearcut.store.once import Done
from clearcut.store.tokens import Holder


class AskBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an artist asks for: one replica in one shot, and the codes of the reasons that stopped it."""

    production: Name
    shot: Name
    replica: Name
    codes: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100)]
    message: Words = ""


class AnswerBody(msgspec.Struct, forbid_unknown_fields=True):
    """An officer's answer: a licence of the registry, or a refusal in words; exactly one of them."""

    revision: Revision
    licence: Name | None = None
    refusal: Words | None = None


class WithdrawBody(msgspec.Struct, forbid_unknown_fields=True):
    """Taking a request back."""

    revision: Revision


class RequestsPage(msgspec.Struct):
    """Clearance requests; `next` is what to give as `after`, null on the last page."""

    requests: tuple[ClearanceRequest, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class _Asking:
    body: bytes
    holder: Holder

    def __call__(self, connection: Connection, now: datetime) -> Done:
        said = read_body(self.body, AskBody)
        for place, code in enumerate(said.codes):
            if code not in CATALOGUE:
                raise WireError("no reason code that we know", f"codes[{place}]")
        asking = requests.Asking(said.production, said.shot, said.replica, tuple(said.codes), said.message)
        made, new = requests.ask(connection, asking, self.holder.name, now)
        return done(201 if new else 200, to_plain(made))


@dataclass(frozen=True, slots=True)
class _Answering:
    identity: str
    body: bytes
    holder: Holder

    def __call__(self, connection: Connection, now: datetime) -> Done:
        said = read_body(self.body, AnswerBody)
        if (said.licence is None) == (not (said.refusal or "").strip()):
            raise WireError("name a licence, or refuse in words, and not both")
        known = requests.one(connection, self.identity)
        if said.licence is not None:
            _check_licence(connection, said.licence, known)
        made = requests.answer(
            connection,
            self.identity,
            said.revision,
            state=RequestState.REFUSED if said.licence is None else RequestState.GRANTED,
            by=self.holder.name,
            now=now,
            licence=said.licence,
            words=said.refusal or "",
        )
        return done(200, to_plain(made))


@dataclass(frozen=True, slots=True)
class _Withdrawing:
    identity: str
    body: bytes
    holder: Holder

    def __call__(self, connection: Connection, now: datetime) -> Done:
        said = read_body(self.body, WithdrawBody)
        known = requests.one(connection, self.identity)
        if known.asked_by != self.holder.name and not may(self.holder.role, Permission.ANSWER):
            raise NotAllowedError(f"{self.identity} was asked by somebody else")
        made = requests.answer(
            connection,
            self.identity,
            said.revision,
            state=RequestState.WITHDRAWN,
            by=self.holder.name,
            now=now,
        )
        return done(200, to_plain(made))


def _check_licence(connection: Connection, licence: str, asked: ClearanceRequest) -> None:
    """An answer names a licence that stands in the registry and lists the replica: no outcome rests on it."""
    found = registry_records.standing(connection, "licences", licence)
    if found is None:
        raise WireError("the registry has no such licence: enter it first", "licence")
    replica = registry_records.standing(connection, "replicas", asked.replica)
    listed = found.body["replicas"]
    if asked.replica in listed:
        return
    if listed != ["*"] or replica is None or replica.body["performer"] != found.body["performer"]:
        raise WireError(f"that licence is not for the replica {asked.replica}", "licence")


@post(
    "/requests",
    summary="Ask for a clearance",
    permission=Permission.ASK,
    body=AskBody,
    answers={201: ClearanceRequest, 200: ClearanceRequest},
)
async def ask(request: Asked) -> Response[bytes]:
    """201 and the request; 200 and the one that is open already when the same was asked before."""
    return await write(request, _Asking)


@get("/requests", summary="List clearance requests", permission=Permission.READ_REQUESTS)
async def list_requests(
    state: State,
    request_state: Annotated[RequestState | None, Parameter(query="state")] = None,
    production: Text = None,
    shot: Text = None,
    after: After = 0,
    limit: Limit = 200,
) -> RequestsPage:
    """Oldest first; `next` is what to give as `after` for the next page, null on the last."""
    wanted = requests.Wanted(request_state, production, shot, after, limit + 1)
    found = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: requests.listed(connection, wanted)
    )
    return RequestsPage(shown(found, limit), following(found, limit, requests.LETTER))


@get("/requests/{identity:str}", summary="One clearance request", permission=Permission.READ_REQUESTS)
async def one_request(state: State, identity: str) -> ClearanceRequest:
    """The request as it stands."""
    found: ClearanceRequest = await anyio.to_thread.run_sync(
        state.desk.store.read, lambda connection: requests.one(connection, identity)
    )
    return found


@post(
    "/requests/{identity:str}/answer",
    summary="Answer a clearance request",
    status_code=200,
    permission=Permission.ANSWER,
    body=AnswerBody,
    answers={200: ClearanceRequest},
)
async def answer(request: Asked, identity: str) -> Response[bytes]:
    """With a licence of the registry or a refusal in words; 409 when it was answered or changed meanwhile."""
    return await write(request, lambda body, holder: _Answering(identity, body, holder))


@post(
    "/requests/{identity:str}/withdraw",
    summary="Take a clearance request back",
    status_code=200,
    permission=Permission.ASK,
    body=WithdrawBody,
    answers={200: ClearanceRequest},
)
async def withdraw(request: Asked, identity: str) -> Response[bytes]:
    """By who asked, or by an officer; 409 when it was answered meanwhile."""
    return await write(request, lambda body, holder: _Withdrawing(identity, body, holder))


ROUTES = (ask, list_requests, one_request, answer, withdraw)
