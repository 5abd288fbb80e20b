"""From decisions to a verdict: the worst wins, and what nobody decided is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.assemble import assemble, doubts_about, listed, outcome_of, unread_cut, worst_first
from clearcut.core.identify import identify
from clearcut.core.reasons import CATALOGUE, reason
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy, Rules
from clearcut.core.verdict import (
    AnswerSource,
    Decision,
    EditFacts,
    Outcome,
    Reason,
    Severity,
    ShotVerdict,
    Total,
    Verdict,
    worst,
)
from fakes.ports import NOON, a_clip, a_cut, recognising

CUT = a_cut(*(a_clip(f"SH_{n:03d}", n * 24, n * 24 + 24, f"/jobs/char/p{n % 3}/a.exr") for n in range(1, 6)))
IDENTIFIED = identify(CUT, recognising(*((f"rpl-p{n}", f"*/char/p{n}/*") for n in range(3))), Rules())

reasons = st.builds(
    lambda code, severity: reason(code, "said", severity=severity),
    st.sampled_from(sorted(CATALOGUE)),
    st.sampled_from(Severity),
)


def assembled(answer: CheckAnswer | None, *, failure: Reason | None = None) -> Verdict:
    shots = listed(CUT, IDENTIFIED, (), {})
    request = CheckRequest(
        "HELIOS",
        "v001",
        CUT.timebase,
        IDENTIFIED.uses,
        True,
        None,
        Policy(),
        "r",
        None,
        doubts_about(shots, IDENTIFIED),
    )
    source = AnswerSource("registry", "r", 0)
    return assemble(CUT, shots, request, answer, source=source, now=NOON, failure=failure)


@given(st.lists(st.sampled_from(Outcome), min_size=5, max_size=5), st.lists(reasons, max_size=2))
def test_a_shot_and_the_cut_have_the_worst_outcome_of_their_parts(
    outcomes: list[Outcome], of_the_cut: list[Reason]
) -> None:
    decisions = tuple(Decision(u.id, o, ()) for u, o in zip(IDENTIFIED.uses, outcomes, strict=True))
    verdict = assembled(CheckAnswer(decisions, (), tuple(of_the_cut), NOON))
    assert [shot.outcome for shot in verdict.shots] == outcomes
    assert verdict.outcome is worst([*outcomes, outcome_of(of_the_cut)])


@given(st.sets(st.integers(0, 4)))
def test_a_use_that_nobody_decided_is_unknown(decided: set[int]) -> None:
    decisions = tuple(
        Decision(u.id, Outcome.CLEARED, ()) for n, u in enumerate(IDENTIFIED.uses) if n in decided
    )
    verdict = assembled(CheckAnswer(decisions, (), (), NOON))
    for number, shot in enumerate(verdict.shots):
        assert shot.outcome is (Outcome.CLEARED if number in decided else Outcome.UNKNOWN)
        assert [one.decision.use for one in shot.uses] == [one.use.id for one in shot.uses]


def test_a_failure_is_said_on_the_cut_and_on_each_shot() -> None:
    failure = reason("backend-unavailable", "nobody answered")
    verdict = assembled(None, failure=failure)
    assert verdict.reasons == (failure,)
    assert all(failure in shot.reasons and shot.outcome is Outcome.UNKNOWN for shot in verdict.shots)


@given(st.lists(reasons, max_size=8))
def test_reasons_are_told_worst_first_and_once_whatever_order_they_came_in(found: list[Reason]) -> None:
    told = worst_first(found)
    assert told == worst_first(found[::-1]) == worst_first([*found, *found])
    ranks = [r.severity.rank for r in told]
    assert ranks == sorted(ranks, reverse=True)


def test_only_an_allow_list_of_outcomes_may_be_published() -> None:
    assert {o for o in Outcome if not o.may_publish} == {Outcome.UNKNOWN, Outcome.BLOCKED}


def test_a_doubt_that_somebody_answers_for_leaves_its_shot_cleared_and_not_without_a_replica() -> None:
    cut = a_cut(a_clip("SH_001", 0, 24, "/jobs/env/denoise.onnx"))
    identified = identify(cut, recognising(("rpl-p1", "*/char/p1/*")), Rules())
    shots = listed(cut, identified, (), {})
    (doubt,) = doubts_about(shots, identified)
    request = CheckRequest("HELIOS", "v1", cut.timebase, (), True, None, Policy(), "r", None, (doubt,))

    def outcome(detail: dict[str, str]) -> Outcome:
        told = replace(doubt, reason=reason(doubt.reason.code, "said", severity=Severity.WARN, detail=detail))
        answer = CheckAnswer((), (), (), NOON, (told,))
        source = AnswerSource("registry", "r", 0)
        return assemble(cut, shots, request, answer, source=source, now=NOON, failure=None).shots[0].outcome

    assert outcome({"waiver": "W-1"}) is Outcome.CLEARED
    # Its twin: a warning that nobody had to answer for says nothing of a replica.
    assert outcome({}) is Outcome.NOT_APPLICABLE


# A cut of one shot that shows a replica, and one that shows none.
TWO = a_cut(a_clip("SH_001", 0, 24, "/jobs/char/p1/a.exr"), a_clip("SH_002", 24, 48, "/jobs/env/b.exr"))
FOUND = identify(TWO, recognising(("rpl-p1", "*/char/p1/*")), Rules())
SOURCE = AnswerSource("server", "r2", 3)


def verdict_on(shots, answer, failure=None, asked=(), now=None, doubts=()):
    request = CheckRequest(
        "HELIOS", "v1", TWO.timebase, FOUND.uses, True, None, Policy(), "r", now, tuple(doubts)
    )
    return assemble(TWO, shots, request, answer, source=SOURCE, now=NOON, failure=failure, asked=asked)


def test_shots_that_are_asked_for_and_not_in_the_cut_come_last_and_are_unknown():
    unread = {
        "SH_009": (reason("scene-unreadable", "torn"),),
        "SH_002": (reason("scene-incomplete", "half"),),
    }
    shots = listed(TWO, FOUND, ("SH_008", "SH_001"), unread)
    told = [(one.name, [each.code for each in one.reasons]) for one in shots]
    assert told == [
        ("SH_001", []), ("SH_002", ["scene-incomplete"]), ("SH_008", ["shot-not-in-cut"]),
        ("SH_009", ["shot-not-in-cut", "scene-unreadable"]),
    ]  # fmt: skip
    for name, shown in (("Reel 1", "Reel 1"), ("", TWO.path)):
        (*_, missing) = listed(replace(TWO, name=name), FOUND, ("SH_008",), {})
        assert missing.reasons[0].message == f"the cut {shown!r} has no shot 'SH_008'"
    assert [one.record for one in shots[2:]] == [(), ()]
    assert listed(TWO, FOUND, (), {}) == listed(TWO, FOUND, ("SH_001",), {}) == FOUND.shots
    decided = CheckAnswer(tuple(Decision(one.id, Outcome.CLEARED, ()) for one in FOUND.uses), (), (), NOON,
                          doubts_about(shots, FOUND))  # fmt: skip
    outcomes = [one.outcome for one in verdict_on(shots, decided).shots]
    assert outcomes == [Outcome.CLEARED, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_a_doubt_says_which_sequence_its_shot_is_in():
    clips = [SimpleNamespace(shot=f"SH_00{at}", sequence=f"SQ_{at}") for at in (1, 2)]
    shots = listed(TWO, FOUND, (), {"SH_002": (reason("scene-incomplete", "half"),)})
    (doubt,) = doubts_about(shots, replace(FOUND, clips=tuple(clips)))
    assert (doubt.shot, doubt.sequence, doubt.reason.code) == ("SH_002", "SQ_2", "scene-incomplete")


def test_a_failure_makes_a_shot_that_shows_nobody_unknown_too():
    failure = reason("backend-unavailable", "nobody answered")
    verdict = verdict_on(FOUND.shots, None, failure)
    assert [one.outcome for one in verdict.shots] == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    assert [one.decision.reasons for one in verdict.shots[0].uses] == [(failure,)]
    assert (verdict.totals, verdict.asked) == ((), ())


def test_a_verdict_says_what_it_rests_on():
    totals = (Total("L-1", "P1", 24, TWO.timebase.seconds(24), None),)
    answer = CheckAnswer((Decision(FOUND.uses[0].id, Outcome.CLEARED, ()),), totals, (), NOON)
    verdict = verdict_on(FOUND.shots, answer, asked=("SH_002", "SH_001", "SH_002"), now=NOON)
    assert (verdict.as_of, verdict.what_if, verdict.source, verdict.totals) == (NOON, True, SOURCE, totals)
    assert verdict.asked == ("SH_002", "SH_001")
    assert [one.record for one in verdict.shots] == [one.record for one in FOUND.shots]
    assert [one.outcome for one in verdict.shots] == [Outcome.CLEARED, Outcome.NOT_APPLICABLE]
    assert not verdict_on(FOUND.shots, answer).what_if
    facts = (TWO.path, TWO.sha256, TWO.name, "HELIOS", TWO.version, TWO.timebase, TWO.duration)
    assert verdict.edit == EditFacts(*facts)


def test_reasons_of_one_code_come_by_their_licence_those_of_none_first():
    told = worst_first([reason("licence-draft", "x", licence=name) for name in ("L-2", "L-1", None, "")])
    assert [one.licence for one in told] in ([None, "", "L-1", "L-2"], ["", None, "L-1", "L-2"])


@pytest.mark.parametrize("severity", [Severity.UNKNOWN, Severity.BLOCK])
@pytest.mark.parametrize("what_if", [None, NOON - timedelta(days=1)])
def test_an_edit_that_cannot_be_read_leaves_every_shot_that_was_asked_for_unknown(severity, what_if):
    why = reason("cut-unreadable", "torn", severity=severity)
    verdict = unread_cut(why, ("SH_002", "SH_001", "SH_002"), NOON, what_if, SOURCE)
    assert verdict.shots == tuple(
        ShotVerdict(name, Outcome.UNKNOWN, (), (), (why,)) for name in ("SH_002", "SH_001")
    )
    assert verdict == Verdict(
        outcome=Outcome.BLOCKED if severity is Severity.BLOCK else Outcome.UNKNOWN,
        as_of=what_if or NOON, what_if=what_if is not None, source=SOURCE,
        edit=EditFacts("", "", "", None, None, None, 0), shots=verdict.shots, reasons=(why,), asked=("SH_002", "SH_001"),
    )  # fmt: skip
