"""A registry brought from one revision to a later one by reading only the records that changed in between.

Reading 100,000 licences anew takes seconds, and a revocation must hold for the next question. Records were checked
against each other when they were written; here each changed one is read by the reader of its kind, and one that has
become faulty since is a RegistryError.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from clearcut.core import registry_records as readers
from clearcut.core.registry import Registry
from clearcut.core.registry_json import parse_registry
from clearcut.core.sheet import Sheet
from clearcut.errors import RegistryError
from clearcut.store.changes import Stamp, is_past, latest_stamp, registry_text, standing_records
from clearcut.store.schema import records

_BY_ID: Mapping[str, readers.Reader[Any]] = {
    "performers": readers.performer,
    "authorities": readers.authority,
    "replicas": readers.replica,
    "productions": readers.production,
    "licences": readers.licence,
    "exemptions": readers.exemption,
    "suspensions": readers.suspension,
    "waivers": readers.waiver,
}
LISTED: Mapping[str, readers.Reader[Any]] = {
    "assets": readers.asset,
    "not_replicas": readers.not_replica,
    "approvals": readers.approval,
}
READERS: Mapping[str, readers.Reader[Any]] = {**_BY_ID, **LISTED}


def current_registry(
    connection: Connection, known: tuple[Stamp, Registry] | None = None
) -> tuple[Stamp, Registry]:
    """The newest revision and its registry; from one that is known, only what changed since is read."""
    newest = latest_stamp(connection)
    if known is not None and known[0].number <= newest.number and is_past(connection, known[0]):
        return newest, amended(connection, known[1], known[0].number, newest.number)
    text = registry_text(connection, newest.number)
    return newest, parse_registry(text, where=f"revision {newest.number}")


def amended(connection: Connection, registry: Registry, old: int, new: int) -> Registry:
    """The registry of revision `new`, from the one of revision `old`. Raises RegistryError on a faulty record."""
    chosen = select(records.c.kind, records.c.key, records.c.body).where(
        records.c.revision > old, records.c.revision <= new
    )
    touched: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
    for row in connection.execute(chosen.order_by(records.c.revision)):
        touched[row.kind][row.key] = row.body
    sheet = Sheet()
    parts: dict[str, Any] = {}
    for kind, changed in touched.items():
        if kind in _BY_ID:
            parts[kind] = _by_id(sheet, kind, getattr(registry, kind), changed)
        else:
            # Values without an id do not say which row they are: all of their kind are read again.
            bodies = standing_records(connection, new, kind)
            parts[kind] = tuple(
                LISTED[kind](sheet, f"{kind}[{place}]", json.loads(body)) for place, body in enumerate(bodies)
            )
    if sheet.faults:
        raise RegistryError(tuple(sheet.faults), where=f"revision {new}")
    return replace(registry, **parts)


def _by_id(
    sheet: Sheet, kind: str, known: Mapping[str, Any], changed: Mapping[str, str | None]
) -> Mapping[str, Any]:
    found = dict(known)
    for key, body in changed.items():
        if body is None:
            found.pop(key, None)
        else:
            found[key] = _BY_ID[kind](sheet, f"{kind}.{key}", json.loads(body))
    return dict(sorted(found.items()))
