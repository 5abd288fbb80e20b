"""Waivers need two persons: one proposes, another approves, and only then is it a record of the registry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clearcut.core.handwriting import same_person
from clearcut.errors import ConflictError, MissingError, NotAllowedError
from clearcut.store import audit, editing
from clearcut.store.documents import texts_digest
from clearcut.store.numbers import next_number, number_of
from clearcut.store.records import Standing
from clearcut.store.schema import waiver_proposals as proposals
from clearcut.store.times import sortable
from clearcut.store.tokens import Holder

LETTER = "P"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A waiver that somebody proposes; `state` is open, approved or refused. Moments are RFC 3339 texts."""

    id: str
    state: str
    waiver: dict[str, Any]
    why: str
    proposed_by: str
    proposed_at: str
    decided_by: str | None
    decided_at: str | None


def propose(
    connection: Connection, waiver: dict[str, Any], why: str, holder: Holder, now: datetime
) -> Proposal:
    """Records the proposal; the waiver holds nothing yet. Faults in it are seen when it is approved too."""
    number, text = next_number(connection, proposals), json.dumps(waiver)
    connection.execute(
        proposals.insert().values(
            number=number,
            state="open",
            waiver=text,
            why=why,
            proposed_by=holder.name,
            token=holder.id,
            proposed_at=sortable(now),
        )
    )
    body = {"proposal": f"P-{number}", "why": why, "waiver": texts_digest(text)}
    audit.append(connection, holder.name, "waiver-proposed", body, now)
    return one(connection, f"P-{number}")


def approve(
    connection: Connection, identity: str, holder: Holder, now: datetime, known: editing.Known | None
) -> tuple[Proposal, Standing]:
    """Makes it a waiver of the registry, in both names. Raises NotAllowedError for who proposed it."""
    row = _open_row(connection, identity)
    # A second token of the same person's is no second person.
    if holder.id == row.token or same_person(holder.name, row.proposed_by):
        raise NotAllowedError(
            f"{identity} was proposed by {row.proposed_by}: a waiver needs a second person",
        )
    change = editing.Change("waivers", holder.name, row.why, now, known)
    record = {**json.loads(row.waiver), "by": row.proposed_by, "approved_by": holder.name}
    made = editing.create(connection, change, record)
    _decide(connection, row.number, "approved", holder, now)
    return one(connection, identity), made


def refuse(connection: Connection, identity: str, holder: Holder, now: datetime) -> Proposal:
    """Ends the proposal; who made it may do that too."""
    row = _open_row(connection, identity)
    _decide(connection, row.number, "refused", holder, now)
    audit.append(connection, holder.name, "waiver-refused", {"proposal": identity}, now)
    return one(connection, identity)


def one(connection: Connection, identity: str) -> Proposal:
    """The proposal of that id, `P-3`. Raises MissingError."""
    return _proposal(_row(connection, identity))


def listed(connection: Connection, state: str | None, after: int, limit: int) -> tuple[Proposal, ...]:
    """Proposals in the order in which they were made, after that number, at most `limit`."""
    chosen = select(proposals).where(proposals.c.number > after).order_by(proposals.c.number).limit(limit)
    if state is not None:
        chosen = chosen.where(proposals.c.state == state)
    return tuple(map(_proposal, connection.execute(chosen)))


def _decide(connection: Connection, number: int, state: str, holder: Holder, now: datetime) -> None:
    connection.execute(
        proposals.update()
        .where(proposals.c.number == number)
        .values(state=state, decided_by=holder.name, decided_at=sortable(now))
    )


def _open_row(connection: Connection, identity: str) -> Any:
    row = _row(connection, identity)
    if row.state != "open":
        raise ConflictError(f"{identity} was {row.state} already", remedy="look at it again")
    return row


def _row(connection: Connection, identity: str) -> Any:
    chosen = select(proposals).where(proposals.c.number == number_of(identity, LETTER))
    row = connection.execute(chosen).one_or_none()
    if row is None:
        raise MissingError(f"there is no proposal {identity}")
    return row


def _proposal(row: Any) -> Proposal:
    return Proposal(
        f"P-{row.number}",
        row.state,
        json.loads(row.waiver),
        row.why,
        row.proposed_by,
        row.proposed_at,
        row.decided_by,
        row.decided_at,
    )
