"""From decisions to a verdict: the worst wins, and what nobody decided is unknown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.assemble import assemble, doubts_about, listed, outcome_of, worst_first
from clearcut.core.identify import identify
from clearcut.core.reasons import CATALOGUE, reason
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy, Rules
from clearcut.core.verdict import AnswerSource, Decision, Outcome, Reason, Severity, Verdict, worst
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
