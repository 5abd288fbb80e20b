"""Where OpenTimelineIO is right the walker agrees with it; where it is wrong a test says which function and why."""

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.timing import FrameRange
from clearcut.edit import LiveTimeline
from fakes.otio_json import records

RT, TR = otio.opentime.RationalTime, otio.opentime.TimeRange
lengths = st.integers(1, 40)


def otio_clip(name, start, length, scalar=None):
    made = otio.schema.Clip(name, source_range=TR(RT(start, 24), RT(length, 24)))
    if scalar is not None:
        made.effects.append(otio.schema.LinearTimeWarp(time_scalar=scalar))
    return made


@st.composite
def flat_tracks(draw):
    """A track of clips, gaps and dissolves whose handles fit."""
    track = otio.schema.Track("V1")
    size = draw(st.integers(1, 8))
    lasting = [draw(st.integers(10, 40)) for _ in range(size)]
    for index, length in enumerate(lasting):
        if index and draw(st.booleans()):
            before, after = draw(st.integers(0, 5)), draw(st.integers(0, 5))
            track.append(otio.schema.Transition(in_offset=RT(before, 24), out_offset=RT(after, 24)))
        if draw(st.integers(0, 4)) == 0:
            track.append(otio.schema.Gap(duration=RT(length, 24)))
        else:
            track.append(otio_clip(f"c{index}", draw(st.integers(0, 2000)), length))
    return track


def timeline_of(*tracks):
    made = otio.schema.Timeline("cut")
    made.tracks.extend(tracks)
    return made


@settings(max_examples=60, deadline=None)
@given(flat_tracks())
def test_records_and_sources_are_those_of_range_of_all_children_and_of_trimmed_range_with_handles(track):
    if not any(isinstance(child, otio.schema.Clip) for child in track):
        return
    cut = LiveTimeline(timeline_of(track)).read()
    ranges = track.range_of_all_children()
    expected = {}
    for child in track:
        if not isinstance(child, otio.schema.Clip):
            continue
        head, tail = track.handles_of_child(child)
        place, source = ranges[child], child.trimmed_range()
        before, after = (int(handle.value) if handle else 0 for handle in (head, tail))
        first, end = int(place.start_time.value) - before, int(place.end_time_exclusive().value) + after
        start, stop = int(source.start_time.value) - before, int(source.end_time_exclusive().value) + after
        expected[child.name] = (first, end), (start, stop)
    assert {c.name: (tuple(c.record), tuple(c.source)) for c in cut.clips} == expected
    assert cut.duration == int(track.duration().value)


@settings(max_examples=60, deadline=None)
@given(st.lists(lengths, min_size=1, max_size=5), st.lists(lengths, min_size=1, max_size=4), st.data())
def test_nests_without_retimes_lie_where_transformed_time_range_says(outer, inner, data):
    nest = otio.schema.Stack("nest")
    inside = otio.schema.Track("inside")
    inside.extend(otio_clip(f"i{n}", 100 * n, length) for n, length in enumerate(inner))
    nest.append(inside)
    first = data.draw(st.integers(0, sum(inner) - 1))
    nest.source_range = TR(RT(first, 24), RT(data.draw(st.integers(1, sum(inner) - first)), 24))
    track = otio.schema.Track("V1")
    track.extend(otio_clip(f"o{n}", 0, length) for n, length in enumerate(outer))
    track.append(nest)
    whole = timeline_of(track)
    expected = {}
    for child in whole.find_clips():
        seen = child.transformed_time_range(child.trimmed_range(), whole.tracks)
        # Its answer is not clipped by the nest's trim.
        limits = child.parent().parent()
        bounds = limits.range_in_parent() if limits is nest else TR(RT(0, 24), RT(10**6, 24))
        start = max(int(seen.start_time.value), int(bounds.start_time.value))
        end = min(int(seen.end_time_exclusive().value), int(bounds.end_time_exclusive().value))
        if start < end:
            expected[child.name] = (start, end)
    assert {c.name: tuple(c.record) for c in LiveTimeline(whole).read().clips} == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(lengths, st.sampled_from([24.0, 25.0, 30.0, 23.976])), min_size=1, max_size=6))
