"""Writes that are made once: what was answered to a key is answered again, and nothing is done a second time.

The answer is stored in the transaction that made the change, so that a retry after a lost answer, or after the
server was killed, finds either both or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from clearcut.errors import ConflictError
from clearcut.store.schema import answered
from clearcut.store.times import sortable


@dataclass(frozen=True, slots=True)
class Once:
    """One write of one token's holder: `key` is the caller's, `digest` is of everything that was asked."""

    holder: str
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a write came to: the HTTP status, and the answer's JSON text."""

    status: int
    body: str


def kept_answer(connection: Connection, once: Once) -> Done | None:
    """What was answered to that key; None when it is new. Raises ConflictError when it was for something else."""
    chosen = select(answered).where(answered.c.holder == once.holder, answered.c.key == once.key)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return None
    if row.digest != once.digest:
        raise ConflictError(
            "this Idempotency-Key was used for another request", remedy="take a new key for each request"
        )
    return Done(row.status, row.body)


def keep(connection: Connection, once: Once, done: Done, now: datetime) -> None:
    """Stores the answer, in the transaction of the change itself."""
    connection.execute(
        answered.insert().values(
            holder=once.holder,
            key=once.key,
            digest=once.digest,
            status=done.status,
            body=done.body,
            at=sortable(now),
        )
    )
