"""Whom a prohibition, a disclosure, an approval or an exemption reaches, and whom it does not."""

from __future__ import annotations

import pytest

from clearcut.core.packs import Effect, EffectKind, RulePack
from clearcut.core.places import COUNTRIES
from clearcut.core.verdict import Severity
from clearcut.core.words import MEDIA
from clearcut.settings import load_packs
from fakes.worlds import (
    approval,
    ask,
    codes,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    use,
    world,
)

PACKS = load_packs(environ={})


def house(*effects):
    """A pack of our own."""
    return (RulePack("house", "House", (), effects),)


def reasons(doc, asked, packs=PACKS):
    return ask(doc, [asked], packs=packs).decisions[0].reasons


def test_a_licence_for_all_productions_forbids_in_each_of_them():
    everywhere = licence(id="L-2", scope={"productions": ["*"]}, forbidden_depictions=["violence"])
    answer = ask(world(licences=[licence(), everywhere]), [use(depictions=("violence",))])
    assert codes(answer) == ["licence-conflict", "depiction-forbidden"]


def test_a_dispute_with_one_performer_stops_no_other():
    doc = world(performers=[performer(1), performer(2)], suspensions=[suspension("performer", "perf-p2")])
    assert codes(ask(doc, [use()])) == []


def test_a_strike_that_does_not_reach_what_is_exempt_hides_no_dispute_that_does():
    stops = [
        suspension("global", None, id="S-1"),
        suspension("licence", "L-1", id="S-2", reason="court"),
        suspension("performer", "perf-p1", id="S-3", reason="dispute"),
    ]
    (told,) = reasons(world(exemptions=[exemption()], suspensions=stops), use())
    assert (told.code, told.detail["suspension"]) == ("licence-suspended", "S-3")


# -- disclosures ---------------------------------------------------------------------------------------------------

BADGE = Effect(EffectKind.DISCLOSURE, "a badge or a card", values=("badge", "card"))


@pytest.mark.parametrize(
    ("given", "missing"),
    [([], True), (["end_credit"], True), (["card"], False), (["end_credit", "badge"], False)],
)
def test_a_pack_that_names_the_means_is_met_by_one_of_them_only(given, missing):
    doc = world(productions=[production(delivery={"disclosure": given})])
    found = reasons(doc, use(), house(BADGE))
    assert [one.code for one in found] == ["disclosure-missing"] * missing
    if found:
        assert found[0].remedy == "add badge or card to the delivery profile"
        assert (
            found[0].severity is Severity.BLOCK
        )  # what a pack demands blocks, where it does not say how bad it is


def test_a_disclosure_that_is_given_hides_no_other_that_is_missing():
    credit = Effect(EffectKind.DISCLOSURE, "an end credit", values=("end_credit",))
    doc = world(productions=[production(delivery={"disclosure": ["card"]})])
    for effects in ((BADGE, credit), (credit, BADGE)):
        (told,) = reasons(doc, use(), house(*effects))
        assert (told.code, told.detail["clause"]) == ("disclosure-missing", "an end credit")


def test_a_missing_disclosure_is_told_once_however_many_miss_it():
    synthetic = world(replicas=[replica(category="synthetic", technique="full_generation")],
                      productions=[production(delivery={"disclosure": []})])  # fmt: skip
    found = [one for one in reasons(synthetic, use(), house(BADGE)) if one.code == "disclosure-missing"]
    assert len(found) == 1
    assert [one.code for one in reasons(synthetic, use(), ())] == ["disclosure-missing"]


# -- approvals -----------------------------------------------------------------------------------------------------


def approvals(*decisions, needed="per_version"):
    return reasons(world(licences=[licence(approval=needed)], approvals=list(decisions)), use(), ())


@pytest.mark.parametrize(
    ("decision", "at", "told"),
    [
        ("approved", "2026-11-20T12:00:00Z", []),
        ("approved", "2026-11-20T12:00:01Z", ["approval-required"]),
        ("rejected", "2026-11-20T12:00:00Z", ["approval-rejected"]),
        ("rejected", "2026-11-20T12:00:01Z", []),
    ],
)
def test_a_decision_about_a_shot_holds_from_its_moment_on(decision, at, told):
    earlier = [approval(at="2026-11-01T00:00:00Z")] if decision == "rejected" else []
    assert [
        one.code for one in approvals(*earlier, approval(decision=decision, at=at), needed="per_shot")
    ] == told


def test_only_what_was_approved_before_makes_an_approval_outdated():
    (told,) = approvals()
    assert told.code == "approval-required"
    (told,) = approvals(approval(version="v003", decision="rejected"))
    assert told.code == "approval-required"
    (told,) = approvals(approval(version="v003"), approval(version="v002", decision="rejected"))
    assert (told.code, told.detail["approved"]) == ("approval-version-outdated", ["v003"])
    (told,) = approvals(approval(shot="ANOTHER"), needed="per_shot")
    assert told.code == "approval-required"


def test_a_rejection_is_told_with_the_note_of_the_one_that_bears_on_the_frames():
    (told,) = approvals(
        approval(decision="rejected", note="the scar is missing", source_range=[1001, 1010]),
        approval(
            decision="rejected", note="of other frames", source_range=[2000, 2010], at="2026-11-09T00:00:00Z"
        ),
    )
    assert (told.code, told.remedy) == ("approval-rejected", "change the shot: the scar is missing")
    assert told.detail["frames"] == [[1001, 1010]]


