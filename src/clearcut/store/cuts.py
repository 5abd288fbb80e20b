"""Registered versions of cuts: what each uses, which one governs, what a change of a licence would touch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clearcut.core.codec import to_plain
from clearcut.core.registered import Charged, PublishedVersion, RegisteredCut, Touched
from clearcut.core.timing import FrameRange
from clearcut.errors import ConflictError, MissingError
from clearcut.store import audit, publishes
from clearcut.store.causes import Cause, Recorded, resting_on, uses_digests
from clearcut.store.documents import texts_digest
from clearcut.store.numbers import next_number, number_of
from clearcut.store.schema import cut_licences, cut_uses, cuts, governing
from clearcut.store.times import sortable

LETTER = "C"
RECORDED = Recorded(cut_uses, cut_licences, cuts, "cut")


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
    totals: tuple[Charged, ...]


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
    number = next_number(connection, cuts)
    decision, totals = json.dumps(new.decision), json.dumps([to_plain(one) for one in new.totals])
    connection.execute(
        cuts.insert().values(
            number=number,
            production=new.production,
            version=new.version,
            question=new.question,
            registered_by=by,
            registered_at=sortable(now),
            decision=decision,
            totals=totals,
        )
    )
    told = _add_uses(connection, number, tuple(uses))
    # Beside the decision's own words, in which `cut` is the version.
    kept = texts_digest(decision, totals)
    body = {**new.decision, "question": new.question, "kept": kept, **told}
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
    values = {"cut": number_of(identity, LETTER), "by": by, "at": sortable(now), "why": why}
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
    row = connection.execute(_cuts().where(cuts.c.number == number_of(identity, LETTER))).one_or_none()
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
    cut, shot = after
    beyond = (cut_uses.c.cut > cut) | ((cut_uses.c.cut == cut) & (cut_uses.c.shot > shot))
    columns = (cut_uses.c.shot, cut_uses.c.replica, cut_uses.c.frames, cut_uses.c.screen)
    chosen = resting_on(cause, RECORDED, *columns).where(beyond)
    # Shots have few uses of one cause: rows beyond the limit are read until the shot is whole.
    rows = connection.execute(chosen.order_by(cut_uses.c.cut, cut_uses.c.shot, cut_uses.c.place))
    grouped: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        key = (row.cut, row.shot)
        if key not in grouped and len(grouped) == limit:
            break
        grouped.setdefault(key, []).append(row)
    return _touched(connection, grouped)


def _add_uses(connection: Connection, number: int, uses: tuple[UseRow, ...]) -> dict[str, str]:
    """Adds them, and gives what the record is to tell of them."""
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
    return uses_digests(rows, resting)


def _touched(connection: Connection, grouped: dict[tuple[int, str], list[Any]]) -> list[Touched]:
    known = {number: one(connection, f"C-{number}") for number in sorted({number for number, _ in grouped})}
    out = publishes.versions_of(connection, ((known[number].production, shot) for number, shot in grouped))
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
            published=tuple(
                PublishedVersion(f"B-{row.number}", row.version or None, row.cut, row.at)
                for row in out.get((known[number].production, shot), ())
            ),
        )
        for (number, shot), rows in grouped.items()
    ]


def _union(rows: list[Any]) -> tuple[FrameRange, ...]:
    """The union of the rows' ranges: two replicas on screen together count once."""
    merged: list[FrameRange] = []
    for first, end in sorted((first, end) for row in rows for first, end in json.loads(row.screen)):
        if merged and first <= merged[-1].end:
            merged[-1] = FrameRange(merged[-1].first, max(end, merged[-1].end))
        else:
            merged.append(FrameRange(first, end))
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
        tuple(Charged(**one) for one in json.loads(row.totals)),
    )
