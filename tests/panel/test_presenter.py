import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from clearcut.core.reasons import reason
from clearcut.core.verdict import AnswerSource, Outcome
from clearcut.errors import BackendError, EditError
from clearcut.panel import texts
from clearcut.panel.presenter import Link, Phase, Presenter
from fakes.verdicts import NOON, a_shot, a_use, a_verdict, helios, hostile, large, verdicts


class Seen:
    """A presenter whose states are kept as they are told."""

    def __init__(self, verdict=None):
        self.now = NOON
        self.states = []
        self.presenter = Presenter(lambda: self.now, self.states.append)
        if verdict is not None:
            self.presenter.arrived(self.presenter.begin("cut.otio"), verdict)

    @property
    def state(self):
        return self.presenter.state


def test_before_anything_happened_the_panel_says_what_to_do():
    assert Seen().state.phase is Phase.EMPTY
    assert Seen().state.hint == texts.NO_EDIT_HINT


def test_while_it_checks_it_shows_no_outcome_and_can_be_cancelled():
    seen = Seen()
    seen.presenter.begin("cut.otio")
    assert (seen.state.phase, seen.state.checking, seen.state.outcome) == (Phase.LOADING, True, None)
    seen.presenter.cancel()
    assert (seen.state.checking, seen.state.message) == (False, texts.CANCELLED)


def test_rows_come_worst_first_and_the_first_one_is_selected_with_its_reason():
    state = Seen(helios()).state
    assert [row.name for row in state.rows] == [
        "HEL_020_0120",
        "HEL_020_0130",
        "CRD_010",
        "HEL_020_0140",
        "HEL_030_0010",
        "HEL_020_0100",
        "HEL_030_0020",
        "HEL_020_0110",
    ]
    first = state.rows[0]
    assert first.why == "authority-expired: the mandate of Estate of P2 ended on 2026-10-31"
    assert (first.remedy, first.ask) == ("obtain a current mandate from Estate of P2", "clearance")
    assert state.selected == 0
    told = {line.label: line.text for line in state.detail}
    assert told["To do"] == "obtain a current mandate from Estate of P2"
    assert told["Seen"] == "path at tracks[0].children[0]: /jobs/char/p1/b.exr"
    assert told["Licence"] == "L-2"


def test_the_answer_of_a_cancelled_check_is_dropped():
    seen = Seen()
    ticket = seen.presenter.begin("cut.otio")
    seen.presenter.cancel()
    seen.presenter.arrived(ticket, helios())
    assert (seen.state.phase, seen.state.rows) == (Phase.EMPTY, ())


def test_the_answer_of_an_overtaken_check_is_dropped():
    seen = Seen()
    old = seen.presenter.begin("v041.otio")
    new = seen.presenter.begin("v042.otio")
    seen.presenter.arrived(old, a_verdict(a_shot("OLD", 0, 1)))
    assert seen.state.rows == ()
    seen.presenter.arrived(new, a_verdict(a_shot("NEW", 0, 1)))
    assert [row.name for row in seen.state.rows] == ["NEW"]


@pytest.mark.parametrize(
    "error", [BackendError("no answer"), EditError("not OTIO"), RuntimeError("x"), SystemExit(0)]
)
def test_a_failed_check_takes_a_former_clearance_off_the_screen(error):
    seen = Seen(a_verdict(a_shot("S", 0, 1, a_use())))
    assert seen.state.outcome is Outcome.CLEARED
    seen.presenter.failed(seen.presenter.begin("cut.otio"), error)
    assert (seen.state.phase, seen.state.rows, seen.state.chips) == (Phase.FAILED, (), ())
    assert seen.state.outcome is Outcome.UNKNOWN
    assert seen.presenter.verdict is None
    assert seen.state.message
    assert "To do: " in seen.state.hint


def test_checking_again_dates_the_answer_that_is_still_shown():
    seen = Seen(helios())
    seen.presenter.begin("cut.otio")
    assert seen.state.banner == "Checking again. What you see is the answer of 2026-11-20 12:00:00 UTC."
    seen.presenter.cancel()
    assert "cancelled" in seen.state.banner
    assert "2026-11-20 12:00:00 UTC" in seen.state.banner


