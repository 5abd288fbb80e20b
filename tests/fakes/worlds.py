"""Small registries as a user would write them, to be bent by tests: plain JSON documents, and requests about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from fractions import Fraction
from typing import Any

from clearcut.core.evaluate import evaluate
from clearcut.core.packs import RulePack
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration, ReplicaUse

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
Doc = dict[str, Any]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> Doc:
    """`base` with `changes`, objects merged key by key."""
    out = copy.deepcopy(dict(base))
    for key, value in changes.items():
        out[key] = (
            merged(out[key], value) if isinstance(value, dict) and isinstance(out.get(key), dict) else value
        )
    return out


def performer(n: int = 1, **changes: Any) -> Doc:
    base = {"id": f"perf-p{n}", "name": f"Sample {n}", "pseudonym": f"P{n}", "born": "1980-02-01", "died": None,
            "identifiers": []}  # fmt: skip
    return merged(base, changes)


def authority(n: int = 1, **changes: Any) -> Doc:
    base = {"id": f"auth-p{n}", "performer": f"perf-p{n}", "kind": "self", "party": f"P{n}", "valid_from": None,
            "valid_until": None, "verified": True}  # fmt: skip
    return merged(base, changes)


def replica(n: int = 1, **changes: Any) -> Doc:
    base = {
        "id": f"rpl-p{n}", "performer": f"perf-p{n}", "category": "employment_based", "technique": "cg_double",
        "captured_on": "2026-01-20", "modalities": ["face", "body"], "capture_source": "scan_session",
        "default_use": {"uses": ["stunt"], "alterations": [], "depictions": []}, "identifiers": [],
        "trained_for": None,
    }  # fmt: skip
    return merged(base, changes)


def production(name: str = "HELIOS", **changes: Any) -> Doc:
    base = {
        "id": name, "title": name.title(), "principal_photography_start": "2026-03-01",
        "agreement": "sag-aftra-tv-theatrical-2023",
        "delivery": {"media": ["theatrical", "svod"], "territories": ["WORLD"], "languages": ["en"],
                     "release_from": "2027-05-01", "release_until": "2028-05-01", "disclosure": ["end_credit"]},
    }  # fmt: skip
    return merged(base, changes)


def licence(n: int = 1, **changes: Any) -> Doc:
    base = {
        "id": f"L-{n}", "revision": 1, "status": "active", "status_at": "2026-01-15T00:00:00Z",
        "performer": f"perf-p{n}", "replicas": [f"rpl-p{n}"], "authority": f"auth-p{n}", "licensees": ["*"],
        "scope": {"productions": ["HELIOS"], "episodes": ["*"], "sequences": ["*"], "shots": ["*"],
                  "characters": ["*"], "uses": ["stunt"], "alterations": [], "modalities": ["*"],
                  "media": ["theatrical", "svod"], "territories": ["WORLD"], "languages": ["*"]},
        "forbidden_depictions": [], "valid_from": "2026-01-15T00:00:00Z", "valid_until": "2028-12-31T23:59:59Z",
        "max_screen_time_s": None, "max_shots": None, "approval": "none", "training": "none",
        "consent": {"description": "stunt double", "signed_at": "2026-01-12T00:00:00Z",
                    "notice_at": "2026-01-05T00:00:00Z", "represented_by": "none", "survives_death": False},
        "compensation": {"basis": "session", "status": "paid", "due": None}, "evidence": [],
    }  # fmt: skip
    return merged(base, changes)


def world(**sections: Iterable[Doc]) -> Doc:
    """P1 with one licence for HELIOS, unless the sections say otherwise."""
    base = {
        "schema": "clearcut.registry/1", "performers": [performer()], "authorities": [authority()],
        "replicas": [replica()], "assets": [], "not_replicas": [], "productions": [production()],
        "licences": [licence()], "approvals": [], "exemptions": [], "suspensions": [], "waivers": [],
    }  # fmt: skip
    return {**base, **{name: list(rows) for name, rows in sections.items()}}


def suspension(kind: str, value: str | None, **changes: Any) -> Doc:
    base = {"id": "S-1", "scope": {"kind": kind, "value": value}, "reason": "strike", "from": "2026-11-01T00:00:00Z",
            "until": None}  # fmt: skip
    return merged(base, changes)


def waiver(*codes: str, **changes: Any) -> Doc:
    base = {"id": "W-1", "codes": list(codes), "production": "HELIOS", "shots": ["*"], "by": "A. Producer",
            "role": "legal", "approved_by": "B. Counsel", "reason": "agreed on the phone",
            "until": "2027-01-01T00:00:00Z"}  # fmt: skip
    return merged(base, changes)


def exemption(basis: str = "unrecognisable", **changes: Any) -> Doc:
    base = {"id": "X-1", "basis": basis, "production": "HELIOS", "shots": ["*"], "replica": "rpl-p1",
            "claimant": "C. Supervisor", "role": "producer",
            "evidence": [{"uri": "still.png", "sha256": "0" * 64}], "expires": None}  # fmt: skip
    return merged(base, changes)


def approval(**changes: Any) -> Doc:
    base = {"licence": "L-1", "shot": "HEL_020_0100", "version": None, "source_range": None, "decision": "approved",
            "by": "Agent", "at": "2026-11-01T00:00:00Z", "note": ""}  # fmt: skip
    return merged(base, changes)


def use(shot: str = "HEL_020_0100", first: int = 0, frames: int = 24, **changes: Any) -> ReplicaUse:
    """One use; `first` and `frames` place it on screen. Declaration fields may be given among the changes."""
    declared = {key: changes.pop(key) for key in Declaration.__slots__ if key in changes}
    place = (FrameRange(first, first + frames),) if frames else ()
    values: dict[str, Any] = {
        "id": f"{shot}@{first}", "shot": shot, "replica": "rpl-p1", "declared": Declaration(**declared),
        "screen": place, "record": place, "source": (FrameRange(1001, 1001 + max(frames, 1)),), "source_known": True,
        "evidence": (), "version": "v004", "sequence": None, "episode": None,
    }  # fmt: skip
    return ReplicaUse(**{**values, **changes})


def ask(
    doc: Doc,
    uses: Iterable[ReplicaUse],
    *,
    now: datetime | str = NOW,
    rate: str = "24",
    packs: tuple[RulePack, ...] = (),
    **changes: Any,
) -> CheckAnswer:
    """Writes the registry as JSON, reads it as a user's file is read, and evaluates."""
    values: dict[str, Any] = {
        "production": "HELIOS", "cut_version": "v041", "timebase": Timebase(Fraction(rate)), "uses": tuple(uses),
        "whole_cut": True, "facility": None, "policy": Policy(), "recognition": "",
    }  # fmt: skip
    registry = parse_registry(json.dumps(doc))
    when = moment(now) if isinstance(now, str) else now
    return evaluate(CheckRequest(**{**values, **changes}), registry, packs, when)


def codes(answer: CheckAnswer, index: int = 0) -> list[str]:
    """The codes of one decision, in the order in which they are told."""
    return [reason.code for reason in answer.decisions[index].reasons]
