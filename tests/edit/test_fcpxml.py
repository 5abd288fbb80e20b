"""Final Cut Pro X projects, written as Final Cut writes them: everything that is on screen is found, where it is."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.cut import ClipKind
from clearcut.core.timing import FrameRange
from clearcut.edit import EditFile
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.fcpxml import read_fcpxml
from clearcut.errors import EditError
from fakes.otio_json import records

FORMATS = """
 <format id="r1" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>
 <format id="r2" name="FFVideoFormatRateUndefined"/>
 <asset id="a" name="HEL_010" start="0s" duration="100s" hasVideo="1" format="r1" hasAudio="1">
  <media-rep kind="original-media" sig="1" src="file:///jobs/char/p1_digidouble/a%20b.mov"/></asset>
 <asset id="b" name="HEL_020" start="3600s" duration="100s" hasVideo="1" format="r1">
  <media-rep kind="original-media" sig="2" src="file:///jobs/plates/b.mov"/>
  <media-rep kind="proxy-media" sig="2" src="file:///jobs/proxies/b.mov"/>
  <metadata><md key="com.apple.proapps.studio.reel" value="A001"/></metadata></asset>
 <asset id="voice" name="voice" start="0s" duration="100s" hasAudio="1" format="r2">
  <media-rep kind="original-media" sig="3" src="file:///jobs/voice/p3.wav"/></asset>
 <effect id="t" name="Basic Title" uid=".../Titles.localized/Basic Title.moti"/>
"""


def fcpxml(body, resources="", version="1.11"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="{version}"><resources>{FORMATS}{resources}</resources>{body}</fcpxml>"""


def project(spine, *, form="r1", start="0s", name="HEL_R2"):
    return (
        f'<project name="{name}"><sequence format="{form}" duration="10s" tcStart="{start}" tcFormat="NDF">'
        f"<spine>{spine}</spine></sequence></project>"
    )


def read(body, resources="", rate=None):
    raw = body if body.startswith("<?xml") else fcpxml(body, resources)
    found = read_fcpxml(raw.encode(), rate)
    return read_cut(found.tree, notes=found.notes)


def spine(items, resources=""):
    return read(project(items), resources)


def refused(body, match, resources="", code="cut-unreadable"):
    with pytest.raises(EditError, match=match) as caught:
        read(body, resources)
    assert caught.value.code == code


def urls(clip):
    return [url for reference in clip.references for url in reference.urls]


def test_the_files_of_an_asset_are_its_media_representations():
    """Since version 1.9 the path stands there alone: without it no replica is ever recognised by its file."""
    cut = spine('<asset-clip ref="b" offset="0s" name="x" start="3601s" duration="2s"/>')
    assert urls(cut.clips[0]) == ["file:///jobs/plates/b.mov", "file:///jobs/proxies/b.mov"]
    assert cut.clips[0].source == FrameRange(3601 * 24, 3603 * 24)
    assert cut.clips[0].references[0].metadata["fcpx"]["metadata"] == {
        "com.apple.proapps.studio.reel": "A001"
    }


def test_before_version_1_9_the_path_stands_on_the_asset():
    old = '<asset id="o" src="file:///jobs/old.mov" start="0s" duration="9s" hasVideo="1" format="r1"/>'
    assert urls(spine('<asset-clip ref="o" offset="0s" duration="2s"/>', old).clips[0]) == [
        "file:///jobs/old.mov"
    ]


COMPOUND = '<media id="m"><sequence format="r1" duration="9s"><spine><asset-clip ref="a" duration="9s"/></spine></sequence></media>'
REPLICA = "file:///jobs/char/p1_digidouble/a%20b.mov"


