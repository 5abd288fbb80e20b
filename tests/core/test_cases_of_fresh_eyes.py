"""What somebody found who read the domain anew: records that say nothing, are spelled otherwise, or speak of later."""

from __future__ import annotations

import json

import pytest

from clearcut.core import approvals, granting, prohibitions
from clearcut.core.handwriting import same_person, seen
from clearcut.core.registry_json import parse_registry
from clearcut.core.registry_review import review_registry
from clearcut.settings import load_packs
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
    use,
    waiver,
    world,
)

PACKS = load_packs(environ={})
NUDE = use(depictions=("nudity",))
UNSEEN = [
    "",
    " ",
    "\t",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u2060\u200e",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\U000e0101",
]


def outcome(doc, asked=None, **changes):
    answer = ask(doc, [asked or use()], **changes)
    return answer.decisions[0].outcome.value, codes(answer)


def remarks(**sections):
    registry = parse_registry(json.dumps(world(**sections)))
    return [(one.path, one.code) for one in review_registry(registry, PACKS, NOW)]


# -- a person is who is seen, and a reason what can be read ------------------------------------------------------------


@pytest.mark.parametrize("blank", UNSEEN)
def test_what_nobody_can_see_says_nothing(blank):
    assert seen(blank) == ""
    accepted = waiver("no-licence", reason=blank)
    assert outcome(world(licences=[], waivers=[accepted]))[0] == "blocked"
    claimed = exemption(claimant=blank)
    assert outcome(world(licences=[], exemptions=[claimed])) == (
        "blocked",
        ["exemption-unsupported", "no-licence"],
    )
    undescribed = licence(consent={"description": blank})
    assert outcome(world(licences=[undescribed])) == ("blocked", ["consent-not-specific"])


@pytest.mark.parametrize(
    "second",
    [
        "Zoë Lee",
        "ZOË  LEE",
        "Zoe\u0308 Lee",
        "Zoë\u200b Lee",
        "\u200eZoë Lee",
        "Zoë\u00a0Lee",
        "Zo\u00adë Lee",
        "Zoë Lee\ufe0f",
        "Lee, Zoë",
        "lee zoë",
    ],
)
def test_nobody_approves_their_own_waiver_under_a_name_that_only_looks_like_two(second):
    assert same_person("Zoë Lee", second)
    alone = waiver("no-licence", by="Zoë Lee", approved_by=second)
    assert outcome(world(licences=[], waivers=[alone])) == ("blocked", ["no-licence"])


def test_two_persons_are_two():
    assert not same_person("Zoë Lee", "Zoë Leigh")
    assert not same_person("किम", "काम")
    assert not same_person("A. Lee", "B. Lee")


@pytest.mark.parametrize("reason", UNSEEN)
def test_what_is_declared_no_replica_without_a_reason_is_still_a_suspect(reason):
    declared = {"match": {"path": "*.onnx"}, "by": "A. Director", "at": "2026-01-01T00:00:00Z"}
    said = parse_registry(json.dumps(world(not_replicas=[{**declared, "reason": "a denoiser"}])))
    unsaid = parse_registry(json.dumps(world(not_replicas=[{**declared, "reason": reason}])))
    assert len(said.recognition().not_replicas) == 1
    assert unsaid.recognition().not_replicas == ()


# -- who relies on a licence by a waiver relies on all of it --------------------------------------------------------------

NOT_IN_FORCE = [
    ("licence-expired", {"valid_until": "2026-11-01T00:00:00Z"}),
    ("licence-not-yet-valid", {"valid_from": "2027-01-01T00:00:00Z"}),
    ("licence-draft", {"status": "draft"}),
    ("licence-superseded", {"status": "superseded"}),
    ("production-out-of-scope", {"scope": {"productions": ["OTHER"]}}),
]
FORBIDS = {"forbidden_depictions": ["nudity"]}


