"""What a rights lawyer would try on every case of the domain: the day before and after, the neighbour, the other one."""

from __future__ import annotations

import pytest

from clearcut.core.places import EU_MEMBERS
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


def told(doc, *uses, **changes):
    """What each use comes to and the codes that it is told, with all shipped packs; alone where there is one."""
    answer = ask(doc, uses or [use()], packs=PACKS, **changes)
    found = [(one.outcome.value, codes(answer, at)) for at, one in enumerate(answer.decisions)]
    return found if len(found) > 1 else found[0]


CLEARED = ("cleared", [])
NUDE = use(depictions=("nudity",))


def signed(at):
    return licence(
        valid_from="2026-07-01T00:00:00Z", consent={"signed_at": at, "notice_at": "2026-05-01T00:00:00Z"}
    )


@pytest.mark.parametrize(
    ("person", "made", "grant", "prohibited"),
    [
        # Of age on 1 June 2026, and so now; what counts is every day on which something was made or agreed.
        ({"born": "2008-06-01"}, {"captured_on": "2026-06-01"}, signed("2026-06-01T00:00:00Z"), False),
        ({"born": "2008-06-01"}, {"captured_on": "2026-05-31"}, signed("2026-06-02T00:00:00Z"), True),
        ({"born": "2008-06-01"}, {"captured_on": "2026-06-01"}, signed("2026-05-31T23:59:59Z"), True),
        ({"born": "2008-06-01"}, {"captured_on": "2026-06-01"}, signed("2026-06-01T01:00:00+02:00"), True),
        ({"born": "2008-11-21"}, {"captured_on": "2026-11-20"}, licence(), True),
        # Whoever died a child never came of age, however long ago, and whatever the estate signs.
        ({"born": "2000-01-01", "died": "2015-01-01"}, {"captured_on": None}, licence(), True),
        ({"born": "2000-01-01", "died": "2017-12-31"}, {"captured_on": None}, licence(), True),
        ({"born": "2000-01-01", "died": "2018-01-01"}, {"captured_on": "2018-01-01"}, licence(), False),
    ],
)
def test_whoever_was_a_minor_on_a_day_that_counts_is_not_shown_nude(person, made, grant, prohibited):
    grantor = authority(kind="estate" if "died" in person else "self")
    doc = world(performers=[performer(**person)], replicas=[replica(**made)], licences=[grant],
                authorities=[grantor], waivers=[waiver("minor-prohibited", "minor-approval-missing")])  # fmt: skip
    outcome, found = told(doc, NUDE)
    assert ("minor-prohibited" in found) is prohibited
    assert outcome == ("blocked" if prohibited else "cleared")


def test_no_exemption_shows_a_child_who_died_long_ago():
    doc = world(
        performers=[performer(born="2000-01-01", died="2015-01-01")], licences=[], exemptions=[exemption()]
    )
    assert told(doc, NUDE)[1] == ["minor-prohibited"]


@pytest.mark.parametrize(
    ("granted", "delivered", "outcome"),
    [
        (["EU"], ["FR"], "cleared"),
        (["FR"], ["EU"], "blocked"),
        (sorted(EU_MEMBERS), ["EU"], "cleared"),
        (["EU"], ["DE-BY"], "cleared"),
        (["EU"], ["GB"], "blocked"),
        (["EU"], ["CH"], "blocked"),
        (["US"], ["US-CA"], "cleared"),
        (["US-CA"], ["US"], "blocked"),
        (["EU", "US"], ["EU", "US-NY"], "cleared"),
        # Overseas parts to which the treaties do not extend: France holds them, the Union does not.
        (["EU"], ["FR-NC"], "blocked"),
        (["FR"], ["FR-NC"], "cleared"),
        (["EU"], ["FR-971"], "cleared"),
        (["EU"], ["NL-CW"], "blocked"),
        (["WORLD"], ["NL-CW"], "cleared"),
    ],
)
def test_the_union_its_members_and_their_parts(granted, delivered, outcome):
    doc = world(licences=[licence(scope={"territories": granted})],
                productions=[production(delivery={"territories": delivered})])  # fmt: skip
    found = told(doc)
    assert found[0] == outcome
    assert ("territory-out-of-scope" in found[1]) is (outcome == "blocked")


