"""Every construct of OTIO that puts a clip on record or takes it off: where it plays and which frames it consumes."""

from fractions import Fraction

import pytest

from clearcut.core.cut import Clip, ClipKind
from clearcut.core.timing import FrameRange
from clearcut.errors import EditError
from fakes.otio_json import (
    clip,
    external,
    gap,
    read,
    records,
    span,
    stack,
    time,
    timeline,
    track,
    transition,
    warp,
)

DECLARES = {"clearcut": {"shot": "S1", "replicas": [{"replica": "rpl-p1-body"}]}}


def only(cut):
    assert len(cut.clips) == 1, records(cut)
    return cut.clips[0]


def test_clips_of_a_track_lie_one_after_another():
    cut = read(timeline(track(clip("a", 10, 5), gap(3), clip("b", 0, 4))))
    assert records(cut) == [("a", 0, 5), ("b", 8, 12)]
    assert cut.duration == 12
    assert cut.clips[0].source == FrameRange(10, 15)
    assert cut.clips[1].where == "tracks[0].children[2]"


def test_a_trailing_gap_belongs_to_the_cuts_duration():
    assert read(timeline(track(clip("a", 0, 5), gap(3)))).duration == 8


def test_the_stack_of_a_timeline_can_be_trimmed():
    tree = timeline(track(clip("a", 0, 10), clip("b", 0, 10)))
    tree["tracks"]["source_range"] = span(5, 8)
    cut = read(tree)
    assert records(cut) == [("a", 0, 5), ("b", 5, 8)]
    assert [c.source for c in cut.clips] == [FrameRange(5, 10), FrameRange(0, 3)]
    assert cut.duration == 8


def test_a_track_can_be_trimmed():
    cut = read(timeline(track(clip("a", 100, 10), clip("b", 0, 10), source_range=span(4, 10))))
    assert records(cut) == [("a", 0, 6), ("b", 6, 10)]
    assert cut.clips[0].source == FrameRange(104, 110)


def test_a_nested_stack_shows_only_its_source_range():
    """Case S10: a clip of 100 frames of which 40 are visible."""
    nest = stack(track(clip("inner", 1000, 100)), source_range=span(30, 40))
    cut = read(timeline(track(clip("a", 0, 10), nest)))
    assert records(cut) == [("a", 0, 10), ("inner", 10, 50)]
    assert cut.clips[1].source == FrameRange(1030, 1070)


def test_trims_of_several_levels_all_hold():
    deep = stack(track(clip("x", 0, 100)), source_range=span(10, 50))
    middle = stack(track(gap(5), deep), source_range=span(15, 20))
    cut = read(timeline(track(middle)))
    assert records(cut) == [("x", 0, 20)]
    assert only(cut).source == FrameRange(20, 40)


def test_a_trim_of_an_intermediate_level_can_hide_a_clip_altogether():
    nest = stack(track(clip("hidden", 0, 10), clip("seen", 0, 10)), source_range=span(10, 10))
    assert records(read(timeline(track(nest)))) == [("seen", 0, 10)]


def test_a_nested_track_is_a_nesting_too():
    cut = read(timeline(track(track(clip("t", 7, 20), source_range=span(5, 6)))))
    assert records(cut) == [("t", 0, 6)]
    assert only(cut).source == FrameRange(12, 18)


def test_a_nest_without_a_source_range_lasts_as_long_as_its_longest_child():
    nest = stack(track(clip("x", 0, 10)), track(clip("y", 0, 25)))
    assert records(read(timeline(track(nest, clip("z", 0, 1))))) == [
        ("x", 0, 10),
        ("y", 0, 25),
        ("z", 25, 26),
    ]


def test_both_sides_of_a_dissolve_are_on_screen_with_their_handles():
    """Case S8: 96 frames dissolving 8/8 show 104."""
    cut = read(timeline(track(clip("p4", 100, 96), transition(8, 8), clip("other", 50, 72))))
    assert records(cut) == [("p4", 0, 104), ("other", 88, 168)]
    assert cut.clips[0].source == FrameRange(100, 204)
    assert cut.clips[1].source == FrameRange(42, 122)


def test_a_dissolve_out_of_black_lengthens_only_the_clip():
    cut = read(timeline(track(gap(10), transition(4, 2), clip("a", 50, 20))))
    assert records(cut) == [("a", 6, 30)]