@pytest.mark.parametrize(("code", "lacks"), NOT_IN_FORCE)
def test_a_waiver_of_what_a_licence_lacks_does_not_waive_what_it_forbids(code, lacks, monkeypatch):
    both = [production(), production("OTHER")]
    accepted = [waiver(code)]
    doc = world(productions=both, licences=[licence(**lacks, **FORBIDS)], waivers=accepted)
    assert outcome(doc)[0] == "cleared"
    told = outcome(doc, NUDE)
    assert (told[0], told[1][0]) == ("blocked", "depiction-forbidden")
    # A second waiver may accept that too, and it is told.
    doc["waivers"] = [waiver(code, "depiction-forbidden")]
    assert outcome(doc, NUDE)[0] == "cleared"
    # Its twin: relied on without its bans, a licence that forbids nudity clears it.
    doc["waivers"] = accepted
    monkeypatch.setattr(granting, "bans_relied_on", lambda *_: ())
    assert outcome(doc, NUDE)[0] == "cleared"


@pytest.mark.parametrize(("code", "lacks"), NOT_IN_FORCE)
def test_a_waiver_never_makes_a_use_worse_that_another_licence_grants(code, lacks):
    both = [production(), production("OTHER")]
    grants = [licence(), licence(id="L-0", **lacks, **FORBIDS)]
    assert outcome(world(productions=both, licences=grants), NUDE) == ("cleared", [])
    assert outcome(world(productions=both, licences=grants, waivers=[waiver(code)]), NUDE) == ("cleared", [])


# -- a rejection is held against every spelling -------------------------------------------------------------------------


def rejection(**changes):
    return approval(decision="rejected", at="2026-11-02T00:00:00Z", note="not my face", **changes)


ASKS = licence(approval="per_version")


@pytest.mark.parametrize(
    ("refused", "asked"),
    [
        ({"shot": "hel_020_0100"}, {}),
        ({"version": "V004"}, {}),
        ({"shot": "Hel_020_0100", "version": "V004"}, {}),
        # It may be the very version that was rejected.
        ({"version": "v003"}, {"version": None}),
    ],
)
def test_a_rejection_holds_for_what_differs_in_case_alone_and_where_no_version_is_known(
    refused, asked, monkeypatch
):
    doc = world(licences=[ASKS], approvals=[approval(), rejection(**refused)])
    assert outcome(doc, use(**asked)) == ("blocked", ["approval-rejected"])
    # Its twin: read letter for letter, the performer's no is not heard.
    monkeypatch.setattr(approvals, "_about", lambda one, version, _: one.version in (None, version))
    if "shot" not in refused:
        assert outcome(doc, use(**asked))[0] == "cleared"


def test_a_rejection_of_another_version_is_about_another_version():
    doc = world(licences=[ASKS], approvals=[approval(), rejection(version="v003")])
    assert outcome(doc) == ("cleared", [])


@pytest.mark.parametrize(
    ("given", "code"),
    [({"shot": "hel_020_0100"}, "approval-required"), ({"version": "V004"}, "approval-version-outdated")],
)
def test_an_approval_is_held_to_the_letter(given, code):
    assert outcome(world(licences=[ASKS], approvals=[approval(**given)])) == ("blocked", [code])


def test_a_later_approval_lifts_a_rejection_spelled_otherwise():
    doc = world(licences=[ASKS], approvals=[rejection(version="V004"), approval(at="2026-11-03T00:00:00Z")])
    assert outcome(doc) == ("cleared", [])


# -- nude, of age now, and scanned nobody says when ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "made", "told"),
    [
        ("2005-06-01", {"captured_on": None}, ("unknown", ["minor-prohibited"])),
        ("2005-06-01", {"captured_on": None, "capture_source": "onset_photography"}, ("unknown", ["minor-prohibited"])),
        ("2005-06-01", {"captured_on": "2026-01-20"}, ("cleared", [])),
        ("1982-01-02", {"captured_on": None}, ("unknown", ["minor-prohibited"])),
        # Of age before anybody was scanned.
        ("1982-01-01", {"captured_on": None}, ("cleared", [])),
        # Modelled by hand: nothing was captured.
        ("2005-06-01", {"captured_on": None, "capture_source": "none"}, ("cleared", [])),
    ],
)  # fmt: skip
def test_a_scan_of_no_date_may_be_of_a_minor(born, made, told, monkeypatch):
    doc = world(performers=[performer(born=born)], replicas=[replica(**made)])
    assert outcome(doc, NUDE) == told
    assert outcome(doc) == ("cleared", [])
    # Its twin: asked for nothing, a scan made at fifteen is as good as one made today.
    monkeypatch.setattr(prohibitions, "_may_show_a_minor", lambda _replica, _born: False)
    assert outcome(doc, NUDE) == ("cleared", [])


