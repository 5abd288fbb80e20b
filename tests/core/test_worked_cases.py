"""The worked cases of domain.md, section 4, with variants: registries as JSON, as a user writes them."""

from __future__ import annotations

import pytest

from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import Outcome, Severity
from clearcut.settings import load_packs
from fakes.worlds import (
    approval,
    ask,
    authority,
    codes,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    use,
    waiver,
    world,
)

PACKS = load_packs(environ={})
EVERYTHING = {
    "delivery": {"media": ["svod"], "territories": ["US"], "languages": ["en"], "disclosure": ["end_credit"]}
}


def outcome(answer, index=0):
    return answer.decisions[index].outcome.value


def reason(answer, code, index=0):
    return next(one for one in answer.decisions[index].reasons if one.code == code)


# -- S1, S2: the stunt double ---------------------------------------------------------------------------------


def stunt_double(**changes):
    return world(licences=[licence(max_screen_time_s="120", **changes)])


def stunts(first="HEL_020_0100"):
    return [use(first, 0, 288), use("HEL_020_0200", 288, 912)]


def test_s1_a_licensed_stunt_double_is_cleared_and_seventy_seconds_are_left():
    answer = ask(stunt_double(), stunts(), packs=PACKS)
    assert [one.outcome for one in answer.decisions] == [Outcome.CLEARED] * 2
    (total,) = answer.totals
    assert (total.licence, total.performer, total.frames, total.seconds) == ("L-1", "P1", 1200, 50)
    assert total.cap - total.seconds == 70


def test_s2_the_same_replica_in_another_production_is_blocked():
    doc = stunt_double()
    doc["productions"].append(production("HELIOS_2"))
    answer = ask(doc, stunts(), production="HELIOS_2")
    assert outcome(answer) == "blocked"
    assert codes(answer) == ["production-out-of-scope"]


@pytest.mark.parametrize(
    ("name", "expected"), [("HELIOS_2", "blocked"), (None, "unknown"), ("helios", "blocked"), ("", "unknown")]
)
def test_s2_a_production_nobody_registered_or_named_never_clears_even_with_a_licence_for_all(name, expected):
    everything = licence(scope={"productions": ["*"], "media": ["*"], "languages": ["*"]})
    answer = ask(world(licences=[everything]), [use()], production=name)
    assert outcome(answer) == expected
    assert "production-out-of-scope" in codes(answer)


# -- S3: resurrection ------------------------------------------------------------------------------------------


def resurrection(authority_changes, licence_changes):
    return world(
        performers=[performer(2, born="1940-05-06", died="2019-04-02")],
        authorities=[authority(2, **authority_changes)],
        replicas=[
            replica(2, category="independently_created", capture_source="archival", captured_on="1975-01-01",
                    default_use={"uses": ["principal"], "alterations": ["de_age"]})
        ],
        licences=[licence(2, valid_until="2027-12-31T23:59:59Z",
                          scope={"uses": ["principal"], "alterations": ["de_age"]}, **licence_changes)],
    )  # fmt: skip


ESTATE = {"kind": "estate", "party": "Estate of P2", "valid_from": "2022-01-01"}


@pytest.mark.parametrize(
    ("mandate", "terms", "expected", "code"),
    [
        ({**ESTATE, "valid_until": "2026-10-31"}, {}, "blocked", "authority-expired"),
        ({**ESTATE, "valid_until": "2030-12-31"}, {}, "cleared", None),
        ({**ESTATE, "valid_until": "2026-11-20"}, {}, "cleared", None),
        ({**ESTATE, "valid_until": "2026-11-19"}, {}, "blocked", "authority-expired"),
        ({**ESTATE, "valid_from": "2026-01-13", "valid_until": None}, {}, "blocked", "authority-expired"),
        ({**ESTATE, "valid_until": None, "verified": False}, {}, "blocked", "authority-not-verified"),
        ({"kind": "self"}, {"valid_from": "2018-06-01T00:00:00Z", "consent": {
            "signed_at": "2018-06-01T00:00:00Z", "notice_at": "2018-05-01T00:00:00Z", "survives_death": True}},
         "cleared", None),
        ({"kind": "self", "valid_until": "2019-04-02"}, {"valid_from": "2018-06-01T00:00:00Z", "consent": {
            "signed_at": "2018-06-01T00:00:00Z", "notice_at": "2018-05-01T00:00:00Z", "survives_death": True}},
         "cleared", None),
        ({"kind": "self"}, {"valid_from": "2018-06-01T00:00:00Z", "consent": {
            "signed_at": "2018-06-01T00:00:00Z", "notice_at": "2018-05-01T00:00:00Z", "survives_death": False}},
         "blocked", "authority-expired"),
        ({"kind": "self"}, {"consent": {"survives_death": True}}, "blocked", "authority-expired"),
    ],
)  # fmt: skip
def test_s3_a_dead_performer_needs_an_estate_with_a_mandate_or_a_consent_that_survives(
    mandate, terms, expected, code
):
    answer = ask(resurrection(mandate, terms), [use(replica="rpl-p2")])
    assert outcome(answer) == expected
    assert code is None or code in codes(answer)


