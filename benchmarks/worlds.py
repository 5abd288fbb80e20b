"""Cuts and registries of any size for the benchmarks: made up, and the same every time.

A cut's clips carry what real ones do (a path, a range, some metadata); one clip in ten shows a replica.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_RATE = 24.0


def write_cut(path: Path, clips: int, *, replicas: int = 5000, seed: int = 7, mixed: bool = False) -> Path:
    """An .otio of `clips` clips on one picture track, written as OpenTimelineIO writes it (indented).

    A mixed one has a dissolve after every 50 clips, a retime on one in 20, a marker on one in 10, and metadata of
    eight shapes.
    """
    rng = random.Random(seed)
    children = [_clip(index, rng, replicas) for index in range(clips)]
    if mixed:
        children = list(_mixed(children, rng))
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {"clearcut": {"production": "HELIOS", "version": "v001"}},
        "name": f"bench_{clips}",
        "global_start_time": _time(86400),
        "tracks": {
            "OTIO_SCHEMA": "Stack.1",
            "metadata": {},
            "name": "tracks",
            "source_range": None,
            "effects": [],
            "markers": [],
            "enabled": True,
            "children": [
                {
                    "OTIO_SCHEMA": "Track.1",
                    "metadata": {},
                    "name": "V1",
                    "source_range": None,
                    "effects": [],
                    "markers": [],
                    "enabled": True,
                    "children": children,
                    "kind": "Video",
                }
            ],
        },
    }
    path.write_text(json.dumps(timeline, indent=4), encoding="utf-8")
    return path


def _clip(index: int, rng: random.Random, replicas: int) -> dict[str, Any]:
    shot = f"HEL_{index // 100:04d}_{index % 100 * 10:04d}"
    folder = f"char/p{rng.randrange(replicas)}_digidouble" if index % 10 == 0 else "plate"
    return {
        "OTIO_SCHEMA": "Clip.2",
        "metadata": {
            "cmx_3600": {"reel": f"A{index % 999:03d}"},
            "studio": {"task": "comp", "status": "wip"},
        },
        "name": shot,
        "source_range": _range(1001, rng.randrange(24, 240)),
        "effects": [],
        "markers": [],
        "enabled": True,
        "media_references": {
            "DEFAULT_MEDIA": {
                "OTIO_SCHEMA": "ExternalReference.1",
                "metadata": {},
                "name": "",
                "available_range": _range(1001, 400),
                "available_image_bounds": None,
                "target_url": f"/jobs/helios/shots/{shot.lower()}/{folder}/{shot.lower()}.%04d.exr",
            }
        },
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _mixed(clips: list[dict[str, Any]], rng: random.Random) -> Iterator[dict[str, Any]]:
    for index, clip in enumerate(clips):
        shape = rng.randrange(8)
        for bit, key in enumerate(("lens", "grade", "notes")):
            if shape >> bit & 1:
                clip["metadata"]["studio"][key] = {"id": rng.randrange(1000), "text": f"{key} {index % 77}"}
        if index % 10 == 3:
            marker = {
                "name": f"note {index}",
                "color": "RED",
                "metadata": {},
                "marked_range": _range(1001, 1),
            }
            clip["markers"] = [{"OTIO_SCHEMA": "Marker.2", **marker}]
        if index % 20 == 7:
            warp = {"metadata": {}, "name": "", "effect_name": "LinearTimeWarp", "time_scalar": 2.0}
            clip["effects"] = [{"OTIO_SCHEMA": "LinearTimeWarp.1", **warp}]
        yield clip
        if index % 50 == 49:
            dissolve = {"metadata": {}, "name": "", "in_offset": _time(6), "out_offset": _time(6)}
            yield {"OTIO_SCHEMA": "Transition.1", **dissolve, "transition_type": "SMPTE_Dissolve"}


def _time(value: int) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": _RATE, "value": float(value)}


def _range(start: int, duration: int) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start), "duration": _time(duration)}


_ALL = ["*"]


def registry(replicas: int, licences: int) -> dict[str, Any]:
    """A registry in which replica N is found under `*/char/pN_digidouble/*`; licences go round the replicas."""
    people = range(replicas)
    return {
        "schema": "clearcut.registry/1",
        "performers": [
            {
                "id": f"perf-{n}",
                "name": f"N{n} Sample",
                "pseudonym": f"P{n}",
                "born": "1980-02-01",
                "died": None,
                "identifiers": [],
            }
            for n in people
        ],
        "authorities": [
            {
                "id": f"auth-{n}",
                "performer": f"perf-{n}",
                "kind": "self",
                "party": f"P{n}",
                "valid_from": "2020-01-01",
                "valid_until": None,
                "verified": True,
            }
            for n in people
        ],
        "replicas": [
            {
                "id": f"rpl-{n}",
                "performer": f"perf-{n}",
                "category": "employment_based",
                "technique": "cg_double",
                "captured_on": "2026-02-01",
                "modalities": ["face", "body"],
                "capture_source": "scan_session",
                "default_use": {"uses": ["stunt"], "alterations": [], "depictions": []},
                "identifiers": [],
                "trained_for": None,
            }
            for n in people
        ],
        "assets": [
            {"replica": f"rpl-{n}", "kind": "asset", "match": {"path": f"*/char/p{n}_digidouble/*"}}
            for n in people
        ],
        "not_replicas": [],
        "productions": [
            {
                "id": "HELIOS",
                "title": "Helios",
                "principal_photography_start": "2026-03-01",
                "agreement": "sag-aftra-tv-theatrical-2023",
                "delivery": {
                    "media": ["theatrical", "svod"],
                    "territories": ["WORLD"],
                    "languages": ["en"],
                    "release_from": "2027-05-01",
                    "release_until": "2028-05-01",
                    "disclosure": ["end_credit"],
                },
            }
        ],
        "licences": [_licence(n, n % replicas) for n in range(licences)],
        "approvals": [],
        "exemptions": [],
        "suspensions": [],
        "waivers": [],
    }


def _licence(number: int, person: int) -> dict[str, Any]:
    return {
        "id": f"L-{number}",
        "revision": 1,
        "status": "active",
        "status_at": "2026-01-15T00:00:00Z",
        "performer": f"perf-{person}",
        "replicas": [f"rpl-{person}"],
        "authority": f"auth-{person}",
        "licensees": _ALL,
        "scope": {
            "productions": ["HELIOS"],
            "episodes": _ALL,
            "sequences": _ALL,
            "shots": _ALL,
            "characters": _ALL,
            "uses": ["stunt"],
            "alterations": [],
            "modalities": _ALL,
            "media": _ALL,
            "territories": ["WORLD"],
            "languages": _ALL,
        },
        "forbidden_depictions": [],
        "valid_from": "2026-01-15T00:00:00Z",
        "valid_until": "2028-12-31T23:59:59Z",
        "max_screen_time_s": None,
        "max_shots": None,
        "approval": "none",
        "training": "none",
        "consent": {
            "description": "stunt work",
            "signed_at": "2026-01-14T10:00:00Z",
            "notice_at": "2026-01-10T10:00:00Z",
            "represented_by": "union",
            "survives_death": False,
        },
        "compensation": {"basis": "production_days", "status": "paid", "due": None},
        "evidence": [],
    }


def write_registry(path: Path, replicas: int, licences: int) -> Path:
    """The registry of `registry()` as a file."""
    path.write_text(json.dumps(registry(replicas, licences)), encoding="utf-8")
    return path