def test_another_edit_takes_all_of_the_former_one_away():
    seen = Seen(helios())
    seen.presenter.type_filter("p1")
    seen.presenter.opened()
    assert (seen.state.rows, seen.state.outcome, seen.state.detail) == ((), None, ())


def test_typing_leaves_the_rows_in_which_every_word_occurs():
    seen = Seen(helios())
    seen.presenter.type_filter("P2 mandate")
    assert [row.name for row in seen.state.rows] == ["HEL_020_0120"]
    assert seen.state.shown == "1 of 8 shots"
    seen.presenter.type_filter("p5_FACE.cat")
    assert [row.name for row in seen.state.rows] == ["HEL_020_0140"]
    seen.presenter.type_filter("no such thing")
    assert (seen.state.rows, seen.state.message) == ((), texts.NO_MATCH)
    seen.presenter.type_filter("")
    assert seen.state.shown == "8 shots"


def test_a_chip_hides_its_outcome_and_still_counts_it():
    seen = Seen(helios())
    seen.presenter.toggle(Outcome.BLOCKED)
    assert [row.outcome for row in seen.state.rows].count(Outcome.BLOCKED) == 0
    chip = seen.state.chips[0]
    assert (chip.outcome, chip.label, chip.on) == (Outcome.BLOCKED, "✕ Blocked 3", False)
    seen.presenter.toggle(Outcome.BLOCKED)
    assert len(seen.state.rows) == 8


def test_no_filter_changes_the_verdict_of_the_whole():
    seen = Seen(helios())
    seen.presenter.toggle(Outcome.BLOCKED)
    seen.presenter.type_filter("HEL_020_0100")
    assert seen.state.outcome is Outcome.BLOCKED
    assert seen.state.headline == "3 of 8 shots must not be published, 1 could not be decided"


def test_the_selection_stays_on_its_shot_while_one_filters():
    seen = Seen(helios())
    seen.presenter.select(1)
    seen.presenter.type_filter("hel_020_0130")
    assert (seen.state.selected, seen.state.rows[0].name) == (0, "HEL_020_0130")


def test_a_click_in_the_strip_on_a_hidden_shot_takes_the_filter_off():
    seen = Seen(helios())
    seen.presenter.type_filter("P2")
    seen.presenter.select_shot(0)
    assert seen.state.rows[seen.state.selected].name == "HEL_020_0100"
    assert len(seen.state.rows) == 8


def test_the_badge_says_who_answered_and_how_old_that_is():
    seen = Seen(a_verdict(a_shot("S", 0, 1), source=AnswerSource("server", "https://x", 30)))
    assert (seen.state.link, seen.state.badge) == (Link.ONLINE, "● online, answered just now")
    seen.now = NOON + timedelta(minutes=7)
    seen.presenter.tick()
    assert seen.state.badge == "● online, answered 7 min ago"
    assert Seen(helios()).state.link is Link.LOCAL


@pytest.mark.parametrize("code", ["backend-unavailable", "backend-unauthorised", "backend-invalid-answer"])
def test_without_an_answer_the_badge_is_offline_and_the_banner_says_what_to_do(code):
    down = reason(code, "no answer")
    state = Seen(
        a_verdict(a_shot("S", 0, 1), reasons=(down,), source=AnswerSource("server", "https://x"))
    ).state
    assert state.link is Link.OFFLINE
    assert f"{code}: no answer. To do: " in state.banner
    assert "none of 1 shot may be published" in state.headline


def test_a_what_if_is_said_above_the_rows():
    assert "clears nothing" in Seen(a_verdict(a_shot("S", 0, 1), what_if=True)).state.banner


def test_a_refusal_without_a_reason_still_says_what_to_do():
    row = Seen(a_verdict(a_shot("S", 0, 1, a_use(outcome=Outcome.BLOCKED)))).state.rows[0]
    assert "no reason was given" in row.why
    assert row.remedy
    assert row.ask


def test_a_request_is_filled_in_and_names_shot_reason_and_evidence():
    text = Seen(helios()).presenter.request()
    assert text.startswith("Clearance request: HEL_020_0120, HELIOS v041\n")
    assert "authority-expired: the mandate of Estate of P2 ended on 2026-10-31" in text
    assert "/jobs/char/p1/b.exr" in text


