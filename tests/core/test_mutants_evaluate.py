"""Caps to the tick, and what of a decision no other test looks at."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from clearcut.core.caps import running_ticks
from clearcut.core.evaluate import _refused
from clearcut.core.findings import Bench, Finding
from clearcut.core.rules import Policy, SeverityRule
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.verdict import Outcome, Severity
from fakes.worlds import ask, codes, exemption, licence, moment, replica, use, world


def test_what_scenes_show_is_counted_shot_by_shot():
    uses = [use(shot, 0, 24, scene_only=True) for shot in ("A", "B", "A")]
    assert running_ticks(uses) == [24, 48, 48]


@pytest.mark.parametrize(("frames", "over"), [(48, None), (49, "block")])
def test_a_cap_means_the_same_however_many_ticks_a_frame_has(frames, over):
    ticks = FrameRange(0, frames * 10)
    answer = ask(world(licences=[licence(max_screen_time_s="2")]), [use(screen=(ticks,))],
                 timebase=Timebase(Fraction(24), 10))  # fmt: skip
    assert [one.severity.value for one in answer.decisions[0].reasons if "exceeded" in one.code] == [over] * (
        over is not None
    )
    assert (answer.totals[0].frames, answer.totals[0].seconds) == (frames, Fraction(frames, 24))


@pytest.mark.parametrize(
    ("percent", "frames", "warned"),
    [(90, 89, False), (90, 90, True), (0, 1, True), (-5, 1, True), (100, 99, False)],
)
def test_a_cap_is_near_from_its_percentage_on(percent, frames, warned):
    doc = world(licences=[licence(max_screen_time_s="100/24")])
    answer = ask(doc, [use(frames=frames)], policy=Policy(near_cap_percent=percent))
    assert codes(answer) == ["screen-time-near-cap"] * warned


@pytest.mark.parametrize(("frames", "warned"), [(899, False), (900, True)])
def test_a_long_cap_is_near_to_the_frame(frames, warned):
    answer = ask(world(licences=[licence(max_screen_time_s="1000/24")]), [use(frames=frames)])
    assert codes(answer) == ["screen-time-near-cap"] * warned


def test_no_rule_file_makes_the_shots_before_the_one_that_passes_a_cap_worse():
    doc = world(licences=[licence(max_screen_time_s="1.5")])
    strict = Policy(severities=(SeverityRule("screen-time-exceeded", Severity.BLOCK),))
    answer = ask(doc, [use("A", 0, 24), use("B", 24, 24)], policy=strict)
    assert [one.outcome.value for one in answer.decisions] == ["cleared", "blocked"]


@pytest.mark.parametrize("cap", [{"max_screen_time_s": "2"}, {"max_shots": 1}])
def test_a_cap_that_is_passed_in_a_shot_blocks_all_of_that_shot_and_what_follows(cap):
    uses = [use("A", 0, 24), use("B", 24, 16), use("B", 40, 16), use("C", 56, 1), use("A", 57, 1)]
    outcomes = [one.outcome.value for one in ask(world(licences=[licence(**cap)]), uses).decisions]
    assert outcomes == ["cleared", "blocked", "blocked", "blocked", "blocked"]


def test_a_cap_between_two_frames_is_shown_as_that():
    answer = ask(world(licences=[licence(max_screen_time_s="1.99")]), [use(frames=48)])
    assert (
        answer.decisions[0]
        .reasons[0]
        .message.endswith("0.01 s (0.24 f) more than its cap of 1.99 s (47.76 f)")
    )


def test_a_decision_names_its_use_also_where_everything_failed():
    answer = ask(world(), [use("A"), use("B")], now=datetime(2026, 11, 20))
    assert [one.use for one in answer.decisions] == ["A@0", "B@0"]


def test_a_decision_expires_with_the_first_licence_that_it_rests_on():
    first = licence(scope={"media": ["svod"]}, valid_until="2028-06-01T00:00:00Z")
    second = licence(id="L-2", scope={"media": ["theatrical"]}, valid_until="2028-07-01T00:00:00Z")
    endless = licence(valid_until=None)
    assert ask(world(licences=[first, second]), [use()]).decisions[0].expires == moment(
        "2028-06-01T00:00:00Z"
    )
    assert ask(world(licences=[endless]), [use()]).decisions[0].expires is None


def test_no_rule_file_refuses_for_a_claim_what_a_licence_grants():
    strict = Policy(severities=(SeverityRule("exemption-unsupported", Severity.BLOCK),))
    answer = ask(world(exemptions=[exemption(evidence=[])]), [use()], policy=strict)
    assert answer.decisions[0].outcome.value == "cleared"


def test_an_exemption_taken_away_changes_no_reason_of_a_licence():
    doc = world(exemptions=[exemption("permitted_dub_or_double")], replicas=[replica()],
                licences=[licence(consent={"notice_at": None})])  # fmt: skip
    assert codes(ask(doc, [use()])) == ["consent-notice-short"]


@pytest.mark.parametrize("told", [[], [Finding("disclosure-missing", "x", severity=Severity.WARN)]])
def test_what_is_refused_is_unknown_even_if_nothing_were_found_that_hinders(told):
    assert _refused(Bench.plain(), told).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("caps", "expected"),
    [
        ({}, ("cleared", [])),
        ({"max_screen_time_s": "60"}, ("unknown", ["evaluation-error"])),
        ({"max_shots": 9}, ("unknown", ["evaluation-error"])),
        ({"max_screen_time_s": "60", "status": "draft"}, ("blocked", ["licence-draft"])),
        (
            {"max_shots": 9, "consent": {"notice_at": None}},
            ("unknown", ["evaluation-error", "consent-notice-short"]),
        ),
    ],
)
def test_where_charging_fails_only_what_has_a_cap_is_unknown(monkeypatch, caps, expected):
    monkeypatch.setattr("clearcut.core.evaluate.charge", None)
    answer = ask(world(licences=[licence(**caps)]), [use()])
    assert (answer.decisions[0].outcome.value, codes(answer)) == expected
    assert answer.totals == ()