def test_a_dissolve_at_the_head_or_tail_of_a_track_shows_the_handles_of_its_clip():
    """As Track.available_range lasts: 8 + 96 + 5 frames. The other tracks keep step with the cut, not the handle."""
    first = track(transition(8, 4), clip("a", 100, 96), transition(3, 5))
    cut = read(timeline(first, track(clip("b", 0, 10))))
    assert records(cut) == [("a", 0, 109), ("b", 0, 10)]
    assert cut.clips[0].source == FrameRange(92, 201)
    trimmed = read(
        timeline(track(stack(track(transition(8, 4), clip("a", 100, 96)), source_range=span(0, 5))))
    )
    assert trimmed.clips[0].source == FrameRange(92, 97)


def test_a_dissolve_that_is_longer_than_what_follows_ends_with_the_track():
    cut = read(timeline(track(clip("a", 0, 10), transition(2, 8), clip("b", 50, 3)), track(clip("c", 0, 40))))
    assert records(cut) == [("a", 0, 13), ("c", 0, 40), ("b", 8, 13)]


def test_a_dissolve_shows_more_of_a_nest_on_its_side():
    nest = stack(track(clip("x", 0, 100)), source_range=span(20, 10))
    cut = read(timeline(track(clip("a", 0, 10), transition(3, 0), nest)))
    assert records(cut) == [("a", 0, 10), ("x", 7, 20)]
    assert cut.clips[1].source == FrameRange(17, 30)


def test_a_dissolve_never_reaches_out_of_a_trimmed_nest():
    nest = stack(track(clip("x", 0, 10), transition(2, 5), clip("y", 5, 10)), source_range=span(0, 12))
    assert records(read(timeline(track(nest)))) == [("x", 0, 12), ("y", 8, 12)]


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([], (1001, 1121)),
        ([warp(2.0)], (1001, 1241)),  # case S9
        ([warp(0.5)], (1001, 1061)),
        ([warp(2.0), warp(0.5)], (1001, 1121)),
        ([warp(2.0), warp(1.5)], (1001, 1361)),
        ([warp(-1.0)], (1001, 1121)),
        ([warp(-2.0)], (1001, 1241)),
        ([warp(0.0, "FreezeFrame.1")], (1001, 1002)),
        ([warp(0.0)], (1001, 1002)),
        ([warp(2.0), warp(0.0, "FreezeFrame.1")], (1001, 1002)),
        ([{**warp(2.0), "enabled": False}], (1001, 1121)),
        ([{"OTIO_SCHEMA": "Effect.1", "effect_name": "studio:Blur"}], (1001, 1121)),
        ([{"OTIO_SCHEMA": "Effect.1", "effect_name": "Time Remap", "metadata": {"speed": "50"}}], None),
        ([{"OTIO_SCHEMA": "TimeEffect.1"}], None),
        ([{"OTIO_SCHEMA": "LinearTimeWarp.1"}], None),
        ([{"OTIO_SCHEMA": "StudioRamp.1", "keys": [1, 2]}], None),
        ([warp(2.0), {"OTIO_SCHEMA": "TimeEffect.1"}], None),
    ],
)
def test_a_time_effect_changes_the_media_consumed_and_never_the_record(effects, expected):
    cut = read(timeline(track(clip("a", 1001, 120, effects=effects))))
    assert records(cut) == [("a", 0, 120)]
    assert only(cut).source == (None if expected is None else FrameRange(*expected))


def test_half_a_frame_of_media_counts_as_one():
    assert only(read(timeline(track(clip("a", 0, 11, effects=[warp(0.5)]))))).source == FrameRange(0, 6)


def test_a_retimed_nest_plays_its_content_faster():
    nest = stack(track(clip("x", 0, 48), clip("y", 100, 48)), source_range=span(24, 24), effects=[warp(2.0)])
    cut = read(timeline(track(clip("a", 0, 10), nest)))
    assert records(cut) == [("a", 0, 10), ("x", 10, 22), ("y", 22, 34)]
    assert [c.source for c in cut.clips[1:]] == [FrameRange(24, 48), FrameRange(100, 124)]


def test_a_reversed_nest_plays_its_content_backwards():
    nest = stack(track(clip("x", 0, 10), clip("y", 0, 20)), effects=[warp(-1.0)], source_range=span(0, 30))
    assert records(read(timeline(track(nest)))) == [("y", 0, 20), ("x", 20, 30)]