def test_only_nodes_of_a_scene_are_offered_for_selection():
    seen = Seen(helios())
    seen.presenter.select(3)
    assert seen.presenter.nodes() == ("Inference1",)
    seen.presenter.select(0)
    assert seen.presenter.nodes() == ()


def test_before_an_answer_there_is_nothing_to_copy():
    assert (Seen().presenter.as_text(), Seen().presenter.request()) == ("", "")


@given(verdicts)
@settings(max_examples=60, deadline=None)
def test_any_verdict_can_be_shown_and_nothing_hidden_gets_through(verdict):
    seen = Seen(verdict)
    told = [cell for row in seen.state.rows for cell in row.cells()]
    told += [line.text for line in seen.state.detail]
    told += [seen.state.title, seen.state.banner.replace("\n", ""), seen.state.facts]
    assert not set("".join(told)) & set("\x00\n\r\x1b\u202e\u2066\ud800")
    assert sorted(row.shot for row in seen.state.rows) == list(range(len(verdict.shots)))
    ranks = [row.outcome.rank for row in seen.state.rows]
    assert ranks == sorted(ranks, reverse=True)


def test_a_name_of_ten_thousand_characters_stays_a_short_line():
    assert max(len(cell) for row in Seen(hostile()).state.rows for cell in row.cells()) < 2000


def test_a_keystroke_over_twenty_thousand_rows_does_not_write_the_report_anew():
    seen = Seen(large(20_000))
    took = []
    for text in ("h", "he", "hel_01", "zzz"):
        start = time.process_time()
        seen.presenter.type_filter(text)
        took.append(time.process_time() - start)
    assert sorted(took)[1] < 2  # a blow-up took 4.6 s; the goal is measured by benchmarks/bench_report.py


def test_cleared_shots_of_a_cut_that_is_hindered_are_never_shown_without_a_warning_above_them():
    stale = reason("cut-stale", "older than the governing cut")
    for verdict in (
        a_verdict(a_shot("S", 0, 9, a_use()), reasons=(stale,)),
        a_verdict(a_shot("S", 0, 9, a_use()), outcome=Outcome.UNKNOWN),
        a_verdict(a_shot("S", 0, 9, a_use()), outcome=Outcome.BLOCKED),
    ):
        state = Seen(verdict).state
        assert texts.CUT_HINDERED in state.banner
        assert not state.outcome.may_publish
        assert "may be published" not in state.headline or "none of" in state.headline
    assert Seen(a_verdict(a_shot("S", 0, 9, a_use()))).state.banner == ""


def test_the_head_of_a_what_if_is_not_green_nor_is_what_follows_it_tinted():
    free = a_verdict(a_shot("S", 0, 9, a_use()))
    assert Seen(free).state.tint is Outcome.CLEARED
    seen = Seen(replace(free, what_if=True))
    assert seen.state.tint is Outcome.CLEARED_WITH_DUTIES
    assert "may be" not in seen.state.headline
    seen.presenter.failed(seen.presenter.begin("cut.otio"), EditError("torn", where="cut.otio"))
    assert (seen.state.outcome, seen.state.tint) == (Outcome.UNKNOWN, None)


def test_a_note_on_a_cleared_shot_does_not_look_like_what_stops_it():
    rows = {row.name: row for row in Seen(helios()).state.rows}
    assert rows["HEL_030_0010"].why.startswith("note: media-out-of-scope (waived: W-1)")
    assert rows["HEL_020_0120"].why.startswith("authority-expired")


@settings(max_examples=60, deadline=None)
@given(verdicts)
def test_a_waiver_and_a_what_if_are_seen_in_whatever_is_shown(verdict):
    seen = Seen(verdict)
    assert ("What-if" in seen.state.banner) == verdict.what_if
    for index, row in enumerate(seen.state.rows):
        seen.presenter.select(index)
        told = "\n".join(line.text for line in seen.state.detail)
        for use in verdict.shots[row.shot].uses:
            for one in use.decision.reasons:
                assert one.code in told
                assert "waiver" not in one.detail or "(waived: " in told