@pytest.mark.parametrize(
    "pick",
    [
        '<asset-clip ref="b" duration="2s"/>',
        '<clip duration="2s"><video ref="b" duration="2s"/></clip>',
        '<sync-clip duration="2s"><spine><asset-clip ref="b" duration="2s"/></spine></sync-clip>',
    ],
)
@pytest.mark.parametrize(
    "other",
    [
        '<asset-clip ref="a" duration="9s"/>',
        '<clip duration="9s"><video ref="a" duration="9s"/></clip>',
        '<ref-clip ref="m" duration="9s"/>',
        '<asset-clip ref="b" duration="9s"><asset-clip ref="a" lane="1" offset="0s" duration="1s"/></asset-clip>',
    ],
)
def test_all_that_an_audition_offers_is_further_media_of_its_pick(pick, other):
    cut = spine(f'<audition offset="0s">{pick}{other}</audition>', COMPOUND)
    assert [one.record for one in cut.clips] == [FrameRange(0, 48)]
    assert urls(cut.clips[0])[0] == "file:///jobs/plates/b.mov"
    assert REPLICA in urls(cut.clips[0])


def test_a_compound_clip_that_an_audition_offers_is_not_changed_where_it_plays_otherwise():
    offered = '<audition offset="0s"><ref-clip ref="m" duration="2s"/><asset-clip ref="b" duration="9s"/></audition>'
    cut = spine(f'{offered}<ref-clip ref="m" offset="2s" duration="2s"/>', COMPOUND)
    assert [urls(one) for one in cut.clips] == [
        [REPLICA, "file:///jobs/plates/b.mov", "file:///jobs/proxies/b.mov"],
        [REPLICA],
    ]


@pytest.mark.parametrize("inside", ["{}", '<filter-video ref="t">{}</filter-video>'])
def test_a_picture_that_a_generator_or_filter_is_given_is_kept(inside):
    param = inside.format('<param name="Image" value="/jobs/char/p1/a.png"/><param name="Size" value="12"/>')
    clip = spine(f'<video ref="t" offset="0s" duration="2s">{param}</video>').clips[0]
    assert clip.metadata["fcpx"]["params"] == ["/jobs/char/p1/a.png"]


def test_two_resources_of_one_id_are_refused():
    again = '<asset id="a" name="x" start="0s" duration="9s"><media-rep src="file:///x.mov"/></asset>'
    refused(project('<asset-clip ref="a" offset="0s" duration="2s"/>'), "two resources are called 'a'", again)


def test_a_project_of_two_sequences_is_refused():
    one = '<sequence format="r1"><spine><asset-clip ref="a" offset="0s" duration="2s"/></spine></sequence>'
    refused(f'<project name="x">{one}{one}</project>', "a project with 2 sequences")


@pytest.mark.parametrize(
    "items",
    [
        '<smart-clip ref="a" offset="0s" duration="2s"/>',
        '<gap offset="0s" duration="2s"><smart-clip ref="a" offset="0s" lane="1" duration="2s"/></gap>',
        '<gap offset="0s" duration="2s"><spine lane="1" offset="0s"><smart-clip ref="a" duration="2s"/></spine></gap>',
        '<clip offset="0s" duration="2s"><smart-clip ref="a" offset="0s" duration="2s"/></clip>',
    ],
)
def test_what_lies_in_time_and_is_not_known_is_refused(items):
    """A later version's clip, left out, would hide what it shows."""
    refused(
        project(f'{items}<asset-clip ref="b" offset="2s" duration="2s"/>'), "<smart-clip> 'a': .*not known"
    )


STILL = """<asset id="still" name="HEL_030" start="0s" duration="0s" hasVideo="1" format="r2">
 <media-rep kind="original-media" sig="4" src="file:///jobs/char/p1_digidouble/still.jpg"/></asset>"""


@pytest.mark.parametrize("holder", ["clip", "sync-clip"])
def test_a_still_lasts_as_long_as_the_clip_that_holds_it(holder):
    """Final Cut gives a still no length of its own: read as nothing, its replica was never on screen."""
    cut = spine(
        f'<{holder} name="x" offset="0s" start="3600s" duration="2s"><video ref="still" duration="0s"/></{holder}>'
        f'<{holder} name="y" offset="2s" duration="3s"><video ref="a" duration="1s">'
        f'<video ref="still" lane="1" offset="1s" duration="0s"/></video></{holder}>',
        STILL,
    )
    assert [(one.record, urls(one)[0][-9:]) for one in cut.clips] == [
        (FrameRange(0, 48), "still.jpg"),
        (FrameRange(48, 72), "a%20b.mov"),
        (FrameRange(72, 120), "still.jpg"),
    ]