@pytest.mark.parametrize(
    ("granted", "delivered", "outcome"),
    [
        (["zh-Hant"], ["zh-TW"], "blocked"),  # a script is no region, whoever writes so in Taiwan
        (["zh-Hant"], ["zh-Hant-TW"], "cleared"),
        (["zh"], ["zh-TW"], "cleared"),
        (["zh-TW"], ["zh-Hant-TW"], "blocked"),
        (["fr"], ["frr"], "blocked"),  # Northern Frisian is no French
        (["FR"], ["fr-ca"], "cleared"),
        (["fr-FR"], ["fr"], "blocked"),
        (["en"], ["*"], "blocked"),
        (["*"], ["*"], "cleared"),
    ],
)
def test_languages_are_ranges(granted, delivered, outcome):
    doc = world(licences=[licence(scope={"languages": granted})],
                productions=[production(delivery={"languages": delivered})])  # fmt: skip
    assert told(doc)[0] == outcome


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        ("2026-10-31T23:59:59Z", "cleared"),
        ("2026-11-01T00:30:00+01:00", "cleared"),  # still October in UTC
        ("2026-11-01T00:00:00Z", "blocked"),
    ],
)
def test_a_mandate_holds_through_its_last_day_in_utc(now, outcome):
    doc = world(performers=[performer(died="2019-04-02")],
                authorities=[authority(kind="estate", valid_from="2022-01-01", valid_until="2026-10-31")])  # fmt: skip
    assert told(doc, now=now)[0] == outcome


OWED = licence(compensation={"status": "due", "due": None})


@pytest.mark.parametrize(
    ("accepted", "outcome"),
    [
        ({"until": "2026-11-20T12:00:00Z"}, "blocked"),
        ({"until": "2026-11-20T12:00:01Z"}, "cleared_with_duties"),
        ({"until": "2026-11-20"}, "cleared_with_duties"),
        ({"approved_by": "a.  PRODUCER"}, "blocked"),
        ({"approved_by": "\uff21. Producer"}, "blocked"),  # the same name in full-width letters
        ({"reason": " "}, "blocked"),
        ({"shots": []}, "blocked"),
        ({"shots": ["HEL_03*"]}, "blocked"),
        ({"role": "producer"}, "cleared_with_duties"),
    ],
)
def test_what_makes_a_waiver(accepted, outcome):
    assert told(world(licences=[OWED], waivers=[waiver("compensation-outstanding", **accepted)])) == (
        outcome, ["compensation-outstanding"],
    )  # fmt: skip


def test_a_waiver_of_several_codes_waives_those_that_can_be():
    doc = world(licences=[licence(valid_until="2026-11-01T00:00:00Z")],
                suspensions=[suspension("production", "HELIOS")],
                waivers=[waiver("licence-expired", "strike-suspended", "no-licence")])  # fmt: skip
    assert told(doc)[0] == "blocked"
    assert told({**doc, "suspensions": []}) == (
        "cleared",
        ["licence-expired", "licence-expires-before-release"],
    )
    by_producer = [waiver("licence-expired", role="producer")]
    assert told({**doc, "suspensions": [], "waivers": by_producer})[0] == "blocked"


@pytest.mark.parametrize(
    ("agreement", "stopped"),
    [
        ("sag-aftra-tv-theatrical-2023", True),
        ("sag-aftra-tv-theatrical-2026", True),
        ("sag-aftra-interactive-2025", False),
        ("equity", False),
        ("none", False),
    ],
)
def test_a_strike_reaches_the_agreements_that_begin_so_and_no_other(agreement, stopped):
    doc = world(productions=[production(agreement=agreement)],
                suspensions=[suspension("agreement", "sag-aftra-tv")])  # fmt: skip
    assert ("strike-suspended" in told(doc)[1]) is stopped


@pytest.mark.parametrize(
    ("stop", "outcome"),
    [
        ({"from": "2026-11-20T12:00:00Z"}, "blocked"),
        ({"from": "2026-11-20T12:00:01Z"}, "cleared"),
        ({"until": "2026-11-20T12:00:00Z"}, "cleared"),
        ({"until": "2026-11-20"}, "blocked"),  # a day holds to its end
    ],
)
def test_a_strike_holds_from_its_first_moment_up_to_its_last(stop, outcome):
    assert told(world(suspensions=[suspension("global", None, **stop)]))[0] == outcome


