"""Revisions of the registry: rows are only added, and what was known at a moment can be asked again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, select

from clearcut.core.registry import Registry
from clearcut.core.registry_json import registry_to_json
from clearcut.errors import ConflictError
from clearcut.store import audit
from clearcut.store.documents import Row, document_text
from clearcut.store.documents import records as records_of
from clearcut.store.schema import records, revisions
from clearcut.store.taking_back import taken_back
from clearcut.store.times import sortable

RecordKey = tuple[str, str]


class StaleBaseError(ConflictError):
    """Somebody else changed the registry since the one that is to be changed was read."""


@dataclass(frozen=True, slots=True)
class Change:
    """One revision: its number, and how many records it added, changed and took out."""

    revision: int
    added: int
    changed: int
    removed: int


class Stamp(NamedTuple):
    """Which revision, and when it was made: after a backup was restored, one number may mean another revision."""

    number: int
    at: str


NOTHING_YET = Stamp(0, "")
# How a revision was made in which one record was changed by itself.
SINGLY = "record"


def latest_stamp(connection: Connection) -> Stamp:
    """The newest revision; `NOTHING_YET` while there is none."""
    newest = select(revisions.c.number, revisions.c.at).order_by(revisions.c.number.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return Stamp(row.number, row.at) if row is not None else NOTHING_YET


def is_past(connection: Connection, stamp: Stamp) -> bool:
    """Whether the revision of that stamp is one that the database has gone through."""
    if stamp == NOTHING_YET:
        return True
    at = select(revisions.c.at).where(revisions.c.number == stamp.number)
    return bool(connection.execute(at).scalar() == stamp.at)


def latest_revision(connection: Connection) -> int:
    """The number of the newest revision; 0 while there is none."""
    return latest_stamp(connection).number


def revision_at(connection: Connection, moment: datetime) -> int:
    """The newest revision that was made at or before the moment; 0 when there was none."""
    chosen = select(func.max(revisions.c.number)).where(revisions.c.at <= sortable(moment))
    number = connection.execute(chosen).scalar()
    return int(number) if number is not None else 0


def registry_text(connection: Connection, revision: int) -> str:
    """The `clearcut.registry/1` document as it stood at that revision."""
    rows = connection.execute(_standing(revision).order_by(records.c.kind, records.c.position, records.c.key))
    return document_text((row.kind, row.body) for row in rows)


def standing_records(connection: Connection, revision: int, kind: str) -> list[str]:
    """The JSON texts of one kind's records as they stood at that revision, in their order."""
    chosen = _standing(revision).where(records.c.kind == kind)
    rows = connection.execute(chosen.order_by(records.c.position, records.c.key))
    return [row.body for row in rows]


def import_registry(
    connection: Connection, registry: Registry, *, by: str, why: str, base: int | None, now: datetime
) -> Change:
    """Makes the registry this one, and tells the record; see `Store.import_registry`."""
    latest = latest_revision(connection)
    if base is not None and base != latest:
        raise StaleBaseError(f"the registry is at revision {latest}, not at {base} any more")
    document = registry_to_json(registry)
    change, digest = replace_all(connection, document, by=by, why=why, now=now, knowing=base is not None)
    if digest is not None:
        body = {"revision": change.revision, "why": why, "records": digest}
        audit.append(connection, by, "import", body, now)
    return change


def replace_all(
    connection: Connection,
    document: Mapping[str, Any],
    *,
    by: str,
    why: str,
    now: datetime,
    knowing: bool,
) -> tuple[Change, str | None]:
    """Makes the registry that document, as a new revision, and gives the digest of the rows it added.

    Nothing is added, and the digest is None, when the registry is that document already. Unless it is done
    `knowing` the current revision, a document that takes back a revocation or the like is a ConflictError.
    """
    latest = latest_revision(connection)
    rows_known = {(row.kind, row.key): row for row in connection.execute(_latest(latest))}
    standing = {name: Row(row.position, row.body) for name, row in rows_known.items() if row.body is not None}
    wanted = {(kind, key): row for kind, key, row in records_of(document)}
    if not knowing:
        _refuse_taking_back(connection, rows_known, wanted, latest, now)
    put = {name: row for name, row in wanted.items() if standing.get(name) != row}
    gone = [name for name in standing if name not in wanted]
    if not put and not gone:
        return Change(latest, 0, 0, 0), None
    rows: dict[RecordKey, Row | None] = {**put, **dict.fromkeys(gone)}
    digest = add(connection, latest + 1, rows, by=by, why=why, now=now)
    changed = sum(name in standing for name in put)
    return Change(latest + 1, len(put) - changed, changed, len(gone)), digest