def test_clips_of_mixed_rates_last_as_long_as_otio_says_but_exactly(clips):
    track = otio.schema.Track("V1")
    for length, rate in clips:
        track.append(otio.schema.Clip("c", source_range=TR(RT(0, rate), RT(length, rate))))
    cut = LiveTimeline(timeline_of(track)).read()
    for clip, (length, rate) in zip(cut.clips, clips, strict=True):
        assert float(cut.timebase.seconds(clip.record.length)) == pytest.approx(
            length / rate, abs=1e-4 * length
        )
    assert float(cut.timebase.seconds(cut.duration)) == pytest.approx(sum(n / r for n, r in clips), abs=1e-2)


def test_otio_is_wrong_find_clips_returns_what_is_disabled_or_trimmed_away():
    nest = otio.schema.Stack(
        "nest", children=[otio.schema.Track("t", children=[otio_clip("away", 0, 10), otio_clip("in", 0, 10)])]
    )
    nest.source_range = TR(RT(10, 24), RT(10, 24))
    off = otio_clip("off", 0, 5)
    off.enabled = False
    whole = timeline_of(otio.schema.Track("V1", children=[off, nest]))
    assert [c.name for c in whole.find_clips()] == ["off", "away", "in"]
    assert records(LiveTimeline(whole).read()) == [("in", 5, 15)]


def test_otio_is_wrong_transformed_time_range_is_not_clipped():
    inside = otio_clip("x", 0, 100)
    nest = otio.schema.Stack("n", children=[inside], source_range=TR(RT(30, 24), RT(40, 24)))
    whole = timeline_of(otio.schema.Track("V1", children=[nest]))
    wrong = inside.transformed_time_range(inside.trimmed_range(), whole.tracks)
    assert (wrong.start_time.value, wrong.duration.value) == (-30, 100)
    assert records(LiveTimeline(whole).read()) == [("x", 0, 40)]


def test_otio_is_wrong_trimmed_range_in_parent_fails_on_an_edl_that_starts_at_one_oclock():
    first = otio_clip("a", 0, 10)
    track = otio.schema.Track("V", children=[first], source_range=TR(RT(-86400, 24), RT(10, 24)))
    whole = timeline_of(track)
    with pytest.raises(ValueError, match="invalid"):
        first.trimmed_range_in_parent()
    assert records(LiveTimeline(whole).read()) == [("a", 0, 10)]


def test_otio_is_wrong_flatten_stack_raises_on_dissolves():
    track = otio.schema.Track(
        "V1",
        children=[
            otio_clip("a", 0, 20),
            otio.schema.Transition(in_offset=RT(2, 24), out_offset=RT(2, 24)),
            otio_clip("b", 9, 20),
        ],
    )
    whole = timeline_of(
        track,
        otio.schema.Track("V2", children=[otio.schema.Gap(duration=RT(19, 24)), otio_clip("over", 0, 5)]),
    )
    with pytest.raises(Exception, match=r"(?i)transition|trim"):
        otio.algorithms.flatten_stack(whole.tracks)
    assert records(LiveTimeline(whole).read()) == [("a", 0, 22), ("b", 18, 40), ("over", 19, 24)]


def test_otio_is_wrong_a_negative_duration_and_a_rate_of_zero_pass():
    assert TR(RT(0, 24), RT(-5, 24)).duration.value == -5
    assert RT(5, 0).rate == 0


def test_otio_is_wrong_to_frames_truncates():
    assert RT(29.970030784606934, 24).to_frames() == 29
    whole = timeline_of(
        otio.schema.Track(
            "V1", children=[otio.schema.Clip("c", source_range=TR(RT(29.970030784606934, 24), RT(5, 24)))]
        )
    )
    assert LiveTimeline(whole).read().clips[0].source == FrameRange(30, 35)
