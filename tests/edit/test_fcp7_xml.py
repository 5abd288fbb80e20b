"""Final Cut 7 XML whose files, ids and tracks are not as OpenTimelineIO's adapter expects them: no use is lost."""

from fractions import Fraction

import opentimelineio as otio
import pytest

from clearcut.core.cut import ClipKind
from clearcut.core.timing import FrameRange
from clearcut.edit import EditFile, fcp7_xml
from clearcut.errors import EditError
from fakes.otio_json import records

RATE = "<rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>"
REPLICA = "file://localhost/jobs/char/p1_digidouble/a.mov"


def item(name, start, end, inner="", *, first=0, tag="clipitem", id_=None):
    said = f' id="{id_}"' if id_ else ""
    return (
        f"<{tag}{said}><name>{name}</name><duration>1000</duration>{RATE}<start>{start}</start><end>{end}</end>"
        f"<in>{first}</in><out>{first + 100}</out>{inner}</{tag}>"
    )


def medium(id_, url="", *, name="plate"):
    if not url:
        return f'<file id="{id_}"/>'
    return (
        f'<file id="{id_}"><name>{name}</name><pathurl>{url}</pathurl>{RATE}<duration>1000</duration></file>'
    )


def dissolve(start, end, alignment="center"):
    return (
        f"<transitionitem>{RATE}<start>{start}</start><end>{end}</end><alignment>{alignment}</alignment>"
        "<effect><name>Cross Dissolve</name></effect></transitionitem>"
    )


def sequence(*tracks, kind="video", id_="s", name="HEL_R2"):
    rows = "".join(row if row.startswith("<track") else f"<track>{row}</track>" for row in tracks)
    return f'<sequence id="{id_}"><name>{name}</name>{RATE}<media><{kind}>{rows}</{kind}></media></sequence>'


def read(tmp_path, *body):
    path = tmp_path / "cut.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE xmeml><xmeml version="5">{"".join(body)}</xmeml>'
    )
    return EditFile(path).read()


def urls(clip):
    return [url for reference in clip.references for url in reference.urls]


def test_a_file_may_be_told_of_in_a_bin_that_is_not_played(tmp_path):
    """The adapter knows a file only where it is first met in a sequence: the path was lost, and with it the replica."""
    master = f'<clip id="m"><name>plate</name>{RATE}<media><video><track>{item("x", 0, 9, medium("f", REPLICA))}</track></video></media></clip>'
    for body in (
        [f"<bin><children>{master}</children></bin>", sequence(item("HEL_010", 0, 48, medium("f")))],
        [sequence(item("HEL_010", 0, 48, medium("f"))), f"<bin><children>{master}</children></bin>"],
    ):
        cut = read(tmp_path, *body)
        assert (records(cut), urls(cut.clips[0])) == ([("HEL_010", 0, 48)], [REPLICA])


def test_a_file_whose_name_alone_is_repeated_is_still_the_file(tmp_path):
    again = '<file id="f"><name>plate</name></file>'
    cut = read(
        tmp_path, sequence(item("HEL_010", 0, 48, medium("f", REPLICA)) + item("HEL_020", 48, 72, again))
    )
    assert [urls(clip) for clip in cut.clips] == [[REPLICA], [REPLICA]]


def test_two_clips_of_one_id_are_two_clips(tmp_path):
    """The adapter plays the first of them twice."""
    two = item("HEL_010", 0, 48, medium("f", "file:///jobs/plates/b.mov"), id_="clip") + item(
        "HEL_020", 48, 72, medium("f", REPLICA), id_="clip"
    )
    cut = read(tmp_path, sequence(two))
    assert records(cut) == [("HEL_010", 0, 48), ("HEL_020", 48, 72)]
    assert [urls(clip) for clip in cut.clips] == [["file:///jobs/plates/b.mov"], [REPLICA]]


def test_a_clip_and_a_file_may_have_one_id(tmp_path):
    cut = read(tmp_path, sequence(item("HEL_010", 0, 48, medium("one", REPLICA), id_="one")))
    assert urls(cut.clips[0]) == [REPLICA]