def test_a_frozen_nest_shows_one_of_its_frames_all_the_time():
    nest = stack(
        track(clip("x", 0, 10), clip("y", 70, 20)),
        effects=[warp(0, "FreezeFrame.1")],
        source_range=span(12, 30),
    )
    cut = read(timeline(track(nest)))
    assert records(cut) == [("y", 0, 30)]
    assert only(cut).source == FrameRange(72, 73)


def test_a_nest_with_an_unknown_retime_may_show_all_of_its_content_all_the_time():
    nest = stack(
        track(clip("x", 0, 10), clip("y", 70, 20)),
        effects=[{"OTIO_SCHEMA": "TimeEffect.1"}],
        source_range=span(0, 8),
    )
    cut = read(timeline(track(nest)))
    assert records(cut) == [("x", 0, 8), ("y", 0, 8)]
    assert [c.source for c in cut.clips] == [None, None]


def test_edges_between_two_frames_of_a_retimed_nest_are_exact():
    nest = stack(track(clip("x", 0, 5), clip("y", 0, 5)), source_range=span(0, 5), effects=[warp(2.0)])
    cut = read(timeline(track(nest)))
    assert cut.timebase.ticks_per_frame == 2
    assert records(cut) == [("x", 0, 5), ("y", 5, 10)]
    assert cut.timebase.frames(cut.clips[0].record.length) == Fraction(5, 2)


def test_clips_of_another_rate_keep_their_exact_length():
    cut = read(timeline(track(clip("a", 0, 24), clip("b", 0, 25, 25), clip("c", 0, 24))))
    assert cut.timebase.rate == 24
    assert cut.timebase.seconds(cut.clips[1].record.length) == 1
    assert cut.clips[1].source == FrameRange(0, 25)
    assert cut.clips[1].source_rate == 25
    assert cut.timebase.seconds(cut.duration) == 3


@pytest.mark.parametrize("rate", [23.976, 23.98, 23.976023976, 23.976024627685547])
def test_every_way_to_write_23_976_is_the_same_rate(rate):
    assert read(timeline(track(clip("a", 0, 24, rate)))).timebase.rate == Fraction(24000, 1001)


def test_the_global_start_time_gives_the_cuts_rate():
    assert read(timeline(track(clip("a", 0, 25, 25)), global_start_time=time(86400, 24))).timebase.rate == 24


def test_without_one_the_first_picture_clip_gives_it():
    cut = read(timeline(track(clip("s", 0, 48000, 48000), kind="Audio"), track(clip("a", 0, 25, 25))))
    assert cut.timebase.rate == 25


@pytest.mark.parametrize(("value", "frames"), [(10.4, 10), (10.6, 11), (29.970030784606934, 30), (0.2, 1)])
def test_values_are_rounded_to_whole_frames_of_their_own_rate(value, frames):
    assert read(timeline(track(clip("a", 0, value)))).duration == frames


@pytest.mark.parametrize(("start", "first"), [(0.2, 0), (0.5, 1), (10.4, 10), (-0.2, 0)])
def test_a_start_is_rounded_and_only_a_length_is_at_least_one(start, first):
    assert only(read(timeline(track(clip("a", start, 5))))).source == FrameRange(first, first + 5)


def test_a_length_a_little_below_nothing_is_negative():
    with pytest.raises(EditError, match="a negative duration"):
        read(timeline(track(clip("a", 0, -0.2))))


def test_a_length_in_seconds_is_no_number_of_frames():
    """OpenTimelineIO's from_seconds gives a rate of 1: four and a half of that are 108 frames, not four."""
    tree = timeline(track(clip("a", 0, 24), {**clip("b"), "source_range": span(0, 4.5, 1)}))
    assert records(read(tree)) == [("a", 0, 24), ("b", 24, 132)]


@pytest.mark.parametrize("place", ["clip", "track", "nest", "stack"])
def test_what_is_disabled_is_not_in_the_cut_but_takes_its_time(place):
    off = {"enabled": False}
    hidden = {
        "clip": clip("x", 0, 10, **off),
        "track": track(clip("x", 0, 10), **off),
        "nest": stack(track(clip("x", 0, 10)), **off),
        "stack": stack(track(clip("x", 0, 10), **off)),
    }[place]
    assert records(read(timeline(track(hidden, clip("y", 0, 5))))) == [("y", 10, 15)]


