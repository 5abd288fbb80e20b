"""Registered versions of cuts: what each uses, which one governs, what a change of a licence would touch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from clearcut.errors import ConflictError, MissingError
from clearcut.store import audit
from clearcut.store.schema import cut_licences, cut_uses, cuts, governing, publishes
from clearcut.store.times import sortable


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of a registered cut. `frames` of screen time, `screen` half-open ranges of record frames."""

    shot: str
    replica: str
    performer: str
    outcome: str
    frames: int
    screen: tuple[tuple[int, int], ...]
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewCut:
    """A version to be registered. `question` is the digest of what was asked about it."""

    production: str
    version: str
    question: str
    decision: dict[str, Any]
    totals: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RegisteredCut:
    """A registered version; `governs` when it is its production's governing cut."""

    id: str
    production: str
    version: str
    governs: bool
    registered_by: str
    registered_at: str
    decision: dict[str, Any]
    totals: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Touched:
    """What would be touched in one shot of one registered cut; `published` are the shot's published versions."""

    cut: str
    production: str
    version: str
    governs: bool
    shot: str
    replicas: tuple[str, ...]
    frames: int
    screen: tuple[tuple[int, int], ...]
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """What is asked about: a licence, a performer, productions, or (all None) everything."""

    licence: str | None = None
    performer: str | None = None
    productions: tuple[str, ...] | None = None


def register(
    connection: Connection, new: NewCut, uses: Iterable[UseRow], by: str, now: datetime
) -> tuple[RegisteredCut, bool]:
    """The version, and whether it is new. Raises ConflictError when its name was given to another cut."""
    same = select(cuts).where(cuts.c.production == new.production, cuts.c.version == new.version)
    row = connection.execute(same).one_or_none()
    if row is not None:
        if row.question != new.question:
            raise ConflictError(
                f"version {new.version} of {new.production} is registered, and is another cut",
                remedy="give the new cut a version of its own",
            )
        return one(connection, f"C-{row.number}"), False
    number = (connection.execute(select(func.max(cuts.c.number))).scalar() or 0) + 1
    connection.execute(
        cuts.insert().values(
            number=number,
            production=new.production,
            version=new.version,
            question=new.question,
            registered_by=by,
            registered_at=sortable(now),
            decision=json.dumps(new.decision),
            totals=json.dumps(new.totals),
        )
    )
    _add_uses(connection, number, tuple(uses))
    body = {"cut": f"C-{number}", "question": new.question, **new.decision}
    audit.append(connection, by, "cut-registered", body, now)
    return one(connection, f"C-{number}"), True


def govern(connection: Connection, identity: str, *, by: str, why: str, now: datetime) -> RegisteredCut:
    """Makes the version its production's governing cut. Raises MissingError."""
    cut = one(connection, identity)
    if cut.governs:
        return cut
    known = connection.execute(
        select(governing.c.revision).where(governing.c.production == cut.production)
    ).scalar()
    values = {"cut": number_of(identity), "by": by, "at": sortable(now), "why": why}
    if known is None:
        connection.execute(governing.insert().values(production=cut.production, revision=1, **values))
    else:
        changed = governing.update().where(governing.c.production == cut.production)
        connection.execute(changed.values(revision=known + 1, **values))
    body = {"cut": identity, "production": cut.production, "version": cut.version, "why": why}
    audit.append(connection, by, "cut-governs", body, now)
    return one(connection, identity)


def governing_version(connection: Connection, production: str) -> str | None:
    """The version that governs; None when the production has no governing cut."""
    chosen = (
        select(cuts.c.version)
        .join(governing, governing.c.cut == cuts.c.number)
        .where(governing.c.production == production)
    )
    found = connection.execute(chosen).scalar()
    return None if found is None else str(found)


def one(connection: Connection, identity: str) -> RegisteredCut:
    """The registered cut of that id, `C-3`. Raises MissingError."""
    row = connection.execute(_cuts().where(cuts.c.number == number_of(identity))).one_or_none()
    if row is None:
        raise MissingError(f"there is no registered cut {identity}")
    return _cut(row)


def listed(
    connection: Connection, production: str | None, after: int, limit: int
) -> tuple[RegisteredCut, ...]:
    """Registered cuts in the order in which they were registered."""
    chosen = _cuts().where(cuts.c.number > after).order_by(cuts.c.number).limit(limit)
    if production is not None:
        chosen = chosen.where(cuts.c.production == production)
    return tuple(map(_cut, connection.execute(chosen)))


