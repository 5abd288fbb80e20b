"""Random small worlds: registries and requests in which much goes wrong at once, from one seed each."""

from __future__ import annotations

import random

from fakes.worlds import (
    approval,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    use,
    waiver,
)

SHOTS = ["A_010", "A_020", "B_010"]
MOMENTS = ["2018-06-01T00:00:00Z", "2026-01-15T00:00:00Z", "2026-11-20T11:59:59Z", "2026-11-20T12:00:00Z",
           "2026-11-20T12:00:01Z", "2027-03-01T00:00:00Z", "2028-12-31T00:00:00Z"]  # fmt: skip
DAYS = ["1940-01-01", "2008-11-20", "2008-11-21", "2010-03-04", "2019-04-02", "2026-11-19", "2026-11-20", "2026-11-21",
        "2030-01-01"]  # fmt: skip
LICENCE_CODES = ["no-licence", "licence-expired", "licence-revoked", "use-not-permitted", "territory-out-of-scope",
                 "media-out-of-scope", "language-out-of-scope", "shot-out-of-scope", "approval-required",
                 "compensation-outstanding", "authority-expired", "depiction-forbidden", "screen-time-exceeded",
                 "alteration-not-permitted", "licence-conflict", "strike-suspended", "minor-prohibited",
                 "facility-not-authorised", "licence-draft", "approval-rejected"]  # fmt: skip