def test_a_cut_whose_clips_are_all_disabled_is_readable_and_empty():
    cut = read(timeline(track(clip("x", 0, 10, enabled=False))))
    assert cut.clips == ()
    assert cut.duration == 10
    assert "none of its clips plays" in cut.notes[0]


@pytest.mark.parametrize(
    "tree",
    [
        timeline(track(gap(5))),
        timeline(track(stack(), gap(5))),
        timeline(track(stack(track(), metadata=DECLARES))),
        timeline(track(stack(track(gap(5)), metadata=DECLARES))),
    ],
)
def test_a_file_without_any_clip_is_no_cut_however_it_is_nested(tree):
    with pytest.raises(EditError, match="there is no clip in it"):
        read(tree)


def test_a_clip_in_a_nest_that_is_switched_off_is_a_clip():
    assert read(timeline(track(stack(track(clip("x")), enabled=False)))).clips == ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Video", "picture"),
        ("Audio", "sound"),
        ("audio", "sound"),
        ("Subtitle", "picture"),
        (None, "picture"),
    ],
)
def test_only_audio_is_sound_and_what_nobody_knows_is_picture(kind, expected):
    assert only(read(timeline(track(clip("a"), kind=kind)))).kind is ClipKind(expected)


def test_everything_in_an_audio_track_is_sound():
    assert only(read(timeline(track(stack(track(clip("a"))), kind="Audio")))).kind is ClipKind.SOUND


def test_the_available_range_stands_in_for_a_missing_source_range():
    reference = external(available_range=span(900, 33))
    cut = read(timeline(track(clip("a", source_range=None, media_references={"DEFAULT_MEDIA": reference}))))
    assert records(cut) == [("a", 0, 33)]
    assert only(cut).source == FrameRange(900, 933)


def test_the_active_reference_is_the_one_that_counts_for_length():
    keys = {"low": external(available_range=span(0, 5)), "high": external(available_range=span(0, 9))}
    node = clip("a", source_range=None, media_references=keys, active_media_reference_key="high")
    assert records(read(timeline(track(node)))) == [("a", 0, 9)]


def test_a_clip_of_unknown_length_makes_the_cut_unreadable_and_names_its_place():
    with pytest.raises(EditError, match="how long this clip lasts") as caught:
        read(timeline(track(clip("a"), clip("b", source_range=None))))
    assert caught.value.where == "tracks[0].children[1]"
    assert caught.value.code == "cut-unreadable"


def test_a_start_that_is_not_said_leaves_the_record_known_and_the_source_not():
    node = clip("a", 0, 12)
    node["source_range"]["start_time"] = None
    cut = read(timeline(track(node)))
    assert records(cut) == [("a", 0, 12)]
    assert only(cut).source is None


def test_all_media_references_are_kept_not_only_the_active_one():
    sequence = {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": "/jobs/p1",
        "name_prefix": "a.",
        "name_suffix": ".exr",
        "frame_zero_padding": 4,
    }
    keys = {
        "proxy": external("/jobs/p.mov", metadata={"k": 1}),
        "full": sequence,
        "none": {"OTIO_SCHEMA": "MissingReference.1"},
        "bars": {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "black"},
    }
    node = clip("a", media_references=keys, active_media_reference_key="full")
    found = only(read(timeline(track(node)))).references
    assert [(r.key, r.urls) for r in found] == [
        ("proxy", ("/jobs/p.mov",)),
        ("full", ("/jobs/p1/a.%04d.exr",)),
        ("none", ()),
        ("bars", ()),
    ]
    assert found[0].metadata == {"k": 1}


def test_the_one_reference_of_an_older_clip_is_read():
    node = {
        "OTIO_SCHEMA": "Clip.1",
        "name": "a",
        "source_range": span(0, 5),
        "media_reference": external("/x"),
    }
    assert only(read(timeline(track(node)))).references[0].urls == ("/x",)


def test_what_a_nest_declares_stands_for_itself_over_its_visible_range():
    nest = stack(track(clip("x", 0, 100)), source_range=span(30, 40), metadata=DECLARES)
    cut = read(timeline(track(clip("a", 0, 10), nest)))
    declared, inner = cut.clips[1], cut.clips[2]
    assert (declared.nested, declared.record, declared.source, declared.references) == (
        True,
        FrameRange(10, 50),
        None,
        (),
    )
    assert declared.metadata == DECLARES
    assert inner.name == "x"
    assert [around.kind for around in inner.enclosures()] == [
        "track",
        "stack",
        "track",
        "timeline",
        "timeline",
    ]


