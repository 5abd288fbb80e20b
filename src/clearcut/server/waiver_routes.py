"""Routes for waivers, which need two persons: propose, look, approve, refuse."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import anyio.to_thread
import msgspec
from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import Parameter
from sqlalchemy import Connection

from clearcut.core.codec import WireError
from clearcut.server.pages import After, Limit, following, shown
from clearcut.server.permissions import Permission
from clearcut.server.writes import Asked, Name, Why, done, read_body, write
from clearcut.store import waivers
from clearcut.store.once import Done
from clearcut.store.tokens import Holder
from clearcut.store.waivers import Proposal


class WaiverBody(msgspec.Struct, forbid_unknown_fields=True):
    """A waiver as `clearcut.registry/1` has it, without the two names: those are of who proposes and approves."""

    id: Name
    codes: Annotated[list[Name], msgspec.Meta(min_length=1)]
    production: Name
    shots: list[Name]
    role: Literal["producer", "legal"]
    reason: Name
    until: Name


class ProposeBody(msgspec.Struct, forbid_unknown_fields=True):
    """A waiver, and why it is proposed."""

    why: Why
    waiver: WaiverBody


class ProposalsPage(msgspec.Struct):
    """Proposals; `next` is what to give as `after`, null on the last page."""

    proposals: tuple[Proposal, ...]
    next: int | None


class Approved(msgspec.Struct):
    """The proposal, and the waiver as it stands in the registry from that revision on."""

    proposal: Proposal
    revision: int
    record: dict[str, Any]


@post(
    "/waiver-proposals",
    summary="Propose a waiver",
    permission=Permission.CHANGE_REGISTRY,
    body=ProposeBody,
    answers={201: Proposal},
)
async def propose(request: Asked) -> Response[bytes]:
    """The waiver holds nothing until somebody else approves it."""

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        said = read_body(body, ProposeBody)
        waiver = msgspec.to_builtins(said.waiver)
        return lambda connection, now: done(
            201, dataclasses.asdict(waivers.propose(connection, waiver, said.why, holder, now))
        )

    return await write(request, work)


@get("/waiver-proposals", summary="List proposals of waivers", permission=Permission.READ_REGISTRY)
async def list_proposals(
    state: State,
    proposal_state: Annotated[Literal["open", "approved", "refused"] | None, Parameter(query="state")] = None,
    after: After = 0,
    limit: Limit = 200,
) -> ProposalsPage:
    """In the order in which they were made; `next` is what to give as `after`, null on the last page."""
    found = await anyio.to_thread.run_sync(
        state.desk.store.read,
        lambda connection: waivers.listed(connection, proposal_state, after, limit + 1),
    )
    return ProposalsPage(shown(found, limit), following(found, limit, waivers.LETTER))


@post(
    "/waiver-proposals/{identity:str}/approve",
    summary="Approve a waiver",
    status_code=200,
    permission=Permission.APPROVE_WAIVER,
    body=None,
    answers={200: Approved},
)
async def approve(request: Asked, identity: str) -> Response[bytes]:
    """Makes it a record of the registry in both names; 403 for who proposed it."""
    desk = request.app.state.desk

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        _nothing(body)

        def run(connection: Connection, now: datetime) -> Done:
            proposal, made = waivers.approve(connection, identity, holder, now, desk.known)
            return done(200, msgspec.to_builtins(Approved(proposal, made.revision, dict(made.body))))

        return run

    return await write(request, work)


@post(
    "/waiver-proposals/{identity:str}/refuse",
    summary="Refuse a waiver",
    status_code=200,
    permission=Permission.APPROVE_WAIVER,
    body=None,
    answers={200: Proposal},
)
async def refuse(request: Asked, identity: str) -> Response[bytes]:
    """Ends the proposal; nothing comes of it."""

    def work(body: bytes, holder: Holder) -> Callable[[Connection, datetime], Done]:
        _nothing(body)
        return lambda connection, now: done(
            200, dataclasses.asdict(waivers.refuse(connection, identity, holder, now))
        )

    return await write(request, work)


def _nothing(body: bytes) -> None:
    if body not in (b"", b"{}"):
        raise WireError("nothing is said here: the body is empty")


ROUTES = (propose, list_proposals, approve, refuse)