class Dice:
    """Draws with mostly harmless results, so that some worlds clear."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.trouble = self.random.choice([0.02, 0.06, 0.2])

    def rarely(self, usual, *others):
        return self.random.choice(others) if self.random.random() < self.trouble else usual

    def some(self, words, least=0):
        return sorted(self.random.sample(words, self.random.randint(least, len(words))))

    def scope(self, words, least=0):
        return (
            self.rarely(["*"], self.some(words), self.some(words, 1), [])
            if self.random.random() < 0.6
            else self.some(words, 1)
        )


def random_world(seed):
    """(document, uses, further fields of the request)."""
    d = Dice(seed)
    r = d.random
    people = range(1, r.randint(1, 2) + 1)
    doc = {
        "schema": "clearcut.registry/1",
        "performers": [performer(n, born=d.rarely("1980-01-01", None, *DAYS[:4]), died=d.rarely(None, "2026-11-19", "2026-11-20", "2026-11-21")) for n in people],
        "authorities": [authority(n, kind=d.rarely("self", "estate", "guardian", "court", "agent"), verified=d.rarely(True, False),
                                  performer=f"perf-p{d.rarely(n, 1)}", valid_until=d.rarely(None, *DAYS[5:]), valid_from=d.rarely(None, "2026-01-01", "2026-01-13")) for n in people],
        "replicas": [replica(n, performer=d.rarely(f"perf-p{n}", None), category=d.rarely("employment_based", "background", "synthetic"),
                             captured_on=d.rarely("2026-01-20", None, *DAYS[:4]), capture_source=d.rarely("scan_session", "archival", "trained_model"),
                             modalities=d.rarely(["face"], ["face", "voice"], []), trained_for=d.rarely(None, "HELIOS", "OTHER", "general"),
                             default_use={"uses": d.rarely(["stunt"], []), "alterations": d.rarely([], ["de_age"]), "depictions": d.rarely([], ["nudity"])}) for n in people],
        "assets": [], "not_replicas": [],
        "productions": [production(delivery=d.rarely(_delivery(d), None)), production("OTHER")],
        "licences": [_licence(d, n, index) for index, n in enumerate(r.choices(people, k=r.randint(0, 4)))],
        "approvals": [], "exemptions": [], "suspensions": [], "waivers": [],
    }  # fmt: skip
    names = [one["id"] for one in doc["licences"]]
    if names:
        doc["approvals"] = [_approval(d, r.choice(names)) for _ in range(r.randint(0, 9))]
    if r.random() < 0.2:
        doc["exemptions"] = [_exemption(d, f"X-{n}", r.choice(people)) for n in range(r.randint(1, 2))]
    if r.random() < 0.1:
        kind = r.choice(["global", "agreement", "production", "performer", "licence"])
        value = {"agreement": r.choice(["sag-aftra", "equity"]), "production": r.choice(["HELIOS", "OTHER"]), "performer": "perf-p1",
                 "licence": names[0] if names else None}.get(kind)  # fmt: skip
        if kind != "licence" or names:
            doc["suspensions"] = [suspension(kind, value, reason=r.choice(["strike", "court"]), **{"from": r.choice(MOMENTS[:5])},
                                             until=r.choice([None, "2029-01-01T00:00:00Z"]))]  # fmt: skip
    if r.random() < 0.4:
        doc["waivers"] = [_waiver(d, f"W-{n}") for n in range(r.randint(1, 3))]
    uses, at = [], 0
    for number in range(r.randint(1, 5)):
        frames = r.choice([0, 5, 10, 24])
        uses.append(_use(d, number, at, frames, len(people)))
        at += r.choice([0, frames // 2, frames])
    request = {"whole_cut": d.rarely(True, False), "facility": d.rarely("A", "B", None)}
    return doc, uses, request


def _delivery(d):
    return {"media": d.rarely(["svod"], ["svod", "theatrical"], []), "territories": d.rarely(["US", "FR"], ["EU"], ["WORLD"], ["US-CA", "DE"], []),
            "languages": d.rarely(["en"], ["fr-CA"], ["en", "fr"], []), "release_from": "2027-01-01", "release_until": None,
            "disclosure": d.random.choice([["end_credit"], []])}  # fmt: skip


def _licence(d, n, index):
    r = d.random
    m = MOMENTS
    term = d.rarely(
        (m[1], m[6]),
        (None, m[6]),
        (m[1], None),
        (m[0], m[2]),
        (m[0], m[3]),
        (m[1], m[4]),
        (m[3], m[6]),
        (m[4], m[6]),
    )
    status = d.rarely("active", "draft", "suspended", "revoked", "superseded")
    return licence(
        n, id=f"L-{index}", status=status, status_at=d.rarely("2026-01-15T00:00:00Z", None, *MOMENTS), replicas=d.rarely([f"rpl-p{n}"], ["*"], [], ["rpl-p1"]),
        authority=d.rarely(f"auth-p{n}", None, "auth-p1"), licensees=d.rarely(["*"], ["A"], []),
        scope={
            "productions": d.rarely(["HELIOS"], ["*"], ["OTHER"], []), "shots": d.rarely(["*"], ["A_*"], ["A_010", "B*"], ["?_010"], []),
            "sequences": d.rarely(["*"], ["A"]), "episodes": d.rarely(["*"], ["1*"]), "characters": d.rarely(["*"], ["Ada"]),
            "uses": d.scope(["stunt", "principal"]), "alterations": d.scope(["de_age", "face_replacement"]), "modalities": d.scope(["face", "voice"]),
            "media": d.scope(["svod", "theatrical"]), "territories": r.choice([["WORLD"], ["WORLD"], d.some(["US", "FR", "EU", "US-CA"]), ["EU", "US"]]),
            "languages": d.scope(["en", "fr", "fr-CA"]),
        },
        forbidden_depictions=d.rarely([], ["nudity"], ["violence"]), valid_from=term[0],
        valid_until=term[1], max_screen_time_s=r.choice([None, None, "10/24", "1", "24/24", "0"]),
        max_shots=r.choice([None, None, None, 1, 2]), approval=r.choice(["none"] * 5 + ["per_shot", "per_version"]), training=d.rarely("none", "this_production", "general"),
        consent={"signed_at": d.rarely("2026-01-12T00:00:00Z", None, *MOMENTS[:5]), "description": d.rarely("stunt", " "), "survives_death": d.rarely(True, False),
                 "notice_at": d.rarely("2025-01-01T00:00:00Z", None)},
        compensation={"status": d.rarely("paid", "due", "disputed", "not_due"), "due": d.rarely(None, *DAYS[5:])},
    )  # fmt: skip


def _approval(d, name):
    r = d.random
    return approval(licence=name, shot=r.choice([*SHOTS, SHOTS[0].lower()]), version=d.random.choice([None, None, "v003", "v004", "V004"]), at=r.choice(MOMENTS[1:5]),
                    source_range=r.choice([None, None, [1001, 1006], [1003, 1100]]), decision=d.rarely("approved", "rejected"))  # fmt: skip


def _exemption(d, name, n):
    return exemption(d.rarely("unrecognisable", "first_amendment", "permitted_dub_or_double"), id=name, replica=f"rpl-p{n}",
                     shots=d.rarely(["*"], ["A_*"], []), role=d.rarely("producer", "legal", "supervisor"), claimant=d.rarely("C", " "),
                     evidence=d.rarely([{"uri": "still.png"}], []), expires=d.rarely(None, "2026-11-19", "2026-11-20", *MOMENTS[2:5]),
                     production=d.rarely("HELIOS", "OTHER"))  # fmt: skip


def _waiver(d, name):
    return waiver(*d.random.sample(LICENCE_CODES, d.random.randint(1, 6)), id=name, shots=d.rarely(["*"], ["A_*"], ["B_010"]),
                  role=d.random.choice(["legal", "producer"]), approved_by=d.rarely("B", "", " a. PRODUCER "), by="A. Producer",
                  until=d.rarely("2029-01-01T00:00:00Z", *MOMENTS[2:5]), reason=d.rarely("ok", " "), production=d.rarely("HELIOS", "OTHER"))  # fmt: skip


def _use(d, number, at, frames, people):
    r = d.random
    from clearcut.core.timing import FrameRange

    return use(
        r.choice(SHOTS), at, frames, id=f"u{number}", replica=d.rarely(f"rpl-p{r.randint(1, people)}", "rpl-p9"),
        source=d.rarely((FrameRange(1001, 1006),), (FrameRange(1001, 1010),), ()), source_known=d.rarely(True, False),
        version=d.rarely("v004", "v003", None), sequence=d.rarely("A", None, "B"), episode=d.rarely(None, "101"),
        uses=d.rarely((), ("stunt", "principal"), ("principal",)), alterations=d.random.choice([(), (), (), ("face_replacement",), ("de_age", "face_replacement")]),
        modalities=d.rarely((), ("voice",)), depictions=d.rarely((), ("nudity",), ("violence",)), language=d.rarely(None, "fr", "fr-CA", "EN"),
        character=d.rarely(None, "Ada", "ada"), exemption=d.rarely(None, "X-0", "X-9"), models=d.rarely((), ("/m.onnx",)),
        biometric=d.rarely((), ("/scan.obj",)),
    )  # fmt: skip
