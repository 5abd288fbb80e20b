"""Single records of the registry changed one at a time, each change a revision with who, when and why.

The same strict readers as for a file judge the record, and what it names must be there; everything happens within
the caller's writing transaction, so that what was looked at is what is changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from clearcut.core.licence import LicenceStatus
from clearcut.core.registry import Registry
from clearcut.core.registry_json import dangling, registry_to_json
from clearcut.core.sheet import Sheet
from clearcut.errors import ConflictError, Fault, MissingError, RegistryError
from clearcut.store import audit, changes
from clearcut.store.amending import LISTED, READERS, current_registry
from clearcut.store.changes import Stamp
from clearcut.store.documents import Row, canonical
from clearcut.store.records import Standing, standing
from clearcut.store.schema import records

Known = tuple[Stamp, Registry]


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes what kind of record, why and when. `known` is a registry of some revision, to save reading it."""

    kind: str
    by: str
    why: str
    now: datetime
    known: Known | None = None


def create(connection: Connection, change: Change, record: Any) -> Standing:
    """A new record. Raises RegistryError on its faults, ConflictError when there is one of that id."""
    value, plain = _read(change.kind, record)
    key = _key(plain)
    if standing(connection, change.kind, key) is not None:
        raise ConflictError(f"{change.kind} has {key} already", remedy="revise it, or take another id")
    _check(_now(connection, change), change.kind, value, plain, None)
    rows = {(change.kind, key): Row(_next_position(connection, change.kind), canonical(plain))}
    return _write(connection, change, "record-created", rows, key)


def revise(connection: Connection, change: Change, key: str, revision: int, record: Any) -> Standing:
    """The record says something else from now on. `revision` is the one that was looked at.

    A record without an id gets another key. Raises RegistryError, MissingError, and ConflictError when somebody
    else changed the record since.
    """
    old = _looked_at(connection, change.kind, key, revision)
    value, plain = _read(change.kind, record)
    new_key = _key(plain)
    if change.kind not in LISTED and new_key != key:
        raise RegistryError((Fault("record.id", f"is not the id {key!r} of the record that is revised"),))
    if change.kind == "licences" and plain["revision"] <= old.body["revision"]:
        # Old files are told from new ones by it.
        raise RegistryError((Fault("record.revision", f"must be above {old.body['revision']}"),))
    if new_key != key and standing(connection, change.kind, new_key) is not None:
        raise ConflictError(f"{change.kind} has a record that says this already")
    _check(_now(connection, change), change.kind, value, plain, old)
    rows: dict[tuple[str, str], Row | None] = {(change.kind, key): None}
    rows[change.kind, new_key] = Row(old.position, canonical(plain))
    return _write(connection, change, "record-revised", rows, new_key)


def revoke(connection: Connection, change: Change, key: str, revision: int) -> Standing | None:
    """Ends a record: a licence stands as revoked from now on, any other is taken out (None); its history stays.

    Raises MissingError, ConflictError, and RegistryError naming what still rests on it.
    """
    old = _looked_at(connection, change.kind, key, revision)
    if change.kind == "licences":
        said = {"status": LicenceStatus.REVOKED.value, "revision": old.body["revision"] + 1}
        _, plain = _read("licences", {**old.body, **said, "status_at": change.now.isoformat()})
        rows = {(change.kind, key): Row(old.position, canonical(plain))}
        return _write(connection, change, "record-revoked", rows, key)
    rest = _without(_now(connection, change), change.kind, old.body)
    document = registry_to_json(rest) if change.kind not in LISTED else {}
    faults = dangling(rest, document) if document else ()
    if faults:
        raise RegistryError(tuple(Fault(_by_id(document, one.path), one.message) for one in faults))
    _write(connection, change, "record-revoked", {(change.kind, key): None}, key)
    return None


def _write(
    connection: Connection,
    change: Change,
    action: str,
    rows: Mapping[tuple[str, str], Row | None],
    key: str,
) -> Standing:
    number = changes.latest_revision(connection) + 1
    digest = changes.add(
        connection, number, rows, by=change.by, why=change.why, now=change.now, how=changes.SINGLY
    )
    body = {"revision": number, "why": change.why, "records": digest, "kind": change.kind, "key": key}
    audit.append(connection, change.by, action, body, change.now)
    found = standing(connection, change.kind, key)
    return found if found is not None else Standing(change.kind, key, number, 0, {})


def _now(connection: Connection, change: Change) -> Registry:
    return current_registry(connection, change.known)[1]


def _looked_at(connection: Connection, kind: str, key: str, revision: int) -> Standing:
    found = standing(connection, kind, key)
    if found is None:
        raise MissingError(f"{kind} has no {key}")
    if found.revision != revision:
        raise ConflictError(
            f"{kind} {key} was changed in revision {found.revision}, and revision {revision} was looked at",
            remedy="look at it again, and make the change in that",
        )
    return found


def _read(kind: str, record: Any) -> tuple[Any, dict[str, Any]]:
    """The record's value and its JSON in normal form."""
    sheet = Sheet()
    value = READERS[kind](sheet, "record", record)
    if sheet.faults:
        raise RegistryError(tuple(sheet.faults))
    alone: Any = (value,) if kind in LISTED else {value.id: value}
    plain: dict[str, Any] = registry_to_json(_with(Registry(), kind, alone))[kind][0]
    return value, plain


def _check(registry: Registry, kind: str, value: Any, plain: dict[str, Any], old: Standing | None) -> None:
    """Raises RegistryError when the record names what is not there."""
    section = getattr(registry, kind)
    if kind in LISTED:
        rest = section if old is None else getattr(_without(registry, kind, old.body), kind)
        after = _with(registry, kind, (*rest, value))
    else:
        after = _with(registry, kind, {**section, value.id: value})
    faults = dangling(after, {kind: [plain]})
    if faults:
        raise RegistryError(
            tuple(Fault(one.path.replace(f"{kind}[0]", "record", 1), one.message) for one in faults)
        )


def _without(registry: Registry, kind: str, body: Mapping[str, Any]) -> Registry:
    section = getattr(registry, kind)
    if kind not in LISTED:
        return _with(registry, kind, {k: v for k, v in section.items() if k != body["id"]})
    gone = _read(kind, body)[0]
    left = list(section)
    if gone in left:
        left.remove(gone)
    return _with(registry, kind, tuple(left))


def _with(registry: Registry, kind: str, section: Any) -> Registry:
    parts: dict[str, Any] = {kind: section}
    return replace(registry, **parts)


def _key(plain: Mapping[str, Any]) -> str:
    key = plain.get("id")
    return str(key) if key is not None else hashlib.sha256(canonical(plain).encode()).hexdigest()


def _next_position(connection: Connection, kind: str) -> int:
    if kind not in LISTED:
        return 0
    last = connection.execute(select(func.max(records.c.position)).where(records.c.kind == kind)).scalar()
    return 0 if last is None else int(last) + 1


def _by_id(document: Mapping[str, Any], path: str) -> str:
    """`licences[12].performer` as `licences[L-12].performer`: nobody has the list at hand."""
    section, _, rest = path.partition("[")
    index, _, field = rest.partition("]")
    rows = document.get(section)
    row = rows[int(index)] if isinstance(rows, list) and index.isdigit() and int(index) < len(rows) else {}
    return f"{section}[{row.get('id', index)}]{field}"
