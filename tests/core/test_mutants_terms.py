"""A licence's terms on the very day, the very second and the very number on which they change."""

from __future__ import annotations

import pytest

from clearcut.core.packs import Effect, EffectKind, RulePack
from clearcut.core.rules import Policy, SeverityRule, floor_of
from clearcut.core.verdict import Severity
from fakes.worlds import ask, authority, codes, licence, performer, production, replica, use, world


def told(grant=None, asked=None, policy=None, **sections):
    doc = world(licences=[grant or licence()], **sections)
    return codes(ask(doc, [asked or use()], policy=policy or Policy()))


def signed(at, **changes):
    return licence(consent={"signed_at": at, "notice_at": "2019-01-01T00:00:00Z", **changes})


# -- status and term -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "since", "code"),
    [
        ("active", None, None),
        ("active", "2026-11-20T12:00:00Z", None),
        ("active", "2026-11-20T12:00:01Z", "licence-draft"),
        ("draft", "2026-12-01T00:00:00Z", "licence-draft"),
        ("revoked", None, "licence-revoked"),
        ("revoked", "2026-11-20T12:00:00Z", "licence-revoked"),
        ("revoked", "2026-11-20T12:00:01Z", None),
        ("suspended", "2026-11-20T12:00:00Z", "licence-suspended"),
        ("suspended", "2026-11-20T12:00:01Z", None),
    ],
)
def test_a_status_holds_from_its_moment_on(status, since, code):
    found = told(licence(status=status, status_at=since))
    assert [one for one in found if "expires" not in one] == ([code] if code else [])


@pytest.mark.parametrize(
    ("at", "code"),
    [("2026-11-20T12:00:00Z", None), ("2026-11-20T12:00:01Z", "licence-draft"), (None, "licence-draft")],
)
def test_a_licence_is_signed_or_it_is_a_draft(at, code):
    found = told(licence(consent={"signed_at": at}, valid_from="2026-01-01T00:00:00Z"))
    assert ([one for one in found if one == "licence-draft"] or [None]) == [code]


@pytest.mark.parametrize(
    ("start", "forbids"), [("2026-11-20T12:00:00Z", True), ("2026-11-20T12:00:01Z", False), (None, True)]
)
def test_a_licence_forbids_from_the_moment_it_begins(start, forbids):
    other = licence(id="L-2", valid_from=start, forbidden_depictions=["violence"])
    doc = world(licences=[licence(), other])
    assert ("depiction-forbidden" in codes(ask(doc, [use(depictions=("violence",))]))) is forbids


def test_a_stop_that_holds_already_is_no_end_to_come():
    assert told(licence(status="revoked", status_at="2026-11-20T12:00:00Z")) == ["licence-revoked"]


# -- authority ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        ("2026-01-12", None, True),
        ("2026-01-13", None, False),
        (None, "2026-11-20", True),
        (None, "2026-11-19", False),
        ("2026-11-21", None, False),
    ],
)
def test_a_mandate_holds_on_the_day_of_signing_and_today(first, last, holds):
    found = told(authorities=[authority(kind="agent", valid_from=first, valid_until=last)])
    assert ("authority-expired" in found) is not holds


@pytest.mark.parametrize(("last", "holds"), [("2026-01-12", True), ("2026-01-11", False)])
def test_where_the_studio_does_not_ask_for_today_the_day_of_signing_counts(last, holds):
    lax = Policy(authority_must_hold_now=False)
    found = told(authorities=[authority(kind="agent", valid_until=last)], policy=lax)
    assert ("authority-expired" in found) is not holds


@pytest.mark.parametrize(
    ("at", "survives", "kind", "code"),
    [
        ("2026-11-10T23:59:59Z", True, "self", None),  # signed on the day of the death, alive
        ("2026-11-11T00:00:00Z", True, "self", "authority-expired"),
        ("2026-11-10T12:00:00Z", False, "self", "authority-expired"),
        ("2026-11-10T12:00:00Z", True, "agent", None),
        ("2026-11-10T12:00:00Z", False, "guardian", "authority-expired"),
        ("2026-11-11T00:00:00Z", False, "estate", None),
        ("2026-11-10T12:00:00Z", False, "union", None),
    ],
)
def test_what_the_living_grant_serves_after_death_where_it_says_so(at, survives, kind, code):
    found = told(
        signed(at, survives_death=survives),
        performers=[performer(died="2026-11-10")],
        authorities=[authority(kind=kind)],
    )
    assert found == ([code] if code else [])


@pytest.mark.parametrize(("died", "code"), [("2026-11-20", None), ("2026-11-19", "authority-expired")])
def test_on_the_day_of_a_death_its_consent_still_stands(died, code):
    assert told(performers=[performer(died=died)]) == ([code] if code else [])


