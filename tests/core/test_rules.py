"""How bad a code is under a policy: floors hold whoever sent the policy."""

import pytest

from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.rules import Policy, SeverityRule, floor_of, severity_of
from clearcut.core.verdict import Severity


def policy(*rules, department=None):
    return Policy(department=department, severities=tuple(SeverityRule(*rule) for rule in rules))


def severity(given, code, sequence="SQ010", **more):
    return severity_of(given, code, sequence, **more)[0]


def test_without_a_rule_a_code_is_as_bad_as_the_catalogue_says():
    for code, entry in CATALOGUE.items():
        assert severity_of(Policy(), code, "SQ010") == (entry.severity, None)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_policy_from_a_stranger_cannot_bring_a_code_below_its_floor(code):
    for word in Severity:
        assert severity(policy((code, word)), code).rank >= floor_of(code).rank


@pytest.mark.parametrize(
    "code", [code for code, entry in CATALOGUE.items() if entry.waiver is WaiverBy.NEVER]
)
def test_what_nobody_may_waive_no_rule_makes_milder(code):
    assert floor_of(code) is CATALOGUE[code].severity


@pytest.mark.parametrize("code", [c for c, entry in CATALOGUE.items() if entry.severity is Severity.UNKNOWN])
def test_not_having_looked_is_never_a_warning(code):
    assert floor_of(code) is Severity.UNKNOWN


def test_only_what_stays_owed_may_turn_from_a_block_into_a_warning():
    loosened = {
        code
        for code, entry in CATALOGUE.items()
        if entry.severity is Severity.BLOCK and floor_of(code) is not Severity.BLOCK
    }
    assert loosened == {
        "approval-range-exceeded",
        "approval-required",
        "approval-version-outdated",
        "compensation-outstanding",
    }
    assert all(CATALOGUE[code].duty for code in loosened)


def test_later_rules_win():
    rules = (("licence-expires-soon", Severity.BLOCK), ("licence-expires-soon", Severity.INFO))
    assert severity(policy(*rules), "licence-expires-soon") is Severity.INFO
    assert severity(policy(*rules[::-1]), "licence-expires-soon") is Severity.BLOCK


def test_a_rule_holds_for_its_sequence_and_department_alone():
    given = policy(("term-too-long", Severity.BLOCK, "SQ0*", "comp"), department="comp")
    assert severity(given, "term-too-long", "SQ010") is Severity.BLOCK
    assert severity(given, "term-too-long", "AB010") is Severity.WARN
    other = policy(("term-too-long", Severity.BLOCK, "SQ0*", "comp"), department="light")
    assert severity(other, "term-too-long", "SQ010") is Severity.WARN


@pytest.mark.parametrize(
    ("word", "expected"), [(Severity.WARN, Severity.BLOCK), (Severity.BLOCK, Severity.BLOCK)]
)
def test_where_the_sequence_is_not_known_a_rule_for_one_can_only_raise(word, expected):
    assert (
        severity(policy(("compensation-outstanding", word, "SQ010")), "compensation-outstanding", None)
        is expected
    )
    # The twin: where it is known, the same rule does loosen.
    assert severity(policy(("compensation-outstanding", word, "SQ010")), "compensation-outstanding") is word


def test_where_the_department_is_not_known_a_rule_for_one_can_only_raise():
    raised = policy(("term-too-long", Severity.BLOCK, "*", "comp"))
    lowered = policy(("compensation-outstanding", Severity.WARN, "*", "comp"))
    assert severity(raised, "term-too-long") is Severity.BLOCK
    assert severity(lowered, "compensation-outstanding") is Severity.BLOCK
    same = policy(("term-too-long", Severity.WARN, "*", "comp", "f:1"))
    assert severity_of(same, "term-too-long", "SQ010") == (Severity.WARN, None)


def test_what_a_rule_pack_demands_no_rule_file_goes_below():
    loose = policy(("disclosure-missing", Severity.INFO))
    assert severity(loose, "disclosure-missing") is Severity.INFO
    assert severity(loose, "disclosure-missing", demanded=Severity.BLOCK) is Severity.BLOCK
    assert severity(Policy(), "disclosure-missing", demanded=Severity.BLOCK) is Severity.BLOCK


def test_a_pack_that_demands_less_than_the_catalogue_takes_nothing_away():
    assert severity(Policy(), "consent-not-specific", demanded=Severity.WARN) is Severity.BLOCK


def test_the_rule_that_made_it_so_is_named():
    given = policy(("term-too-long", Severity.BLOCK, "*", "*", "clearcut.toml:3"))
    assert severity_of(given, "term-too-long", "SQ010")[1].where == "clearcut.toml:3"
    assert severity_of(given, "no-licence", "SQ010")[1] is None


def test_a_code_that_is_not_in_the_catalogue_is_an_error_and_not_a_pass():
    with pytest.raises(KeyError):
        severity_of(Policy(), "no-such-code", "SQ010")