def test_a_still_that_lies_in_an_event_is_counted_at_a_rate_of_the_file():
    """A still's format has none. Its seconds are exact whatever the rate."""
    cut = read(
        '<event name="e"><clip name="x" duration="2s"><video ref="still" duration="0s"/></clip></event>',
        STILL,
    )
    assert [(one.record, urls(one)[0][-9:]) for one in cut.clips] == [(FrameRange(0, 48), "still.jpg")]
    bare = STILL.replace("r2", "f")
    with pytest.raises(EditError) as caught:
        read_fcpxml(
            f'<fcpxml version="1.11"><resources><format id="f" name="FFVideoFormatRateUndefined"/>{bare}</resources><event>'
            '<clip name="x" duration="2s"><video ref="still" duration="0s"/></clip></event></fcpxml>'.encode(),
            None,
        )
    assert caught.value.code == "rate-unknown"


def test_a_still_that_nothing_gives_a_length_is_not_left_out():
    refused(project('<video ref="still" offset="0s"/>'), "how long it lasts is not said", STILL)


@pytest.mark.parametrize(
    ("lasts", "frames", "rate"),
    [
        ("1001/24000s", 48, Fraction(24000, 1001)),
        ("1001/30000s", 60, Fraction(30000, 1001)),
        ("1001/60000s", 120, Fraction(60000, 1001)),
        ("100/2500s", 50, Fraction(25)),
    ],
)
def test_the_rate_is_exact(lasts, frames, rate):
    resources = f'<format id="f" frameDuration="{lasts}"/>'
    number, _, below = lasts.rstrip("s").partition("/")
    length = f"{int(number) * frames}/{below}s"
    cut = read(project(f'<title ref="t" offset="0s" duration="{length}"/>', form="f"), resources)
    assert (cut.timebase.rate, cut.timebase.ticks_per_frame, cut.duration) == (rate, 1, frames)


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("1080p2398", Fraction(24000, 1001)),
        ("720p60", Fraction(60)),
        ("1080i50", Fraction(25)),
        ("1080i5994", Fraction(30000, 1001)),
    ],
)
def test_a_format_may_say_its_rate_by_its_name(name, rate):
    cut = read(
        project('<title ref="t" offset="0s" duration="2s"/>', form="f"),
        f'<format id="f" name="FFVideoFormat{name}"/>',
    )
    assert cut.timebase.rate == rate


def test_without_any_rate_it_is_asked_for():
    body = project('<title ref="t" offset="0s" duration="2s"/>', form="f")
    refused(body, "does not say a frame rate", '<format id="f" name="mine"/>', "rate-unknown")
    assert read(body, '<format id="f" name="mine"/>', Fraction(25)).duration == 50


def test_every_project_of_every_event_is_read_and_clips_of_the_browser_are_not():
    one, other = (
        '<title ref="t" name="x" offset="0s" duration="1s"/>',
        '<asset-clip ref="a" offset="0s" duration="1s"/>',
    )
    cut = read(
        f'<library><event name="e">{project(one)}</event><event>{project(other)}'
        '<asset-clip ref="b" duration="9s"/></event></library>'
    )
    assert records(cut) == [("x", 0, 24), ("HEL_010", 24, 48)]
    assert any("1 clips lie in events and in no project" in note for note in cut.notes)


def test_clips_without_a_project_are_a_list_of_clips():
    cut = read(
        '<event name="bin"><asset-clip ref="a" name="x" duration="1s"/><asset-clip ref="b" name="y" duration="2s"/></event>'
    )
    assert records(cut) == [("x", 0, 24), ("y", 24, 72)]
    assert cut.name == "bin"


