"""Whether the database is what its record tells of: the chain itself, and what stands in the other tables.

That is the registry's revisions, tokens, registered cuts and which of them governs, publishes, clearance requests,
proposals of waivers. Rows that older versions wrote are held to what their record tells, which is less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from clearcut.store import audit, changes, cuts, publishes
from clearcut.store.causes import Recorded, stored_digests
from clearcut.store.documents import texts_digest
from clearcut.store.schema import governing, requests, revisions, tokens, waiver_proposals

Told = list[tuple[str, dict[str, Any]]]
Values = Mapping[str, Any]


def verify(connection: Connection) -> tuple[audit.Head, tuple[str, ...]]:
    """The end of the record, and every place where it or what it tells of does not hold, in words."""
    head, faults = audit.verify(connection)
    told = list(audit.told_changes(connection))
    found = list(faults)
    for look in _LOOKS:
        found += look(connection, told)
    return head, tuple(found)


def _revisions(connection: Connection, told: Told) -> Iterator[str]:
    digests = {
        body["revision"]: (body["records"], changes.SINGLY if action.startswith("record-") else None)
        for action, body in told
        if type(body.get("revision")) is int and type(body.get("records")) is str
    }
    how = {row.number: row.how for row in connection.execute(select(revisions))}
    for number in sorted(digests.keys() | how.keys()):
        if number not in digests:
            yield f"revision {number} is not in the record"
        elif number not in how:
            yield f"revision {number} was removed"
        elif (changes.revision_digest(connection, number), how[number]) != digests[number]:
            yield f"records of revision {number} were changed after they were written"


def _tokens(connection: Connection, told: Told) -> Iterator[str]:
    """A role that somebody wrote into the database would open every door, and leave no other trace."""
    ended = {str(body.get("token")) for action, body in told if action == "token-revoked"}
    said = {
        str(body.get("token")): {**body, "revoked": str(body.get("token")) in ended}
        for action, body in told
        if action == "token-created"
    }
    rows = {row["id"]: {**row, "revoked": row["revoked_at"] is not None} for row in _rows(connection, tokens)}
    yield from _compared("token", said, rows, ("name", "role", "hash", "expires_at", "revoked"))


def _cuts(connection: Connection, told: Told) -> Iterator[str]:
    said = {
        f"{body.get('production')} {body.get('cut')}": body
        for action, body in told
        if action == "cut-registered"
    }
    rows = {
        f"{row['production']} {row['version']}": {
            **row,
            "kept": texts_digest(row["decision"], row["totals"]),
        }
        for row in _with_uses(connection, cuts.RECORDED)
    }
    yield from _compared("cut", said, rows, ("question", "kept", "uses", "rests_on"))


def _governing(connection: Connection, told: Told) -> Iterator[str]:
    """Which version may be published from: a row that was changed would let another cut through."""
    said = {str(body.get("production")): body for action, body in told if action == "cut-governs"}
    rows = {row["production"]: {**row, "cut": f"C-{row['cut']}"} for row in _rows(connection, governing)}
    yield from _compared("the governing cut of", said, rows, ("cut", "why"))


def _publishes(connection: Connection, told: Told) -> Iterator[str]:
    said = {str(body.get("publish")): body for action, body in told if action == "published"}
    rows = {
        f"B-{row['number']}": {**row, "version": row["version"] or None}
        for row in _with_uses(connection, publishes.RECORDED)
    }
    yield from _compared(
        "publish", said, rows, ("production", "shot", "version", "cut", "said", "uses", "rests_on")
    )


def _requests(connection: Connection, told: Told) -> Iterator[str]:
    said: dict[str, Values] = {}
    for action, body in told:
        if action.startswith("request-"):
            state = "open" if action == "request-asked" else action.removeprefix("request-")
            said[str(body.get("request"))] = {"licence": None, "answer": "", **body, "state": state}
    rows = {f"R-{row['number']}": row for row in _rows(connection, requests)}
    yield from _compared(
        "request", said, rows, ("state", "production", "shot", "replica", "licence", "answer")
    )


def _proposals(connection: Connection, told: Told) -> Iterator[str]:
    refused = {str(body.get("proposal")) for action, body in told if action == "waiver-refused"}
    said = {
        str(body.get("proposal")): {**body, "refused": str(body.get("proposal")) in refused}
        for action, body in told
        if action == "waiver-proposed"
    }
    rows = {
        f"P-{row['number']}": {
            **row,
            "waiver": texts_digest(row["waiver"]),
            "refused": row["state"] == "refused",
        }
        for row in _rows(connection, waiver_proposals)
    }
    yield from _compared("proposal", said, rows, ("why", "waiver", "refused"))


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _with_uses(connection: Connection, recorded: Recorded) -> list[dict[str, Any]]:
    digests = stored_digests(connection, recorded)
    return [{**row, **digests[row["number"]]} for row in _rows(connection, recorded.owners)]


def _compared(
    what: str, said: Mapping[str, Values], rows: Mapping[str, Values], names: tuple[str, ...]
) -> Iterator[str]:
    """Faults of rows, by their names, against what the record tells of them; it need not tell of each name."""
    for identity in sorted(said.keys() | rows.keys()):
        if identity not in said:
            yield f"{what} {identity} is not in the record"
        elif identity not in rows:
            yield f"{what} {identity} was removed"
        else:
            told, row = said[identity], rows[identity]
            if any(name in told and row[name] != told[name] for name in names):
                yield f"{what} {identity} was changed after it was written"


_LOOKS: tuple[Callable[[Connection, Told], Iterator[str]], ...] = (
    _revisions,
    _tokens,
    _cuts,
    _governing,
    _publishes,
    _requests,
    _proposals,
)