def test_replicas_declared_on_a_track_or_the_timeline_are_not_lost():
    cut = read(
        timeline(track(clip("x", 0, 10), metadata=DECLARES), metadata={"clearcut": DECLARES["clearcut"]})
    )
    assert [(c.where, *c.record) for c in cut.clips if c.nested] == [("", 0, 10), ("tracks[0]", 0, 10)]


def test_a_timeline_says_its_production_and_version():
    cut = read(timeline(track(clip()), metadata={"clearcut": {"production": "HELIOS", "version": "v041"}}))
    assert (cut.production, cut.version) == ("HELIOS", "v041")
    assert not any(c.nested for c in cut.clips)


def test_markers_of_clips_and_what_they_lie_in_are_kept():
    marker = {"OTIO_SCHEMA": "Marker.2", "name": "m", "comment": "c", "metadata": {"note": "n"}}
    cut = read(timeline(track(clip("a", markers=[marker]), markers=[marker])))
    assert only(cut).markers[0][:2] == ("m", "c")
    assert next(only(cut).enclosures()).markers[0].metadata == {"note": "n"}


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (clip("a", 0, 10), [("a", 0, 10)]),
        (track(clip("a", 0, 10), clip("b", 0, 5)), [("a", 0, 10), ("b", 10, 15)]),
        (stack(clip("a", 0, 10), clip("b", 0, 5)), [("a", 0, 10), ("b", 0, 5)]),
        (
            {
                "OTIO_SCHEMA": "SerializableCollection.1",
                "children": [clip("a", 0, 10), timeline(track(clip("b", 0, 5)))],
            },
            [("a", 0, 10), ("b", 10, 15)],
        ),
    ],
)
def test_whatever_lies_at_the_top_is_read(top, expected):
    assert records(read(top)) == expected


def test_clips_directly_in_the_top_stack_play_at_once():
    assert records(read(timeline(clip("a", 0, 10), track(clip("b", 0, 5))))) == [("a", 0, 10), ("b", 0, 5)]


def test_timelines_of_two_productions_in_one_file_are_no_cut():
    many = [timeline(track(clip()), metadata={"clearcut": {"production": name}}) for name in ("A", "B")]
    with pytest.raises(EditError, match="while another timeline says 'A'"):
        read({"OTIO_SCHEMA": "SerializableCollection.1", "children": many})


def test_a_track_with_an_edls_offset_begins_late_and_is_not_trimmed_to_nothing():
    """The EDL adapter's tracks have the source range [-record_in, content)."""
    early = track(clip("a", 0, 10), clip("b", 0, 5), source_range=span(-86400, 15))
    late = track(clip("c", 0, 5), source_range=span(-86412, 5))
    cut = read(timeline(early, late))
    assert records(cut) == [("a", 0, 10), ("b", 10, 15), ("c", 12, 17)]
    assert cut.duration == 17


def test_a_name_with_a_nul_is_refused_because_opentimelineio_cuts_it_there():
    """Two readers would see two shots: the one published could be the one without the replica."""
    with pytest.raises(EditError, match=r"tracks\[0\]\.children\[0\]\.name: .*NUL"):
        read(timeline(track(clip("HEL_010\x00_x"))))


@pytest.mark.parametrize(
    "tree",
    [
        timeline(track(clip("a"), {**gap(3), "metadata": DECLARES})),
        timeline(track(clip("a"), {**transition(1, 1), "metadata": DECLARES}, clip("b"))),
        timeline(track(clip("a", effects=[{"OTIO_SCHEMA": "Effect.1", "metadata": DECLARES}]))),
        timeline(track(stack(track(clip("a")), effects=[{"OTIO_SCHEMA": "Effect.1", "metadata": DECLARES}]))),
        timeline(track(clip("a"), {**gap(3), "metadata": {"clearcut": ["rpl-p1"]}})),
        timeline(
            track(clip("a"), {**gap(3), "markers": [{"OTIO_SCHEMA": "Marker.2", "metadata": DECLARES}]})
        ),
        {
            "OTIO_SCHEMA": "SerializableCollection.1",
            "children": [timeline(track(clip("a")))],
            "metadata": DECLARES,
        },
    ],
    ids=[
        "gap",
        "transition",
        "effect",
        "effect of a nest",
        "gap with nonsense",
        "marker of a gap",
        "collection",
    ],
)
def test_a_declaration_where_nobody_would_look_for_it_is_refused(tree):
    with pytest.raises(EditError, match=r"metadata\.clearcut: an? \w+ cannot declare a replica") as caught:
        read(tree)
    assert "declare it on the clip" in caught.value.remedy