def test_s3_the_rule_file_may_lift_that_the_mandate_must_hold_now():
    doc = resurrection({**ESTATE, "valid_until": "2026-10-31"}, {})
    lifted = ask(doc, [use(replica="rpl-p2")], policy=Policy(authority_must_hold_now=False))
    assert outcome(lifted) == "cleared"


# -- S4: voice and dubbing --------------------------------------------------------------------------------------


def voice(start="2026-09-01", **sections):
    base = {
        "performers": [performer(3)],
        "authorities": [authority(3)],
        "replicas": [
            replica(3, technique="voice_clone", modalities=["voice"], default_use={"uses": ["dialogue"]})
        ],
        "licences": [licence(3, scope={"uses": ["dialogue"], "languages": ["fr-FR"]})],
        "productions": [
            production(agreement="sag-aftra-tv-theatrical-2026", principal_photography_start=start)
        ],
    }
    return world(**{**base, **sections})


@pytest.mark.parametrize(
    ("granted", "spoken", "expected"),
    [(["fr-FR"], "de-DE", "blocked"), (["fr-FR"], "fr-FR", "cleared"), (["fr-FR"], "FR-fr", "cleared"),
     (["fr"], "fr-CA", "cleared"), (["fr-FR"], "fr", "blocked"), (["fr"], "frr", "blocked"), (["*"], "de-DE", "cleared"),
     ([], "de-DE", "blocked")],
)  # fmt: skip
def test_s4_a_voice_may_speak_only_the_languages_granted(granted, spoken, expected):
    doc = voice(licences=[licence(3, scope={"uses": ["dialogue"], "languages": granted})])
    answer = ask(doc, [use(replica="rpl-p3", language=spoken, frames=0)])
    assert outcome(answer) == expected
    if expected == "blocked":
        assert codes(answer) == ["language-out-of-scope"]
        assert reason(answer, "language-out-of-scope").detail["values"] == [spoken]


@pytest.mark.parametrize(("start", "expected"), [("2026-09-01", "exempt"), ("2027-06-30", "exempt"), ("2027-07-01", "blocked"), ("2027-07-05", "blocked"), (None, "blocked")])  # fmt: skip
def test_s4_a_dub_needs_consent_when_photography_starts_from_july_2027_on(start, expected):
    claim = exemption("permitted_dub_or_double", replica="rpl-p3")
    doc = voice(start, licences=[], exemptions=[claim])
    dub = use(replica="rpl-p3", uses=("dub",), alterations=("lip_resync",), exemption="X-1")
    answer = ask(doc, [dub], packs=PACKS)
    assert outcome(answer) == expected
    if expected == "blocked":
        assert codes(answer) == ["no-licence"]
        assert reason(answer, "no-licence").detail["single_source"] is True


# -- S5: crowd ---------------------------------------------------------------------------------------------------


def crowd():
    numbers = range(1, 41)
    return world(
        performers=[performer(n, pseudonym=f"B{n}") for n in numbers],
        authorities=[authority(n) for n in numbers],
        replicas=[
            replica(n, category="background", technique="crowd_tile", default_use={"uses": ["background"]})
            for n in numbers
        ],
        licences=[licence(n, scope={"uses": ["background"], "shots": ["CRD_*"]}) for n in numbers],
    )


def test_s5_forty_background_performers_are_cleared_and_only_the_one_used_as_principal_is_blocked():
    v006 = [use("CRD_010", replica=f"rpl-p{n}", id=f"u{n}") for n in range(1, 41)]
    answer = ask(crowd(), v006)
    assert {one.outcome for one in answer.decisions} == {Outcome.CLEARED}
    v007 = [
        use("CRD_010", replica="rpl-p17", id="u17", uses=("principal",)) if one.id == "u17" else one
        for one in v006
    ]
    answer = ask(crowd(), v007)
    assert [one.use for one in answer.decisions if one.outcome is not Outcome.CLEARED] == ["u17"]
    assert "background-as-principal" in codes(answer, 16)


