"""Decisions per second with all reasons: 10k uses on 100k licences, beside casbin and cedarpy on the same world.

python benchmarks/bench_decide.py [LICENCES [USES]]

The peers answer yes or no on replica, production and kind of use, and no more. casbin's FastEnforcer filters its
100k policies by replica; cedarpy is given one policy and, by an index of ours, the facts of the one licence that
matters. Clearcut answers with every reason, screen time per licence and totals. Also: reading and indexing the
registry beside `json.loads` of the same bytes, in time and in memory. Each figure is the best of several rounds,
taken in turn in one process; the collector is off while the clock runs, for all alike.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

from clearcut.core.evaluate import RegistryIndex, evaluate
from clearcut.core.registry_json import parse_registry
from clearcut.core.request import CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.settings import load_packs

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
LICENCES_PER_REPLICA = 10
MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
"""
POLICY = """permit(principal, action, resource) when {
  context.status == "active" && context.productions.contains(context.production) &&
  context.uses.contains(context.use) && context.from <= context.now && context.now < context.until };"""


def document(licences: int) -> dict[str, object]:
    """A registry of so many licences, ten to a replica, of which the first that ends grants."""
    people = range(licences // LICENCES_PER_REPLICA)
    return {
        "schema": "clearcut.registry/1",
        "performers": [
            {"id": f"perf-{n}", "name": f"Sample {n}", "pseudonym": f"P{n}", "born": "1980-02-01", "died": None,
             "identifiers": []} for n in people
        ],
        "authorities": [
            {"id": f"auth-{n}", "performer": f"perf-{n}", "kind": "self", "party": f"P{n}", "valid_from": None,
             "valid_until": None, "verified": True} for n in people
        ],
        "replicas": [
            {"id": f"rpl-{n}", "performer": f"perf-{n}", "category": "employment_based", "technique": "cg_double",
             "captured_on": "2025-06-01", "modalities": ["face", "body"], "capture_source": "scan_session",
             "default_use": {"uses": ["stunt"], "alterations": [], "depictions": []}, "identifiers": [],
             "trained_for": None} for n in people
        ],
        "productions": [
            {"id": name, "title": name, "principal_photography_start": "2026-03-01",
             "agreement": "sag-aftra-tv-theatrical-2023",
             "delivery": {"media": ["theatrical", "svod"], "territories": ["WORLD"], "languages": ["en"],
                          "release_from": "2027-05-01", "release_until": "2028-05-01", "disclosure": ["end_credit"]}}
            for name in ("HELIOS", "OTHER")
        ],
        "licences": [_licence(n) for n in range(licences)],
    }  # fmt: skip


def _licence(number: int) -> dict[str, object]:
    person, turn = divmod(number, LICENCES_PER_REPLICA)
    return {
        "id": f"L-{number}", "revision": 1, "status": "active", "status_at": "2026-01-15T00:00:00Z",
        "performer": f"perf-{person}", "replicas": [f"rpl-{person}"], "authority": f"auth-{person}", "licensees": ["*"],
        "scope": {"productions": ["HELIOS"] if turn < 5 else ["OTHER"], "episodes": ["*"], "sequences": ["*"],
                  "shots": ["*"], "characters": ["*"], "uses": ["stunt", "background"], "alterations": [],
                  "modalities": ["*"], "media": ["theatrical", "svod"], "territories": ["WORLD"], "languages": ["*"]},
        "forbidden_depictions": ["nudity"], "valid_from": "2026-01-15T00:00:00Z",
        "valid_until": f"20{28 + turn}-12-31T23:59:59Z", "max_screen_time_s": "100000", "max_shots": None,
        "approval": "none", "training": "none",
        "consent": {"description": f"stunt double {number}", "signed_at": "2026-01-12T00:00:00Z",
                    "notice_at": "2026-01-05T00:00:00Z", "represented_by": "none", "survives_death": False},
        "compensation": {"basis": "session", "status": "paid", "due": None},
        "evidence": [{"uri": f"vault:///contracts/{number}.pdf", "sha256": f"{number:064x}"}],
    }  # fmt: skip


def request(uses: int, replicas: int) -> CheckRequest:
    """So many uses of so many replicas, one shot each, back to back."""
    said = Declaration()
    return CheckRequest(
        production="HELIOS",
        cut_version="v041",
        timebase=Timebase(Fraction(24)),
        uses=tuple(_use(number, replicas, said) for number in range(uses)),
        whole_cut=True,
        facility=None,
        policy=Policy(),
        recognition="",
    )


def _use(number: int, replicas: int, said: Declaration) -> ReplicaUse:
    place = (FrameRange(number * 48, number * 48 + 48),)
    where = f"tracks[0].children[{number}]"
    evidence = (Evidence(EvidenceKind.PATH, where, f"/jobs/char/p{number % replicas}.exr"),)
    shot = f"HEL_{number // 100:03}_{number % 100:04}"
    return ReplicaUse(
        f"u{number}",
        shot,
        f"rpl-{number % replicas}",
        said,
        place,
        place,
        (FrameRange(1001, 1049),),
        True,
        evidence,
    )


def best(*jobs: Callable[[], object], rounds: int = 5) -> list[float]:
    """The best time of each, in seconds; the jobs take turns."""
    times = [float("inf")] * len(jobs)
    for _ in range(rounds):
        for at, job in enumerate(jobs):
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            job()
            times[at] = min(times[at], time.perf_counter() - start)
            gc.enable()
    return times


def casbin_job(doc: dict[str, object], asked: CheckRequest) -> Callable[[], object]:
    """Casbin's FastEnforcer with one policy per licence and use, filtered by replica."""
    import casbin

    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.conf"
        model.write_text(MODEL)
        enforcer = casbin.FastEnforcer(str(model), cache_key_order=[0])
    rows = {
        (one["replicas"][0], production, use)
        for one in doc["licences"]  # type: ignore[attr-defined]
        for production in one["scope"]["productions"]
        for use in one["scope"]["uses"]
    }
    enforcer.add_policies([list(row) for row in sorted(rows)])
    questions = [(use.replica, "HELIOS", "stunt") for use in asked.uses]
    assert all(enforcer.enforce(*one) for one in questions[:10])
    return lambda: [enforcer.enforce(*one) for one in questions]


def cedar_job(doc: dict[str, object], asked: CheckRequest) -> Callable[[], object]:
    """One Cedar policy; our index finds the licence, Cedar judges its facts; all in one batch."""
    import cedarpy

    first = {}
    for one in doc["licences"]:  # type: ignore[attr-defined]
        first.setdefault(one["replicas"][0], one)
    policies = cedarpy.PolicySet.from_str(POLICY) if hasattr(cedarpy.PolicySet, "from_str") else POLICY

    def ask() -> object:
        questions = []
        for use in asked.uses:
            one = first[use.replica]
            context = {"status": one["status"], "productions": one["scope"]["productions"], "production": "HELIOS",
                       "uses": one["scope"]["uses"], "use": "stunt", "from": 20260115, "now": 20261120,
                       "until": int(one["valid_until"][:10].replace("-", ""))}  # fmt: skip
            questions.append({"principal": f'Replica::"{use.replica}"', "action": 'Action::"use"',
                              "resource": f'Shot::"{use.shot}"', "context": context})  # fmt: skip
        return cedarpy.is_authorized_batch(questions, policies, [])

    assert all(answer.allowed for answer in ask())  # type: ignore[attr-defined]
    return ask


def memory(job: Callable[[], object]) -> float:
    """MiB that a job's result holds."""
    gc.collect()
    tracemalloc.start()
    kept = job()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return held / 2**20


def main(licences: int, uses: int) -> None:
    doc = document(licences)
    text = json.dumps(doc)
    print(f"registry of {licences:,} licences, {len(text) / 1e6:.0f} MB of JSON")
    plain, read = best(lambda: json.loads(text), lambda: RegistryIndex(parse_registry(text)), rounds=3)
    print(f"  read and indexed in {read:.2f} s, json.loads {plain:.2f} s: {read / plain:.2f} times (goal 3)")
    held, parsed = memory(lambda: RegistryIndex(parse_registry(text))), memory(lambda: json.loads(text))
    print(f"  holds {held:.0f} MiB, json.loads {parsed:.0f} MiB: {held / parsed:.2f} times (goal 4)")
    index, packs = RegistryIndex(parse_registry(text)), load_packs(environ={})
    for name, replicas in (
        ("most alike (100 replicas)", 100),
        ("many (every replica there is)", len(index.registry.replicas)),
    ):
        asked = request(uses, replicas)
        answer = evaluate(asked, index, packs, NOW)
        assert all(one.outcome.value == "cleared" for one in answer.decisions), answer.decisions[0]
        ours, theirs, cedar = best(
            lambda asked=asked: evaluate(asked, index, packs, NOW),
            casbin_job(doc, asked),
            cedar_job(doc, asked),
        )
        print(
            f"{uses:,} uses, {name}: clearcut {uses / ours:,.0f}/s, casbin {uses / theirs:,.0f}/s"
            f" ({theirs / ours:.1f} times), cedarpy {uses / cedar:,.0f}/s ({cedar / ours:.1f} times)"
        )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    main(*(numbers + [100_000, 10_000][len(numbers) :]))
