"""What a change is about - a licence, a performer, productions - and which recorded uses rest on that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select


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