def test_s5_principal_is_refused_of_background_even_where_a_licence_grants_every_use():
    doc = crowd()
    doc["licences"][0]["scope"]["uses"] = ["*"]
    answer = ask(doc, [use("CRD_010", uses=("principal",))])
    assert codes(answer) == ["background-as-principal"]


# -- S6: revocation ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T12:00:00Z", "blocked"),
        ("2026-11-12T18:00:00Z", "blocked"),
        ("2026-11-12T17:59:59Z", "cleared"),
    ],
)
def test_s6_a_revocation_holds_from_its_moment_on_and_no_waiver_helps(now, expected):
    revoked = licence(status="revoked", status_at="2026-11-12T18:00:00Z")
    answer = ask(
        world(licences=[revoked], waivers=[waiver("licence-revoked", "no-licence")]), [use()], now=now
    )
    assert outcome(answer) == expected
    assert ("licence-revoked" in codes(answer)) == (expected == "blocked")


def test_s6_another_licence_may_grant_what_a_revoked_one_no_longer_does():
    revoked = licence(status="revoked", status_at="2026-11-12T18:00:00Z")
    answer = ask(world(licences=[revoked, licence(id="L-2")]), [use()])
    assert (outcome(answer), answer.decisions[0].licences) == ("cleared", ("L-2",))


# -- S7, S8, S10, S20: screen time --------------------------------------------------------------------------------


def in_a_row(*frames, names=None):
    uses, at = [], 0
    for number, count in enumerate(frames, 1):
        uses.append(use(names[number - 1] if names else f"SQ030_{number:02}0", at, count))
        at += count
    return uses


V041 = (288, 192, 408, 336, 480, 432)


def capped(seconds, **changes):
    return world(licences=[licence(max_screen_time_s=seconds, **changes)])


def test_s7_just_under_the_cap_is_cleared_with_a_warning():
    answer = ask(capped("90"), in_a_row(*V041))
    assert {one.outcome for one in answer.decisions} == {Outcome.CLEARED}
    assert codes(answer, 5) == ["screen-time-near-cap"]
    assert (answer.totals[0].frames, answer.totals[0].seconds) == (2136, 89)


def test_s7_six_frames_over_block_the_shot_that_passes_the_cap_and_warn_the_earlier_ones():
    answer = ask(capped("90"), in_a_row(288, 192, 408, 366, 480, 432))
    assert [one.outcome.value for one in answer.decisions] == ["cleared"] * 5 + ["blocked"]
    told = reason(answer, "screen-time-exceeded", 5)
    assert (told.detail["frames_over"], told.detail["over_seconds"]) == (6, "0.25")
    assert "trim 6 frames" in told.remedy
    assert reason(answer, "screen-time-exceeded", 0).severity is Severity.WARN


@pytest.mark.parametrize(("frames", "expected"), [(2136, "cleared"), (2157, "cleared"), (2158, "blocked")])
def test_s7_at_24000_1001_a_cap_of_ninety_seconds_is_2157_frames(frames, expected):
    assert outcome(ask(capped("90"), [use(frames=frames)], rate="24000/1001")) == expected


def test_s7_all_shots_after_the_one_that_passes_the_cap_are_blocked_too():
    answer = ask(capped("10"), in_a_row(120, 121, 24))
    assert [one.outcome.value for one in answer.decisions] == ["cleared", "blocked", "blocked"]


@pytest.mark.parametrize(("cap", "expected"), [("100/24", "blocked"), ("104/24", "cleared")])
def test_s8_a_dissolve_counts_on_both_sides(cap, expected):
    answer = ask(capped(cap), [use(frames=104)])
    assert outcome(answer) == expected
    if expected == "blocked":
        assert "trim 4 frames" in reason(answer, "screen-time-exceeded").remedy


def test_s8_two_overlapping_clips_of_one_performer_are_counted_as_their_union():
    answer = ask(capped("168/24"), [use("A", 0, 100), use("B", 92, 76)])
    assert answer.totals[0].frames == 168
    assert outcome(answer, 1) == "cleared"


def test_s10_only_the_visible_part_of_a_nested_clip_is_charged():
    answer = ask(capped("2"), [use(frames=40)])
    assert (outcome(answer), answer.totals[0].frames) == ("cleared", 40)