@pytest.mark.parametrize(
    "changes", [{"performer": "perf-p2"}, {"verified": False}], ids=["of another", "never verified"]
)
def test_an_authority_that_proves_nothing(changes):
    found = told(performers=[performer(), performer(2)], authorities=[authority(**changes)])
    assert found == ["authority-not-verified"]
    assert told(licence(authority=None)) == ["authority-not-verified"]


# -- consent, length of term, minors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "short"),
    [
        ("2026-01-10T00:00:00Z", False),
        ("2026-01-10T00:00:01Z", True),
        (None, True),
        ("2026-01-12T00:00:00Z", True),
    ],
)
def test_notice_is_given_48_hours_before_the_signature(at, short):
    assert told(licence(consent={"notice_at": at})) == ["consent-notice-short"] * short


@pytest.mark.parametrize(
    ("description", "by", "code"),
    [("", "none", "consent-not-specific"), (" ", "none", "consent-not-specific"), ("", "counsel", None),
     ("", "union", None), ("a stunt", "none", None)],
)  # fmt: skip
def test_consent_describes_or_somebody_stood_by(description, by, code):
    found = told(licence(consent={"description": description, "represented_by": by}))
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("born", "start", "end", "long"),
    [
        ("1980-02-01", "2026-01-15T00:00:00Z", "2036-01-15T00:00:00Z", False),
        ("1980-02-01", "2026-01-15T00:00:00Z", "2036-01-15T00:00:01Z", True),
        ("1980-02-01", None, "2036-01-12T00:00:00Z", False),  # without a start from the signature on
        ("1980-02-01", None, "2036-01-12T00:00:01Z", True),
        ("1980-02-01", "2026-01-15T00:00:00Z", None, True),
        ("2015-06-01", "2026-01-15T00:00:00Z", "2031-01-15T00:00:00Z", False),
        ("2015-06-01", "2026-01-15T00:00:00Z", "2031-01-15T00:00:01Z", True),
        ("2010-06-01", "2026-01-15T00:00:00Z", "2028-06-01T00:00:00Z", False),
        ("2010-06-01", "2026-01-15T00:00:00Z", "2028-06-01T00:00:01Z", True),
        ("2008-01-12", "2026-01-15T00:00:00Z", "2036-01-15T00:00:00Z", False),  # of age on the day of signing
        ("2008-01-13", "2026-01-15T00:00:00Z", "2026-12-15T00:00:00Z", True),
    ],
)
def test_how_long_adults_and_minors_may_license(born, start, end, long):
    found = told(
        licence(valid_from=start, valid_until=end),
        performers=[performer(born=born)],
        authorities=[authority(kind="court")],
        productions=[production(delivery={"release_from": None, "release_until": None})],
    )
    assert ("term-too-long" in found) is long


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("guardian", False), ("court", False), ("self", True), ("agent", True), ("union", True)],
)
def test_a_guardian_or_a_court_grants_for_a_minor(kind, missing):
    found = told(licence(valid_until="2028-05-02T00:00:00Z"), performers=[performer(born="2012-01-01")],
                 authorities=[authority(kind=kind)])  # fmt: skip
    assert found == ["minor-approval-missing"] * missing


# -- pay, windows, notices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "due", "owed"),
    [("paid", "2026-01-01", False), ("not_due", "2026-01-01", False), ("due", "2026-11-20", True),
     ("due", "2026-11-21", False), ("due", None, True), ("disputed", "2027-11-21", True)],
)  # fmt: skip
def test_what_is_owed_from_its_day_on(status, due, owed):
    found = told(licence(compensation={"status": status, "due": due}))
    assert found == ["compensation-outstanding"] * owed


@pytest.mark.parametrize(
    ("end", "days", "soon"),
    [
        ("2026-12-20T12:00:00Z", 30, True),
        ("2026-12-20T12:00:01Z", 30, False),
        ("2026-11-20T12:00:00Z", 30, False),  # that one has ended
        ("2026-11-20T12:00:01Z", 0, False),
        ("2026-11-20T12:00:01Z", 1, True),
        ("2026-11-20T12:00:01Z", -5, False),
        ("2126-10-27T12:00:00Z", 10**9, True),  # as far as the calendar reaches sensibly
        ("2126-10-27T12:00:01Z", 10**9, False),
    ],
)
def test_an_end_is_soon_within_the_days_the_rules_say(end, days, soon):
    none = production(delivery={"release_from": None, "release_until": None})
    found = told(licence(valid_until=end), productions=[none], policy=Policy(expires_soon_days=days))
    assert ("licence-expires-soon" in found) is soon


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        ("2028-12-01", "2028-12-31", False),
        ("2028-12-01", "2029-01-01", True),
        ("2028-12-31", None, False),
        ("2029-01-01", None, True),
        ("2029-01-01", "2029-01-01", True),
        (None, None, False),
    ],
)
def test_a_licence_lasts_through_the_last_day_of_the_release_that_is_named(first, last, short):
    doc = [production(delivery={"release_from": first, "release_until": last})]
    assert told(productions=doc) == ["licence-expires-before-release"] * short


