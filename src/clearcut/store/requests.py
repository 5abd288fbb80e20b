"""Clearance requests in the database. Every function runs within the caller's transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clearcut.core.clearance_request import ClearanceRequest, RequestState
from clearcut.core.codec import parse_moment
from clearcut.errors import ConflictError, MissingError
from clearcut.store import audit
from clearcut.store.numbers import next_number, number_of
from clearcut.store.schema import requests
from clearcut.store.times import sortable

LETTER = "R"


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks for."""

    production: str
    shot: str
    replica: str
    codes: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests a list holds: None means any. `after` is the number of the last one already seen."""

    state: RequestState | None = None
    production: str | None = None
    shot: str | None = None
    after: int = 0
    limit: int = 200


def ask(connection: Connection, asking: Asking, by: str, now: datetime) -> tuple[ClearanceRequest, bool]:
    """The request, and whether it is new: what is asked for already and not answered yet is not asked again."""
    same = (
        select(requests)
        .where(
            requests.c.production == asking.production,
            requests.c.shot == asking.shot,
            requests.c.replica == asking.replica,
            requests.c.state == RequestState.OPEN.value,
        )
        .order_by(requests.c.number)
    )
    for row in connection.execute(same):
        known = _request(row)
        if set(asking.codes) <= set(known.codes):
            return known, False
    number = next_number(connection, requests)
    connection.execute(
        requests.insert().values(
            number=number,
            revision=1,
            state=RequestState.OPEN.value,
            production=asking.production,
            shot=asking.shot,
            replica=asking.replica,
            codes=json.dumps(sorted(set(asking.codes))),
            message=asking.message,
            asked_by=by,
            asked_at=sortable(now),
            answer="",
        )
    )
    made = one(connection, f"R-{number}")
    audit.append(connection, by, "request-asked", {"request": made.id, **_about(made)}, now)
    return made, True


def answer(
    connection: Connection,
    identity: str,
    revision: int,
    *,
    state: RequestState,
    by: str,
    now: datetime,
    licence: str | None = None,
    words: str = "",
) -> ClearanceRequest:
    """Closes an open request. Raises MissingError, and ConflictError when it is not open or changed meanwhile."""
    known = one(connection, identity)
    if known.state is not RequestState.OPEN:
        raise ConflictError(f"{identity} was {known.state.value} already", remedy="look at it again")
    if known.revision != revision:
        raise ConflictError(
            f"{identity} is at revision {known.revision}, not at {revision}", remedy="look at it again"
        )
    connection.execute(
        requests.update()
        .where(requests.c.number == number_of(identity, LETTER))
        .values(
            state=state.value,
            revision=revision + 1,
            answered_by=by,
            answered_at=sortable(now),
            licence=licence,
            answer=words,
        )
    )
    body = {"request": identity, "licence": licence, "answer": words, **_about(known)}
    audit.append(connection, by, f"request-{state.value}", body, now)
    return one(connection, identity)


def one(connection: Connection, identity: str) -> ClearanceRequest:
    """The request of that id, `R-7`. Raises MissingError."""
    row = connection.execute(
        select(requests).where(requests.c.number == number_of(identity, LETTER))
    ).one_or_none()
    if row is None:
        raise MissingError(f"there is no clearance request {identity}")
    return _request(row)


def listed(connection: Connection, wanted: Wanted) -> tuple[ClearanceRequest, ...]:
    """Requests in the order in which they were made, at most `wanted.limit`."""
    chosen = select(requests).where(requests.c.number > wanted.after)
    if wanted.state is not None:
        chosen = chosen.where(requests.c.state == wanted.state.value)
    if wanted.production is not None:
        chosen = chosen.where(requests.c.production == wanted.production)
    if wanted.shot is not None:
        chosen = chosen.where(requests.c.shot == wanted.shot)
    rows = connection.execute(chosen.order_by(requests.c.number).limit(wanted.limit))
    return tuple(map(_request, rows))


def of_production(connection: Connection, production: str) -> tuple[ClearanceRequest, ...]:
    """All requests of a production, oldest first."""
    chosen = select(requests).where(requests.c.production == production)
    return tuple(map(_request, connection.execute(chosen.order_by(requests.c.number))))


def _request(row: Any) -> ClearanceRequest:
    return ClearanceRequest(
        id=f"R-{row.number}",
        revision=row.revision,
        state=RequestState(row.state),
        production=row.production,
        shot=row.shot,
        replica=row.replica,
        codes=tuple(json.loads(row.codes)),
        message=row.message,
        asked_by=row.asked_by,
        asked_at=parse_moment(row.asked_at),
        answered_by=row.answered_by,
        answered_at=None if row.answered_at is None else parse_moment(row.answered_at),
        licence=row.licence,
        answer=row.answer,
    )


def _about(request: ClearanceRequest) -> dict[str, Any]:
    return {
        "production": request.production,
        "shot": request.shot,
        "replica": request.replica,
        "codes": list(request.codes),
    }
