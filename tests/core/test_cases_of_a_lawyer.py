"""Variants of the worked cases that fresh eyes asked for: edges of days and terms, and clauses that must be named."""

from __future__ import annotations

import json
from datetime import date

import pytest

from clearcut.core import coverage
from clearcut.core.packs import Applies, Effect, EffectKind, RulePack
from clearcut.core.places import COUNTRIES
from clearcut.core.registry_json import parse_registry
from clearcut.core.verdict import Severity
from clearcut.core.words import MEDIA
from clearcut.errors import RegistryError
from clearcut.settings import load_packs
from fakes.worlds import (
    ask,
    codes,
    exemption,
    licence,
    performer,
    production,
    suspension,
    use,
    world,
)

PACKS = load_packs(environ={})


@pytest.mark.parametrize(
    ("until", "short"),
    [
        ("2028-05-02T00:00:00Z", False),
        ("2028-05-01T23:59:59Z", False),  # as people write the end of a day
        ("2028-05-01T23:59:58Z", True),
        ("2028-05-01T00:00:00Z", True),
        ("2027-04-01T00:00:00Z", True),
    ],
)
def test_a_licence_to_the_last_second_of_the_release_window_lasts_through_it(until, short):
    answer = ask(world(licences=[licence(valid_until=until)]), [use()], packs=PACKS)
    assert answer.decisions[0].outcome.value == "cleared"
    assert ("licence-expires-before-release" in codes(answer)) is short


def test_what_a_law_demands_after_a_death_is_told_with_its_clause():
    doc = world(performers=[performer(died="2020-01-01")])
    (told,) = [
        one for one in ask(doc, [use()], packs=PACKS).decisions[0].reasons if one.code == "authority-expired"
    ]
    assert told.detail["pack"] == "ca-ab-1836"
    assert "3344.1" in told.detail["clause"]


def test_who_grants_for_a_minor_is_told_with_the_clause_that_asks():
    doc = world(performers=[performer(born="2012-01-01")],
                productions=[production(agreement="sag-aftra-tv-theatrical-2026")])  # fmt: skip
    (told,) = [
        r for r in ask(doc, [use()], packs=PACKS).decisions[0].reasons if r.code == "minor-approval-missing"
    ]
    assert told.detail["clause"]


def test_the_clause_told_is_the_strictest_one():
    doc = world(
        licences=[licence(consent={"description": ""})],
        productions=[production(agreement="sag-aftra-interactive-2025", delivery={"territories": ["DE"]})],
    )
    (told,) = [
        r for r in ask(doc, [use()], packs=PACKS).decisions[0].reasons if r.code == "consent-not-specific"
    ]
    assert told.detail["pack"] == "sag-aftra-interactive-2025"


def test_a_private_language_tag_is_one():
    doc = world(licences=[licence(scope={"languages": ["x-thermian"]})])
    assert ask(doc, [use(language="x-thermian")]).decisions[0].outcome.value == "cleared"
    assert codes(ask(doc, [use(language="x-another")])) == ["language-out-of-scope"]


@pytest.mark.parametrize("value", ["sag-afta", "SAG-AFTRA", "sag-aftra-tv-theatrical-2024"])
def test_a_strike_of_an_agreement_that_is_none_is_a_fault_for_it_would_stop_nothing(value):
    with pytest.raises(RegistryError, match=r"suspensions\[0\]\.scope\.value: unknown agreement"):
        parse_registry(json.dumps(world(suspensions=[suspension("agreement", value)])))


@pytest.mark.parametrize("value", ["sag-aftra", "sag-aftra-tv", "sag-aftra-tv-theatrical-2023"])
def test_a_strike_reaches_every_agreement_that_begins_so(value):
    answer = ask(world(suspensions=[suspension("agreement", value)]), [use()])
    assert codes(answer) == ["strike-suspended"]