@pytest.mark.parametrize(
    ("identifiers", "notice", "missing"),
    [
        ([], "2026-01-05T00:00:00Z", False),
        ([], None, True),
        ([{"scheme": "synthetic-notice", "value": "N-1"}], None, False),
        ([{"scheme": "hand", "value": "N-1"}], None, True),
    ],
)
def test_a_synthetic_performer_is_announced_on_the_replica_or_in_the_licence(identifiers, notice, missing):
    found = told(licence(consent={"notice_at": notice}),
                 replicas=[replica(category="synthetic", identifiers=identifiers)])  # fmt: skip
    assert ("synthetic-notice-missing" in found) is missing


@pytest.mark.parametrize(
    ("unit", "granted", "said", "code"),
    [
        ("episodes", ["E1*"], {"episode": "E10"}, None),
        ("episodes", ["E1*"], {"episode": "E20"}, "episode-out-of-scope"),
        ("episodes", ["E1*"], {}, "episode-out-of-scope"),
        ("sequences", ["SQ_*"], {"sequence": "SQ_1"}, None),
        ("sequences", ["SQ_*"], {}, "sequence-out-of-scope"),
        ("shots", ["HEL_020_*"], {}, None),
        ("shots", ["HEL_030_*"], {}, "shot-out-of-scope"),
        ("characters", ["Ada"], {"character": "Ada"}, None),
        ("characters", ["Ada"], {"character": "Eve"}, "character-out-of-scope"),
        ("characters", ["Ada"], {}, "character-out-of-scope"),
        ("characters", [], {"character": "Ada"}, "character-out-of-scope"),
        (
            "characters",
            ["A*"],
            {"character": "Ada"},
            "character-out-of-scope",
        ),  # only places in a cut have globs
    ],
)
def test_every_unit_is_granted_by_name_and_what_nobody_names_by_none(unit, granted, said, code):
    assert told(licence(scope={unit: granted}), use(**said)) == ([code] if code else [])


# -- rule packs ----------------------------------------------------------------------------------------------------------

SYNTHETIC = {"replicas": [replica(category="synthetic")]}
LACKS = {
    EffectKind.CONSENT_SPECIFIC: ("consent-not-specific", {"consent": {"description": ""}}, {}),
    EffectKind.NOTICE_HOURS: ("consent-notice-short", {"consent": {"notice_at": None}}, {}),
    EffectKind.SURVIVES_DEATH: ("authority-expired", {}, {"performers": [performer(died="2026-11-10")]}),
    EffectKind.ADULT_TERM_YEARS: ("term-too-long", {"valid_until": None}, {}),
    EffectKind.MINOR_TERM_YEARS: ("term-too-long", {"valid_until": None}, {"performers": [performer(born="2020-01-01")]}),
    EffectKind.MINOR_TERM_AGE: ("term-too-long", {"valid_until": None}, {"performers": [performer(born="2010-01-01")]}),
    EffectKind.MINOR_APPROVAL: ("minor-approval-missing", {}, {"performers": [performer(born="2010-01-01")]}),
    EffectKind.SYNTHETIC_NOTICE: ("synthetic-notice-missing", {"consent": {"notice_at": None}}, SYNTHETIC),
}  # fmt: skip


@pytest.mark.parametrize("kind", LACKS)
def test_how_bad_a_rule_pack_says_a_lack_is_no_rule_file_makes_milder(kind):
    code, changes, sections = LACKS[kind]
    number = {EffectKind.NOTICE_HOURS: 72, EffectKind.MINOR_TERM_AGE: 17}.get(kind, 2)
    packs = (
        RulePack("house", "House", (), (Effect(kind, "clause 7", number=number, severity=Severity.BLOCK),)),
    )
    lax = Policy(severities=(SeverityRule(code, Severity.WARN),))
    doc = world(licences=[licence(**changes)], **sections)

    def severities(packs):
        found = ask(doc, [use()], policy=lax, packs=packs).decisions[0].reasons
        return [(one.severity, one.detail.get("clause")) for one in found if one.code == code]

    assert severities(packs) == [(Severity.BLOCK, "clause 7")]
    assert severities(()) == [(max(Severity.WARN, floor_of(code), key=lambda one: one.rank), None)]
