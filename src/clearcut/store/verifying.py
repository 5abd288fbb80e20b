"""Whether the database is what its record tells of: the chain itself, the registry's revisions, the tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from clearcut.store import audit, changes
from clearcut.store.schema import revisions, tokens

# A token as the record tells of it when it is given out; records of before the third and fourth lack them.
_TOLD_OF_A_TOKEN = ("name", "role", "hash", "expires_at")


def verify(connection: Connection) -> tuple[audit.Head, tuple[str, ...]]:
    """The end of the record, and every place where it or what it tells of does not hold, in words."""
    head, faults = audit.verify(connection)
    told = list(audit.told_changes(connection))
    return head, (*faults, *_revision_faults(connection, told), *_token_faults(connection, told))


def _revision_faults(connection: Connection, told: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    digests = {
        body["revision"]: body["records"]
        for _, body in told
        if type(body.get("revision")) is int and type(body.get("records")) is str
    }
    numbers = set(connection.execute(select(revisions.c.number)).scalars())
    for number in sorted(digests.keys() | numbers):
        if number not in digests:
            yield f"revision {number} is not in the record"
        elif number not in numbers:
            yield f"revision {number} was removed"
        elif changes.revision_digest(connection, number) != digests[number]:
            yield f"records of revision {number} were changed after they were written"


def _token_faults(connection: Connection, told: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """A role that somebody wrote into the database would open every door, and leave no other trace."""
    given = {str(body.get("token")): body for action, body in told if action == "token-created"}
    ended = {str(body.get("token")) for action, body in told if action == "token-revoked"}
    rows = {row.id: row for row in connection.execute(select(tokens).order_by(tokens.c.id))}
    for identity in sorted(given.keys() | rows.keys()):
        row, said = rows.get(identity), given.get(identity)
        if said is None:
            yield f"token {identity} is not in the record"
        elif row is None:
            yield f"token {identity} was removed"
        elif any(name in said and getattr(row, name) != said[name] for name in _TOLD_OF_A_TOKEN):
            yield f"token {identity} was changed after it was given out"
        elif (row.revoked_at is not None) is not (identity in ended):
            yield f"token {identity} was revoked, or given back, behind the store"