# -- exemptions ----------------------------------------------------------------------------------------------------


def dubbed(start, asked, **made):
    """What a lip re-sync or a dub comes to under the agreement of 2026, by when it was shot."""
    doc = world(
        replicas=[replica(**made)],
        licences=[],
        exemptions=[exemption("permitted_dub_or_double")],
        productions=[production(agreement="sag-aftra-tv-theatrical-2026", principal_photography_start=start)],
    )
    return ask(doc, [asked], packs=PACKS).decisions[0]


@pytest.mark.parametrize(
    ("asked", "made", "withdrawn"),
    [
        (use(uses=("dub",)), {}, True),
        (use(uses=("principal",), alterations=("lip_resync",)), {}, True),
        (use(uses=("stunt",)), {"technique": "voice_clone"}, True),
        (use(uses=("stunt",)), {}, False),  # a double is no dub
        (use(uses=("reshoot",)), {}, False),
    ],
)
def test_consent_to_dubbing_is_asked_of_dubs_alone(asked, made, withdrawn):
    assert dubbed("2026-09-01", asked, **made).outcome.value == "exempt"
    late = dubbed("2027-07-01", asked, **made)
    assert late.outcome.value == ("blocked" if withdrawn else "exempt")
    if withdrawn:
        assert late.reasons[0].detail["pack"] == "sag-aftra-tv-theatrical-2026"


def test_a_promise_of_a_dub_covers_no_other_use():
    (told, *_) = dubbed("2026-09-01", use(uses=("principal",))).reasons
    assert told.code == "exemption-unsupported"
    assert "neither a dub nor a double" in told.message


def test_an_effect_about_another_basis_takes_nothing_away():
    other = Effect(EffectKind.WITHDRAW_EXEMPTION, "no more customs", values=("customary_post",))
    doc = world(licences=[], exemptions=[exemption("unrecognisable")])
    assert ask(doc, [use()], packs=house(other)).decisions[0].outcome.value == "exempt"


def test_all_media_of_a_delivery_profile_are_all_there_are():
    doc = world(productions=[production(delivery={"media": ["*"]})])
    (told,) = reasons(doc, use(), ())
    assert told.code == "media-out-of-scope"
    assert (
        reasons(world(licences=[licence(scope={"media": ["*"]})], productions=doc["productions"]), use(), ())
        == ()
    )


def test_what_is_delivered_everywhere_is_covered_by_all_that_there_is_name_by_name():
    everywhere = [production(delivery={"media": ["*"], "territories": ["*"]})]
    named = {"media": list(MEDIA), "territories": sorted(COUNTRIES)}
    assert reasons(world(licences=[licence(scope=named)], productions=everywhere), use(), ()) == ()
    named["territories"].remove("FR")
    (told,) = reasons(world(licences=[licence(scope=named)], productions=everywhere), use(), ())
    assert (told.code, told.detail["values"]) == ("territory-out-of-scope", ["FR"])


# -- stops and models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "stops"),
    [
        ("production", "HELIOS", True), ("production", "HELIOS_2", False),
        ("performer", "perf-p1", True), ("performer", "perf-p2", False),
        ("agreement", "sag-aftra", True), ("agreement", "equity", False),
    ],
)  # fmt: skip
def test_a_stop_reaches_what_it_names_and_nothing_else(kind, value, stops):
    doc = world(performers=[performer(), performer(2)], productions=[production(), production("HELIOS_2")],
                suspensions=[suspension(kind, value)])  # fmt: skip
    assert codes(ask(doc, [use()])) == ["strike-suspended"] * stops


@pytest.mark.parametrize(
    ("productions", "training", "trained_for", "code"),
    [
        (["*"], "general", None, None),
        (["HELIOS"], "general", None, None),
        (["HELIOS_2"], "general", None, "training-not-permitted"),
        (["*"], "none", None, "training-not-permitted"),
        (["*"], "general", "HELIOS_2", "model-out-of-scope"),
        (["*"], "this_production", None, "model-out-of-scope"),
    ],
)
def test_an_exempt_use_needs_its_models_permitted_by_a_licence_that_holds_here(
    productions, training, trained_for, code
):
    doc = world(exemptions=[exemption()], replicas=[replica(trained_for=trained_for)],
                productions=[production(), production("HELIOS_2")],
                licences=[licence(training=training, scope={"productions": productions})])  # fmt: skip
    found = {one.code: one for one in reasons(doc, use(models=("p1.onnx",)), ())}
    assert [one for one in found if "model" in one or "training" in one] == ([code] if code else [])
    if code == "model-out-of-scope":
        made = trained_for or "nobody says what"
        assert found[code].message == f"p1.onnx was trained for {made}, not for HELIOS"
        assert found[code].detail == {"models": ["p1.onnx"], "trained_for": trained_for}


def test_nothing_permits_to_show_who_died_a_minor_so():
    doc = world(performers=[performer(born="2010-01-01", died="2026-01-01")])
    told = [one for one in reasons(doc, use(depictions=("nudity",)), ()) if "died a minor" in one.message]
    assert [one.remedy for one in told] == ["take it out of the shot: nothing permits it"]