@pytest.mark.parametrize("start", ["0s", "3600s", "86400/24s"])
def test_a_cut_begins_where_its_storyline_does(start):
    seconds = Fraction(start.rstrip("s"))
    cut = read(
        project(f'<title ref="t" name="x" offset="{seconds}s" start="3600s" duration="2s"/>', start=start)
    )
    assert records(cut) == [("x", 0, 48)]


def test_a_connected_clip_lies_where_its_parents_time_says():
    cut = spine(
        '<gap offset="0s" start="3600s" duration="2s"/>'
        '<asset-clip ref="b" name="under" offset="2s" start="3610s" duration="4s">'
        '<asset-clip ref="a" name="over" lane="1" offset="3611s" start="5s" duration="1s">'
        '<title ref="t" name="top" lane="2" offset="5s" duration="1s"/></asset-clip>'
        '<asset-clip ref="voice" name="voice" lane="-1" offset="3610s" duration="9s"/></asset-clip>'
    )
    assert records(cut) == [("voice", 48, 264), ("under", 48, 144), ("over", 72, 96), ("top", 72, 96)]
    kinds = {clip.name: clip.kind for clip in cut.clips}
    assert [name for name, kind in kinds.items() if kind is ClipKind.SOUND] == ["voice"]
    hidden = {clip.name: clip.occluded for clip in cut.clips}
    assert hidden["under"] == (FrameRange(72, 96),)
    assert hidden["top"] == ()


def test_what_is_connected_to_a_gap_is_on_screen():
    cut = spine(
        '<gap offset="0s" start="3600s" duration="5s"><asset-clip ref="a" name="x" lane="1" offset="3601s" duration="1s"/></gap>'
    )
    assert records(cut) == [("x", 24, 48)]
    assert cut.duration == 120


def test_a_connected_storyline_is_laid_out_from_its_own_beginning():
    cut = spine(
        '<asset-clip ref="b" name="under" offset="0s" start="3600s" duration="9s"><spine lane="1" offset="3602s">'
        '<asset-clip ref="a" name="one" offset="0s" duration="1s"/><asset-clip ref="a" name="two" offset="1s" duration="2s"/>'
        "</spine></asset-clip>"
    )
    assert records(cut) == [("under", 0, 216), ("one", 48, 72), ("two", 72, 120)]


def test_in_a_transition_both_sides_are_on_screen():
    cut = spine(
        '<asset-clip ref="a" name="out" offset="0s" start="1s" duration="4s"/>'
        '<transition name="Cross Dissolve" offset="21/6s" duration="1s"/>'
        '<asset-clip ref="b" name="in" offset="4s" start="3600s" duration="4s"/>'
    )
    assert records(cut) == [("out", 0, 108), ("in", 84, 192)]
    assert [clip.source for clip in cut.clips] == [FrameRange(24, 132), FrameRange(86388, 86496)]


def test_a_fade_from_or_to_black_shows_no_handle():
    cut = spine(
        '<transition offset="0s" duration="1s"/><title ref="t" name="x" offset="0s" duration="4s"/>'
        '<transition offset="3s" duration="1s"/><gap offset="4s" duration="1s"/>'
        '<transition offset="5s" duration="1s"/><title ref="t" name="y" offset="5s" duration="4s"/>'
    )
    assert records(cut) == [("x", 0, 96), ("y", 120, 216)]


COMPOUND = (
    '<media id="m" name="compound"><sequence format="r1" duration="6s" tcStart="0s"><spine>'
    '<asset-clip ref="a" name="first" offset="0s" duration="3s"/>'
    '<asset-clip ref="b" name="second" offset="3s" start="3600s" duration="3s"/></spine></sequence></media>'
)


def test_a_compound_clip_shows_what_its_trim_shows():
    cut = spine('<ref-clip ref="m" name="nest" offset="0s" start="2s" duration="2s"/>', COMPOUND)
    assert records(cut) == [("first", 0, 24), ("second", 24, 48)]
    assert cut.clips[0].source == FrameRange(48, 72)