def test_a_dispute_stops_what_is_exempt_and_a_strike_does_not():
    doc = world(licences=[], exemptions=[exemption()], suspensions=[suspension("performer", "perf-p1")])
    assert told(doc) == ("exempt", [])
    doc["suspensions"][0]["reason"] = "dispute"
    assert told(doc) == ("blocked", ["licence-suspended"])


def test_a_court_that_stops_one_licence_leaves_the_other():
    doc = world(licences=[licence(), licence(id="L-2")],
                suspensions=[suspension("licence", "L-1", reason="court")])  # fmt: skip
    assert told(doc) == CLEARED
    assert told({**doc, "licences": [licence()]}) == ("blocked", ["licence-suspended"])


@pytest.mark.parametrize(
    ("claim", "outcome"),
    [
        ({}, "exempt"),
        ({"expires": "2026-11-20"}, "exempt"),
        ({"expires": "2026-11-19"}, "blocked"),
        ({"expires": "2026-11-20T12:00:00Z"}, "blocked"),
        ({"evidence": []}, "blocked"),
        ({"shots": ["HEL_030_*"]}, "blocked"),
        ({"basis": "first_amendment", "role": "legal"}, "exempt"),
        ({"basis": "first_amendment", "role": "producer"}, "blocked"),
        (
            {"basis": "permitted_dub_or_double"},
            "exempt",
        ),  # a stunt double, under an agreement that permits it
    ],
)
def test_what_makes_an_exemption(claim, outcome):
    found = told(world(licences=[], exemptions=[exemption(**claim)]))
    assert found[0] == outcome
    assert ("no-licence" in found[1]) is (outcome == "blocked")


def test_an_exemption_of_another_shot_that_the_edit_claims_is_told():
    doc = world(licences=[], exemptions=[exemption(shots=["HEL_030_*"])])
    assert told(doc, use(exemption="X-1")) == ("blocked", ["exemption-unsupported", "no-licence"])
    assert told({**doc, "licences": [licence()]}, use(exemption="X-1")) == (
        "cleared",
        ["exemption-unsupported"],
    )


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ([{}], "cleared"),
        ([{}, {"decision": "rejected"}], "blocked"),  # of two at one moment the rejection
        ([{"decision": "rejected"}, {"at": "2026-11-02T00:00:00Z"}], "cleared"),
        ([{}, {"decision": "rejected", "version": "v003", "at": "2026-11-10T00:00:00Z"}], "cleared"),
        (
            [{}, {"decision": "rejected", "source_range": [2000, 2010], "at": "2026-11-10T00:00:00Z"}],
            "cleared",
        ),
        ([{"version": "v003"}], "blocked"),
        ([{"source_range": [1001, 1025]}], "cleared"),
        ([{"source_range": [1001, 1024]}], "blocked"),
        ([{"source_range": [1001, 1010]}, {"source_range": [1010, 1030]}], "cleared"),
        ([{"at": "2026-11-20T12:00:01Z"}], "blocked"),
        ([{"shot": "HEL_020_0101"}], "blocked"),
    ],
)
def test_the_latest_decision_about_every_frame_counts(decisions, outcome):
    doc = world(licences=[licence(approval="per_version")], approvals=[approval(**one) for one in decisions])
    assert told(doc)[0] == outcome


def test_two_licences_share_the_atoms_and_each_keeps_its_own_cap():
    doc = world(
        licences=[licence(id="L-a", scope={"territories": ["US"]}, max_screen_time_s="1"),
                  licence(id="L-b", scope={"territories": ["FR"]})],
        productions=[production(delivery={"territories": ["US", "FR"]})],
    )  # fmt: skip
    first, second = told(doc, use("A", 0, 24), use("B", 24, 24))
    assert first == ("cleared", ["screen-time-exceeded"])
    assert second == ("blocked", ["screen-time-exceeded"])


def test_licences_that_cross_cover_no_corner_between_them():
    doc = world(
        licences=[licence(id="L-a", scope={"territories": ["US"], "media": ["theatrical"]}),
                  licence(id="L-b", scope={"territories": ["FR"], "media": ["svod"]})],
        productions=[production(delivery={"territories": ["US", "FR"]})],
    )  # fmt: skip
    assert told(doc)[0] == "blocked"


