"""The record: an append-only chain in which each row's digest covers the row and the digest before it.

An edited, removed or reordered row breaks the chain; the head, kept apart, shows rows cut off at the end. Who can
write to the database can forge all of it: an outside copy of the head (`clearcut audit verify` prints it) is what
such a forger cannot reach.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clearcut.store.documents import canonical
from clearcut.store.schema import audit, audit_head
from clearcut.store.times import sortable

FIRST = "0" * 64
CLOCK_SET = "clock-set"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows, and the last one's digest."""

    sequence: int
    digest: str


def append(connection: Connection, actor: str, action: str, body: Mapping[str, Any], now: datetime) -> None:
    """Adds a row within the caller's writing transaction: when it cannot be written, nothing else is either.

    Its moment is never before that of the last row, whatever the clock says.
    """
    _append(connection, actor, action, body, max(sortable(now), latest_moment(connection)))


def append_set_clock(connection: Connection, actor: str, why: str, now: datetime) -> None:
    """Adds a row that says that the clock is right, although earlier rows bear later moments: from it on it counts."""
    _append(connection, actor, CLOCK_SET, {"why": why, "before": latest_moment(connection)}, sortable(now))


def latest_moment(connection: Connection) -> str:
    """The moment of the last row, "" without any: rows are never earlier than those before them, bar `CLOCK_SET`."""
    ends = select(audit_head.c.sequence).scalar_subquery()
    found = connection.execute(select(audit.c.at).where(audit.c.sequence == ends)).scalar()
    return str(found) if found is not None else ""


def _append(connection: Connection, actor: str, action: str, body: Mapping[str, Any], at: str) -> None:
    head = connection.execute(select(audit_head)).one_or_none()
    sequence, previous = (head.sequence, head.digest) if head is not None else (0, FIRST)
    text = canonical(body)
    digest = _digest((sequence + 1, at, actor, action, text, previous))
    connection.execute(
        audit.insert().values(
            sequence=sequence + 1,
            at=at,
            actor=actor,
            action=action,
            body=text,
            previous=previous,
            digest=digest,
        )
    )
    values = {"sequence": sequence + 1, "digest": digest}
    if head is None:
        connection.execute(audit_head.insert().values(id=1, **values))
    else:
        connection.execute(audit_head.update().values(**values))


def verify(connection: Connection) -> tuple[Head, tuple[str, ...]]:
    """Where the chain ends, and every place where it does not hold, in words; none when it holds."""
    faults: list[str] = []
    expected, previous = 1, FIRST
    for row in connection.execute(select(audit).order_by(audit.c.sequence)):
        if row.sequence != expected:
            faults.append(f"rows {expected} to {row.sequence - 1} are missing")
        if row.previous != previous:
            faults.append(f"row {row.sequence} does not follow from the row before it")
        if row.digest != _digest((row.sequence, row.at, row.actor, row.action, row.body, row.previous)):
            faults.append(f"row {row.sequence} was changed after it was written")
        expected, previous = row.sequence + 1, row.digest
    head = connection.execute(select(audit_head)).one_or_none()
    kept = Head(head.sequence, head.digest) if head is not None else Head(0, FIRST)
    if kept != Head(expected - 1, previous):
        faults.append(f"the record ends at row {expected - 1}, and {kept.sequence} were written")
    return kept, tuple(faults)


def digest_at(connection: Connection, sequence: int) -> str | None:
    """The digest of one row; None when there is no such row."""
    found = connection.execute(select(audit.c.digest).where(audit.c.sequence == sequence)).scalar()
    return str(found) if found is not None else None


def told_changes(connection: Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was done and what the record tells of it, for every row that is a change and can be read.

    One that cannot was changed after it was written, and `verify` says so.
    """
    # Checks are most of the record, and no change.
    chosen = select(audit.c.action, audit.c.body).where(audit.c.action.not_in(("check", "refused")))
    for row in connection.execute(chosen.order_by(audit.c.sequence)):
        try:
            body = json.loads(row.body)
        except ValueError:
            continue
        if isinstance(body, dict):
            yield row.action, body


def _digest(row: tuple[int, str, str, str, str, str]) -> str:
    return hashlib.sha256(canonical(row).encode()).hexdigest()
