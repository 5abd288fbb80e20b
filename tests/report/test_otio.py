import json
from fractions import Fraction

import opentimelineio as otio
import pytest

from clearcut.core.timing import Timebase
from clearcut.core.verdict import EditFacts, Outcome
from clearcut.report.otio import CannotMarkError, mark_edit
from fakes.verdicts import a_shot, a_use, a_verdict, helios, hostile


def _edit():
    timeline = otio.schema.Timeline("helios", global_start_time=otio.opentime.RationalTime(86400, 24))
    track = otio.schema.Track("V1", kind="Video")
    for n in range(4):
        clip = otio.schema.Clip(
            f"HEL_020_01{n}0",
            source_range=otio.opentime.TimeRange(
                otio.opentime.RationalTime(1001, 24), otio.opentime.RationalTime(450, 24)
            ),
            metadata={"unheard of": {"x": [1, 2.5, None, "é"]}},
        )
        clip.markers.append(otio.schema.Marker("theirs"))
        track.append(clip)
    timeline.tracks.append(track)
    timeline.tracks.markers.append(otio.schema.Marker("theirs too"))
    return otio.adapters.write_to_string(timeline, "otio_json").encode()


def _marks(marked):
    return otio.adapters.read_from_string(marked.decode(), "otio_json").tracks.markers


def test_the_viewer_sees_a_coloured_marker_for_each_shot_with_a_replica():
    marks = [m for m in _marks(mark_edit(_edit(), helios())) if m.name != "theirs too"]
    assert [(m.name, m.color) for m in marks] == [
        ("Cleared: HEL_020_0100", "GREEN"),
        ("Blocked: HEL_020_0120", "RED"),
        ("Blocked: HEL_020_0130", "RED"),
        ("Could not be decided: HEL_020_0140", "PURPLE"),
        ("Blocked: CRD_010", "RED"),
        ("Cleared, with duties: HEL_030_0010", "YELLOW"),
        ("Exempt: HEL_030_0020", "CYAN"),
    ]
    blocked = marks[1].marked_range
    assert (blocked.start_time.value, blocked.duration.value, blocked.start_time.rate) == (480, 408, 24)
    assert "obtain a current mandate from Estate of P2" in marks[1].comment
    assert marks[1].metadata["clearcut_verdict"]["reasons"][0]["code"] == "authority-expired"


def test_apart_from_our_markers_the_cut_is_unchanged():
    before = json.loads(_edit())
    after = json.loads(mark_edit(_edit(), helios()))
    after["tracks"]["markers"] = [m for m in after["tracks"]["markers"] if m["name"] == "theirs too"]
    assert after == before


def test_marking_again_replaces_our_markers_and_keeps_theirs():
    once = mark_edit(_edit(), helios())
    assert mark_edit(once, helios()) == once
    cleared = a_verdict(a_shot("HEL_020_0100", 0, 288, a_use()))
    assert [m.name for m in _marks(mark_edit(once, cleared))] == ["theirs too", "Cleared: HEL_020_0100"]


def test_a_trimmed_top_stack_counts_in_its_own_time():
    edit = json.loads(_edit())
    edit["tracks"]["source_range"] = {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 48.0, "value": 200.0},
        "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 24.0, "value": 900.0},
    }
    marked = _marks(mark_edit(json.dumps(edit).encode(), a_verdict(a_shot("S", 10, 20, a_use()))))
    assert marked[-1].marked_range.start_time.value == 110


def test_a_shot_that_occurs_twice_is_marked_twice_at_an_ntsc_rate():
    facts = EditFacts("", "", "", None, None, Timebase(Fraction(24000, 1001)), 100)
    shot = a_shot("S", 0, 10, a_use())
    from clearcut.core.timing import FrameRange
    from clearcut.core.verdict import ShotVerdict

    twice = ShotVerdict("S", Outcome.CLEARED, (FrameRange(0, 10), FrameRange(50, 60)), shot.uses)
    marks = _marks(mark_edit(_edit(), a_verdict(twice, edit=facts)))[1:]
    assert [round(m.marked_range.start_time.value) for m in marks] == [0, 50]
    assert marks[0].marked_range.start_time.rate == pytest.approx(24000 / 1001)


def test_hostile_names_are_markers_that_otio_reads():
    assert len(_marks(mark_edit(_edit(), hostile()))) == 1 + len(hostile().shots)


def test_what_json_can_hold_and_utf8_cannot_stays_as_it_was():
    edit = json.loads(_edit())
    edit["name"] = "lone \ud800"
    edit["metadata"] = {"big": 10**30, "wide": "é", "nan": float("inf")}
    marked = json.loads(mark_edit(json.dumps(edit).encode(), a_verdict()))
    assert (marked["name"], marked["metadata"]) == (edit["name"], edit["metadata"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"TITLE: an EDL",
        b'{"OTIO_SCHEMA": "Clip.1"}',
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": null}',
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"markers": 3}}',
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"source_range": {"start_time": {"rate": 0, "value": 1}}}}',
        b'{"OTIO_SCHEMA": "SerializableCollection.1", "children": [{}, {}]}',
        b"[" * 200_000,
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"name": "a", "name": "b"}}',
    ],
)
def test_what_cannot_be_marked_is_an_error_and_never_half_an_edit(data):
    with pytest.raises(CannotMarkError):
        mark_edit(data, helios())


def test_a_verdict_without_a_rate_marks_nothing():
    with pytest.raises(CannotMarkError, match="no rate"):
        mark_edit(_edit(), a_verdict(edit=EditFacts("", "", "", None, None, None, 0)))
