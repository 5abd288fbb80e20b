"""What a licence is charged in one quick sum is what the meter counts, use by use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearcut.core.caps as caps
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import Decision, Outcome
from fakes.worlds import ask, licence, use, world

RANGES = st.lists(
    st.builds(lambda first, length: FrameRange(first, first + length), st.integers(0, 40), st.integers(0, 8)),
    max_size=3,
).map(tuple)
USES = st.lists(
    st.tuples(st.sampled_from("AB"), RANGES, st.booleans(), st.sets(st.sampled_from("LMN"))), max_size=8
)


@given(USES, st.booleans())
def test_the_sum_is_what_the_meter_counts(rows, in_order):
    uses = [use(shot, screen=screen, scene_only=alone) for shot, screen, alone, _ in rows]
    if in_order:
        uses.sort(key=lambda one: one.screen)
    judged = [Decision(str(at), Outcome.CLEARED, (), tuple(sorted(row[3]))) for at, row in enumerate(rows)]
    charged = caps.tallies(judged, uses)
    assert set(charged) == {name for one in judged for name in one.licences}
    for name, tally in charged.items():
        assert tally.places == [at for at, one in enumerate(judged) if name in one.licences]
        assert caps._ticks(tally, uses) == caps.running_ticks(uses[at] for at in tally.places)[-1]


def test_frames_that_two_uses_show_together_are_charged_once(monkeypatch):
    doc, uses = world(licences=[licence()]), [use("A", 0, 48), use("B", 24, 48), use("C", 96, 24)]
    assert ask(doc, uses).totals[0].frames == 96
    monkeypatch.setattr(caps, "le", lambda one, other: True)  # the guard off: every range counted by itself
    assert ask(doc, uses).totals[0].frames == 120


def test_a_range_that_runs_backward_takes_nothing_away(monkeypatch):
    doc = world(licences=[licence(max_screen_time_s="3")])
    uses = [use("A", 0, 96), use("B", screen=(FrameRange(200, 100),))]
    assert [one.outcome.value for one in ask(doc, uses).decisions] == ["blocked", "blocked"]
    monkeypatch.setattr(caps, "le", lambda one, other: True)
    assert [one.outcome.value for one in ask(doc, uses).decisions] == ["cleared", "cleared"]  # a false clear


def test_what_a_scene_alone_shows_beside_what_is_on_screen_is_charged_on_top():
    uses = [use("A", 0, 24), use("A", 24, 24, scene_only=True), use("A", 24, 24)]
    assert ask(world(licences=[licence()]), uses).totals[0].frames == 72


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_licence_that_is_charged_with_unlike_uses_is_charged_with_all(order):
    uses = [use("A", 0, 24, uses=("stunt",)), use("B", 24, 24, uses=("background",))]
    doc = world(licences=[licence(scope={"uses": ["stunt", "background"]})])
    assert ask(doc, [uses[at] for at in order]).totals[0].frames == 48
