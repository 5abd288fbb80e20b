"""Doubts about shots meet the rules and the waivers where licences are judged, and come back no milder otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from clearcut.core.doubts import doubts_fault
from clearcut.core.evaluate import evaluate
from clearcut.core.licence import Production, Waiver
from clearcut.core.reasons import reason
from clearcut.core.registry import Registry
from clearcut.core.request import CheckAnswer, CheckRequest, Doubt
from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.timing import Timebase
from clearcut.core.verdict import Severity
from fakes.ports import NOON

WAIVER = Waiver(
    id="W-1",
    codes=("shot-ambiguous",),
    production="HELIOS",
    shots=("SH_0*",),
    by="Producer One",
    role="producer",
    approved_by="Lawyer Two",
    reason="both names are the same shot",
    until=NOON + timedelta(days=1),
)
DOUBT = Doubt("SH_010", "SH", reason("shot-ambiguous", "SH_010 or SH_020"))


def settled(doubt: Doubt, *waivers: Waiver, policy: Policy | None = None) -> Severity:
    registry = Registry(
        productions={"HELIOS": Production("HELIOS", "Helios", None, "none", None)},
        waivers={w.id: w for w in waivers},
    )
    timebase = Timebase(Fraction(24))
    request = CheckRequest("HELIOS", "v1", timebase, (), True, None, policy or Policy(), "r", None, (doubt,))
    answer = evaluate(request, registry, (), NOON)
    assert doubts_fault(answer, request) is None
    (back,) = answer.doubts
    assert back.shot == doubt.shot
    return back.reason.severity


def test_a_doubt_nobody_waived_stays_as_it_was() -> None:
    assert settled(DOUBT) is Severity.UNKNOWN


def test_a_waiver_by_two_persons_makes_it_a_warning() -> None:
    assert settled(DOUBT, WAIVER) is Severity.WARN


@pytest.mark.parametrize(
    "broken",
    [
        {"until": NOON},
        {"shots": ("SH_9*",)},
        {"codes": ("shot-unnamed",)},
        {"approved_by": "producer  one"},
        {"approved_by": ""},
        {"reason": " "},
        {"role": "compositor"},
        {"production": "HELIOS_2"},
    ],
    ids=str,
)
def test_a_waiver_that_lacks_anything_is_none(broken: dict) -> None:
    assert settled(DOUBT, replace(WAIVER, **broken)) is Severity.UNKNOWN


def test_a_code_that_only_legal_waives_is_not_waived_by_a_producer() -> None:
    suspect = replace(DOUBT, reason=reason("unidentified-replica", "a model"))
    waiver = replace(WAIVER, codes=("unidentified-replica",))
    assert settled(suspect, waiver) is Severity.UNKNOWN
    assert settled(suspect, replace(waiver, role="legal")) is Severity.WARN


def test_a_rule_may_make_a_doubt_worse_and_never_milder() -> None:
    worse = Policy(severities=(SeverityRule("shot-ambiguous", Severity.BLOCK),))
    milder = Policy(severities=(SeverityRule("shot-ambiguous", Severity.INFO),))
    assert settled(DOUBT, policy=worse) is Severity.BLOCK
    assert settled(DOUBT, policy=milder) is Severity.UNKNOWN


def _answered(*doubts: Doubt) -> str | None:
    request = CheckRequest(
        "HELIOS", "v1", Timebase(Fraction(24)), (), True, None, Policy(), "r", None, (DOUBT,)
    )
    return doubts_fault(CheckAnswer((), (), (), NOON, doubts), request)


def test_an_answer_that_loses_changes_or_softens_a_doubt_is_no_answer() -> None:
    assert _answered(DOUBT) is None
    assert _answered() is not None
    assert _answered(DOUBT, DOUBT) is not None
    assert _answered(replace(DOUBT, shot="SH_020")) is not None
    milder = replace(DOUBT, reason=replace(DOUBT.reason, severity=Severity.WARN))
    assert _answered(milder) is not None
    assert _answered(replace(milder, reason=replace(milder.reason, detail={"waiver": "W-1"}))) is None


def test_a_doubt_keeps_its_words_and_how_bad_it_was_told() -> None:
    told = replace(DOUBT.reason, severity=Severity.BLOCK)
    timebase = Timebase(Fraction(24))
    request = CheckRequest(
        "HELIOS", "v1", timebase, (), True, None, Policy(), "r", None, (replace(DOUBT, reason=told),)
    )
    (back,) = evaluate(request, Registry(), (), NOON).doubts
    assert (back.reason.severity, back.reason.message) == (Severity.BLOCK, "SH_010 or SH_020")


def test_a_rule_of_its_sequence_reaches_a_doubt_and_one_of_another_does_not() -> None:
    def policy(sequence: str) -> Policy:
        return Policy(severities=(SeverityRule("shot-ambiguous", Severity.BLOCK, sequence=sequence),))

    assert settled(DOUBT, policy=policy("SH")) is Severity.BLOCK
    assert settled(DOUBT, policy=policy("OTHER")) is Severity.UNKNOWN


def test_a_doubt_keeps_its_remedy_and_its_licence() -> None:
    told = replace(DOUBT.reason, remedy="ask the editor", licence="L-1")
    timebase = Timebase(Fraction(24))
    request = CheckRequest(
        "HELIOS", "v1", timebase, (), True, None, Policy(), "r", None, (replace(DOUBT, reason=told),)
    )
    (back,) = evaluate(request, Registry(), (), NOON).doubts
    assert (back.reason.remedy, back.reason.licence) == ("ask the editor", "L-1")


def test_where_all_judging_fails_the_doubts_stay_as_they_were_told_and_the_moment_too() -> None:
    request = CheckRequest(
        "HELIOS", "v1", Timebase(Fraction(24)), (), True, None, Policy(), "r", None, (DOUBT,)
    )
    nowhere = NOON.replace(tzinfo=None)
    answer = evaluate(request, Registry(), (), nowhere)
    assert (answer.decisions, answer.totals, answer.reasons) == ((), (), ())
    assert (answer.as_of, answer.doubts) == (nowhere, (DOUBT,))