def test_s20_the_same_shot_twice_is_counted_twice():
    twice = (FrameRange(0, 48), FrameRange(1000, 1048))
    answer = ask(capped("4"), [use(screen=twice, record=twice)])
    assert (outcome(answer), answer.totals[0].frames) == ("cleared", 96)
    assert outcome(ask(capped("95/24"), [use(screen=twice, record=twice)])) == "blocked"


def test_a_cap_over_a_part_of_a_cut_cannot_be_judged():
    answer = ask(capped("90"), [use(frames=24)], whole_cut=False)
    assert outcome(answer) == "unknown"
    assert outcome(ask(capped(None), [use(frames=24)], whole_cut=False)) == "cleared"


def test_an_exhausted_licence_does_not_spill_to_another():
    first = licence(max_screen_time_s="1", valid_until="2028-06-30T00:00:00Z")
    answer = ask(world(licences=[first, licence(id="L-2")]), [use(frames=48)])
    assert (outcome(answer), answer.decisions[0].licences) == ("blocked", ("L-1",))


def test_refused_uses_are_charged_too():
    doc = capped("3", approval="per_shot")
    doc["approvals"] = [approval(shot="B")]
    answer = ask(doc, [use("A", 0, 48), use("B", 48, 48)])
    assert codes(answer, 0)[0] == "approval-required"
    assert codes(answer, 1)[0] == "screen-time-exceeded"


@pytest.mark.parametrize(("most", "expected"), [(2, "cleared"), (1, "blocked"), (0, "blocked")])
def test_shots_are_counted_once_each(most, expected):
    doc = world(licences=[licence(max_shots=most)])
    answer = ask(doc, [use("A", 0, 5), use("A", 9, 5, id="again"), use("B", 20, 5)])
    assert outcome(answer, 2) == expected


# -- S9, S14: approvals -------------------------------------------------------------------------------------------


def approved(*approvals, needed="per_shot"):
    return world(licences=[licence(approval=needed)], approvals=list(approvals))


def fast_clip(**changes):
    return use(frames=120, source=(FrameRange(1001, 1241),), **changes)


def test_s9_frames_beyond_the_approved_source_range_block():
    answer = ask(approved(approval(source_range=[1001, 1201])), [fast_clip()])
    assert codes(answer) == ["approval-range-exceeded"]
    assert reason(answer, "approval-range-exceeded").detail["frames"] == [[1201, 1241]]
    assert answer.totals[0].seconds == 5