# -- what is recorded already and holds later --------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["revoked", "suspended", "superseded"])
def test_a_stop_that_is_to_come_before_the_release_is_told(status):
    stopped = licence(status=status, status_at="2027-01-01T00:00:00Z")
    answer = ask(world(licences=[stopped]), [use()])
    assert (answer.decisions[0].outcome.value, codes(answer)) == (
        "cleared",
        ["licence-expires-before-release"],
    )
    assert answer.decisions[0].reasons[0].message == (
        f"L-1 is {status} from 2027-01-01, before the end of the release window (2028-05-01)"
    )
    soon = licence(status=status, status_at="2026-11-21T00:00:00Z")
    assert codes(ask(world(licences=[soon]), [use()])) == [
        "licence-expires-soon",
        "licence-expires-before-release",
    ]


def test_a_licence_without_an_end_has_one_when_its_stop_is_recorded():
    endless = licence(valid_until=None, status="revoked", status_at="2027-01-01T00:00:00Z")
    told = [one.message for one in ask(world(licences=[endless]), [use()]).decisions[0].reasons]
    assert "L-1 is revoked from 2027-01-01, before the end of the release window (2028-05-01)" in told


def test_a_licence_that_ends_before_its_stop_is_told_to_end():
    stopped = licence(status="revoked", status_at="2029-01-01T00:00:00Z", valid_until="2028-01-01T00:00:00Z")
    told = ask(world(licences=[stopped]), [use()]).decisions[0].reasons
    assert [one.message for one in told] == [
        "L-1 ends 2028-01-01, before the end of the release window (2028-05-01)"
    ]


# -- what a law asks, however a record spells its words ----------------------------------------------------------------


@pytest.mark.parametrize(
    "technique", ["ml_face", "ML_Face", "ml-face", "ML face", "Deepfake", "Voice  Clone"]
)
def test_a_technique_is_disclosed_however_it_is_spelt(technique):
    silent = [production(delivery={"territories": ["FR"], "disclosure": []})]
    doc = world(productions=silent, replicas=[replica(technique=technique)])
    assert outcome(doc, packs=PACKS) == ("blocked", ["disclosure-missing", "disclosure-missing"])


def test_what_a_trained_model_made_is_disclosed_whatever_its_technique_is_called():
    made = replica(technique="swap_v2", capture_source="trained_model", trained_for="HELIOS")
    grants = licence(training="this_production")

    def told(places, disclosure):
        delivered = [production(delivery={"territories": places, "disclosure": disclosure})]
        doc = world(productions=delivered, replicas=[made], licences=[grants])
        return outcome(doc, packs=PACKS)

    assert told(["FR"], [])[0] == "blocked"
    assert told(["US"], []) == ("cleared_with_duties", ["disclosure-missing"])
    assert told(["FR"], ["end_credit"]) == ("cleared", [])


def test_what_was_scanned_is_not_taken_for_what_a_model_made_nor_the_other_way_round():
    several = [replica(), replica(id="rpl-p1-ml", capture_source="trained_model", trained_for="HELIOS")]
    doc = world(
        productions=[production(delivery={"territories": ["FR"], "disclosure": []})],
        replicas=several,
        licences=[licence(replicas=["*"], training="this_production")],
    )
    asked = [use(), use(first=24, replica="rpl-p1-ml")]
    for uses in (asked, asked[::-1]):
        told = {one.use: one.outcome.value for one in ask(doc, uses, packs=PACKS).decisions}
        assert told == {asked[0].id: "cleared", asked[1].id: "blocked"}


@pytest.mark.parametrize("said", [[], ["none"], ["None"]])
def test_no_disclosure_is_none_in_words_too(said):
    delivered = [production(delivery={"territories": ["FR"], "disclosure": said})]
    doc = world(productions=delivered, licences=[licence(scope={"alterations": ["face_replacement"]})])
    replaced = use(alterations=("face_replacement",))
    assert outcome(doc, replaced, packs=PACKS)[0] == "blocked"
    assert outcome(doc, replaced) == ("cleared_with_duties", ["disclosure-missing"])


