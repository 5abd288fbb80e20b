"""Writes the shipped show, `src/clearcut/shipped/helios`: two versions of a cut and the registry behind it.

The show is made up, and so is everyone in it. `test_show.py` holds the committed files to what this writes.
Run it from the top of the repository: `python tests/shipped/make_show.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "src" / "clearcut" / "shipped" / "helios"
RATE = 24.0


def time(value: int) -> dict:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": RATE, "value": float(value)}


def span(start: int, duration: int) -> dict:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(duration)}


def media(path: str, frames: int) -> dict:
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "metadata": {},
        "name": "",
        "available_range": span(1001, frames),
        "available_image_bounds": None,
        "target_url": path,
    }


def declare(shot: str, *replicas: dict, version: str = "v004") -> dict:
    return {"clearcut": {"shot": shot, "version": version, "replicas": list(replicas)}}


def clip(
    name: str,
    duration: int,
    path: str,
    *,
    start: int = 1009,
    metadata: dict | None = None,
    speed: float | None = None,
) -> dict:
    effects = []
    if speed is not None:
        effects.append(
            {
                "OTIO_SCHEMA": "LinearTimeWarp.1",
                "metadata": {},
                "name": "speed",
                "effect_name": "LinearTimeWarp",
                "time_scalar": speed,
            }
        )
    return {
        "OTIO_SCHEMA": "Clip.2",
        "metadata": metadata or {},
        "name": name,
        "source_range": span(start, duration),
        "effects": effects,
        "markers": [],
        "enabled": True,
        "media_references": {"DEFAULT_MEDIA": media(path, 1000)},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def gap(duration: int) -> dict:
    return {
        "OTIO_SCHEMA": "Gap.1",
        "metadata": {},
        "name": "",
        "source_range": span(0, duration),
        "effects": [],
        "markers": [],
        "enabled": True,
    }


def dissolve(before: int, after: int) -> dict:
    return {
        "OTIO_SCHEMA": "Transition.1",
        "metadata": {},
        "name": "dissolve",
        "transition_type": "SMPTE_Dissolve",
        "in_offset": time(before),
        "out_offset": time(after),
    }


def track(name: str, kind: str, children: list[dict], source_range: dict | None = None) -> dict:
    return {
        "OTIO_SCHEMA": "Track.1",
        "metadata": {},
        "name": name,
        "source_range": source_range,
        "effects": [],
        "markers": [],
        "enabled": True,
        "children": children,
        "kind": kind,
    }


def stack(
    name: str, children: list[dict], source_range: dict | None = None, metadata: dict | None = None
) -> dict:
    return {
        "OTIO_SCHEMA": "Stack.1",
        "metadata": metadata or {},
        "name": name,
        "source_range": source_range,
        "effects": [],
        "markers": [],
        "enabled": True,
        "children": children,
    }


def plate(shot: str) -> str:
    return f"/jobs/helios/shots/{shot.lower()}/plate/{shot.lower()}_plate.%04d.exr"


def comp(shot: str) -> str:
    return f"/jobs/helios/shots/{shot.lower()}/comp/{shot.lower()}_comp_v004.%04d.exr"


def character(folder: str, shot: str) -> str:
    return f"/jobs/helios/char/{folder}/render/{shot.lower()}_beauty.%04d.exr"


def picture(trim: int) -> list[dict]:
    """The picture track; `trim` frames are added to the tail of HEL_020_0040."""
    return [
        clip("HEL_010_0010", 72, plate("HEL_010_0010")),
        clip(
            "HEL_010_0020", 120, character("p1_digidouble", "HEL_010_0020"), metadata=declare("HEL_010_0020")
        ),
        # A retime: 96 frames on screen show 192 frames of the double's render.
        clip(
            "HEL_010_0030",
            96,
            character("p1_digidouble", "HEL_010_0030"),
            metadata=declare("HEL_010_0030"),
            speed=2.0,
        ),
        clip(
            "HEL_010_0040",
            108,
            comp("HEL_010_0040"),
            metadata=declare(
                "HEL_010_0040",
                {
                    "replica": "rpl-p2-face",
                    "uses": ["principal"],
                    "alterations": ["de_age"],
                    "modalities": ["face"],
                },
            ),
        ),
        clip("HEL_010_0050", 84, "/jobs/helios/crowd/stadium_tiles/hel_010_0050.%04d.exr"),
        clip("HEL_010_0060", 60, plate("HEL_010_0060")),
        clip("HEL_020_0010", 96, plate("HEL_020_0010")),
        # The two sides of a dissolve are on screen together for 16 frames.
        dissolve(8, 8),
        clip("HEL_020_0020", 112, character("p3_digidouble", "HEL_020_0020"), start=1017),
        # A nested stack of 100 frames of which 40 are seen.
        stack(
            "HEL_020_0030",
            [
                track(
                    "layers",
                    "Video",
                    [
                        clip(
                            "HEL_020_0030_double",
                            100,
                            character("p3_digidouble", "HEL_020_0030"),
                            metadata=declare("HEL_020_0030"),
                        )
                    ],
                )
            ],
            source_range=span(30, 40),
        ),
        clip("HEL_020_0040", 192 + trim, character("p3_digidouble", "HEL_020_0040")),
        clip("HEL_020_0050", 120, character("p3_digidouble", "HEL_020_0050")),
        clip("HEL_020_0060", 72, plate("HEL_020_0060")),
    ]


def sound() -> list[dict]:
    """The dialogue track: the French voice replica speaks under HEL_010_0060."""
    return [
        gap(480),
        clip(
            "HEL_010_0060_dx_fr",
            60,
            "/jobs/helios/sound/p5_voice/hel_010_0060_fr.wav",
            metadata=declare(
                "HEL_010_0060",
                {"replica": "rpl-p5-voice", "uses": ["dub"], "modalities": ["voice"], "language": "fr-FR"},
            ),
        ),
    ]


def timeline(version: str, trim: int) -> dict:
    return {
        "OTIO_SCHEMA": "Timeline.1",
        "metadata": {"clearcut": {"production": "HELIOS", "version": version}},
        "name": f"helios_{version}",
        "global_start_time": time(86400),
        "tracks": stack("tracks", [track("V1", "Video", picture(trim)), track("DX", "Audio", sound())]),
    }


ALL = ["*"]


def licence(
    number: str,
    performer: str,
    replicas: list[str],
    uses: list[str],
    alterations: list[str],
    **changes: object,
) -> dict:
    record: dict = {
        "id": f"L-{number}",
        "revision": 1,
        "status": "active",
        "status_at": "2026-01-15T00:00:00Z",
        "performer": performer,
        "replicas": replicas,
        "authority": f"auth-{performer.removeprefix('perf-')}",
        "licensees": ALL,
        "scope": {
            "productions": ["HELIOS"],
            "episodes": ALL,
            "sequences": ALL,
            "shots": ALL,
            "characters": ALL,
            "uses": uses,
            "alterations": alterations,
            "modalities": ALL,
            "media": ["theatrical", "svod"],
            "territories": ["WORLD"],
            "languages": ALL,
        },
        "forbidden_depictions": ["nudity", "simulated_sex"],
        "valid_from": "2026-01-15T00:00:00Z",
        "valid_until": "2028-12-31T23:59:59Z",
        "max_screen_time_s": None,
        "max_shots": None,
        "approval": "none",
        "training": "none",
        "consent": {
            "description": "the stunt and crowd work described in schedule A of the made-up agreement",
            "signed_at": "2026-01-14T10:00:00Z",
            "notice_at": "2026-01-10T10:00:00Z",
            "represented_by": "union",
            "survives_death": False,
        },
        "compensation": {"basis": "production_days", "status": "paid", "due": "2026-03-31"},
        "evidence": [{"uri": f"vault:helios/L-{number}.pdf", "sha256": "0" * 63 + number[-1]}],
    }
    record.update(changes)
    return record


def replica(
    identity: str, performer: str, category: str, technique: str, modalities: list[str], use: str
) -> dict:
    return {
        "id": identity,
        "performer": performer,
        "category": category,
        "technique": technique,
        "captured_on": "2026-02-02",
        "modalities": modalities,
        "capture_source": "scan_session",
        "default_use": {"uses": [use], "alterations": [], "depictions": []},
        "identifiers": [],
        "trained_for": None,
    }


def registry() -> dict:
    people = {"p1": 1985, "p2": 1961, "p3": 1990, "p5": 1978, "b1": 1992, "b2": 1995, "b3": 2001}
    replicas = [
        replica("rpl-p1-body", "perf-p1", "employment_based", "cg_double", ["face", "body"], "stunt"),
        replica("rpl-p2-face", "perf-p2", "digital_alteration", "ml_face", ["face"], "principal"),
        replica("rpl-p3-body", "perf-p3", "employment_based", "cg_double", ["face", "body"], "stunt"),
        replica("rpl-p5-voice", "perf-p5", "independently_created", "voice_clone", ["voice"], "dub"),
        *(
            replica(f"rpl-{b}-tile", f"perf-{b}", "background", "crowd_tile", ["body"], "background")
            for b in ("b1", "b2", "b3")
        ),
    ]
    replicas[1]["capture_source"] = "onset_photography"
    replicas[3]["capture_source"] = "trained_model"
    replicas[3]["trained_for"] = "HELIOS"
    crowd = [licence(f"B{n}", f"perf-b{n}", [f"rpl-b{n}-tile"], ["background"], []) for n in (1, 2, 3)]
    return {
        "schema": "clearcut.registry/1",
        "performers": [
            {
                "id": f"perf-{p}",
                "name": f"{p.upper()} Sample",
                "pseudonym": p.upper(),
                "born": f"{year}-02-01",
                "died": None,
                "identifiers": [],
            }
            for p, year in people.items()
        ],
        "authorities": [
            {
                "id": f"auth-{p}",
                "performer": f"perf-{p}",
                "kind": "self",
                "party": f"{p.upper()}'s agent",
                "valid_from": "2020-01-01",
                "valid_until": None,
                "verified": True,
            }
            for p in people
        ],
        "replicas": replicas,
        "assets": [
            {"replica": "rpl-p1-body", "kind": "asset", "match": {"path": "*/char/p1_digidouble/*"}},
            {"replica": "rpl-p3-body", "kind": "asset", "match": {"path": "*/char/p3_digidouble/*"}},
            {"replica": "rpl-p2-face", "kind": "model", "match": {"path": "*/models/p2_face*.cat"}},
            {"replica": "rpl-p5-voice", "kind": "asset", "match": {"path": "*/sound/p5_voice/*"}},
            *(
                {"replica": f"rpl-{b}-tile", "kind": "asset", "match": {"path": "*/crowd/stadium_tiles/*"}}
                for b in ("b1", "b2", "b3")
            ),
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
        "licences": [
            licence("1", "perf-p1", ["rpl-p1-body"], ["stunt"], []),
            # P2's licence has ended: the de-aged face may not be published until it is renewed.
            licence(
                "2",
                "perf-p2",
                ["*"],
                ["principal"],
                ["de_age"],
                training="this_production",
                valid_until="2026-10-31T23:59:59Z",
            ),
            # 20 s are 480 frames at 24: version 41 of the cut shows 472, and version 42 shows 502.
            licence("3", "perf-p3", ["rpl-p3-body"], ["stunt"], [], max_screen_time_s="20"),
            licence("5", "perf-p5", ["rpl-p5-voice"], ["dub"], [], training="this_production"),
            *crowd,
        ],
        "approvals": [],
        "exemptions": [],
        "suspensions": [],
        "waivers": [],
    }


def files() -> dict[str, str]:
    documents = {
        "helios_v041.otio": timeline("v041", 0),
        "helios_v042.otio": timeline("v042", 30),
        "registry.json": registry(),
    }
    return {name: json.dumps(document, indent=1) + "\n" for name, document in documents.items()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
