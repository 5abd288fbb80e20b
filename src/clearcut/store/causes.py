"""What a change is about - a licence, a performer, productions - and which recorded uses rest on that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from clearcut.store.documents import canonical, texts_digest


@dataclass(frozen=True, slots=True)
class Cause:
    """What is asked about: a licence, a performer, productions, or (all None) everything."""

    licence: str | None = None
    performer: str | None = None
    productions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where uses are recorded: their table, that of the licences they rest on, and what `column` of both names."""

    uses: Table
    licences: Table
    owners: Table
    column: str


def resting_on(cause: Cause, recorded: Recorded, *columns: ColumnElement[Any]) -> Select[Any]:
    """The columns of each use that rests on the cause, each use once."""
    uses, licences, owners = recorded.uses, recorded.licences, recorded.owners
    owner = uses.c[recorded.column]
    chosen = select(owner, uses.c.place, *columns).distinct()
    if cause.licence is not None:
        same = (licences.c[recorded.column] == owner) & (licences.c.place == uses.c.place)
        chosen = chosen.join(licences, same).where(licences.c.licence == cause.licence)
    if cause.performer is not None:
        chosen = chosen.where(uses.c.performer == cause.performer)
    if cause.productions is not None:
        chosen = chosen.join(owners, owners.c.number == owner)
        chosen = chosen.where(owners.c.production.in_(cause.productions))
    return chosen


def uses_digests(uses: list[dict[str, Any]], licences: list[dict[str, Any]]) -> dict[str, str]:
    """What the record tells of one owner's rows in both tables."""
    return {"uses": _rows_digest(uses), "rests_on": _rows_digest(licences)}


def stored_digests(connection: Connection, recorded: Recorded) -> dict[int, dict[str, str]]:
    """The same of every owner's rows as they stand in the database now, by the owner's number."""
    uses, licences = (_by_owner(connection, one, recorded) for one in (recorded.uses, recorded.licences))
    numbers = connection.execute(select(recorded.owners.c.number)).scalars()
    none = _rows_digest(())
    return {one: {"uses": uses.get(one, none), "rests_on": licences.get(one, none)} for one in numbers}


def _by_owner(connection: Connection, table: Table, recorded: Recorded) -> dict[int, str]:
    found = connection.execute(select(table).order_by(table.c[recorded.column])).mappings()
    rows = (dict(row) for row in found)
    return {number: _rows_digest(same) for number, same in groupby(rows, itemgetter(recorded.column))}


def _rows_digest(rows: Iterable[dict[str, Any]]) -> str:
    # Sorted here: databases sort texts in their own ways.
    return texts_digest(*sorted(canonical(row) for row in rows))
