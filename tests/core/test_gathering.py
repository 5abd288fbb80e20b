"""What several clips of one shot say about one replica is gathered in one use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.cut import ClipKind
from clearcut.core.gathering import Span, _Growing
from clearcut.core.identify import identify
from clearcut.core.rules import Rules
from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from fakes.ports import a_clip, a_cut, recognising

PATH = "/jobs/char/p1/a.exr"


@pytest.mark.parametrize("lost", [(True, False), (False, True), (True, True), (False, False)])
def test_the_source_of_a_use_is_known_only_where_that_of_all_its_clips_is(lost):
    clips = [a_clip("SH_001", 24 * at, 24 * at + 24, PATH) for at in range(len(lost))]
    clips = [
        clip._replace(source=None) if without else clip for clip, without in zip(clips, lost, strict=True)
    ]
    (use,) = identify(a_cut(*clips), recognising(("rpl-p1", "*/char/p1/*")), Rules()).uses
    assert use.source_known is not any(lost)


@pytest.mark.parametrize("lost", [(True, False), (False, True), (False, False)])
def test_what_only_a_scene_shows_has_a_known_source_where_all_clips_of_its_shot_have(lost):
    clips = [a_clip("SH_001", 24 * at, 24 * at + 24) for at in range(len(lost))]
    clips = [
        clip._replace(source=None) if without else clip for clip, without in zip(clips, lost, strict=True)
    ]
    shows = SceneReference("Read1", "Read", "file", PATH, ReferenceState.USED, "")
    scene = Scene("comp.nk", "nk", "", (Target("Write1", "/out/a.exr", (shows,), FrameRange(1001, 1049)),))
    known = recognising(("rpl-p1", "*/char/p1/*"))
    (use,) = identify(a_cut(*clips), known, Rules(), scenes={"SH_001": scene}).uses
    assert use.source_known is not any(lost)


ranges = st.lists(
    st.builds(lambda first, length: FrameRange(first, first + length), st.integers(0, 9), st.integers(0, 5)),
    max_size=2,
).map(tuple)


@given(ranges, ranges, ranges, st.sampled_from([True, False, None]), ranges)
def test_the_time_of_one_clip_is_what_joining_it_with_nothing_comes_to(
    record, screen, source, known, occluded
):
    alone, joined = _Growing(scene_only=False), _Growing(scene_only=False)
    alone.spans = [Span(record, screen, source, known, occluded)]
    joined.spans = [*alone.spans, Span((), (), (), None)]
    assert alone.span() == joined.span()


def test_a_use_has_the_names_that_its_clip_was_given():
    said = {"shot": "SH_001", "sequence": "SQ_1", "episode": "E_1", "version": "v007"}
    cut = a_cut(a_clip("a", 0, 24, PATH, metadata={"clearcut": said}))
    (use,) = identify(cut, recognising(("rpl-p1", "*/char/p1/*")), Rules()).uses
    assert (use.shot, use.sequence, use.episode, use.version) == tuple(said.values())


def test_a_piece_of_sound_that_is_no_shot_by_its_name_is_listed_with_what_hinders_it():
    voice = a_clip("take 3", 0, 24, "/jobs/sound/voice.onnx")._replace(kind=ClipKind.SOUND)
    music = a_clip("music", 0, 24, "/jobs/sound/theme.wav")._replace(kind=ClipKind.SOUND)
    shots = identify(a_cut(voice, music), recognising(), Rules()).shots
    assert [(one.name, [why.code for why in one.reasons]) for one in shots] == [
        ("take 3", ["unidentified-replica"])
    ]
