"""Ways in which a shot could be cleared wrongly, one test each; and what people are told."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from clearcut.core.findings import Bench, Finding, live_waivers
from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.verdict import Decision, Outcome, Severity, decisions_of
from fakes.worlds import (
    NOW,
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


def outcome(answer, index=0):
    return answer.decisions[index].outcome.value


def told(doc, *uses, **changes):
    answer = ask(doc, uses or [use()], **changes)
    return outcome(answer), codes(answer)


# -- whose replica, whose licence ------------------------------------------------------------------------------


def two_people(**sections):
    base = {"performers": [performer(1), performer(2)], "authorities": [authority(1), authority(2)],
            "replicas": [replica(1), replica(2)]}  # fmt: skip
    return world(**{**base, **sections})


def test_a_replica_that_nobody_registered_is_unknown():
    assert told(world(), use(replica="rpl-p1 ")) == ("unknown", ["unknown-replica"])


def test_a_replica_of_nobody_known_is_blocked_and_a_waiver_does_not_make_a_licence():
    doc = world(replicas=[replica(performer=None)])
    assert told(doc) == ("blocked", ["unknown-performer"])
    doc["waivers"] = [waiver("unknown-performer", "no-licence")]
    assert told(doc)[0] == "blocked"


def test_a_licence_that_lists_another_performers_replica_gives_nothing_away():
    doc = two_people(licences=[licence(1, replicas=["rpl-p2"])])
    assert told(doc, use(replica="rpl-p2")) == ("blocked", ["no-licence"])


def test_a_licence_for_all_replicas_is_for_those_of_its_performer():
    doc = two_people(licences=[licence(1, replicas=["*"])])
    assert told(doc, use(replica="rpl-p1")) == ("cleared", [])
    assert told(doc, use(replica="rpl-p2")) == ("blocked", ["no-licence"])


@pytest.mark.parametrize("replicas", [[], ["rpl-p2"]])
def test_a_licence_grants_only_for_the_replicas_it_lists(replicas):
    assert told(two_people(licences=[licence(1, replicas=replicas)])) == ("blocked", ["no-licence"])


# -- empty and unknown words -------------------------------------------------------------------------------------


DIMENSIONS = {
    "productions": "production-out-of-scope", "episodes": "episode-out-of-scope", "sequences": "sequence-out-of-scope",
    "shots": "shot-out-of-scope", "characters": "character-out-of-scope", "uses": "use-not-permitted",
    "modalities": "modality-not-permitted", "media": "media-out-of-scope", "territories": "territory-out-of-scope",
    "languages": "language-out-of-scope",
}  # fmt: skip


@pytest.mark.parametrize(("dimension", "code"), DIMENSIONS.items())
def test_an_empty_dimension_grants_nothing(dimension, code):
    assert told(world(licences=[licence(scope={dimension: []})])) == ("blocked", [code])


def test_an_empty_dimension_of_alterations_grants_what_alters_nothing_and_no_more():
    assert told(world()) == ("cleared", [])
    assert told(world(), use(alterations=("de_age",))) == ("blocked", ["alteration-not-permitted"])


@pytest.mark.parametrize(
    "said", [{"uses": ("Stunt",)}, {"alterations": ("morph",)}, {"depictions": ("Nudity",)}, {"modalities": ("smell",)}, {"language": "fr FR"}],
)  # fmt: skip
def test_a_word_nobody_knows_is_not_granted_by_a_licence_for_all(said):
    everything = licence(scope={"uses": ["*"], "alterations": ["*"]}, forbidden_depictions=["nudity"])
    assert told(world(licences=[everything]), use(**said)) == ("unknown", ["evaluation-error"])


@pytest.mark.parametrize("changes", [{"default_use": {"uses": []}}, {"modalities": []}])
def test_what_nobody_said_is_unknown_and_no_waiver_says_it(changes):
    doc = world(
        replicas=[replica(**changes)], waivers=[waiver("use-not-permitted", "modality-not-permitted")]
    )
    assert told(doc)[0] == "unknown"


@pytest.mark.parametrize("field", ["media", "territories", "languages"])
def test_a_delivery_profile_that_leaves_a_dimension_empty_demands_all_of_it(field):
    narrow = licence(scope={"media": ["theatrical", "svod"], "territories": ["US"], "languages": ["en"]})
    delivery = {"media": ["svod"], "territories": ["US"], "languages": ["en"]}
    doc = world(productions=[production(delivery=delivery)], licences=[narrow])
    assert outcome(ask(doc, [use()])) == "cleared"
    doc["productions"][0]["delivery"][field] = []
    answer = ask(doc, [use()])
    assert outcome(answer) == "blocked"
    assert "delivery-profile-missing" in codes(answer)


# -- scopes that share ----------------------------------------------------------------------------------------------


def shared(*scopes, **delivery):
    licences = [licence(id=f"L-{n}", scope=scope) for n, scope in enumerate(scopes, 1)]
    return world(productions=[production(delivery=delivery)], licences=licences)


def test_several_licences_may_share_the_atoms_of_one_use():
    doc = shared({"territories": ["EU"]}, {"territories": ["US"]}, territories=["FR", "US-CA", "DE-BY"])
    answer = ask(doc, [use()])
    assert (outcome(answer), answer.decisions[0].licences) == ("cleared", ("L-1", "L-2"))


def test_an_atom_must_be_granted_whole_by_one_licence():
    """Media of one and territories of another make no licence for that medium in that territory."""
    doc = shared({"territories": ["US"], "media": ["svod"]}, {"territories": ["FR"], "media": ["theatrical"]},
                 territories=["US", "FR"], media=["svod", "theatrical"])  # fmt: skip
    answer = ask(doc, [use()])
    assert outcome(answer) == "blocked"
    assert set(codes(answer)) == {"media-out-of-scope", "territory-out-of-scope"} or set(codes(answer)) == {
        "media-out-of-scope"
    }


@pytest.mark.parametrize(
    ("granted", "demanded", "clear"),
    [
        (["WORLD"], ["EU"], True), (["EU"], ["FR"], True), (["FR"], ["EU"], False), (["US"], ["US-CA"], True),
        (["US-CA"], ["US"], False), (["US-CA"], ["US-CA"], True), (["US-CA"], ["US-NY"], False), (["EU"], ["GB"], False),
        (["EU"], ["WORLD"], False), (["*"], ["WORLD"], True), (["EU"], ["DE-BY"], True), (["FR"], ["FR", "DE"], False),
    ],
)  # fmt: skip
def test_which_places_hold_which(granted, demanded, clear):
    assert told(shared({"territories": granted}, territories=demanded))[0] == (
        "cleared" if clear else "blocked"
    )


def test_the_world_is_all_countries_together():
    from clearcut.core.places import COUNTRIES, EU_MEMBERS

    rest = sorted(COUNTRIES - EU_MEMBERS)
    assert told(shared({"territories": ["EU"]}, {"territories": rest}, territories=["WORLD"]))[0] == "cleared"
    answer = ask(shared({"territories": ["EU"]}, {"territories": rest[1:]}, territories=["WORLD"]), [use()])
    assert answer.decisions[0].reasons[0].detail["values"] == [rest[0]]


@pytest.mark.parametrize(
    ("globs", "shot", "clear"),
    [
        (["HEL_*"], "HEL_020_0100", True), (["hel_*"], "HEL_020_0100", False), (["HEL_020_010?"], "HEL_020_0100", True),
        (["HEL_020"], "HEL_020_0100", False), (["*0100"], "HEL_020_0100", True), (["HEL_020_0100"], "HEL_020_0100\n", False),
        (["HEL.020.0100"], "HEL_020_0100", False), (["HEL_0[2]0_*"], "HEL_020_0100", True), (["(HEL|X)_*"], "HEL_020_0100", False),
    ],
)  # fmt: skip
def test_shots_in_a_scope_are_globs_over_the_whole_name(globs, shot, clear):
    assert told(world(licences=[licence(scope={"shots": globs})]), use(shot))[0] == (
        "cleared" if clear else "blocked"
    )


@pytest.mark.parametrize("unit", ["sequences", "episodes", "characters"])
def test_a_unit_that_nobody_names_is_granted_by_a_licence_for_all_alone(unit):
    answer = ask(world(licences=[licence(scope={unit: ["**"]})]), [use()])
    assert codes(answer) == [f"{unit[:-1]}-out-of-scope"]


# -- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_from": "2026-11-20T12:00:00Z"}, None), ({"valid_from": "2026-11-20T12:00:01Z"}, "licence-not-yet-valid"),
        ({"valid_until": "2026-11-20T12:00:00Z"}, "licence-expired"), ({"valid_from": None}, None),
        ({"consent": {"signed_at": None}}, "licence-draft"), ({"consent": {"signed_at": "2026-11-20T12:00:01Z"}}, "licence-draft"),
        ({"status": "draft"}, "licence-draft"), ({"status": "superseded"}, "licence-superseded"),
        ({"status": "suspended"}, "licence-suspended"), ({"status": "revoked", "status_at": None}, "licence-revoked"),
        ({"status_at": "2026-11-21T00:00:00Z"}, "licence-draft"), ({"authority": None}, "authority-not-verified"),
        ({"consent": {"description": " \t"}}, "consent-not-specific"),
        ({"consent": {"description": "", "represented_by": "union"}}, None),
    ],
)  # fmt: skip
def test_terms_of_a_licence(changes, code):
    answer = ask(world(licences=[licence(**changes)]), [use()])
    assert (outcome(answer) == "cleared") == (code is None)
    assert code is None or code in codes(answer)


def test_a_licence_that_nobody_signed_and_that_has_no_first_day_never_begins():
    assert "licence-not-yet-valid" in codes(
        ask(world(licences=[licence(valid_from=None, consent={"signed_at": None})]), [use()])
    )


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2026-12-20T12:00:00Z", ["licence-expires-soon", "licence-expires-before-release"]),
     ("2026-12-20T12:00:01Z", ["licence-expires-before-release"]), ("2028-05-01T23:59:58Z", ["licence-expires-before-release"]),
     ("2028-05-02T00:00:00Z", [])],
)  # fmt: skip
def test_the_two_windows(until, expected):
    assert told(world(licences=[licence(valid_until=until)])) == ("cleared", expected)


@pytest.mark.parametrize(
    ("notice", "short"), [("2026-01-10T00:00:00Z", False), ("2026-01-10T00:00:01Z", True), (None, True)]
)
def test_notice_is_given_forty_eight_hours_before_signing(notice, short):
    assert told(world(licences=[licence(consent={"notice_at": notice})])) == (
        "cleared",
        ["consent-notice-short"] * short,
    )


@pytest.mark.parametrize(
    ("until", "long"), [("2036-01-15T00:00:00Z", False), ("2036-01-15T00:00:01Z", True), (None, True)]
)
def test_an_adults_term_is_ten_years(until, long):
    assert told(world(licences=[licence(valid_until=until)])) == ("cleared", ["term-too-long"] * long)


# -- prohibitions ------------------------------------------------------------------------------------------------------


def test_what_one_active_licence_forbids_another_does_not_permit():
    doc = world(licences=[licence(), licence(id="L-2", forbidden_depictions=["violence"])])
    assert told(doc, use(depictions=("violence",))) == (
        "blocked",
        ["licence-conflict", "depiction-forbidden"],
    )
    doc["licences"][1]["scope"]["productions"] = []
    assert told(doc, use(depictions=("violence",))) == ("cleared", [])


def test_revoking_a_licence_does_not_lift_what_it_forbade():
    doc = world(licences=[licence(), licence(id="L-2", status="revoked", forbidden_depictions=["violence"])])
    assert told(doc, use(depictions=("violence",))) == ("blocked", ["depiction-forbidden"])


def test_an_exemption_lifts_no_prohibition():
    doc = world(exemptions=[exemption()], licences=[licence(forbidden_depictions=["violence"])])
    assert told(doc) == ("exempt", [])
    assert told(doc, use(depictions=("violence",))) == ("blocked", ["depiction-forbidden"])
    assert told(doc, use(biometric=("/scan.obj",))) == ("blocked", ["biometric-in-publish"])
    assert told(doc, use(models=("/m.onnx",))) == ("blocked", ["training-not-permitted"])


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True), ({"evidence": []}, False), ({"claimant": " "}, False), ({"shots": ["X*"]}, False), ({"shots": []}, False),
        ({"expires": "2026-11-20"}, True), ({"expires": "2026-11-19"}, False), ({"expires": "2026-11-20T12:00:00Z"}, False),
        ({"basis": "first_amendment", "role": "producer"}, False), ({"basis": "first_amendment", "role": "legal"}, True),
        ({"basis": "permitted_dub_or_double"}, False), ({"replica": "rpl-p2"}, False), ({"production": "OTHER"}, False),
    ],
)  # fmt: skip
def test_an_exemption_needs_a_basis_a_role_and_evidence(changes, holds):
    doc = two_people(
        licences=[], exemptions=[exemption(**changes)], productions=[production(), production("OTHER")]
    )
    assert told(doc)[0] == ("exempt" if holds else "blocked")


def test_an_exemption_that_does_not_hold_is_only_told_where_a_licence_grants():
    assert told(world(exemptions=[exemption(evidence=[])])) == ("cleared", ["exemption-unsupported"])
    assert told(world(), use(exemption="X-7")) == ("cleared", ["exemption-unsupported"])
    assert told(world(licences=[]), use(exemption="X-7")) == (
        "blocked",
        ["exemption-unsupported", "no-licence"],
    )


# -- waivers and severities ------------------------------------------------------------------------------------------------


OWING = {"compensation": {"status": "due"}}


@pytest.mark.parametrize(
    ("changes", "clear"),
    [
        ({}, True), ({"role": "producer"}, True), ({"approved_by": ""}, False), ({"approved_by": "a.  PRODUCER"}, False), ({"approved_by": "\uff21. Producer"}, False), ({"by": " "}, False),
        ({"reason": ""}, False), ({"until": "2026-11-20T12:00:00Z"}, False), ({"until": "2026-11-20T12:00:01Z"}, True),
        ({"shots": ["OTHER_*"]}, False), ({"shots": []}, False), ({"codes": ["no-licence"]}, False), ({"production": "OTHER"}, False),
    ],
)  # fmt: skip
def test_a_waiver_needs_two_persons_a_reason_and_an_end(changes, clear):
    doc = world(licences=[licence(**OWING)], productions=[production(), production("OTHER")],
                waivers=[waiver("compensation-outstanding", **changes)])  # fmt: skip
    answer = ask(doc, [use()])
    assert outcome(answer) == ("cleared_with_duties" if clear else "blocked")
    if clear:
        (reason,) = answer.decisions[0].reasons
        assert (reason.severity, reason.detail["waiver"]) == (Severity.WARN, "W-1")
        assert "W-1" in reason.message


def test_a_waiver_of_one_shot_does_not_reach_another():
    doc = world(licences=[licence(**OWING)], waivers=[waiver("compensation-outstanding", shots=["A"])])
    answer = ask(doc, [use("A"), use("B")])
    assert [one.outcome.may_publish for one in answer.decisions] == [True, False]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_who_may_waive_a_code_is_what_the_catalogue_says_and_nobody_else(code):
    entry = CATALOGUE[code]

    def severity(role):
        rows = ask_waivers(waiver(code, role=role))
        return (
            Bench(Policy(), None, live_waivers(rows, "A", NOW))
            .settle(Finding(code, "x", severity=Severity.BLOCK))
            .severity
        )

    waived = {role for role in ("producer", "legal") if severity(role) is Severity.WARN}
    assert waived == {
        WaiverBy.NEVER: set(), WaiverBy.NOT_NEEDED: set(), WaiverBy.LEGAL: {"legal"}, WaiverBy.PRODUCER: {"producer", "legal"},
    }[entry.waiver]  # fmt: skip


def ask_waivers(row):
    import json

    from clearcut.core.registry_json import parse_registry

    return tuple(parse_registry(json.dumps(world(waivers=[row]))).waivers.values())


@pytest.mark.parametrize(
    "code", sorted(code for code, entry in CATALOGUE.items() if entry.waiver is WaiverBy.NEVER)
)
def test_no_rule_file_lowers_what_nobody_may_waive(code):
    milder = Policy(severities=(SeverityRule(code, Severity.INFO),))
    assert Bench(milder, None, ()).settle(Finding(code, "x")).severity is CATALOGUE[code].severity


def test_what_could_not_be_found_out_no_rule_file_makes_a_warning():
    milder = Policy(severities=(SeverityRule("screen-time-exceeded", Severity.WARN),))
    doc = world(licences=[licence(max_screen_time_s="90")])
    assert told(doc, whole_cut=False, policy=milder)[0] == "unknown"


# -- what people are told ------------------------------------------------------------------------------------------------


def test_every_failing_term_of_the_nearest_licence_is_told_and_the_worst_comes_first():
    far = licence(id="L-2", status="draft", scope={"uses": [], "shots": []})
    near = licence(valid_until="2026-10-31T00:00:00Z", **OWING)
    answer = ask(world(licences=[near, far]), [use()])
    assert [one.code for one in answer.decisions[0].reasons if one.severity is Severity.BLOCK] == [
        "licence-expired",
        "compensation-outstanding",
    ]
    first = answer.decisions[0].reasons[0]
    assert (first.message, first.remedy) == ("L-1 ended 2026-10-31", "renew L-1 (ended 2026-10-31)")


def test_what_is_told_first_follows_the_domains_precedence():
    minor = performer(born="2015-01-01")
    doc = world(performers=[minor], licences=[licence(status="revoked")], suspensions=[suspension("global", None)],
                exemptions=[exemption(evidence=[])])  # fmt: skip
    assert codes(ask(doc, [use(depictions=("nudity",))]))[:5] == [
        "minor-prohibited", "minor-prohibited", "minor-prohibited", "licence-revoked", "strike-suspended"]  # fmt: skip


def test_performers_appear_by_pseudonym_only():
    secret = {"name": "Very Private", "pseudonym": "P1"}
    worlds = [
        world(performers=[performer(**secret, born=born, died=died)], licences=licences, authorities=[authority(party="Very Private", verified=False)],
              replicas=[replica(category=category)])
        for born in (None, "2015-01-01")
        for died in (None, "2020-01-01")
        for licences in ([], [licence(status="revoked", max_shots=0, **OWING)], [licence(consent={"description": ""}, approval="per_shot")])
        for category in ("background", "synthetic")
    ]  # fmt: skip
    for doc in worlds:
        asked = use(uses=("principal",), depictions=("nudity",), models=("/m.onnx",), exemption="X")
        assert "Very Private" not in repr(ask(doc, [asked]))


def test_each_reason_of_a_decision_is_complete_by_itself():
    answer = ask(
        world(
            licences=[licence(status="revoked", licensees=[], approval="per_shot", **OWING)],
            approvals=[approval(decision="rejected")],
        ),
        [use()],
    )
    for reason in answer.decisions[0].reasons:
        assert reason.message
        assert reason.remedy
        assert reason.who
        assert "\n" not in reason.message


def test_outcomes_have_one_clock():
    answer = ask(world(), [use()], now=NOW + timedelta(days=1))
    assert answer.as_of == NOW + timedelta(days=1)
    assert answer.decisions[0].outcome is Outcome.CLEARED


def test_a_synthetic_performer_needs_a_notice_on_record():
    doc = world(replicas=[replica(category="synthetic")], licences=[licence(consent={"notice_at": None})])
    assert "synthetic-notice-missing" in codes(ask(doc, [use()]))
    doc["replicas"][0]["identifiers"] = [{"scheme": "synthetic-notice", "value": "2026/17"}]
    assert told(doc) == ("cleared", ["consent-notice-short"])


@pytest.mark.parametrize(
    ("term", "counts"),
    [({}, True), ({"valid_until": "2026-11-20T12:00:00Z"}, False), ({"valid_from": "2026-11-20T12:00:01Z"}, False), ({"status": "draft"}, False)],
)  # fmt: skip
def test_a_licence_forbids_while_its_term_runs(term, counts):
    doc = world(licences=[licence(), licence(id="L-2", forbidden_depictions=["violence"], **term)])
    assert (outcome(ask(doc, [use(depictions=("violence",))])) == "blocked") is counts


def test_an_exemption_of_one_shot_does_not_reach_another():
    doc = world(licences=[licence(status="superseded")], exemptions=[exemption(shots=["A"])])
    assert [one.outcome.value for one in ask(doc, [use("A"), use("B"), use("A", 24)]).decisions] == [
        "exempt",
        "blocked",
        "exempt",
    ]


def test_the_last_moment_there_is_is_no_error():
    """A what-if of 9999-12-31 ended in an OverflowError, told as a defect."""
    assert codes(ask(world(), [use()], now="9999-12-31T23:59:59Z")) == ["licence-expired"]


def test_a_decision_made_quickly_is_one_made_plainly_and_as_frozen():
    row = (Outcome.CLEARED, (), ("L-1",), "P1", None)
    (quick,) = decisions_of(["u0"], [row])
    assert quick == Decision("u0", *row)
    assert type(quick) is Decision
    with pytest.raises(AttributeError):
        quick.outcome = Outcome.BLOCKED
    with pytest.raises(ValueError, match="without a decision"):
        decisions_of(["u0", "u1"], [row])


def test_a_use_that_cannot_even_be_looked_up_fails_alone():
    crooked = dataclasses.replace(use("A"), models=["a list has no hash"])
    answer = ask(world(), [use("B"), crooked, use("C")])
    assert [one.outcome for one in answer.decisions] == [Outcome.CLEARED, Outcome.UNKNOWN, Outcome.CLEARED]
    assert codes(answer, 1) == ["evaluation-error"]


def test_equal_declarations_of_two_uses_are_alike_and_different_ones_are_not():
    stunts = [("stunt",), ("stunt",), ("promo",)]
    answer = ask(world(), [use(str(n), uses=one) for n, one in enumerate(stunts)])
    assert [one.outcome for one in answer.decisions] == [Outcome.CLEARED, Outcome.CLEARED, Outcome.BLOCKED]