APPROVALS = [
    ("nothing", [], "per_shot", "approval-required"),
    ("all frames", [approval()], "per_shot", None),
    ("two ranges that meet", [approval(source_range=[1001, 1100]), approval(source_range=[1100, 1241])], "per_shot", None),
    ("one frame short", [approval(source_range=[1001, 1240])], "per_shot", "approval-range-exceeded"),
    ("another shot", [approval(shot="HEL_020_0110")], "per_shot", "approval-required"),
    ("a later rejection", [approval(), approval(decision="rejected", at="2026-11-02T00:00:00Z", note="too old")], "per_shot", "approval-rejected"),
    ("a rejection that was lifted", [approval(at="2026-11-03T00:00:00Z"), approval(decision="rejected")], "per_shot", None),
    ("both at one moment", [approval(decision="rejected"), approval()], "per_shot", "approval-rejected"),
    ("a rejection of some frames", [approval(), approval(decision="rejected", at="2026-11-02T00:00:00Z", source_range=[1240, 1300])], "per_shot", "approval-rejected"),
    ("a rejection of other frames", [approval(), approval(decision="rejected", at="2026-11-02T00:00:00Z", source_range=[1241, 1300])], "per_shot", None),
    ("an approval of tomorrow", [approval(at="2026-11-21T00:00:00Z")], "per_shot", "approval-required"),
    ("the version before", [approval(version="v003")], "per_version", "approval-version-outdated"),
    ("this version", [approval(version="v004")], "per_version", None),
    ("every version", [approval()], "per_version", None),
    ("per shot any version serves", [approval(version="v003")], "per_shot", None),
    ("the version before was rejected", [approval(version="v003", decision="rejected"), approval(version="v004")], "per_version", None),
    ("rejected though none is needed", [approval(decision="rejected")], "none", "approval-rejected"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("approvals", "needed", "code"), [row[1:] for row in APPROVALS], ids=[row[0] for row in APPROVALS]
)
def test_s9_s14_approvals(approvals, needed, code):
    answer = ask(approved(*approvals, needed=needed), [fast_clip()])
    assert (outcome(answer), codes(answer)) == (("blocked", [code]) if code else ("cleared", []))


def test_s14_an_edit_without_a_version_meets_no_approval_of_a_version():
    answer = ask(approved(approval(version="v003"), needed="per_version"), [fast_clip(version=None)])
    assert codes(answer) == ["approval-version-outdated"]


def test_s9_source_frames_that_cannot_be_told_meet_no_approval_of_a_range():
    unknown = fast_clip(source_known=False)
    assert codes(ask(approved(approval(source_range=[1, 99999])), [unknown])) == ["approval-range-exceeded"]
    assert codes(ask(approved(approval()), [unknown])) == []


# -- S11: strike --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "now", "stopped"),
    [
        ("agreement", "sag-aftra", "2027-02-02T00:00:00Z", True),
        ("agreement", "sag-aftra", "2027-02-01T08:00:00Z", True),
        ("agreement", "sag-aftra", "2027-02-01T07:59:59Z", False),
        ("agreement", "equity", "2027-02-02T00:00:00Z", False),
        ("global", None, "2027-02-02T00:00:00Z", True),
        ("production", "HELIOS", "2027-02-02T00:00:00Z", True),
        ("performer", "perf-p1", "2027-02-02T00:00:00Z", True),
        ("licence", "L-1", "2027-02-02T00:00:00Z", True),
        ("global", None, "2027-03-01T00:00:00Z", False),
    ],
)
def test_s11_a_strike_stops_its_scope_and_no_waiver_helps(kind, value, now, stopped):
    strike = suspension(kind, value, **{"from": "2027-02-01T08:00:00Z", "until": "2027-03-01T00:00:00Z"})
    stops_all = waiver("strike-suspended", until="2028-01-01T00:00:00Z")
    answer = ask(world(suspensions=[strike], waivers=[stops_all]), [use()], now=now)
    assert outcome(answer) == ("blocked" if stopped else "cleared")
    assert ("strike-suspended" in codes(answer)) == stopped


def test_s11_no_strike_stops_what_needs_no_licence_but_a_court_does():
    doc = world(licences=[], exemptions=[exemption()], suspensions=[suspension("global", None)])
    assert outcome(ask(doc, [use()])) == "exempt"
    doc["suspensions"][0]["reason"] = "court"
    assert codes(ask(doc, [use()])) == ["licence-suspended"]


# -- S12: models ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("training", "trained_for", "code"),
    [
        ("none", None, "training-not-permitted"),
        ("none", "HELIOS", "training-not-permitted"),
        ("this_production", "HELIOS", None),
        ("this_production", "HELIOS_2", "model-out-of-scope"),
        ("this_production", "general", "model-out-of-scope"),
        ("this_production", None, "model-out-of-scope"),
        ("general", "general", None),
        ("general", "HELIOS", None),
        ("general", "HELIOS_2", "model-out-of-scope"),
    ],
)
def test_s12_a_model_needs_a_licence_for_training_and_must_be_made_for_this_production(
    training, trained_for, code
):
    doc = world(replicas=[replica(trained_for=trained_for)], licences=[licence(training=training)])
    answer = ask(doc, [use(models=("/ml/p5_face.cat",))])
    assert (outcome(answer), codes(answer)) == (("blocked", [code]) if code else ("cleared", []))


# -- S13: pay -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pay", "code"),
    [
        ({"status": "due", "due": "2026-11-01"}, "compensation-outstanding"),
        ({"status": "due", "due": None}, "compensation-outstanding"),
        ({"status": "due", "due": "2026-12-01"}, None),
        ({"status": "disputed", "due": "2026-12-01"}, "compensation-outstanding"),
        ({"status": "paid", "due": "2026-11-01"}, None),
        ({"status": "not_due", "due": None}, None),
    ],
)
def test_s13_what_is_due_and_not_paid_blocks(pay, code):
    answer = ask(world(licences=[licence(compensation=pay)]), [use()])
    assert (outcome(answer), codes(answer)) == (("blocked", [code]) if code else ("cleared", []))


def test_s13_the_rule_file_may_make_it_a_duty():
    milder = Policy(severities=(SeverityRule("compensation-outstanding", Severity.WARN),))
    doc = world(licences=[licence(compensation={"status": "due", "due": "2026-11-01"})])
    answer = ask(doc, [use()], policy=milder)
    assert outcome(answer) == "cleared_with_duties"
    assert reason(answer, "compensation-outstanding").severity is Severity.WARN