def test_a_gap_with_a_note_to_clearcut_but_no_replica_is_a_gap():
    said = {"clearcut": {"shot": "S1", "replicas": []}}
    assert records(read(timeline(track(clip("a"), {**gap(3), "metadata": said})))) == [("a", 0, 24)]


def test_a_generators_parameters_are_looked_at_like_metadata():
    media = {
        "OTIO_SCHEMA": "GeneratorReference.1",
        "metadata": {"x": 1},
        "parameters": {"path": "/char/p1/a.exr"},
    }
    (reference,) = only(
        read(timeline(track(clip("a", media_references={"DEFAULT_MEDIA": media}))))
    ).references
    assert reference.metadata == {"x": 1, "parameters": {"path": "/char/p1/a.exr"}}


def test_nuls_that_only_end_a_name_are_padding():
    assert only(read(timeline(track(clip("HEL_010\x00\x00"))))).name == "HEL_010"


def test_a_newer_schema_is_read_by_the_keys_it_has():
    node = {**clip("a"), "OTIO_SCHEMA": "Clip.7", "markers": [{"OTIO_SCHEMA": "Marker.3", "name": "m"}]}
    assert only(read(timeline(track(node)))).markers[0].name == "m"


def test_covered_time_is_reported_beside_presence():
    low, high = track(clip("low", 0, 100)), track(gap(20), clip("high", 0, 30), gap(10), clip("tail", 0, 90))
    cut = read(timeline(low, high))
    assert cut.clips[0].occluded == (FrameRange(20, 50), FrameRange(60, 100))
    assert all(c.occluded == () for c in cut.clips[1:])


@pytest.mark.parametrize(
    "above",
    [
        track(clip("x", 0, 50, enabled=False)),
        track(clip("x", 0, 50), kind="Audio"),
        track(gap(50)),
        track(clip("x", 0, 50), enabled=False),
    ],
)
def test_only_enabled_clips_of_picture_tracks_cover(above):
    assert read(timeline(track(clip("low", 0, 50)), above)).clips[0].occluded == ()


def test_a_dissolve_covers_nothing_while_it_lasts():
    above = track(clip("x", 50, 20), transition(5, 5), clip("y", 50, 20))
    assert read(timeline(track(clip("low", 0, 40)), above)).clips[0].occluded == (
        FrameRange(0, 15),
        FrameRange(25, 40),
    )


def test_nests_cover_by_what_they_show_and_are_covered_whole():
    shows = stack(track(gap(10), clip("x", 0, 10)), source_range=span(0, 30))
    cut = read(timeline(track(stack(track(clip("low", 0, 30)))), track(shows)))
    low = next(c for c in cut.clips if c.name == "low")
    assert low.occluded == (FrameRange(10, 20),)


def test_values_that_are_made_without_counting_have_all_their_fields():
    nest = stack(track(clip("c")), effects=[warp(0.3)])
    cut = read(
        timeline(track(clip("a"), nest, clip("b", media_references={"DEFAULT_MEDIA": external("/a")})))
    )
    assert len(cut.clips) == 3
    for one in cut.clips:
        assert len(one) == len(Clip._fields)
        assert [len(each) for each in (one.record, *one.references)] == [2, *(4 for _ in one.references)]


def test_what_an_effect_says_of_a_clip_stands_in_the_clips_metadata():
    """A model that changes a face may be named there alone."""
    about = {"tool": {"model": "/jobs/ml/faces.onnx"}}
    effects = [{"OTIO_SCHEMA": "Effect.1", "name": "swap", "metadata": about}, warp(2.0)]
    (plain, changed) = read(
        timeline(track(clip("a", metadata={"k": 1}), clip("b", metadata={"k": 1}, effects=effects)))
    ).clips
    assert plain.metadata == {"k": 1}
    assert changed.metadata == {"k": 1, "metadata of effects": [about]}