def test_a_nested_sequence_may_be_told_of_later_and_be_played_twice(tmp_path):
    inner = sequence(item("HEL_010", 0, 100, medium("f", REPLICA)), id_="inner", name="comp")
    outer = sequence(
        item("nest", 0, 10, '<sequence id="inner"/>')
        + item("nest", 20, 30, '<sequence id="inner"/>', first=50),
        id_="outer",
    )
    cut = read(tmp_path, f"<project><children>{outer}{inner}</children></project>")
    assert records(cut)[:2] == [("HEL_010", 0, 10), ("HEL_010", 20, 30)]
    assert [clip.source for clip in cut.clips[:2]] == [FrameRange(0, 10), FrameRange(50, 60)]
    assert {tuple(urls(clip)) for clip in cut.clips} == {(REPLICA,)}


def test_the_adapter_alone_finds_nothing_in_a_nested_sequence_and_plays_one_clip_twice():
    """The twin of what is put right here: without it a replica in a nest, or in the second clip, is never seen."""

    def names(*items):
        body = f'<xmeml version="5">{sequence("".join(items), id_="outer")}</xmeml>'
        return [clip.name for clip in otio.adapters.read_from_string(body, "fcp_xml").find_clips()]

    nest = item("nest", 0, 10, sequence(item("HEL_010", 0, 100, medium("f", REPLICA)), id_="inner"))
    assert names(nest) == []
    plate = item("HEL_010", 0, 48, medium("p", "file:///b.mov"), id_="one")
    assert names(plate, item("HEL_020", 48, 72, medium("f", REPLICA), id_="one")) == ["HEL_010", "HEL_010"]


def test_every_angle_of_a_multiclip_is_looked_at(tmp_path):
    angle = '<angle>{}<clip id="{}"><name>x</name>{}</clip></angle>'
    multi = (
        '<multiclip id="mc"><name>mc</name>'
        + angle.format(
            "<activevideoangle>TRUE</activevideoangle>", "1", medium("p", "file:///jobs/plates/b.mov")
        )
        + angle.format("", "2", medium("f", REPLICA))
        + "</multiclip>"
    )
    again = '<multiclip id="mc"/>'
    cut = read(tmp_path, sequence(item("HEL_010", 0, 48, multi) + item("HEL_020", 48, 72, again)))
    assert records(cut) == [("HEL_010", 0, 48), ("HEL_020", 48, 72)]
    assert [urls(clip) for clip in cut.clips] == [["file:///jobs/plates/b.mov", REPLICA]] * 2


def test_a_clip_without_a_file_is_a_clip_without_media(tmp_path):
    cut = read(tmp_path, sequence(item("offline", 0, 48) + item("HEL_020", 48, 72, medium("f", REPLICA))))
    assert records(cut) == [("offline", 0, 48), ("HEL_020", 48, 72)]
    assert urls(cut.clips[0]) == []


@pytest.mark.parametrize("first", ["file:///jobs/plates/b.mov", ""])
def test_every_file_of_a_clip_is_looked_at(tmp_path, first):
    both = (medium("a", first) if first else "<file><name>offline</name></file>") + medium("f", REPLICA)
    cut = read(tmp_path, sequence(item("HEL_010", 0, 48, both)))
    assert urls(cut.clips[0]) == [url for url in (first, REPLICA) if url]


def test_a_clip_that_is_a_file_and_a_sequence_is_refused(tmp_path):
    inner = sequence(item("x", 0, 100, medium("p", "file:///jobs/plates/b.mov")), id_="inner")
    with pytest.raises(EditError, match="'HEL_010' is several things at once"):
        read(tmp_path, sequence(item("HEL_010", 0, 48, inner + medium("f", REPLICA))))


def test_a_nested_sequence_that_is_not_in_the_file_is_refused(tmp_path):
    """What it shows cannot be told: read as a gap, it would hide a replica."""
    other = item("HEL_020", 48, 72, medium("f", REPLICA))
    with pytest.raises(EditError, match="'nest' is a sequence that is not in the file"):
        read(tmp_path, sequence(item("nest", 0, 48, '<sequence id="gone"/>') + other))


