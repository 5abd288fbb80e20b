"""Single records of the registry: as they stand, page by page, and what they said before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from clearcut.store.schema import records, revisions


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands: `revision` is that of the registry in which it came to say this."""

    kind: str
    key: str
    revision: int
    position: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What a record said from one revision on, and who made it say so; `body` None: it was taken out."""

    revision: int
    at: str
    by: str
    why: str
    body: dict[str, Any] | None


def standing(connection: Connection, kind: str, key: str) -> Standing | None:
    """The record of that key; None when there is none, or none any more."""
    chosen = select(records).where(records.c.kind == kind, records.c.key == key)
    row = connection.execute(chosen.order_by(records.c.revision.desc()).limit(1)).one_or_none()
    if row is None or row.body is None:
        return None
    return Standing(kind, key, row.revision, row.position, json.loads(row.body))


def history(connection: Connection, kind: str, key: str) -> tuple[Said, ...]:
    """Everything the record ever said, oldest first; empty when there never was such a record."""
    chosen = (
        select(records.c.revision, records.c.body, revisions.c.at, revisions.c.by, revisions.c.why)
        .join(revisions, revisions.c.number == records.c.revision)
        .where(records.c.kind == kind, records.c.key == key)
        .order_by(records.c.revision)
    )
    return tuple(
        Said(row.revision, row.at, row.by, row.why, None if row.body is None else json.loads(row.body))
        for row in connection.execute(chosen)
    )


def page(connection: Connection, kind: str, after: str, limit: int) -> tuple[Standing, ...]:
    """Records of a kind as they stand, in the order of their keys, from the one after `after` on."""
    newest = (
        select(records.c.key, func.max(records.c.revision).label("revision"))
        .where(records.c.kind == kind, records.c.key > after)
        .group_by(records.c.key)
        .subquery()
    )
    same = and_(newest.c.key == records.c.key, newest.c.revision == records.c.revision)
    chosen = (
        select(records)
        .join(newest, same)
        .where(records.c.kind == kind, records.c.body.is_not(None))
        .order_by(records.c.key)
        .limit(limit)
    )
    return tuple(
        Standing(kind, row.key, row.revision, row.position, json.loads(row.body))
        for row in connection.execute(chosen)
    )
