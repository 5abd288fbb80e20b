"""Rules and waivers settle a finding: the sequence it is in counts, and a rule may only make worse what is not known."""

from __future__ import annotations

import pytest

from clearcut.core.findings import Bench, Finding, in_order
from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.verdict import Severity
from fakes.worlds import ask, replica, use, world


def settled(sequence, *rules, code="compensation-outstanding", **changes):
    policy = Policy(severities=tuple(SeverityRule(*rule) for rule in rules))
    return Bench(policy, sequence, ()).settle(Finding(code, "x", "y", **changes)).severity


@pytest.mark.parametrize(
    ("sequence", "own", "severity"),
    [
        ("SQ010", None, Severity.WARN), ("SQ020", None, Severity.BLOCK), (None, None, Severity.BLOCK),
        ("SQ010", Severity.WARN, Severity.WARN), ("SQ010", Severity.UNKNOWN, Severity.UNKNOWN),
    ],
)  # fmt: skip
def test_a_rule_of_one_sequence_is_not_for_another(sequence, own, severity):
    rule = ("compensation-outstanding", Severity.WARN, "SQ010")
    assert settled(sequence, rule, severity=own) is severity


def test_a_rule_makes_worse_what_a_finding_is_by_itself():
    rule = ("compensation-outstanding", Severity.BLOCK)
    assert settled(None, severity=Severity.WARN) is Severity.WARN
    assert settled(None, rule, severity=Severity.WARN) is Severity.BLOCK


@pytest.mark.parametrize("ruled", [Severity.WARN, Severity.UNKNOWN, Severity.BLOCK])
@pytest.mark.parametrize(
    ("code", "severity", "doc", "asked"),
    [
        ("use-not-permitted", Severity.UNKNOWN, world(replicas=[replica(default_use={"uses": []})]), {}),
        ("modality-not-permitted", Severity.UNKNOWN, world(replicas=[replica(modalities=[])]), {}),
        ("production-out-of-scope", Severity.UNKNOWN, world(), {"production": None}),
        ("production-out-of-scope", Severity.BLOCK, world(), {"production": "HELIOS_2"}),
    ],
    ids=["what it is for", "what it shows", "which production it is", "what production that is"],
)
def test_no_rule_file_says_what_nobody_said(code, severity, doc, asked, ruled):
    doc["licences"][0]["scope"].update(productions=["*"], uses=["*"])
    policy = Policy(severities=(SeverityRule(code, ruled),))
    found = ask(doc, [use()], policy=policy, **asked).decisions[0].reasons
    assert [one.severity for one in found if one.code == code] == [severity]


def test_reasons_of_no_licence_come_before_those_of_one():
    bench = Bench.plain()
    told = in_order(
        [bench.settle(Finding("licence-draft", "x", "y", name)) for name in ("L-1", "", None, "A")]
    )
    assert [one.licence or "" for one in told] == ["", "", "A", "L-1"]
