"""The use case: whatever a port cannot find out blocks, and nothing else does."""

from __future__ import annotations

import pytest

from clearcut.check import Question, check_cut
from clearcut.core.rules import Rules
from clearcut.core.verdict import Outcome, Verdict
from clearcut.errors import BackendError, EditError, RecognitionChanged, SceneError
from fakes.ports import NOON, FakeBackend, FakeEdit, FakeScene, a_clip, a_cut, recognising

CUT = a_cut(
    a_clip("SH_010", 0, 24, "/jobs/char/p1/a.exr"),
    a_clip("SH_020", 24, 48, "/jobs/plate/b.exr"),
    a_clip("SH_030", 48, 72, "/jobs/char/p1/c.exr"),
)
KNOWN = recognising(("rpl-p1", "*/char/p1/*"))


def check(backend: FakeBackend, question: Question | None = None, edit: FakeEdit | None = None) -> Verdict:
    return check_cut(edit or FakeEdit(CUT), backend, Rules(), question or Question(), lambda: NOON)


def outcomes(verdict: Verdict) -> dict[str, Outcome]:
    return {shot.name: shot.outcome for shot in verdict.shots}


def codes(verdict: Verdict, shot: str) -> set[str]:
    found = verdict.shot(shot)
    assert found is not None
    return {r.code for r in (*found.reasons, *(r for use in found.uses for r in use.decision.reasons))}


def test_every_shot_of_the_cut_has_an_outcome_and_the_worst_is_the_cuts() -> None:
    verdict = check(FakeBackend(KNOWN, lambda shot: Outcome.BLOCKED if shot == "SH_030" else Outcome.CLEARED))
    assert outcomes(verdict) == {
        "SH_010": Outcome.CLEARED,
        "SH_020": Outcome.NOT_APPLICABLE,
        "SH_030": Outcome.BLOCKED,
    }
    assert verdict.outcome is Outcome.BLOCKED


def test_the_whole_cut_is_asked_about_in_one_request_whatever_shots_are_wanted() -> None:
    backend = FakeBackend(KNOWN)
    check(backend, Question(shots=("SH_010",)))
    assert [[use.shot for use in q.uses] for q in backend.questions] == [["SH_010", "SH_030"]]
    assert backend.questions[0].whole_cut


def test_an_edit_that_cannot_be_read_is_unknown_on_the_cut_and_on_each_shot_asked_for() -> None:
    verdict = check(FakeBackend(KNOWN), Question(shots=("SH_010",)), FakeEdit(error=EditError("truncated")))
    assert verdict.outcome is Outcome.UNKNOWN
    assert outcomes(verdict) == {"SH_010": Outcome.UNKNOWN}
    assert [r.code for r in verdict.reasons] == ["cut-unreadable"]


@pytest.mark.parametrize("code", ["backend-unavailable", "backend-unauthorised", "backend-invalid-answer"])
def test_without_an_answer_every_shot_is_unknown_even_those_that_seem_to_use_nothing(code: str) -> None:
    backend = FakeBackend(KNOWN, recognition_error=BackendError("gone", code=code))
    verdict = check(backend)
    assert set(outcomes(verdict).values()) == {Outcome.UNKNOWN}
    assert all(code in codes(verdict, shot) for shot in outcomes(verdict))
    assert verdict.outcome is Outcome.UNKNOWN


def test_a_backend_that_fails_only_when_asked_leaves_every_use_unknown() -> None:
    verdict = check(FakeBackend(KNOWN, decide_errors=[BackendError("503")]))
    assert set(outcomes(verdict).values()) == {Outcome.UNKNOWN}


def test_assets_that_changed_are_recognised_again_once() -> None:
    backend = FakeBackend(KNOWN, decide_errors=[RecognitionChanged("changed")])
    assert check(backend).outcome is Outcome.CLEARED
    assert len(backend.questions) == 2


def test_assets_that_keep_changing_are_no_answer() -> None:
    backend = FakeBackend(KNOWN, decide_errors=[RecognitionChanged("changed"), RecognitionChanged("again")])
    verdict = check(backend)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "backend-invalid-answer" in codes(verdict, "SH_010")


@pytest.mark.parametrize(
    "reshape",
    [
        lambda decisions: decisions[:-1],
        lambda decisions: (*decisions, decisions[0]),
        lambda decisions: (decisions[0], decisions[0]),
        lambda _: (),
    ],
    ids=["short", "long", "doubled", "empty"],
)
def test_an_answer_that_is_not_one_decision_for_each_use_is_no_answer(reshape: object) -> None:
    verdict = check(FakeBackend(KNOWN, reshape=reshape))
    assert set(outcomes(verdict).values()) == {Outcome.UNKNOWN}
    assert "backend-invalid-answer" in codes(verdict, "SH_010")


def test_answers_in_another_order_are_matched_by_id() -> None:
    def blocked_first(shot: str) -> Outcome:
        return Outcome.BLOCKED if shot == "SH_010" else Outcome.CLEARED

    verdict = check(FakeBackend(KNOWN, blocked_first, reshape=lambda decisions: decisions[::-1]))
    assert outcomes(verdict)["SH_010"] is Outcome.BLOCKED
    assert outcomes(verdict)["SH_030"] is Outcome.CLEARED


def test_a_shot_the_cut_lacks_is_unknown_and_not_an_empty_success() -> None:
    verdict = check(FakeBackend(KNOWN), Question(shots=("SH_999",)))
    assert outcomes(verdict)["SH_999"] is Outcome.UNKNOWN
    assert codes(verdict, "SH_999") == {"shot-not-in-cut"}


def test_a_scene_that_cannot_be_read_makes_its_shot_unknown_and_no_other() -> None:
    scenes = {"SH_020": FakeScene(error=SceneError("truncated"))}
    verdict = check(FakeBackend(KNOWN), Question(shots=("SH_020",), scenes=scenes))
    assert outcomes(verdict)["SH_020"] is Outcome.UNKNOWN
    assert codes(verdict, "SH_020") == {"scene-unreadable"}
    assert outcomes(verdict)["SH_010"] is Outcome.CLEARED


def test_a_production_that_the_caller_names_wins_over_the_edits() -> None:
    backend = FakeBackend(KNOWN)
    assert check(backend, Question(production="HELIOS_2")).edit.production == "HELIOS_2"
    assert backend.questions[0].production == "HELIOS_2"


def test_a_what_if_says_so() -> None:
    assert check(FakeBackend(KNOWN), Question(now=NOON)).what_if
    assert not check(FakeBackend(KNOWN)).what_if