def test_taking_away_a_licence_may_hand_its_uses_to_a_wider_one_and_only_so_may_the_cut_improve():
    """Where an exhausted licence does not spill, no fixed choice can keep this from happening (decision 0010)."""
    narrow = licence(max_screen_time_s="1", valid_until="2028-06-30T00:00:00Z")
    wide = licence(id="L-2", max_screen_time_s="2")
    both = ask(world(licences=[narrow, wide]), [use(frames=48)]).decisions[0]
    alone = ask(world(licences=[wide]), [use(frames=48)]).decisions[0]
    assert (both.outcome.value, both.licences) == ("blocked", ("L-1",))
    assert (alone.outcome.value, alone.licences) == ("cleared", ("L-2",))


@pytest.mark.parametrize(
    ("trained_for", "training", "code"),
    [
        ("HELIOS", "this_production", None),
        ("general", "general", None),
        ("HELIOS", "none", "training-not-permitted"),
        ("general", "this_production", "model-out-of-scope"),
        (None, "this_production", "model-out-of-scope"),
        ("OTHER", "general", "model-out-of-scope"),
    ],
)
def test_what_a_model_was_trained_for(trained_for, training, code):
    doc = world(replicas=[replica(capture_source="trained_model", trained_for=trained_for)],
                licences=[licence(training=training)])  # fmt: skip
    assert told(doc) == (CLEARED if code is None else ("blocked", [code]))


@pytest.mark.parametrize(
    ("facility", "outcome"), [(None, "blocked"), ("FAC-B", "blocked"), ("FAC-A", "cleared")]
)
def test_only_a_licensee_works_under_a_licence(facility, outcome):
    assert told(world(licences=[licence(licensees=["FAC-A"])]), facility=facility)[0] == outcome


def test_in_a_shot_of_two_performers_each_needs_a_licence_of_their_own():
    two = world(performers=[performer(), performer(2)], replicas=[replica(), replica(2)],
                licences=[licence(replicas=["rpl-p1", "rpl-p2"])])  # fmt: skip
    assert told(two, use("A"), use("A", replica="rpl-p2", id="u2")) == [CLEARED, ("blocked", ["no-licence"])]


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        (None, "blocked"),
        ({"status": "draft"}, "blocked"),
        ({"revision": 2}, "cleared"),
        ({"status": "superseded", "status_at": "2026-12-01T00:00:00Z"}, "cleared"),  # not yet
    ],
)
def test_a_superseded_licence_beside_what_replaced_it(other, outcome):
    licences = [licence(id="L-0", status="superseded"), *([licence(**other)] if other is not None else [])]
    assert told(world(licences=licences))[0] == outcome


def test_raw_scan_data_is_never_published_exempt_or_not():
    raw = use(biometric=("/scans/p1.raw",))
    assert told(world(), raw) == told(world(licences=[], exemptions=[exemption()]), raw)
    assert told(world(), raw) == ("blocked", ["biometric-in-publish"])


@pytest.mark.parametrize(
    ("trained_for", "grants", "code"),
    [
        ("HELIOS", [{"training": "this_production"}], None),
        (None, [{"training": "general"}], None),
        ("HELIOS", [], "training-not-permitted"),
        ("HELIOS", [{"training": "none"}], "training-not-permitted"),
        (
            "HELIOS",
            [{"training": "this_production", "scope": {"productions": ["OTHER"]}}],
            "training-not-permitted",
        ),
        (
            "HELIOS",
            [{"training": "general", "valid_until": "2026-11-20T12:00:00Z"}],
            "training-not-permitted",
        ),
        ("OTHER", [{"training": "general"}], "model-out-of-scope"),
        (None, [{"training": "this_production"}], "model-out-of-scope"),
        (
            "OTHER",
            [{"training": "general"}, {"id": "L-2", "training": "this_production"}],
            "model-out-of-scope",
        ),
        (None, [{"training": "this_production"}, {"id": "L-2", "training": "general"}], None),
    ],
)
def test_an_exemption_permits_no_model(trained_for, grants, code):
    doc = world(replicas=[replica(trained_for=trained_for)], productions=[production(), production("OTHER")],
                licences=[licence(**one) for one in grants], exemptions=[exemption()])  # fmt: skip
    assert told(doc, use(models=("/models/p1.cat",))) == (
        ("exempt", []) if code is None else ("blocked", [code])
    )
    assert told(doc) == ("exempt", [])
