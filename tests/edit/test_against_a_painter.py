"""The proof that no frame is lost and none invented: random nested cuts against a painter of single moments."""

import dataclasses
import math
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clearcut.core.cut import ClipKind
from clearcut.core.identify import identify
from clearcut.core.registry import Recognition
from clearcut.core.rules import Rules
from clearcut.core.timing import FrameRange, parse_rate, union
from clearcut.edit.walker import Walker
from clearcut.errors import EditError
from fakes.frame_painter import extent, paint
from fakes.otio_json import clip, gap, read, span, stack, time, timeline, track, transition, warp

NOTHING_KNOWN = Recognition((), (), ())
# No shrinking: one cut takes long enough, and a random one says what is wrong as well.
quick = settings(deadline=None, phases=[Phase.explicit, Phase.generate])
SPEEDS = [2.0, 0.5, -1.0, -2.0, -0.5]


@st.composite
def cuts(draw, rates=(24,), speeds=SPEEDS, depth=3, holds=True):
    """A timeline of stacks in tracks in stacks: trims, dissolves, retimes, gaps, and things switched off.

    `holds`: also freezes and retimes that nobody can tell. Each clip has a name of its own and declares one of four replicas.
    """
    number = iter(range(10_000))
    rate = st.sampled_from(rates)

    def effects():
        which = draw(st.integers(0, 15))
        if which == 0:
            return [warp(draw(st.sampled_from(speeds)))]
        if which == 1 and holds:
            return [warp(0.0, "FreezeFrame.1")]
        if which == 2 and holds:
            return draw(
                st.sampled_from(
                    [[{"OTIO_SCHEMA": "TimeEffect.1"}], [warp(2.0), warp(0.5)], [warp(2.0), warp(0.0)]]
                )
            )
        return []

    def one_clip():
        name = f"c{next(number)}"
        said = {"shot": name, "replicas": [{"replica": f"rpl-{draw(st.integers(0, 3))}"}]}
        start, long = draw(st.integers(0, 99)), draw(st.integers(1, 9))
        return clip(name, start, long, draw(rate), metadata={"clearcut": said}, effects=effects(), **switch())

    def switch():
        return {"enabled": False} if draw(st.integers(0, 11)) == 0 else {}

    def trimmed(node):
        if draw(st.booleans()):
            # A track that begins before 0 is a manner of EDLs' adapter to say that it is late: walker tests.
            least = -4 if node["OTIO_SCHEMA"] == "Stack.1" else 0
            node["source_range"] = span(draw(st.integers(least, 8)), draw(st.integers(1, 12)), draw(rate))
        return node

    def item(levels):
        which = draw(st.integers(0, 5))
        if which == 0:
            return gap(draw(st.integers(1, 6)), draw(rate))
        if which in (1, 2) and levels:
            make = one_stack if which == 1 else one_track
            return trimmed({**make(levels - 1), "effects": effects(), **switch()})
        return one_clip()

    def one_track(levels):
        children = []
        for index in range(draw(st.integers(1, 3))):
            if index and draw(st.integers(0, 2)) == 0:
                children.append(transition(draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(rate)))
            children.append(item(levels))
        if draw(st.integers(0, 9)) == 0:
            children.insert(0, transition(draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(rate)))
        if draw(st.integers(0, 9)) == 0:
            children.append(transition(draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(rate)))
        return track(*children, kind="Audio" if draw(st.integers(0, 9)) == 0 else "Video")

    def one_stack(levels):
        return stack(
            *(draw(st.sampled_from([one_track, one_clip_in]))(levels) for _ in range(draw(st.integers(1, 2))))
        )

    def one_clip_in(_):
        return one_clip()

    tracks = [
        trimmed(one_track(depth)) if draw(st.integers(0, 3)) == 0 else one_track(depth)
        for _ in range(draw(st.integers(1, 2)))
    ]
    whole = timeline(*tracks, global_start_time=time(86400, 24))
    if draw(st.integers(0, 3)) == 0:
        trimmed(whole["tracks"])
    return whole


def top_of(tree):
    """The timeline's stack as a nesting of its own, so that its trim holds."""
    return stack(track({**tree["tracks"]}))


