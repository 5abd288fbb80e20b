"""A check told step by step, on the shipped show: what waits clears nothing, and the chain leads to clause and rule."""

from datetime import datetime, timezone
from importlib import resources
from pathlib import Path

import pytest

from clearcut.bootstrap import CheckOptions, run_check
from clearcut.core.verdict import Outcome
from clearcut.errors import BackendError
from clearcut.panel import texts
from clearcut.panel.asking import Step, ask, ask_setup
from clearcut.panel.presenter import Phase, Presenter
from fakes.verdicts import NOON, helios

SHOW = Path(str(resources.files("clearcut") / "shipped" / "helios"))


def options(**parts):
    now = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    return CheckOptions(
        edit=SHOW / "helios_v042.otio", registry=str(SHOW / "registry.json"), now=now, environ={}, **parts
    )


@pytest.fixture(scope="module")
def asked():
    steps = []
    return ask(options(), steps.append), steps


def presenter_with(answer):
    presenter = Presenter(lambda: NOON)
    presenter.arrived(presenter.begin("cut.otio"), answer)
    return presenter


def test_it_is_the_very_verdict_of_the_command_line(asked):
    assert asked[0].verdict == run_check(options())


def test_each_step_is_told_in_order(asked):
    assert [step.text for step in asked[1]] == [
        texts.STEP_READING,
        texts.STEP_LOOKING.format(clips=13),
        texts.STEP_ASKING.format(uses=11),
    ]


def test_what_waits_is_every_shot_that_the_answer_decides_and_all_of_it_is_unknown(asked):
    answer, steps = asked
    waiting = steps[-1].waiting
    assert waiting.outcome is Outcome.UNKNOWN
    assert {shot.outcome for shot in waiting.shots} == {Outcome.UNKNOWN}
    assert {s.name for s in waiting.shots} == {s.name for s in answer.verdict.shots if s.uses or s.reasons}


def test_what_waits_is_shown_as_waiting_and_can_neither_be_copied_nor_published(asked):
    presenter = Presenter(lambda: NOON, host_publishes=True)
    presenter.stepped(presenter.begin("cut.otio"), asked[1][-1])
    state = presenter.state
    assert (state.phase, state.checking, state.outcome, state.chips) == (
        Phase.READY,
        True,
        Outcome.UNKNOWN,
        (),
    )
    assert {row.why for row in state.rows} == {texts.WAITING_WHY}
    assert texts.WAITING in state.banner
    assert (presenter.as_text(), presenter.request(), presenter.publishable()) == ("", "", ())


def test_cancelling_takes_what_waited_off_the_screen(asked):
    presenter = Presenter(lambda: NOON)
    presenter.stepped(presenter.begin("cut.otio"), asked[1][-1])
    presenter.cancel()
    assert (presenter.state.phase, presenter.state.rows, presenter.verdict) == (Phase.EMPTY, (), None)


def test_a_failure_takes_what_waited_off_the_screen(asked):
    presenter = Presenter(lambda: NOON)
    ticket = presenter.begin("cut.otio")
    presenter.stepped(ticket, asked[1][-1])
    presenter.failed(ticket, BackendError("gone"))
    assert (presenter.state.phase, presenter.state.rows) == (Phase.FAILED, ())


def test_a_former_answer_stays_while_a_new_one_is_waited_for(asked):
    presenter = presenter_with(helios())
    presenter.stepped(presenter.begin("cut.otio"), asked[1][-1])
    assert presenter.verdict == helios()
    assert presenter.state.progress == texts.STEP_ASKING.format(uses=11)


def test_steps_of_a_cancelled_check_are_dropped(asked):
    presenter = Presenter(lambda: NOON)
    ticket = presenter.begin("cut.otio")
    presenter.cancel()
    presenter.stepped(ticket, asked[1][-1])
    presenter.stepped(ticket, Step("late"))
    assert (presenter.state.rows, presenter.state.progress) == ((), "")


def test_no_draw_mixes_an_answer_with_the_rows_that_waited(asked):
    answer, steps = asked
    seen = []
    presenter = Presenter(lambda: NOON, seen.append)
    ticket = presenter.begin("cut.otio")
    presenter.stepped(ticket, steps[-1])
    presenter.arrived(ticket, answer)
    for state in seen:
        if state.rows:
            assert (state.rows[0].why == texts.WAITING_WHY) == state.checking


def test_opening_a_row_shows_the_chain_to_the_clause_and_the_rule_line(asked):
    lines = [line.text for line in presenter_with(asked[0]).state.detail]
    told = lines[lines.index(texts.CHAIN) :]
    assert any(line.strip() == "clause L-2: licence.valid_until" for line in told)
    assert any(line.strip() == "rule   built-in: block" for line in told)
    assert any("settles it: HEL_010_0040" in line for line in told)


def test_the_last_day_of_the_licences_is_shown(asked):
    rows = {row.name: row for row in presenter_with(asked[0]).state.rows}
    assert rows["HEL_010_0020"].expires == "2028-12-31"
    assert rows["HEL_010_0040"].expires == ""
    assert rows["HEL_010_0010"].expires == ""


def test_an_edit_that_cannot_be_read_is_told_as_the_check_tells_it(tmp_path):
    from dataclasses import replace

    from clearcut.bootstrap import compose

    bad = tmp_path / "bad.otio"
    bad.write_text("{")
    answer = ask_setup(compose(replace(options(), edit=bad)), lambda _step: None)
    assert answer.verdict.outcome is Outcome.UNKNOWN
    assert answer.verdict.reasons[0].code == "cut-unreadable"
