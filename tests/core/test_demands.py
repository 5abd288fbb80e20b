"""What an effect of a rule pack is about, and which of several binds."""

from __future__ import annotations

import dataclasses
import json

import pytest

from clearcut.core.demand import demand_of, exploitation
from clearcut.core.demands import Demands, concerns
from clearcut.core.packs import Effect, EffectKind, InForce
from clearcut.core.registry_json import parse_registry
from clearcut.core.verdict import Severity
from fakes.worlds import replica, use, world

REGISTRY = parse_registry(
    json.dumps(world(replicas=[replica(technique="voice_clone", category="background")]))
)
REPLICA = REGISTRY.replicas["rpl-p1"]
WANTED = exploitation(REGISTRY.productions["HELIOS"])
DEMAND = demand_of(use(uses=("dub", "promo"), alterations=("lip_resync",)).declared, REPLICA, WANTED)


@pytest.mark.parametrize(
    ("lists", "about"),
    [
        ({}, True),  # four empty lists are about every use
        ({"uses": ("dub",)}, True),
        ({"uses": ("stunt",)}, False),
        ({"alterations": ("de_age", "lip_resync")}, True),
        ({"alterations": ("de_age",)}, False),
        ({"categories": ("background",)}, True),
        ({"categories": ("synthetic",)}, False),
        ({"techniques": ("voice_clone",)}, True),
        ({"techniques": ("ml_face",)}, False),
        ({"uses": ("stunt",), "categories": ("synthetic",), "techniques": ("voice_clone",)}, True),
        ({"uses": ("stunt",), "alterations": ("de_age",), "categories": ("background",)}, True),
        ({"uses": ("stunt",), "alterations": ("de_age",), "techniques": ("ml_face",)}, False),
        ({"uses": ("dub",), "categories": ("synthetic",)}, True),
    ],
)
def test_an_effect_is_about_a_use_that_any_of_its_lists_names(lists, about):
    assert concerns(Effect(EffectKind.DISCLOSURE, "a clause", **lists), DEMAND, REPLICA) is about


def demands(kind, *effects):
    return Demands(
        tuple(InForce(f"pack-{n}", Effect(kind, f"clause {n}", **one)) for n, one in enumerate(effects))
    )


@pytest.mark.parametrize(
    ("kind", "given", "number", "binding"),
    [
        (EffectKind.NOTICE_HOURS, (24, 72, 60), 72, "clause 1"),
        (EffectKind.NOTICE_HOURS, (24,), 48, None),
        (EffectKind.NOTICE_HOURS, (48,), 48, "clause 0"),
        (EffectKind.ADULT_TERM_YEARS, (12, 7, 9), 7, "clause 1"),
        (EffectKind.ADULT_TERM_YEARS, (12,), 10, None),
        (EffectKind.MINOR_TERM_YEARS, (), 5, None),
        (EffectKind.MINOR_TERM_AGE, (21, 16), 16, "clause 1"),
    ],
)
def test_the_strictest_number_binds_and_none_goes_beyond_our_own(kind, given, number, binding):
    asked = demands(kind, *({"number": one} for one in given)).of(DEMAND, REPLICA)
    found = getattr(asked, kind.value)
    assert (found.number, found.detail.get("clause")) == (number, binding)


def test_of_several_clauses_with_the_same_number_the_worst_severity_counts():
    kind = EffectKind.NOTICE_HOURS
    warn, block = {"number": 72, "severity": Severity.WARN}, {"number": 72, "severity": Severity.BLOCK}
    milder = {"number": 50, "severity": Severity.BLOCK}
    assert demands(kind, warn, block).of(DEMAND, REPLICA).notice_hours.severity is Severity.BLOCK
    assert demands(kind, warn, milder).of(DEMAND, REPLICA).notice_hours.severity is Severity.WARN
    assert demands(kind, {"number": 72}).of(DEMAND, REPLICA).notice_hours.severity is None


def test_how_bad_a_lack_is_says_the_strictest_clause_that_is_about_the_use():
    kind = EffectKind.CONSENT_SPECIFIC
    several = demands(
        kind,
        {"severity": Severity.WARN},
        {"severity": Severity.BLOCK, "uses": ("stunt",)},
        {"severity": Severity.UNKNOWN, "uses": ("dub",)},
    )
    severity, detail = several.of(DEMAND, REPLICA).severity(kind)
    assert (severity, detail["pack"], detail["clause"]) == (Severity.UNKNOWN, "pack-2", "clause 2")
    assert demands(kind).of(DEMAND, REPLICA).severity(kind) == (None, {})
    assert several.of(DEMAND, REPLICA).severity(EffectKind.SURVIVES_DEATH) == (None, {})


def test_what_is_remembered_of_one_use_is_not_told_of_another():
    kind = EffectKind.NOTICE_HOURS
    several = demands(kind, {"number": 72, "uses": ("dub",)}, {"number": 60, "techniques": ("ml_face",)})
    assert several.of(DEMAND, REPLICA).notice_hours.number == 72
    registry = parse_registry(json.dumps(world(replicas=[replica(technique="ml_face")])))
    other = registry.replicas["rpl-p1"]
    stunt = demand_of(use().declared, other, WANTED)
    assert several.of(stunt, other).notice_hours.number == 60
    assert several.of(stunt, REPLICA).notice_hours.number == 48


def test_what_was_asked_once_is_not_looked_for_again():
    kind = EffectKind.NOTICE_HOURS
    several = demands(kind, {"number": 72})
    assert several.of(DEMAND, REPLICA) is several.of(DEMAND, REPLICA)
    equal = demand_of(
        use(uses=("promo", "dub", "dub"), alterations=("lip_resync",)).declared, REPLICA, WANTED
    )
    again = demand_of(use(uses=("dub", "promo"), alterations=("lip_resync",)).declared, REPLICA, WANTED)
    assert (again is DEMAND, equal is DEMAND) == (True, False)


@pytest.mark.parametrize(
    "spelt", ["voice_clone", "Voice Clone", "VOICE-CLONE", " voice  clone_", "voice_-clone"]
)
def test_a_technique_is_meant_in_any_spelling(spelt):
    spoken = parse_registry(json.dumps(world(replicas=[replica(technique=spelt)]))).replicas["rpl-p1"]
    effect = Effect(EffectKind.DISCLOSURE, "a clause", techniques=("voice_clone",))
    assert concerns(effect, DEMAND, spoken)
    assert not concerns(effect, DEMAND, dataclasses.replace(spoken, technique="voiceclone"))
