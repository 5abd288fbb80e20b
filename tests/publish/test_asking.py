"""One question for a whole context, and how its verdict becomes stamps and stops."""

import pyblish.api
import pytest

from clearcut.core.reasons import reason
from clearcut.core.verdict import Outcome
from clearcut.publish.asking import answer_for
from clearcut.publish.single import require_clearance
from clearcut.publish.stop import GateStop
from fakes.judge import FakeJudge

GOOD, BAD = "HEL_020_0100", "HEL_020_0200"


def answer(judge, *instances):
    context = pyblish.api.Context()
    for number, data in enumerate(instances):
        context.create_instance(f"i{number}", **{"family": "render", **data})
    record = answer_for(context, judge.judge())
    return [
        record.stops[i.id].codes[0] if i.id in record.stops else record.stamps[i.id].outcome for i in context
    ], record


@pytest.fixture
def judge():
    return FakeJudge({GOOD: Outcome.CLEARED, BAD: Outcome.BLOCKED})


def test_all_instances_are_asked_about_in_one_question(judge):
    said, _ = answer(judge, {"shot": GOOD}, {"shot": BAD}, {"shot": GOOD})
    assert said == [Outcome.CLEARED, "no-licence", Outcome.CLEARED]
    assert [question.shots for question in judge.asked] == [(GOOD, BAD)]


def test_two_scenes_of_one_shot_are_each_judged(judge):
    said, _ = answer(judge, {"shot": GOOD, "clearcutScene": "a.nk"}, {"shot": GOOD, "clearcutScene": "b.nk"})
    assert said == [Outcome.CLEARED, Outcome.CLEARED]
    assert [question.scenes[GOOD].name for question in judge.asked] == ["a.nk", "b.nk"]


def test_a_shot_written_in_another_case_is_the_cuts_shot(judge):
    said, _ = answer(judge, {"shot": BAD.lower(), "clearcutScene": "clean.nk"}, {"shot": GOOD.lower()})
    assert said == ["no-licence", Outcome.CLEARED]
    assert judge.asked[-1].shots == (BAD, GOOD)


def test_twin_asked_under_its_own_spelling_a_clean_scene_would_clear_it(judge):
    verdict = judge.check(type("Q", (), {"shots": (BAD.lower(),), "scenes": {BAD.lower(): "clean.nk"}})())
    assert verdict.shot(BAD.lower()).outcome is Outcome.CLEARED


def test_two_shots_that_differ_in_case_alone_are_not_guessed_between(judge):
    judge.outcomes = {"Abc": Outcome.CLEARED, "aBC": Outcome.CLEARED}
    assert answer(judge, {"shot": "abc"})[0] == ["shot-not-in-cut"]


def test_a_shot_that_the_cut_lacks_is_stopped(judge):
    assert answer(judge, {"shot": "nowhere"})[0] == ["shot-not-in-cut"]


def test_a_reason_of_the_cut_itself_stops_every_shot(judge):
    judge.reasons = (reason("cut-stale", "a newer cut governs"),)
    assert answer(judge, {"shot": GOOD})[0] == ["cut-stale"]


def test_a_warning_of_the_cut_stops_nobody(judge):
    judge.reasons = (reason("delivery-profile-missing", "no profile"),)
    assert answer(judge, {"shot": GOOD})[0] == [Outcome.CLEARED]


def test_a_what_if_permits_nothing(judge):
    judge.what_if = True
    assert answer(judge, {"shot": GOOD})[0] == ["evaluation-error"]


def test_a_name_that_stands_twice_in_a_verdict_has_its_worst_outcome(judge, monkeypatch):
    check = judge.check

    def doubled(question):
        from dataclasses import replace

        from fakes.judge import shot_verdict

        verdict = check(question)
        return replace(verdict, shots=(*verdict.shots, shot_verdict(GOOD, Outcome.UNKNOWN)))

    judge.check = doubled
    assert answer(judge, {"shot": GOOD})[0] == ["unidentified-replica"]


def test_one_instance_that_cannot_be_told_does_not_hinder_the_others(judge):
    assert answer(judge, {"shot": 7}, {"shot": GOOD})[0] == ["shot-unnamed", Outcome.CLEARED]


def test_a_context_without_instances_asks_nothing(judge):
    assert answer(judge)[0] == []
    assert judge.asked == []


@pytest.mark.parametrize("shot", [GOOD, GOOD.lower(), f" {GOOD} "])
def test_alone_a_cleared_shot_passes(judge, shot):
    require_clearance(shot, None, judge.judge())


@pytest.mark.parametrize("shot", [BAD, BAD.lower(), "nowhere", "", "unnamed"])
def test_alone_anything_else_is_stopped(judge, shot):
    with pytest.raises(GateStop):
        require_clearance(shot, None, judge.judge())


@pytest.mark.parametrize("error", [SystemExit(0), RuntimeError("x"), RecursionError()])
def test_alone_an_error_is_a_stop(judge, error):
    judge.raises = error
    with pytest.raises(GateStop):
        require_clearance(GOOD, None, judge.judge())