def test_a_compound_clip_of_which_only_the_sound_is_used_shows_nothing():
    cut = spine('<ref-clip ref="m" offset="0s" duration="2s" srcEnable="audio"/>', COMPOUND)
    assert {clip.kind for clip in cut.clips} == {ClipKind.SOUND}


def test_a_trim_that_fits_nothing_hides_nothing():
    """A start in another time than the content's: shown as nothing, it would be a way to hide a replica."""
    cut = spine('<ref-clip ref="m" offset="0s" start="7200s" duration="2s"/>', COMPOUND)
    assert records(cut) == [("first", 0, 48), ("second", 0, 48)]
    assert {clip.source for clip in cut.clips} == {None}


def test_a_synchronised_clip_shows_its_pictures_and_sounds_its_sound():
    cut = spine(
        '<sync-clip name="synced" offset="0s" start="3601s" duration="2s" format="r1">'
        '<asset-clip ref="b" name="plate" offset="3600s" start="3600s" duration="9s">'
        '<asset-clip ref="voice" name="voice" lane="-1" offset="3600s" duration="9s" format="r2"/></asset-clip>'
        "</sync-clip>"
    )
    assert sorted((clip.name, *clip.record) for clip in cut.clips) == [("plate", 0, 48), ("voice", 0, 48)]
    assert [clip.source for clip in cut.clips if clip.name == "plate"] == [FrameRange(86424, 86472)]


def test_the_parts_of_a_clip_are_called_like_the_clip():
    parts = '<video ref="a" offset="0s" duration="9s"><audio ref="a" lane="-1" offset="0s" duration="9s"/></video>'
    cut = spine(f'<clip name="HEL_030" offset="0s" duration="2s" format="r1">{parts}</clip>')
    assert records(cut) == [("HEL_030", 0, 48), ("HEL_030", 0, 48)]
    assert [around.name for around in cut.clips[0].enclosures() if around.kind == "stack"] == ["HEL_030"]


MULTICAM = (
    '<media id="mc" name="MC"><multicam format="r1" tcStart="0s">'
    '<mc-angle name="A" angleID="A"><gap offset="0s" duration="1s"/><asset-clip ref="a" name="cam1" offset="1s" duration="9s"/></mc-angle>'
    '<mc-angle name="B" angleID="B"><asset-clip ref="b" name="cam2" offset="0s" start="3600s" duration="9s"/></mc-angle>'
    '<mc-angle name="S" angleID="S"><asset-clip ref="voice" name="voice" offset="0s" duration="9s"/></mc-angle>'
    "</multicam></media>"
)


def test_a_multicam_clip_shows_the_angle_that_is_used():
    sources = '<mc-source angleID="B" srcEnable="video"/><mc-source angleID="S" srcEnable="audio"/>'
    cut = spine(f'<mc-clip ref="mc" offset="0s" start="2s" duration="3s">{sources}</mc-clip>', MULTICAM)
    assert sorted((clip.name, clip.kind.value, *clip.record) for clip in cut.clips) == [
        ("cam2", "picture", 0, 72),
        ("voice", "sound", 0, 72),
    ]


def test_a_multicam_clip_that_names_no_angle_may_show_each():
    cut = spine('<mc-clip ref="mc" offset="0s" start="2s" duration="3s"/>', MULTICAM)
    assert {clip.name for clip in cut.clips} == {"cam1", "cam2", "voice"}


