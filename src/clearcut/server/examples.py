"""One example for every route, in an order in which they all work, one after the other, on the shipped show.

The tests send each to a real server; the OpenAPI page shows them. Bodies that have a core value are written by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from clearcut.core.codec import to_plain
from clearcut.core.registered import Publish, PublishedUse
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.wire import request_to_json

_WHY = "as the contract of 2026-01-15 says"
_SHA = "0123456789abcdef" * 4
_EVIDENCE = [{"uri": "vault://contracts/L-8.pdf", "sha256": _SHA}]
_ALL = ["*"]
_USES = {"uses": ["stunt"], "alterations": [], "depictions": []}
_IDENTIFIERS = [{"scheme": "hand", "value": "10.23/AAAA-0008"}]
_MATCHES: list[dict[str, Any]] = [
    {"path": "*/char/p8_double/*"},
    {"sha256": _SHA},
    {"metadata": {"key": "ayon.representation", "value": "a8"}},
    {"entity": "bal:///assets/p8"},
]

# Every field of every kind of record, and every kind of match: the schema is read off these.
REGISTRY: dict[str, Any] = {
    "schema": "clearcut.registry/1",
    "performers": [
        {"id": "perf-p8", "name": "P8 Sample", "pseudonym": "P8", "born": "1980-02-01", "died": None,
         "identifiers": _IDENTIFIERS}
    ],
    "authorities": [
        {"id": "auth-p8", "performer": "perf-p8", "kind": "self", "party": "P8's agent", "valid_from": "2020-01-01",
         "valid_until": "2036-12-31", "verified": True}
    ],
    "replicas": [
        {"id": "rpl-p8-body", "performer": "perf-p8", "category": "employment_based", "technique": "cg_double",
         "captured_on": "2026-02-02", "modalities": ["face", "body"], "capture_source": "scan_session",
         "default_use": _USES, "identifiers": _IDENTIFIERS, "trained_for": "HELIOS"}
    ],
    "assets": [
        {"replica": "rpl-p8-body", "kind": kind, "match": match}
        for kind, match in zip(("asset", "model", "asset", "biometric_raw"), _MATCHES, strict=True)
    ],
    "not_replicas": [
        {"match": match, "reason": "a statue", "by": "T. Dee", "at": "2026-10-01T09:00:00Z"}
        for match in ({**_MATCHES[0], "path": "*/env/statue_*"}, *_MATCHES[1:])
    ],
    "productions": [
        {"id": "HELIOS", "title": "Helios", "principal_photography_start": "2026-03-01",
         "agreement": "sag-aftra-tv-theatrical-2023",
         "delivery": {"media": ["theatrical", "svod"], "territories": ["WORLD"], "languages": ["en"],
                      "release_from": "2027-05-01", "release_until": "2028-05-01", "disclosure": ["end_credit"]}}
    ],
    "licences": [
        {"id": "L-8", "revision": 1, "status": "active", "status_at": "2026-01-15T00:00:00Z", "performer": "perf-p8",
         "replicas": ["rpl-p8-body"], "authority": "auth-p8", "licensees": _ALL,
         "scope": {"productions": ["HELIOS"], "episodes": _ALL, "sequences": _ALL, "shots": _ALL, "characters": _ALL,
                   "uses": ["stunt"], "alterations": [], "modalities": _ALL, "media": _ALL, "territories": ["WORLD"],
                   "languages": _ALL},
         "forbidden_depictions": ["nudity"], "valid_from": "2026-01-15T00:00:00Z", "valid_until": "2030-12-31T00:00:00Z",
         "max_screen_time_s": "120", "max_shots": 40, "approval": "per_shot", "training": "none",
         "consent": {"description": "Stunts by a digital double in the film Helios", "signed_at": "2026-01-10T12:00:00Z",
                     "notice_at": "2026-01-07T12:00:00Z", "represented_by": "counsel", "survives_death": False},
         "compensation": {"basis": "production_days", "status": "paid", "due": "2026-11-01"}, "evidence": _EVIDENCE}
    ],
    "approvals": [
        {"licence": "L-8", "shot": "HEL_010_0010", "version": "v003", "source_range": [1001, 1201], "decision": "approved",
         "by": "P8's agent", "at": "2026-10-02T09:00:00Z", "note": "as shown on Friday"}
    ],
    "exemptions": [
        {"id": "X-8", "basis": "unrecognisable", "production": "HELIOS", "shots": ["HEL_010_0060"],
         "replica": "rpl-p8-body", "claimant": "S. Visor", "role": "supervisor", "evidence": _EVIDENCE,
         "expires": "2027-12-31"},
        {"id": "X-9", "basis": "as_scripted", "production": "HELIOS", "shots": ["HEL_010_0070"],
         "replica": "rpl-p8-body", "claimant": "L. Egal", "role": "legal", "evidence": _EVIDENCE,
         "expires": "2027-12-31T12:00:00Z"},
    ],
    "suspensions": [
        {"id": "S-8", "scope": {"kind": "performer", "value": "perf-p8"}, "reason": "dispute",
         "from": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"},
        {"id": "S-9", "scope": {"kind": "global", "value": None}, "reason": "strike", "from": "2026-10-01", "until": "2026-10-02"},
    ],
    "waivers": [
        {"id": "W-8", "codes": ["compensation-outstanding"], "production": "HELIOS", "shots": ["HEL_010_0010"],
         "by": "P. Roducer", "role": "producer", "approved_by": "L. Egal", "reason": "the invoice is being paid",
         "until": "2027-01-31T00:00:00Z"}
    ],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One request: what fills the path, the query, the headers, the body; and the status of its answer.

    `after` is the example that is to be sent once more before it.
    """

    status: int = 200
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    after: tuple[str, str] | None = None