@pytest.mark.parametrize(
    ("agreement", "start", "exempt"),
    [
        ("sag-aftra-tv-theatrical-2023", "2026-06-30", True),
        # From July 2026 on the next agreement holds, whatever stands in the record, and from July 2027 it permits none.
        ("sag-aftra-tv-theatrical-2023", "2026-07-01", False),
        ("sag-aftra-tv-theatrical-2023", "2027-07-05", False),
        ("sag-aftra-tv-theatrical-2023", None, False),
        ("sag-aftra-tv-theatrical-2026", "2026-07-01", True),
        ("sag-aftra-tv-theatrical-2026", "2027-07-01", False),
    ],
)
def test_an_agreement_that_has_run_out_exempts_no_dub(agreement, start, exempt):
    made = [production(agreement=agreement, principal_photography_start=start)]
    doc = world(licences=[], productions=made, exemptions=[exemption("permitted_dub_or_double")])
    dubbed = use(uses=("dub",), alterations=("lip_resync",))
    told = ("exempt", []) if exempt else ("blocked", ["no-licence"])
    assert outcome(doc, dubbed, packs=PACKS) == told


# -- who can mend it, and what is told before a shot is stopped ----------------------------------------------------------


def test_principal_terms_lift_the_block_once_the_replica_is_recorded_under_them():
    granted = licence(scope={"uses": ["principal"]})
    crowd = world(licences=[granted], replicas=[replica(category="background")])
    answer = ask(crowd, [use(uses=("principal",))])
    assert codes(answer) == ["background-as-principal"]
    assert "record rpl-p1 in the category" in answer.decisions[0].reasons[0].remedy
    assert outcome(world(licences=[granted]), use(uses=("principal",))) == ("cleared", [])


@pytest.mark.parametrize(
    ("sections", "remark"),
    [
        ({"waivers": [waiver("no-licence", reason="")]}, ("waivers[W-1]", "waiver-void")),
        ({"waivers": [waiver("no-licence", approved_by="\u200b")]}, ("waivers[W-1]", "waiver-void")),
        ({"exemptions": [exemption(claimant=" ")]}, ("exemptions[X-1].claimant", "exemption-unsupported")),
        (
            {"exemptions": [exemption("first_amendment", role="producer")]},
            ("exemptions[X-1].role", "exemption-unsupported"),
        ),
        (
            {"licences": [licence(consent={"signed_at": None})]},
            ("licences[L-1].consent.signed_at", "never-grants"),
        ),
        (
            {"performers": [performer(died="2020-01-01")]},
            ("licences[L-1].consent.signed_at", "never-grants"),
        ),
        (
            {"not_replicas": [{"match": {"path": "*/statue_*"}, "reason": "", "by": "TD", "at": "2026-01-01T00:00:00Z"}]},
            ("not_replicas[0].reason", "declared-without-reason"),
        ),
    ],
)  # fmt: skip
def test_what_counts_for_nothing_is_told_when_the_registry_is_validated(sections, remark):
    assert remark in remarks(**sections)


HAND = [{"scheme": "hand", "value": "10.23/AAAA"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"identifiers": HAND}, {"identifiers": HAND}),
        ({"pseudonym": "Ada"}, {"pseudonym": "ADA"}),
        ({"name": "A. Sample", "born": "1980-02-01"}, {"name": "A.  SAMPLE", "born": "1980-02-01"}),
    ],
)
def test_one_person_under_two_ids_is_suspicious_for_bans_hang_on_ids(one, other):
    assert remarks(performers=[performer(1, **one), performer(2, **other)])[0] == (
        "performers[perf-p2]",
        "one-person-twice",
    )


def test_two_persons_who_share_a_name_alone_are_two():
    namesakes = [performer(1, name="A. Sample"), performer(2, name="A. Sample", born="1991-01-01")]
    unknown = [performer(1, name="A. Sample", born=None), performer(2, name="A. Sample", born=None)]
    for several in (namesakes, unknown):
        assert "one-person-twice" not in {code for _, code in remarks(performers=several)}


def test_who_signs_for_the_dead_may_be_their_estate():
    dead = {
        "performers": [performer(died="2020-01-01")],
        "authorities": [authority(kind="estate", valid_from="2020-01-02")],
    }
    assert "never-grants" not in {code for _, code in remarks(**dead)}
