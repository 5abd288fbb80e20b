"""What a registry file would take back if it became the registry: revocations, suspensions, rejections.

A file is a copy of some earlier moment, edited by somebody who may not know what happened since. What only grants
or only forbids is theirs to write; what turns a decision against the performer's replica into something better
needs somebody who has seen that decision.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from clearcut.core.sheet import parse_moment

RecordKey = tuple[str, str]
Json = Mapping[str, Any]

# Worst first: what is not here (draft, active) is no decision against anybody.
_AGAINST = ("revoked", "suspended", "superseded")
# Kinds of which a record that comes back may clear a use: it was taken out for some reason.
_GRANTING = frozenset({"licences", "approvals", "exemptions", "waivers", "not_replicas"})


def taken_back(
    known: Mapping[RecordKey, str | None],
    wanted: Mapping[RecordKey, str],
    now: datetime,
    singly: Collection[RecordKey] = (),
) -> list[tuple[RecordKey, str]]:
    """Each stored record, by kind and key, that the wanted ones would take back, and how, in words.

    Values are the records' JSON texts; None in `known` is a record that was taken out. `singly` are those that were
    last changed by themselves and not by a file: no file knows of that change unless it was exported after it.
    """
    rejections = {_about(json.loads(wanted[name])) for name in wanted if _is_rejection(name, wanted[name])}
    found: list[tuple[RecordKey, str]] = []
    for name, body in known.items():
        text = wanted.get(name)
        if body == text or (body is None and text is None):
            continue
        if name in singly:
            record = json.loads(body or text or "{}")
            found.append(
                (name, f"{_called(name, record)}: it was changed by itself, and the file undoes that")
            )
            continue
        after: Any = None if text is None else json.loads(text)
        if body is None:
            if name[0] in _GRANTING and not _is_rejection(name, text or ""):
                found.append((name, f"{_called(name, after)}: it was taken out, and the file brings it back"))
            continue
        before: Json = json.loads(body)
        found.extend(
            (name, f"{_called(name, before)}: {said}")
            for said in _losses(name[0], before, after, rejections, now)
        )
    return found


def _losses(
    kind: str, before: Json, after: Json | None, rejections: set[tuple[Any, ...]], now: datetime
) -> Iterator[str]:
    if kind == "licences":
        yield from _licence(before, after)
    elif kind == "suspensions":
        yield from _suspension(before, after, now)
    elif kind == "approvals" and before["decision"] == "rejected" and _about(before) not in rejections:
        yield "it was rejected, and the file leaves the rejection out"


def _licence(before: Json, after: Json | None) -> Iterator[str]:
    status = before["status"]
    if after is None:
        if status in _AGAINST:
            yield f"it is {status}, and the file leaves it out"
        return
    stored, offered = before["revision"], after["revision"]
    if offered < stored:
        yield f"revision {stored} is stored, and the file has revision {offered}"
    elif offered == stored:
        if _standing(after["status"]) > _standing(status):
            yield f"it is {status}, and the file makes it {after['status']} under the same revision {stored}"
        gone = sorted(set(before["forbidden_depictions"]) - set(after["forbidden_depictions"]))
        if gone:
            yield f"it forbids {', '.join(gone)}, and the file does not, under the same revision {stored}"


def _standing(status: str) -> int:
    return _AGAINST.index(status) if status in _AGAINST else len(_AGAINST)


def _suspension(before: Json, after: Json | None, now: datetime) -> Iterator[str]:
    if before["until"] is not None and parse_moment(before["until"]) <= now:
        return  # it is over
    if after is None:
        yield "it is in force or to come, and the file leaves it out"
        return
    if before["scope"] != after["scope"] and after["scope"]["kind"] != "global":
        yield "the file suspends something else"
    if parse_moment(after["from"]) > parse_moment(before["from"]):
        yield f"it holds from {before['from']}, and in the file from {after['from']}"
    if after["until"] is not None and (
        before["until"] is None or parse_moment(after["until"]) < parse_moment(before["until"])
    ):
        yield f"it holds until {before['until'] or 'it is lifted'}, and in the file until {after['until']}"


def _is_rejection(name: RecordKey, body: str) -> bool:
    return name[0] == "approvals" and json.loads(body)["decision"] == "rejected"


def _about(approval: Json) -> tuple[Any, ...]:
    frames = approval["source_range"]
    return (
        approval["licence"],
        approval["shot"],
        approval["version"],
        None if frames is None else tuple(frames),
    )


def _called(name: RecordKey, record: Json) -> str:
    kind, key = name
    if kind == "approvals":
        return f"approvals[{record['licence']}, {record['shot']}]"
    return f"{kind}[{key if 'id' in record else key[:12]}]"