def test_a_clip_connected_to_a_multicam_clip_does_not_switch_its_angles_off():
    connected = (
        '<mc-clip ref="mc" lane="1" offset="2s" start="2s" duration="1s">'
        '<mc-source angleID="B" srcEnable="none"/><mc-source angleID="A" srcEnable="all"/></mc-clip>'
    )
    sources = '<mc-source angleID="B" srcEnable="all"/>'
    cut = spine(
        f'<mc-clip ref="mc" offset="0s" start="2s" duration="3s">{sources}{connected}</mc-clip>', MULTICAM
    )
    assert sorted(records(cut)) == [("cam1", 0, 24), ("cam2", 0, 72)]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [(("video", "none"), {"picture"}), (("none", "audio"), {"sound"}), (("video", "audio"), {"picture"})],
)
def test_an_angle_that_is_named_twice_is_used_for_all_that_is_said(said, kinds):
    sources = "".join(f'<mc-source angleID="B" srcEnable="{one}"/>' for one in said)
    cut = spine(f'<mc-clip ref="mc" offset="0s" start="2s" duration="3s">{sources}</mc-clip>', MULTICAM)
    assert {(clip.name, clip.kind.value) for clip in cut.clips} == {("cam2", kind) for kind in kinds}


def test_what_an_audition_offers_besides_is_media_of_its_pick():
    cut = spine(
        '<audition offset="0s"><asset-clip ref="b" name="pick" start="3600s" duration="2s"/>'
        '<asset-clip ref="a" name="other" duration="5s"/></audition><title ref="t" name="next" offset="2s" duration="1s"/>'
    )
    assert records(cut) == [("pick", 0, 48), ("next", 48, 72)]
    assert "file:///jobs/char/p1_digidouble/a%20b.mov" in urls(cut.clips[0])


def test_a_clip_that_is_switched_off_does_not_play():
    cut = spine(
        '<asset-clip ref="a" name="off" offset="0s" duration="1s" enabled="0"/><title ref="t" name="on" offset="1s" duration="1s"/>'
    )
    assert records(cut) == [("on", 24, 48)]


def timed(*points, start="0s", duration="2s", more=""):
    times = "".join(f'<timept time="{time}" value="{value}" interp="smooth2"/>' for time, value in points)
    return spine(
        f'<asset-clip ref="a" offset="0s" start="{start}" duration="{duration}">{more}<timeMap>{times}</timeMap></asset-clip>'
    ).clips[0]


def test_a_constant_retime_says_what_is_consumed():
    assert timed(("0s", "0s"), ("10s", "20s"), start="1s").source == FrameRange(48, 144)


def test_backwards_the_earliest_frame_is_where_it_ends():
    assert timed(("0s", "10s"), ("10s", "0s"), start="1s").source == FrameRange(7 * 24, 9 * 24)


def test_a_hold_consumes_one_frame():
    assert timed(("0s", "3s"), ("10s", "3s")).source == FrameRange(72, 73)


@pytest.mark.parametrize(
    ("points", "more"),
    [
        ([("0s", "0s"), ("1s", "5s"), ("2s", "6s")], ""),
        ([("0s", "0s"), ("0s", "5s")], ""),
        ([("0s", "0s"), ("2s", "2s")], '<conform-rate srcFrameRate="23.98"/>'),
    ],
)
def test_of_a_retime_that_is_not_constant_the_source_is_not_told(points, more):
    clip = timed(*points, more=more)
    assert clip.source is None
    assert clip.record == (0, 48)


def test_notes_markers_and_roles_are_where_a_rule_file_can_point_at_them():
    cut = spine(
        '<asset-clip ref="a" name="x" offset="0s" duration="1s" videoRole="VFX">'
        '<note>HEL_010_0020</note><marker start="0s" duration="1/24s" value="SHOT 1" note="hi"/>'
        '<keyword start="0s" duration="1s" value="vfx"/></asset-clip>'
    )
    assert cut.clips[0].metadata["fcpx"] == {"videoRole": "VFX", "note": "HEL_010_0020", "keywords": ["vfx"]}
    assert [(one.name, one.comment) for one in cut.clips[0].markers] == [("SHOT 1", "hi")]