def revision_digest(connection: Connection, revision: int) -> str:
    """The digest of the rows that a revision added, as they stand in the database now."""
    rows = connection.execute(select(records).where(records.c.revision == revision))
    head = connection.execute(select(revisions).where(revisions.c.number == revision)).one()
    found = {(r.kind, r.key): None if r.body is None else Row(r.position, r.body) for r in rows}
    return _digest([head.number, head.at, head.by, head.why], found)


def add(
    connection: Connection,
    number: int,
    rows: Mapping[RecordKey, Row | None],
    *,
    by: str,
    why: str,
    now: datetime,
    how: str | None = None,
) -> str:
    """Adds a revision of these rows (None: taken out) and gives their digest."""
    before = connection.execute(select(func.max(revisions.c.at))).scalar()
    # A clock that was set back must not make a later revision look older than the one before it.
    at = max(sortable(now), before or "")
    connection.execute(revisions.insert().values(number=number, at=at, by=by, why=why, how=how))
    connection.execute(
        records.insert(),
        [
            {
                "kind": kind,
                "key": key,
                "revision": number,
                "position": row.position if row is not None else 0,
                "body": row.body if row is not None else None,
            }
            for (kind, key), row in rows.items()
        ],
    )
    return _digest([number, at, by, why], rows)


def _refuse_taking_back(
    connection: Connection,
    known: Mapping[RecordKey, Any],
    wanted: Mapping[RecordKey, Row],
    latest: int,
    now: datetime,
) -> None:
    singly = set(connection.execute(select(revisions.c.number).where(revisions.c.how == SINGLY)).scalars())
    found = taken_back(
        {name: row.body for name, row in known.items()},
        {name: row.body for name, row in wanted.items()},
        now,
        {name for name, row in known.items() if row.revision in singly},
    )
    if not found:
        return
    numbers = {known[name].revision for name, _ in found}
    told = connection.execute(select(revisions).where(revisions.c.number.in_(numbers)))
    who = {row.number: f"revision {row.number} by {row.by} at {row.at}: {row.why}" for row in told}
    raise ConflictError(
        f"{len(found)} of the file's records would take back what was decided; nothing was changed",
        tuple(f"{said} ({who[known[name].revision]})" for name, said in found),
        remedy=f"export the registry again and make the change in that; or, if all of this is meant, name the "
        f"revision that you have looked at: base {latest} (--base {latest})",
    )


def _standing(revision: int) -> Any:
    """What stands at that revision: without the records that were taken out."""
    return _latest(revision).where(records.c.body.is_not(None))


def _latest(revision: int) -> Any:
    """The last row of each record up to that revision, also of those that were taken out (no body)."""
    latest = (
        select(records.c.kind, records.c.key, func.max(records.c.revision).label("revision"))
        .where(records.c.revision <= revision)
        .group_by(records.c.kind, records.c.key)
        .subquery()
    )
    same = and_(
        latest.c.kind == records.c.kind,
        latest.c.key == records.c.key,
        latest.c.revision == records.c.revision,
    )
    return select(records.c.kind, records.c.key, records.c.position, records.c.body, records.c.revision).join(
        latest, same
    )


def _digest(head: list[Any], rows: Mapping[RecordKey, Row | None]) -> str:
    sha = hashlib.sha256(repr(head).encode())
    for kind, key in sorted(rows):
        row = rows[kind, key]
        said = "-" if row is None else f"{row.position}\x00{row.body}"
        sha.update(f"\n{kind}\x00{key}\x00{said}".encode())
    return sha.hexdigest()