def test_a_file_with_two_paths_has_both(tmp_path):
    two = f"<file><pathurl>file:///jobs/plates/b.mov</pathurl><pathurl>{REPLICA}</pathurl></file>"
    cut = read(tmp_path, sequence(item("HEL_010", 0, 48, two)))
    assert urls(cut.clips[0]) == ["file:///jobs/plates/b.mov", REPLICA]


def test_frames_may_be_written_with_a_point(tmp_path):
    assert records(read(tmp_path, sequence(item("HEL_010", "12.0", "48.00", medium("f", REPLICA))))) == [
        ("HEL_010", 12, 48)
    ]


def test_a_bin_of_clips_is_read_one_after_another(tmp_path):
    whole = f'<clip id="m"><name>HEL_010</name><duration>48</duration>{RATE}<media><video><track><clipitem><name>HEL_010</name>{RATE}<in>-1</in>{medium("f", REPLICA)}</clipitem></track></video></media></clip>'
    plain = f"<clip><name>HEL_020</name><duration>24</duration>{RATE}{medium('f')}</clip>"
    cut = read(tmp_path, f"<bin><name>b</name><children>{whole}{plain}</children></bin>")
    assert records(cut) == [("HEL_010", 0, 48), ("HEL_020", 48, 72)]
    assert [urls(clip) for clip in cut.clips] == [[REPLICA], [REPLICA]]
    assert any("without a common timeline" in note for note in cut.notes)


def test_sound_that_overlaps_is_where_the_file_says_and_so_is_what_follows(tmp_path):
    row = (
        item("a", 0, 100, medium("a", "file:///a.wav"))
        + item("b", 90, 150, medium("b", "file:///b.wav"))
        + item("c", 200, 210, medium("c", "file:///c.wav"))
    )
    cut = read(tmp_path, sequence(row, kind="audio"))
    assert records(cut) == [("a", 0, 100), ("b", 90, 150), ("c", 200, 210)]
    off = read(tmp_path, sequence(f"<track><enabled>FALSE</enabled>{row}</track>", kind="audio"))
    assert records(off) == []


def test_what_dissolves_stays_on_its_track(tmp_path):
    row = (
        dissolve(0, 8, "start-black")
        + item("HEL_010", -1, -1, medium("a", REPLICA))
        + dissolve(40, 56)
        + item("HEL_020", -1, 100, medium("b", "file:///b.mov"))
        + item("HEL_030", 100, 120, medium("b"))
    )
    assert records(read(tmp_path, sequence(row))) == [
        ("HEL_010", 0, 56),
        ("HEL_020", 40, 100),
        ("HEL_030", 100, 120),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # Clips that end and begin where the transition between them does: both are seen all through it.
        (
            (("a", 0, 100), (100, 124, "center"), ("b", 124, 174), ("c", 174, 200)),
            [(0, 124), (100, 174), (174, 200)],
        ),
        # Out of nothing and into nothing, in whatever way it is aligned.
        (((100, 124, "center"), ("b", -1, 174), ("c", 180, 200)), [(100, 174), (180, 200)]),
        ((("a", 0, -1), (100, 124, "center"), ("c", 180, 200)), [(0, 124), (180, 200)]),
        ((("a", 0, 124), (100, 124, "center"), ("c", 180, 200)), [(0, 124), (180, 200)]),
        # Over nothing at all.
        ((("a", 0, 50), (100, 124, "center"), ("c", 180, 200)), [(0, 50), (180, 200)]),
        # As the cut says, in the middle of the dissolve.
        (
            (("a", 0, 112), (100, 124, "center"), ("b", 112, 174), ("c", 180, 200)),
            [(0, 124), (100, 174), (180, 200)],
        ),
        # A cut where the alignment does not put it.
        (
            (("a", 0, 112), (100, 124, "end"), ("b", -1, 174), ("c", 174, 200)),
            [(0, 124), (100, 174), (174, 200)],
        ),
        (
            (("a", 0, -1), (100, 124, "end"), ("b", 112, 174), ("c", 174, 200)),
            [(0, 124), (100, 174), (174, 200)],
        ),
        # Beside items that overlap: the transition and both its sides stay together.
        (
            (("x", 0, 64), ("a", 57, 112), (110, 114, "center"), ("b", 112, 130), ("c", 127, 200)),
            [(0, 64), (57, 114), (110, 130), (127, 200)],
        ),
        (
            (("x", 0, 64), ("a", 57, 100), (100, 103, "start"), ("b", 100, 118), ("c", 117, 200)),
            [(0, 64), (57, 103), (100, 118), (117, 200)],
        ),
    ],
)
def test_what_follows_a_transition_is_where_the_file_says(tmp_path, row, expected):
    items = "".join(
        item(*one, medium("f", REPLICA), first=50) if isinstance(one[0], str) else dissolve(*one)
        for one in row
    )
    cut = read(tmp_path, sequence(items))
    assert [(clip.record.first, clip.record.end) for clip in cut.clips] == expected
    assert cut.duration == 200