@pytest.mark.parametrize(
    ("items", "match"),
    [
        ('<asset-clip ref="gone" offset="0s" duration="1s"/>', "resource 'gone' is not in the file"),
        ('<asset-clip offset="0s" duration="1s"/>', "resource None is not in the file"),
        ('<ref-clip ref="lib" offset="0s" duration="1s"/>', "lies in the library"),
        ('<title ref="t" offset="0s"/>', "how long it lasts is not said"),
        ('<title ref="t" offset="0s" duration="-1s"/>', "negative duration"),
        ('<title ref="t" offset="0s" duration="1/0s"/>', "not a time"),
        ('<title ref="t" offset="x" duration="1s"/>', "not a time"),
        (
            '<title ref="t" offset="0s" duration="1s" lane="a"/><gap duration="1s"><title ref="t" lane="b" duration="1s"/></gap>',
            "not a lane",
        ),
        ("<audition/>", "audition without a clip"),
        ('<ref-clip ref="self" offset="0s" duration="1s"/>', "deeper than 40 levels"),
        ("", "no clip"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_element(items, match):
    refused(
        project(items),
        match,
        '<media id="lib" name="lib" uid="x"/><media id="self"><sequence format="r1" duration="1s"><spine>'
        '<ref-clip ref="self" offset="0s" duration="1s"/></spine></sequence></media>',
    )


def test_compound_clips_that_hold_each_other_many_times_are_refused_in_good_time():
    bombs = "".join(
        f'<media id="m{n}"><sequence format="r1" duration="1s"><spine>'
        + f'<ref-clip ref="m{n + 1}" offset="0s" duration="1s"/>' * 10
        + "</spine></sequence></media>"
        for n in range(9)
    )
    bombs += '<media id="m9"><sequence format="r1" duration="1s"><spine><title ref="t" duration="1s"/></spine></sequence></media>'
    refused(project('<ref-clip ref="m0" offset="0s" duration="1s"/>'), "more clips", bombs)


def test_elements_a_hundred_thousand_levels_deep_are_refused(tmp_path):
    deep = "<spine>" * 100_000 + "</spine>" * 100_000
    path = tmp_path / "deep.fcpxml"
    path.write_text(fcpxml(project(f'<gap offset="0s" duration="1s">{deep}</gap>')))
    with pytest.raises(EditError):
        EditFile(path).read()


@pytest.mark.parametrize("text", ["<xmeml/>", "<fcpxml>", "", "not xml"])
def test_what_is_no_project_of_final_cut_is_refused(tmp_path, text):
    path = tmp_path / "cut.fcpxml"
    path.write_text(text)
    with pytest.raises(EditError) as caught:
        EditFile(path).read()
    assert caught.value.code == "cut-unreadable"


def test_a_project_is_told_by_its_root_and_not_by_the_suffix(tmp_path):
    path = tmp_path / "cut.xml"
    path.write_text(fcpxml(project('<title ref="t" name="x" offset="0s" duration="1s"/>')))
    assert records(EditFile(path).read()) == [("x", 0, 24)]


def test_the_folder_that_final_cut_exports_is_read(tmp_path):
    folder = tmp_path / "cut.fcpxmld"
    folder.mkdir()
    with pytest.raises(EditError, match=r"without Info\.fcpxml"):
        EditFile(folder).read()
    (folder / "Info.fcpxml").write_text(
        fcpxml(project('<title ref="t" name="x" offset="0s" duration="1s"/>'))
    )
    assert records(EditFile(folder).read()) == [("x", 0, 24)]


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(0, 100), st.integers(0, 20), st.integers(1, 30)),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_in_the_storyline_lies_where_it_was_put(clips):
    """Each: how long, where its own time begins, how far behind its beginning something is connected, how long that is."""
    items, expected, at = "", [], 0
    for number, (length, start, behind, connected) in enumerate(clips):
        items += (
            f'<asset-clip ref="a" name="c{number}" offset="{at}/24s" start="{start}/24s" duration="{length}/24s">'
            f'<title ref="t" name="t{number}" lane="1" offset="{start + behind}/24s" duration="{connected}/24s"/></asset-clip>'
        )
        expected += [(f"c{number}", at, at + length), (f"t{number}", at + behind, at + behind + connected)]
        at += length
    assert sorted(records(spine(items))) == sorted(expected)