def test_a_stop_of_everything_needs_no_value():
    stop = suspension("global", None)
    del stop["scope"]["value"]
    assert codes(ask(world(suspensions=[stop]), [use()])) == ["strike-suspended"]
    needs = suspension("production", None)
    del needs["scope"]["value"]
    with pytest.raises(RegistryError, match=r"suspensions\[0\]\.scope\.value"):
        parse_registry(json.dumps(world(suspensions=[needs])))


def _patchwork(several: int) -> dict:
    """Licences that each grant some countries, some media and some languages, none of them all."""
    countries, media, languages = sorted(COUNTRIES), list(MEDIA), ["en", "fr", "de", "es", "it", "ja"]
    return world(
        licences=[
            licence(
                id=f"L-{n}",
                scope={
                    "territories": countries[n :: n % 3 + 2],
                    "media": media[n % 5 : n % 5 + 4],
                    "languages": languages[n % 3 : n % 3 + 3],
                },
            )
            for n in range(several)
        ],
        productions=[production(delivery={"media": media, "languages": languages})],
    )


def test_many_partial_licences_are_judged_whole():
    answer = ask(_patchwork(60), [use()])
    assert answer.decisions[0].outcome.value == "blocked"
    assert "evaluation-error" not in codes(answer)


def test_licences_in_too_many_parts_are_told_as_that_and_never_clear(monkeypatch):
    monkeypatch.setattr(coverage, "MAX_BOXES", 3)
    answer = ask(_patchwork(60), [use(), use(replica="rpl-nobody")])
    (told,) = answer.decisions[0].reasons
    assert (answer.decisions[0].outcome.value, told.code) == ("unknown", "evaluation-error")
    assert "60 licences share rpl-p1" in told.message
    assert "fewer and wider" in told.remedy


_DUBS = Effect(
    EffectKind.PERMIT_EXEMPTION,
    "dubs of what was shot before July 2027, released in the US",
    values=("permitted_dub_or_double",),
    applies=Applies(photography_until=date(2027, 6, 30), territories=("US",)),
)


@pytest.mark.parametrize(
    ("production_says", "permitted"),
    [
        ({}, True),
        ({"principal_photography_start": "2027-07-01"}, False),
        ({"principal_photography_start": None}, False),
        ({"delivery": {"territories": ["CA"]}}, False),
        ({"delivery": {"territories": []}}, False),
        ({"delivery": None}, False),
    ],
)
def test_what_a_production_does_not_say_brings_no_permission(production_says, permitted):
    doc = world(
        licences=[],
        productions=[production(**production_says)],
        exemptions=[exemption("permitted_dub_or_double")],
    )
    pack = RulePack("house", "House", (), (_DUBS,))
    outcome = ask(doc, [use(uses=("dub",))], packs=(pack,)).decisions[0].outcome.value
    assert (outcome == "exempt") is permitted


@pytest.mark.parametrize(
    "effect",
    [
        Effect(EffectKind.NOTICE_HOURS, "an hour", number=1),
        Effect(EffectKind.ADULT_TERM_YEARS, "a century", number=100),
        Effect(EffectKind.CONSENT_SPECIFIC, "a hint", severity=Severity.INFO),
        Effect(EffectKind.SURVIVES_DEATH, "a hint", severity=Severity.INFO),
        Effect(EffectKind.DISCLOSURE, "a hint", severity=Severity.INFO),
    ],
)
def test_no_pack_asks_for_less_than_the_codes_do_by_themselves(effect):
    doc = world(
        performers=[performer(died="2026-06-01")],
        licences=[
            licence(
                valid_until="2040-01-01T00:00:00Z",
                consent={"description": "", "notice_at": None},
                scope={"alterations": ["face_replacement"]},
            )
        ],
        productions=[production(delivery={"disclosure": []})],
    )
    asked = use(alterations=("face_replacement",))

    def severities(packs):
        reasons = ask(doc, [asked], packs=packs).decisions[0].reasons
        worst = {}
        for one in reasons:
            worst[one.code] = max(worst.get(one.code, 0), one.severity.rank)
        return worst

    alone, beside = severities(()), severities((RulePack("lax", "Lax", (), (effect,)),))
    assert alone
    assert all(beside[code] >= rank for code, rank in alone.items())