@cache
def examples() -> dict[tuple[str, str], Example]:
    """By method and path, in the order in which they work on a server that holds the shipped show and nothing else."""
    performer, waiver = REGISTRY["performers"][0], REGISTRY["waivers"][0]
    proposed = {name: value for name, value in waiver.items() if name not in ("by", "approved_by")}
    asked = {
        "production": "HELIOS",
        "shot": "HEL_010_0040",
        "replica": "rpl-p2-face",
        "codes": ["licence-expired"],
    }
    revised = {"why": "the name was misspelt", "record": {**performer, "name": "P8 Example"}}
    kind, key = {"kind": "performers"}, {"kind": "performers", "key": "perf-p8"}
    cut = request_to_json(_request(), question="q-1")
    return {
        ("GET", "/v1/health"): Example(),
        ("GET", "/v1/health/ready"): Example(),
        ("GET", "/v1/recognition"): Example(),
        ("POST", "/v1/check"): Example(body=cut),
        ("GET", "/v1/registry"): Example(query={"as_of": "2099-01-01T00:00:00Z"}),
        ("GET", "/v1/records/{kind}"): Example(path={"kind": "licences"}, query={"limit": 2}),
        ("POST", "/v1/records/{kind}"): Example(
            201, kind, headers={"Idempotency-Key": "2f6f0d52"}, body={"why": _WHY, "record": performer}
        ),
        ("PUT", "/v1/records/{kind}/{key}"): Example(path=key, headers={"If-Match": '"2"'}, body=revised),
        ("GET", "/v1/records/{kind}/{key}"): Example(path=key),
        ("POST", "/v1/records/{kind}/{key}/revoke"): Example(
            path=key, body={"why": "entered twice", "revision": 3}
        ),
        ("POST", "/v1/waiver-proposals"): Example(201, body={"why": _WHY, "waiver": proposed}),
        ("GET", "/v1/waiver-proposals"): Example(query={"state": "open"}),
        ("POST", "/v1/waiver-proposals/{identity}/approve"): Example(path={"identity": "P-1"}),
        ("POST", "/v1/waiver-proposals/{identity}/refuse"): Example(
            path={"identity": "P-2"}, after=("POST", "/v1/waiver-proposals")
        ),
        ("POST", "/v1/requests"): Example(201, body={**asked, "message": "needed by Friday"}),
        ("GET", "/v1/requests"): Example(query={"state": "open", "production": "HELIOS"}),
        ("GET", "/v1/requests/{identity}"): Example(path={"identity": "R-1"}),
        ("POST", "/v1/requests/{identity}/answer"): Example(
            path={"identity": "R-1"}, body={"revision": 1, "refusal": "the estate does not renew"}
        ),
        ("POST", "/v1/requests/{identity}/withdraw"): Example(
            path={"identity": "R-2"}, body={"revision": 1}, after=("POST", "/v1/requests")
        ),
        ("POST", "/v1/cuts"): Example(201, body=cut),
        ("GET", "/v1/cuts"): Example(query={"production": "HELIOS"}),
        ("GET", "/v1/cuts/{identity}"): Example(path={"identity": "C-1"}),
        ("POST", "/v1/cuts/{identity}/govern"): Example(path={"identity": "C-1"}, body={"why": "locked"}),
        ("POST", "/v1/publishes"): Example(201, body=to_plain(_publish())),
        ("GET", "/v1/publishes"): Example(query={"licence": "L-1"}),
        ("GET", "/v1/impact"): Example(query={"licence": "L-1"}),
        ("PUT", "/v1/registry"): Example(
            headers={"Idempotency-Key": "9b1e"}, body={"why": "a new show", "base": 5, "registry": REGISTRY}
        ),
    }


def _publish() -> Publish:
    use = PublishedUse("rpl-p1-body", 48, ("L-1",))
    return Publish("HELIOS", "HEL_010_0020", "v003", "v043", (use,))


def _request() -> CheckRequest:
    use = ReplicaUse(
        id="u0",
        shot="HEL_010_0020",
        replica="rpl-p1-body",
        declared=Declaration(uses=("stunt",)),
        screen=(FrameRange(0, 48),),
        record=(FrameRange(0, 48),),
        source=(FrameRange(1001, 1049),),
        source_known=True,
        evidence=(Evidence(EvidenceKind.METADATA, "tracks[0].children[1]", "rpl-p1-body"),),
        version="v003",
    )
    show = resources.files("clearcut").joinpath("shipped/helios/registry.json").read_bytes()
    return CheckRequest(
        production="HELIOS",
        cut_version="v043",
        timebase=Timebase(Fraction(24)),
        uses=(use,),
        whole_cut=True,
        facility=None,
        policy=Policy(),
        recognition=parse_registry(show).recognition().revision,
    )
