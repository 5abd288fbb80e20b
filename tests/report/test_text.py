import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings

from clearcut.core.assemble import unread_cut
from clearcut.core.reasons import reason
from clearcut.core.verdict import AnswerSource, EditFacts, Outcome, Severity
from clearcut.report import FORMATS
from clearcut.report.text import format_text
from clearcut.report.visible import clip, visible
from fakes.verdicts import FILM, HOSTILE, NOON, a_shot, a_use, a_verdict, helios, hostile, verdicts


def test_a_stopped_compositor_reads_why_what_to_do_and_whom_to_ask_under_the_shot():
    lines = format_text(helios()).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  HEL_020_0130"))
    assert lines[at : at + 6] == [
        "  HEL_020_0130   at 00:00:37:00 for 336 f",
        "    P1, rpl-p1-body (336 f, 14 s, licence L-1)",
        "      why   screen-time-exceeded: 6 frames (0.25 s) over the cap of 90 s of licence L-1",
        "      do    trim 6 frames, or have the cap raised; grew in HEL_020_0130",
        "      ask   editor",
        "      seen  path at tracks[0].children[0]: /jobs/char/p1/b.exr",
    ]


def test_groups_come_worst_first_with_their_numbers():
    heads = [line for line in format_text(helios()).splitlines() if line.isupper() and line.endswith(")")]
    assert heads == [
        "BLOCKED (3)",
        "COULD NOT BE DECIDED (1)",
        "CLEARED, WITH DUTIES (1)",
        "CLEARED (1)",
        "EXEMPT (1)",
        "NO REPLICA (1)",
    ]


def test_the_first_line_says_what_may_not_be_published():
    assert format_text(helios()).startswith(
        "BLOCKED: 3 of 8 shots must not be published, 1 could not be decided\n"
    )


def test_a_crowd_refused_for_one_reason_is_told_once():
    text = format_text(helios())
    assert "14 replicas: rpl-b01, rpl-b02" in text
    assert text.count("no licence grants this crowd scan") == 1


def test_a_waiver_is_shown_with_the_reason_it_lifts():
    assert "media-out-of-scope (waived: W-1): airline is not among the media of L-4" in format_text(helios())


def test_a_what_if_says_that_it_clears_nothing():
    assert "WHAT-IF" not in format_text(helios())
    assert "WHAT-IF" in format_text(a_verdict(a_shot("S", 0, 1), what_if=True))


def test_a_cut_that_nobody_answered_for_is_never_summed_up_as_publishable():
    down = reason("backend-unavailable", "no answer from https://clearance.example")
    text = format_text(a_verdict(a_shot("S", 0, 1), reasons=(down,)))
    assert text.startswith(
        "COULD NOT BE DECIDED: the cut as a whole is unknown: none of 1 shot may be published\n"
    )
    assert "why   backend-unavailable: no answer from https://clearance.example" in text


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.UNKNOWN])
def test_a_refusal_without_a_reason_still_says_what_to_do(outcome):
    text = format_text(a_verdict(a_shot("S", 0, 1, a_use(outcome=outcome))))
    assert "no reason was given, so it stays closed" in text
    assert "do    run the check again" in text


def test_a_warning_does_not_pass_for_the_reason_of_a_refusal():
    near = reason("screen-time-near-cap", "1 s left")
    assert near.severity is Severity.WARN
    text = format_text(a_verdict(a_shot("S", 0, 1, a_use(outcome=Outcome.BLOCKED, reasons=(near,)))))
    assert "no reason was given" in text


def test_colour_comes_only_when_asked_for_and_changes_no_word():
    plain, coloured = format_text(helios()), format_text(helios(), color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31mBLOCKED" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_shot_asked_for_is_never_green_while_the_whole_cut_is_hindered():
    down = reason("backend-unavailable", "no answer within 30 s")
    text = format_text(a_verdict(a_shot("S", 0, 1), reasons=(down,), asked=("S",)), color=True)
    assert text.startswith("\x1b[1;35mASKED FOR S: Could not be decided")
    free = format_text(a_verdict(a_shot("S", 0, 1, a_use()), asked=("S",)), color=True)
    assert free.startswith("\x1b[32mASKED FOR S: Cleared\x1b[0m\n")


def test_a_shot_asked_for_in_a_what_if_is_not_green_and_says_so():
    text = format_text(a_verdict(a_shot("S", 0, 1, a_use()), what_if=True, asked=("S",)), color=True)
    assert text.startswith("ASKED FOR S: Cleared (a what-if, which clears nothing)\n")


def test_the_head_of_a_what_if_without_a_block_neither_says_may_nor_is_green():
    free = a_verdict(a_shot("S", 0, 1, a_use()), a_shot("T", 1, 2))
    assert format_text(free, color=True).startswith("\x1b[32mCLEARED: all 2 shots may be published")
    asked = replace(free, what_if=True)
    assert format_text(asked, color=True).startswith(
        "\x1b[1;33mCLEARED: all 2 shots would be free to publish then"
    )
    assert "may be published" not in FORMATS["html"](asked)
    assert "<header class=d>" in FORMATS["html"](asked)
    assert "<header class=c>" in FORMATS["html"](free)


def test_an_edit_that_was_never_read_is_not_called_a_live_timeline():
    verdict = unread_cut(
        reason("cut-missing", "nope.otio"), (), NOON, None, AnswerSource("registry", "r.json")
    )
    for name in ("text", "html"):
        assert "no edit was read" in FORMATS[name](verdict)
        assert "live timeline" not in FORMATS[name](verdict)
    live = a_verdict(a_shot("S", 0, 1), edit=EditFacts("", "", "", None, None, FILM, 1))
    assert "live timeline" in format_text(live)


_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _unsafe(text):
    return {
        c
        for c in text
        if c != "\n"
        and (
            unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(c) in _DIRECTION
            or c in "\u200e\u200f\u061c\ufeff"
        )
    }


def test_no_name_can_steer_the_terminal_or_turn_the_line_round():
    assert _unsafe("".join(HOSTILE)), "the attack itself must hold what is looked for"
    assert _unsafe(format_text(hostile())) == set()
    format_text(hostile()).encode("utf-8")


@given(verdicts)
@settings(max_examples=30, deadline=None)
def test_any_verdict_can_be_told_safely_and_the_same_way_twice(verdict):
    text = format_text(verdict)
    assert _unsafe(text) == set()
    assert text == format_text(verdict)
    assert text.endswith("\n")


def test_columns_stay_aligned_beside_wide_characters():
    shots = (a_shot("SH", 0, 10, a_use()), a_shot("名前", 10, 20, a_use("u1")))
    lines = [line for line in format_text(a_verdict(*shots)).splitlines() if "rpl-p1-body" in line]
    assert lines[0].startswith("  SH     P1")
    assert lines[1].startswith("  名前   P1")


def test_visible_leaves_ordinary_names_of_the_world_alone():
    for name in ("HEL_020_0100", "名前テスト", "Žofie", "فارسی\u200cها", "🙂"):
        assert visible(name) == name
    assert visible("a\x1b[0m\u202e\ud800\U000e0041") == "a\\x1b[0m\\u202e\\ud800\\U000e0041"


def test_clip_says_how_much_it_left_out():
    assert clip("x" * 300, 200) == "x" * 200 + "… (100 more)"
    assert clip("x" * 200, 200) == "x" * 200