# -- S15: disclosure --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("territories", "until", "means", "severity"),
    [
        (["FR"], "2027-12-10", [], Severity.BLOCK),
        (["EU"], "2027-12-10", [], Severity.BLOCK),
        (["WORLD"], None, [], Severity.BLOCK),
        (["WORLD"], None, ["end_credit"], None),
        (["US"], "2027-12-10", [], Severity.WARN),
    ],
)
def test_s15_a_replaced_face_shown_in_the_eu_is_disclosed(territories, until, means, severity):
    delivery = {
        "territories": territories,
        "release_from": "2026-12-10",
        "release_until": until,
        "disclosure": means,
    }
    face = licence(scope={"alterations": ["face_replacement"]})
    doc = world(productions=[production(delivery=delivery)], licences=[face])
    answer = ask(doc, [use(alterations=("face_replacement",))], packs=PACKS)
    found = {one.severity for one in answer.decisions[0].reasons if one.code == "disclosure-missing"}
    assert max(found, key=lambda one: one.rank, default=None) is severity
    assert (
        outcome(answer)
        == {Severity.BLOCK: "blocked", Severity.WARN: "cleared_with_duties", None: "cleared"}[severity]
    )


# -- S16: minors -------------------------------------------------------------------------------------------------------


def minor(born="2010-03-04", kind="guardian", **changes):
    terms = {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2031-12-31T00:00:00Z", **changes}
    return world(
        performers=[performer(born=born)], authorities=[authority(kind=kind)], licences=[licence(**terms)]
    )


def test_s16_a_minors_licence_of_six_years_is_too_long():
    answer = ask(minor(), [use()], packs=PACKS)
    assert (outcome(answer), codes(answer)) == ("cleared", ["term-too-long"])


@pytest.mark.parametrize(("until", "told"), [("2028-03-04T00:00:00Z", False), ("2028-03-05T00:00:00Z", True)])
def test_s16_a_minors_licence_ends_at_eighteen(until, told):
    answer = ask(minor(valid_until=until), [use()])
    assert ("term-too-long" in codes(answer)) == told


def test_s16_a_minor_needs_a_guardian_or_a_court():
    assert "minor-approval-missing" in codes(ask(minor(kind="agent"), [use()]))


@pytest.mark.parametrize(
    ("born", "captured", "signed", "expected"),
    [
        ("2010-03-04", "2026-01-20", "2026-01-12T00:00:00Z", "blocked"),  # a minor now
        ("2008-02-01", "2026-01-20", "2026-02-12T00:00:00Z", "blocked"),  # a minor when captured
        ("2008-02-01", "2026-02-01", "2026-01-12T00:00:00Z", "blocked"),  # a minor when it was signed
        ("2008-02-01", "2026-02-01", "2026-02-01T00:00:00Z", "cleared"),  # eighteen on that day
        (None, "2026-02-01", "2026-02-01T00:00:00Z", "unknown"),
    ],
)
def test_s16_nudity_of_a_minor_is_prohibited_and_no_waiver_helps(born, captured, signed, expected):
    terms = licence(consent={"signed_at": signed}, valid_from="2026-01-01T00:00:00Z")
    doc = world(
        performers=[performer(born=born)],
        authorities=[authority(kind="guardian")],
        replicas=[replica(captured_on=captured)],
        licences=[terms],
        waivers=[waiver("minor-prohibited", "no-licence")],
    )
    answer = ask(doc, [use(depictions=("nudity",))])
    assert outcome(answer) == expected
    assert ("minor-prohibited" in codes(answer)) == (expected != "cleared")


# -- S18, S19 -----------------------------------------------------------------------------------------------------------


def test_s18_nothing_used_is_nothing_to_decide():
    answer = ask(world(), [])
    assert (answer.decisions, answer.totals, answer.reasons) == ((), (), ())


@pytest.mark.parametrize(
    ("licensees", "facility", "expected"),
    [(["A"], "B", "blocked"), (["A"], "A", "cleared"), (["A"], None, "blocked"), (["*"], None, "cleared"), ([], "A", "blocked"), (["A"], "a", "blocked")],
)  # fmt: skip
def test_s19_only_licensees_may_publish(licensees, facility, expected):
    answer = ask(world(licences=[licence(licensees=licensees)]), [use()], facility=facility)
    assert outcome(answer) == expected
    assert codes(answer) == (["facility-not-authorised"] if expected == "blocked" else [])