def impact(
    connection: Connection, cause: Cause, limit: int, after: tuple[int, str] = (0, "")
) -> list[Touched]:
    """The shots of registered cuts that rest on the cause, by cut and shot, after the pair given, at most `limit`."""
    chosen = select(cut_uses.c.cut, cut_uses.c.shot).distinct()
    if cause.licence is not None:
        same = (cut_licences.c.cut == cut_uses.c.cut) & (cut_licences.c.place == cut_uses.c.place)
        chosen = chosen.join(cut_licences, same).where(cut_licences.c.licence == cause.licence)
    if cause.performer is not None:
        chosen = chosen.where(cut_uses.c.performer == cause.performer)
    if cause.productions is not None:
        chosen = chosen.join(cuts, cuts.c.number == cut_uses.c.cut)
        chosen = chosen.where(cuts.c.production.in_(cause.productions))
    cut, shot = after
    beyond = (cut_uses.c.cut > cut) | ((cut_uses.c.cut == cut) & (cut_uses.c.shot > shot))
    chosen = chosen.where(beyond).add_columns(
        cut_uses.c.place, cut_uses.c.replica, cut_uses.c.frames, cut_uses.c.screen
    )
    # Shots have few uses of one cause: rows beyond the limit are read until the shot is whole.
    rows = connection.execute(chosen.order_by(cut_uses.c.cut, cut_uses.c.shot, cut_uses.c.place))
    grouped: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        key = (row.cut, row.shot)
        if key not in grouped and len(grouped) == limit:
            break
        grouped.setdefault(key, []).append(row)
    return _touched(connection, grouped)


def publish(
    connection: Connection, production: str, shot: str, version: str, *, by: str, now: datetime
) -> None:
    """Notes that a version of a shot was published; twice is once."""
    same = select(publishes.c.number).where(
        publishes.c.production == production, publishes.c.shot == shot, publishes.c.version == version
    )
    if connection.execute(same).first() is not None:
        return
    number = (connection.execute(select(func.max(publishes.c.number))).scalar() or 0) + 1
    values = {"production": production, "shot": shot, "version": version}
    connection.execute(publishes.insert().values(number=number, by=by, at=sortable(now), **values))
    audit.append(connection, by, "published", values, now)


def number_of(identity: str) -> int:
    """The number in an id; 0, which no cut has, where it is no id."""
    digits = identity.removeprefix("C-")
    fits = digits != identity and digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if fits else 0


def _add_uses(connection: Connection, number: int, uses: tuple[UseRow, ...]) -> None:
    rows = [
        {
            "cut": number,
            "place": place,
            "shot": use.shot,
            "replica": use.replica,
            "performer": use.performer,
            "outcome": use.outcome,
            "frames": use.frames,
            "screen": json.dumps(use.screen),
        }
        for place, use in enumerate(uses)
    ]
    resting = [
        {"licence": licence, "cut": number, "place": place}
        for place, use in enumerate(uses)
        for licence in use.licences
    ]
    if rows:
        connection.execute(cut_uses.insert(), rows)
    if resting:
        connection.execute(cut_licences.insert(), resting)


def _touched(connection: Connection, grouped: dict[tuple[int, str], list[Any]]) -> list[Touched]:
    known = {number: one(connection, f"C-{number}") for number in sorted({number for number, _ in grouped})}
    productions = {cut.production for cut in known.values()}
    out: dict[tuple[str, str], list[str]] = {}
    chosen = select(publishes).where(publishes.c.production.in_(productions)).order_by(publishes.c.number)
    for row in connection.execute(chosen):
        out.setdefault((row.production, row.shot), []).append(row.version)
    return [
        Touched(
            cut=known[number].id,
            production=known[number].production,
            version=known[number].version,
            governs=known[number].governs,
            shot=shot,
            replicas=tuple(sorted({row.replica for row in rows})),
            frames=sum(end - first for first, end in _union(rows)),
            screen=_union(rows),
            published=tuple(out.get((known[number].production, shot), ())),
        )
        for (number, shot), rows in grouped.items()
    ]


def _union(rows: list[Any]) -> tuple[tuple[int, int], ...]:
    """The union of the rows' ranges: two replicas on screen together count once."""
    merged: list[tuple[int, int]] = []
    for first, end in sorted((first, end) for row in rows for first, end in json.loads(row.screen)):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return tuple(merged)


def _cuts() -> Any:
    return select(cuts, governing.c.cut.label("governs")).outerjoin(
        governing, governing.c.cut == cuts.c.number
    )


def _cut(row: Any) -> RegisteredCut:
    return RegisteredCut(
        f"C-{row.number}",
        row.production,
        row.version,
        row.governs is not None,
        row.registered_by,
        row.registered_at,
        json.loads(row.decision),
        json.loads(row.totals),
    )