def test_the_media_under_a_transition_is_counted_back_from_the_clip(tmp_path):
    row = (
        item("a", 0, 100, medium("f", REPLICA))
        + dissolve(100, 124)
        + item("b", 124, 174, medium("f"), first=50)
    )
    first, second = read(tmp_path, sequence(row)).clips
    assert (first.source, second.source) == (FrameRange(0, 124), FrameRange(26, 100))


def test_a_clip_of_another_rate_lasts_as_many_frames_of_the_sequence_as_the_file_says(tmp_path):
    """The adapter tells its length in the clip's own frames, of which it is no whole number."""
    odd = item("a", 0, 71, medium("f", REPLICA)).replace("<ntsc>FALSE", "<ntsc>TRUE", 1)
    cut = read(tmp_path, sequence(odd + item("b", 71, 100, medium("f"))))
    assert records(cut) == [("a", 0, 71), ("b", 71, 100)]
    assert cut.duration == 100
    assert (cut.clips[0].source, cut.clips[0].source_rate) == (FrameRange(0, 71), Fraction(24000, 1001))


def test_another_file_on_a_further_channel_is_heard(tmp_path):
    def track(number, url):
        return f'<track totalExplodedTrackCount="2" currentExplodedTrackIndex="{number}">{item("HEL_010", 0, 48, medium(url, url))}</track>'

    same = read(tmp_path, sequence(track(0, "file:///a.wav"), track(1, "file:///a.wav"), kind="audio"))
    assert [urls(clip) for clip in same.clips] == [["file:///a.wav"]]
    other = read(
        tmp_path, sequence(track(0, "file:///a.wav"), track(1, "file:///voice/p3.wav"), kind="audio")
    )
    assert [urls(clip) for clip in other.clips] == [["file:///a.wav"], ["file:///voice/p3.wav"]]
    assert {clip.kind for clip in other.clips} == {ClipKind.SOUND}


def test_the_same_file_at_another_time_on_a_further_channel_is_heard(tmp_path):
    def track(number, start):
        head = f'<track totalExplodedTrackCount="2" currentExplodedTrackIndex="{number}">'
        return f"{head}{item('HEL_010', start, start + 48, medium('f', 'file:///voice/p3.wav'))}</track>"

    cut = read(tmp_path, sequence(track(0, 0), track(1, 500), kind="audio"))
    assert records(cut) == [("HEL_010", 0, 48), ("HEL_010", 500, 548)]


@pytest.mark.parametrize("levels", [1, 40])
def test_sequences_inside_each_other_end(tmp_path, levels):
    """One holds itself; or each holds the next one twice."""
    nests = "".join(
        sequence(
            "".join(
                item("n", n * 9, n * 9 + 9, f'<sequence id="{(number + 1) % levels}"/>') for n in range(2)
            ),
            id_=str(number),
        )
        for number in range(levels)
    )
    with pytest.raises(EditError, match="hold more than can be read") as caught:
        read(tmp_path, f"<project><children>{nests}</children></project>")
    assert caught.value.code == "cut-unreadable"


def test_the_first_full_element_of_a_kind_is_what_its_id_stands_for():
    made = fcp7_xml.prepared(b'<xmeml><a id="1"/><a id="1"><b>x</b></a><c id="1"/></xmeml>')
    assert made.split(b"\n", 1)[1] == b"<xmeml><a><b>x</b></a><a><b>x</b></a><c /></xmeml>"
