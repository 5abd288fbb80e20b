"""Published versions of shots, as the gate noted them: from which cut, and what they rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from clearcut.core.registered import NotedPublish, Publish, PublishedUse
from clearcut.store import audit
from clearcut.store.causes import Cause, Recorded, resting_on, uses_digests
from clearcut.store.documents import canonical
from clearcut.store.numbers import next_number
from clearcut.store.schema import publish_licences, publish_uses, publishes
from clearcut.store.times import sortable

RECORDED = Recorded(publish_uses, publish_licences, publishes, "publish")
# Within what every database takes as parameters of one statement.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which publishes a list holds: None means any. `after` is the number of the last one already seen."""

    production: str | None = None
    shot: str | None = None
    cause: Cause | None = None
    after: int = 0
    limit: int = 200


def note(
    connection: Connection, new: Publish, performers: Mapping[str, str], by: str, now: datetime
) -> tuple[NotedPublish, bool]:
    """Notes a publish, and says whether it is new; twice is once. `performers` by replica, where it is known."""
    said = hashlib.sha256(canonical(asdict(new)).encode()).hexdigest()
    known = connection.execute(
        select(publishes.c.number).where(
            publishes.c.production == new.production, publishes.c.shot == new.shot, publishes.c.said == said
        )
    ).scalar()
    if known is not None:
        return _noted(connection, [known])[0], False
    number = next_number(connection, publishes)
    connection.execute(
        publishes.insert().values(
            number=number,
            production=new.production,
            shot=new.shot,
            version=new.version or "",
            by=by,
            at=sortable(now),
            cut=new.cut,
            said=said,
        )
    )
    told = _add_uses(connection, number, new.uses, performers)
    body = {"publish": f"B-{number}", **asdict(new), "said": said, **told}
    audit.append(connection, by, "published", body, now)
    return _noted(connection, [number])[0], True


def listed(connection: Connection, wanted: Wanted) -> tuple[NotedPublish, ...]:
    """Publishes in the order in which they were noted, at most `wanted.limit`."""
    chosen = select(publishes.c.number).where(publishes.c.number > wanted.after)
    if wanted.production is not None:
        chosen = chosen.where(publishes.c.production == wanted.production)
    if wanted.shot is not None:
        chosen = chosen.where(publishes.c.shot == wanted.shot)
    if wanted.cause is not None:
        resting = resting_on(wanted.cause, RECORDED).subquery()
        chosen = chosen.where(publishes.c.number.in_(select(resting.c.publish)))
    numbers = connection.execute(chosen.order_by(publishes.c.number).limit(wanted.limit)).scalars()
    return _noted(connection, list(numbers))


def versions_of(connection: Connection, shots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
    """The rows of all publishes of these productions' shots, by production and shot, in order."""
    wanted = sorted(set(shots))
    found: dict[tuple[str, str], list[Any]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = set(wanted[start : start + _AT_ONCE])
        chosen = select(publishes).where(
            publishes.c.production.in_({production for production, _ in some}),
            publishes.c.shot.in_({shot for _, shot in some}),
        )
        for row in connection.execute(chosen.order_by(publishes.c.number)):
            if (row.production, row.shot) in some:
                found.setdefault((row.production, row.shot), []).append(row)
    return found


def _add_uses(
    connection: Connection, number: int, uses: tuple[PublishedUse, ...], performers: Mapping[str, str]
) -> dict[str, str]:
    """Adds them, and gives what the record is to tell of them."""
    rows = [
        {
            "publish": number,
            "place": place,
            "replica": use.replica,
            "performer": performers.get(use.replica, ""),
            "frames": use.frames,
        }
        for place, use in enumerate(uses)
    ]
    resting = [
        {"licence": licence, "publish": number, "place": place}
        for place, use in enumerate(uses)
        for licence in dict.fromkeys(use.licences)
    ]
    if rows:
        connection.execute(publish_uses.insert(), rows)
    if resting:
        connection.execute(publish_licences.insert(), resting)
    return uses_digests(rows, resting)


def _noted(connection: Connection, numbers: list[int]) -> tuple[NotedPublish, ...]:
    """The publishes of these numbers, at most as many as a page holds."""
    rows: list[Any] = []
    uses: dict[int, list[Any]] = {}
    licences: dict[tuple[int, int], list[str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows += connection.execute(
            select(publishes).where(publishes.c.number.in_(some)).order_by(publishes.c.number)
        )
        used = select(publish_uses).where(publish_uses.c.publish.in_(some)).order_by(publish_uses.c.place)
        for use in connection.execute(used):
            uses.setdefault(use.publish, []).append(use)
        resting = select(publish_licences).where(publish_licences.c.publish.in_(some))
        for one in connection.execute(resting.order_by(publish_licences.c.licence)):
            licences.setdefault((one.publish, one.place), []).append(one.licence)
    return tuple(_publish(row, uses.get(row.number, []), licences) for row in rows)


def _publish(row: Any, uses: list[Any], licences: Mapping[tuple[int, int], list[str]]) -> NotedPublish:
    return NotedPublish(
        f"B-{row.number}",
        row.production,
        row.shot,
        row.version or None,
        row.cut,
        tuple(
            PublishedUse(use.replica, use.frames, tuple(licences.get((use.publish, use.place), ())))
            for use in uses
        ),
        tuple(sorted({use.performer for use in uses if use.performer})),
        row.by,
        row.at,
    )