def exact_rates(node):
    """The edit with its rates as what they mean: 29.97002997002997 is 30000/1001. Scalars alike."""
    if isinstance(node, list):
        return [exact_rates(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: exact_rates(value) for key, value in node.items()}
    if "rate" in made:
        made["rate"] = parse_rate(made["rate"])
    if "time_scalar" in made:
        made["time_scalar"] = Fraction(made["time_scalar"]).limit_denominator(1000)
    return made


def read_if_any(tree):
    """The cut; None where there is no clip at all, which is refused, and rightly."""
    try:
        return read(tree)
    except EditError as error:
        assert error.message == "there is no clip in it"  # noqa: PT017 - anything else is a fault
        return None


def check_cells(tree, cut):
    """Holds the cut against what is painted in each cell of a grid that is as fine as any edge in it."""
    # Each retimed nesting on the way down may halve a frame; there are at most three of them.
    parts = 8
    per = Fraction(cut.timebase.ticks_per_frame, parts)
    seen, media, sound, untold = defaultdict(set), defaultdict(set), {}, set()
    top = top_of(tree)
    first, end = extent(top)
    for index in range(math.ceil((end - first) * 24 * parts)):
        for one in paint(top, Fraction(2 * index + 1, 48 * parts), Fraction(1, 24)):
            seen[one.name].add(index)
            sound[one.name] = one.sound
            if one.media is None:
                untold.add(one.name)
            else:
                media[one.name].add(math.floor(one.media))
    assert sorted(one.name for one in cut.clips) == sorted(seen)
    for one in cut.clips:
        cells = range(math.floor(one.record.first / per), math.ceil(one.record.end / per))
        assert set(cells) == seen[one.name], one.name
        assert (one.kind is ClipKind.SOUND) is sound[one.name]
        assert (one.source is None) is (one.name in untold)
        if one.source is not None:
            assert set(range(*one.source)) >= media[one.name], one.name
            assert (one.source.first, one.source.end - 1) == (min(media[one.name]), max(media[one.name]))
    return seen


def check_uses(cut, seen):
    """Each replica's screen time is the union of what is painted of its clips, and each clip's shot has its own."""
    found = identify(cut, NOTHING_KNOWN, Rules())
    of = {one.name: one.metadata["clearcut"]["replicas"][0]["replica"] for one in cut.clips}
    heard = {one.name for one in cut.clips if one.kind is ClipKind.SOUND}
    painted = defaultdict(set)
    for name, cells in seen.items():
        painted[of[name]] |= set() if name in heard else cells
    per = Fraction(cut.timebase.ticks_per_frame, 8)
    for replica, cells in painted.items():
        screen = union(r for use in found.uses if use.replica == replica for r in use.screen)
        shown = {cell for r in screen for cell in range(int(r.first / per), int(r.end / per))}
        assert shown == cells, replica
    assert {(use.shot, use.replica) for use in found.uses} == set(of.items())


@settings(quick, max_examples=100)
@given(cuts())
def test_every_frame_that_is_painted_is_read_and_no_other(tree):
    cut = read_if_any(tree)
    if cut is not None:
        check_uses(cut, check_cells(tree, cut))


@settings(quick, max_examples=60)
@given(cuts(rates=(24, 25, 48, 30000 / 1001), speeds=[2.0, 1.5, -1.25, 1 / 3], holds=False), st.randoms())
def test_at_any_moment_of_a_cut_of_many_rates_the_same_clips_are_on_screen(tree, rng):
    cut = read_if_any(tree)
    if cut is None:
        return
    per_second = cut.timebase.rate * cut.timebase.ticks_per_frame
    edges = {edge for one in cut.clips for edge in one.record} | {0, cut.duration}
    moments = [Fraction(edge) + way * Fraction(1, 10**6) for edge in edges for way in (-1, 1)]
    moments += [Fraction(rng.randrange(10**9), 10**9) * cut.duration for _ in range(100)]
    top = exact_rates(top_of(tree))
    for moment in moments:
        if moment < 0:
            continue
        read_here = {one.name for one in cut.clips if one.record.first <= moment < one.record.end}
        assert read_here == {one.name for one in paint(top, moment / per_second, 1 / cut.timebase.rate)}


lone_tracks = st.lists(
    st.one_of(
        st.builds(clip, st.sampled_from("abc"), st.integers(0, 5), st.integers(0, 4)),
        st.builds(clip, st.sampled_from("abc"), st.integers(0, 5), st.integers(1, 4), rate=st.just(25)),
        st.builds(gap, st.integers(1, 3)),
        st.builds(transition, st.integers(0, 2), st.integers(0, 2)),
        st.builds(
            lambda length, speed: stack(track(clip("n", 0, length)), effects=[warp(speed)], name="nest"),
            st.integers(1, 4),
            st.sampled_from([1.0, 0.3, 2.0, -1.0]),
        ),
    ),
    max_size=6,
).map(lambda children: timeline(track(*children)))


def read_with(tree, *, in_line):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Walker, "in_line", property(lambda _: in_line, lambda *_: None), raising=False)
        return read_if_any(tree)


@settings(quick, max_examples=300)
@given(lone_tracks | cuts())
def test_where_clips_follow_one_another_the_short_way_gives_what_the_whole_one_gives(tree):
    short = read_if_any(tree)
    whole = read_with(tree, in_line=False)
    assert short == whole
    if short is not None:
        assert [type(edge) for one in short.clips for edge in one.record] == [
            type(edge) for one in whole.clips for edge in one.record
        ]


def test_the_short_way_would_lose_what_hides_a_clip():
    """The twin: what is not one after another goes the whole way."""
    tree = timeline(track(clip("a", 0, 10)), track(gap(2), clip("b", 0, 3)))
    assert read(tree) == read_with(tree, in_line=False)
    assert read(tree).clips[0].occluded == (FrameRange(2, 5),)
    assert read_with(tree, in_line=True).clips[0].occluded == ()


def test_the_painter_sees_a_lost_frame_and_an_invented_one():
    """The twin: readers that are wrong by one frame are caught."""
    tree = timeline(
        track(clip("a", 0, 5), transition(1, 1), stack(track(clip("b", 9, 8)), source_range=span(2, 3)))
    )
    cut = read(tree)
    check_cells(tree, cut)
    for change in (
        {"record": FrameRange(0, 5)},
        {"record": FrameRange(0, 7)},
        {"source": FrameRange(0, 5)},
        {"source": None},
        {"kind": ClipKind.SOUND},
    ):
        wrong = dataclasses.replace(cut, clips=(cut.clips[0]._replace(**change), cut.clips[1]))
        with pytest.raises(AssertionError):
            check_cells(tree, wrong)
    with pytest.raises(AssertionError):
        check_cells(tree, dataclasses.replace(cut, clips=cut.clips[1:]))
