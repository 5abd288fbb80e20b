"""Edit decision lists in the manner of Avid, Premiere, Nucoda, Resolve and sg-otio; and where the adapter loses events."""

import contextlib
import time
from fractions import Fraction

import pytest

from clearcut.core.cut import ClipKind
from clearcut.core.timing import FrameRange
from clearcut.edit import EditFile, edl_tracks
from clearcut.edit.timecode import frames
from clearcut.errors import EditError

NTSC = Fraction(30000, 1001)


def edl(tmp_path, text, rate=Fraction(24)):
    path = tmp_path / "turnover.edl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return EditFile(path, rate=rate).read()


def rows(cut):
    return [(c.name, *c.record, c.source and tuple(c.source)) for c in cut.clips]


AVID = """TITLE:   HEL_R2_V041
FCM: NON-DROP FRAME
001  A001C003 V     C        10:00:00:00 10:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME:  HEL_020_0100_comp_v003
* LOC: 01:00:01:00 GREEN   HEL_020_0100 hero turn
* SOURCE FILE: A001C003_250101
002  A001C004 V     C        11:00:00:12 11:00:01:12 01:00:02:00 01:00:03:00
*HEL_020_0110
003  BL       V     C        00:00:00:00 00:00:00:12 01:00:03:00 01:00:03:12
"""


def test_an_avid_list_starts_at_its_first_event_and_keeps_comments_and_locators(tmp_path):
    cut = edl(tmp_path, AVID)
    assert cut.name == "HEL_R2_V041"
    assert rows(cut) == [
        ("HEL_020_0100_comp_v003", 0, 48, (864000, 864048)),
        ("", 48, 72, (950412, 950436)),
        ("", 72, 84, (0, 12)),
    ]
    first, second, black = cut.clips
    assert first.markers[0].name == "HEL_020_0100 hero turn"
    assert first.metadata["cmx_3600"] == {
        "reel": "A001C003",
        "event": "1",
        "comments": ["SOURCE FILE: A001C003_250101"],
    }
    assert second.metadata["cmx_3600"]["comments"] == ["HEL_020_0110"]
    assert black.references[0].urls == ()


def test_an_edl_whose_rate_nobody_tells_is_rate_unknown(tmp_path):
    with pytest.raises(EditError) as caught:
        edl(tmp_path, AVID, None)
    assert caught.value.code == "rate-unknown"
    assert "--rate" in caught.value.remedy


def test_a_rate_that_lacks_a_frame_of_the_list_is_refused_with_the_line(tmp_path):
    with pytest.raises(EditError, match="frame 24, which does not exist at 24") as caught:
        edl(tmp_path, AVID.replace("10:00:02:00", "10:00:01:24"))
    assert caught.value.code == "rate-unknown"
    assert "line 3" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        ("* FRAME RATE: 25", 25),
        ("* FPS 23.976", Fraction(24000, 1001)),
        ("* Timeline Frame Rate: 50", 50),
        ("FCM: DROP FRAME", NTSC),
    ],
)
def test_a_rate_that_the_list_itself_tells_is_taken_and_noted(tmp_path, line, rate):
    end = "00:00:01:29" if rate is NTSC else "00:00:02:00"
    cut = edl(tmp_path, f"{line}\n001  X V C 00:00:00:00 {end} 01:00:00:00 01:{end[3:]}\n", None)
    assert cut.timebase.rate == rate
    assert cut.notes


@pytest.mark.parametrize(
    "text",
    [
        # A cut that ran at 96 would last a quarter of what it does.
        f"{AVID}* CAMERA FPS: 96\n",
        f"* CAMERA FPS: 96\n{AVID}",
        f"{AVID}* FRAME RATE: 96\n",
        # Programs head lists of 24 and 25 so, too: 100 s of them would be 80.
        AVID.replace("NON-DROP", "DROP"),
        AVID.replace("NON-DROP", "DROP").replace("01:00:03:12", "01:00:03:24"),
    ],
)
def test_what_may_be_another_rate_is_not_taken_for_the_lists(tmp_path, text):
    with pytest.raises(EditError) as caught:
        edl(tmp_path, text, None)
    assert caught.value.code == "rate-unknown"


def test_drop_frame_lists_count_as_the_clock_does(tmp_path):
    text = "FCM: DROP FRAME\n001  X V C 00:00:00:00 00:10:00:00 01:00:00:00 01:10:00:00\n"
    assert edl(tmp_path, text, NTSC).duration == 17982
    assert edl(tmp_path, text.replace("DROP", "NON-DROP"), NTSC).duration == 18000


@pytest.mark.parametrize(
    ("text", "rate", "drop", "number"),
    [
        ("00:01:00;02", NTSC, True, 1800),
        ("00:10:00;00", NTSC, True, 17982),
        ("00:01:00:04", Fraction(60000, 1001), True, 3600),
        ("01:00:00:00", Fraction(25), True, 90000),
        ("01:00:00:00", Fraction(24000, 1001), False, 86400),
        ("86400", Fraction(24), False, 86400),
    ],
)
def test_timecodes_are_counted(text, rate, drop, number):
    assert frames(text, rate, drop=drop, place="") == number


def test_a_dissolve_shows_both_sides(tmp_path):
    cut = edl(
        tmp_path,
        """001  A V C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: one
002  A V C        00:00:04:00 00:00:04:00 01:00:04:00 01:00:04:00
002  B V D    024 00:00:10:00 00:00:13:00 01:00:04:00 01:00:07:00
* FROM CLIP NAME: one
* TO CLIP NAME: two
""",
    )
    assert rows(cut) == [("one", 0, 120, (0, 120)), ("two", 96, 168, (240, 312))]


def test_a_dissolve_from_a_clip_that_is_not_in_the_list_still_shows_that_clip(tmp_path):
    """The adapter loses the first line of a dissolve."""
    cut = edl(
        tmp_path,
        """002  A V C        00:00:04:00 00:00:04:00 01:00:04:00 01:00:04:00
002  B V D    024 00:00:10:00 00:00:13:00 01:00:04:00 01:00:07:00
* FROM CLIP NAME: one
* TO CLIP NAME: two
""",
    )
    assert sorted(rows(cut)) == [("one", 0, 24, (96, 120)), ("two", 0, 72, (240, 312))]


@pytest.mark.parametrize(
    ("before", "reel", "source", "expected"),
    [
        ("one", "A", "00:00:04:00", [("one", 0, 120, (0, 120))]),  # goes on
        ("one", "A", "00:00:07:00", [("one", 0, 120, (0, 120))]),  # retimed, its name tells
        ("zero", "A", "00:00:07:00", [("zero", 0, 96, (0, 96)), ("one", 96, 120, (168, 192))]),
        ("one", "C", "00:00:04:00", [("one", 0, 96, (0, 96)), ("one", 96, 120, (96, 120))]),
        ("zero", "BL", "00:00:00:00", [("zero", 0, 96, (0, 96))]),
    ],
)
def test_a_dissolve_comes_from_the_clip_that_its_first_line_says(tmp_path, before, reel, source, expected):
    """It is not always the clip before it; the one that is named is on screen, the other is not."""
    cut = edl(
        tmp_path,
        f"""001  A V C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: {before}
002  {reel} V C        {source} {source} 01:00:04:00 01:00:04:00
002  B V D    024 00:00:10:00 00:00:13:00 01:00:04:00 01:00:07:00
* FROM CLIP NAME: one
* TO CLIP NAME: two
""",
    )
    assert rows(cut) == [*expected, ("two", 96, 168, (240, 312))]
    assert not any(one.occluded for one in cut.clips)


def test_a_first_line_with_a_length_of_its_own_is_a_clip(tmp_path):
    cut = edl(
        tmp_path,
        """002  A V C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
002  B V W001 012 00:00:10:00 00:00:13:00 01:00:02:00 01:00:05:00
* FROM CLIP NAME: one
* TO CLIP NAME: two
""",
    )
    assert rows(cut) == [("one", 0, 60, (0, 60)), ("two", 48, 120, (240, 312))]


SEVERAL_LINES = [
    (
        """001  FOO V C     01:00:39:00 01:00:41:00 01:00:00:00 01:00:02:00
001  BL  V D 024 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME: HEL_010
""",
        [("HEL_010", 0, 72, True), ("", 48, 72, True)],
    ),
    (
        """001  AX V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
001  AX A C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: HEL_010
""",
        [("HEL_010", 0, 48, True), ("HEL_010", 0, 48, True)],
    ),
    (
        """002  AX V K B   00:01:06:00 00:01:08:00 01:00:04:00 01:00:06:00
002  AX V K 000 00:00:03:08 00:00:03:08 01:00:04:00 01:00:04:00
* FROM CLIP NAME: HEL_010
* KEY CLIP NAME: HEL_010_FG
""",
        [("HEL_010", 0, 48, True), ("HEL_010_FG", 0, 48, True)],
    ),
    (
        """001  A V C     00:00:10:00 00:00:10:00 01:00:00:00 01:00:00:00
001  B V D 024 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: HEL_010
* TO CLIP NAME: HEL_020
""",
        [("HEL_010", 0, 24, True), ("HEL_020", 0, 48, True)],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), SEVERAL_LINES)
def test_what_stands_behind_the_last_line_of_an_event_is_said_of_all_its_lines(tmp_path, lines, expected):
    """As Final Cut 7 writes fades and keys: taken for the last line alone, no clip would show the replica's file."""
    cut = edl(tmp_path, f"{lines}* SOURCE FILE: /jobs/char/p1/a.mov\n")
    assert [
        (
            clip.name,
            *clip.record,
            any("/p1/" in url for reference in clip.references for url in reference.urls),
        )
        for clip in cut.clips
    ] == expected


@pytest.mark.parametrize(
    "comments",
    [
        "\n*\tFROM\tCLIP\tNAME:\tHEL_010\n* SOURCE\tFILE: /jobs/char/p1/a.mov\n",
        "\n*FROM  CLIP NAME :HEL_010\n*FROM  FILE: /jobs/char/p1/a.mov\n",
        "\x0b* FROM CLIP NAME: HEL_010\x0b* SOURCE FILE: /jobs/char/p1/a.mov\x0b",
        "\x85* FROM CLIP NAME: HEL_010\u2028* SOURCE FILE: /jobs/char/p1/a.mov\n",
        " * SOURCE FILE: /jobs/char/p1/a.mov\n* FROM CLIP NAME: HEL_010\n",
    ],
    ids=["tabs", "blanks", "vertical tabs", "line separators", "behind the times"],
)
def test_what_is_said_of_an_event_is_found_however_it_is_set(tmp_path, comments):
    cut = edl(tmp_path, f"001  AX V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00{comments}")
    assert [row[0] for row in rows(cut)] == ["HEL_010"]
    assert [url for reference in cut.clips[0].references for url in reference.urls] == ["/jobs/char/p1/a.mov"]


def test_times_on_a_line_of_their_own_belong_to_the_event_before_them(tmp_path):
    text = "001  A V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n002  B V W001 012\n"
    cut = edl(tmp_path, f"{text}     00:00:10:00 00:00:13:00 01:00:02:00 01:00:05:00\n* TO CLIP NAME: two\n")
    assert rows(cut) == [("", 0, 60, (0, 60)), ("two", 48, 120, (240, 312))]


def test_without_the_lines_behind_it_a_clip_loses_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr(edl_tracks, "_of_whole_event", lambda events, index: events[index])
    cut = edl(tmp_path, f"{SEVERAL_LINES[2][0]}* SOURCE FILE: /jobs/char/p1/a.mov\n")
    assert [reference.urls for reference in cut.clips[0].references] == [()]


def test_lines_of_one_event_with_comments_of_their_own_keep_to_them(tmp_path):
    cut = edl(
        tmp_path,
        """001  A V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: one
001  B V C 00:00:00:00 00:00:02:00 01:00:02:00 01:00:04:00
* FROM CLIP NAME: two
""",
    )
    assert [row[0] for row in rows(cut)] == ["one", "two"]


@pytest.mark.parametrize(
    ("source_out", "lines", "source"),
    [
        ("00:00:04:00", "M2   A   048.0   00:00:00:00", (0, 96)),
        ("00:00:02:00", "M2   A   048.0   00:00:00:00", (0, 96)),  # the adapter drops this one
        ("00:00:02:00", "M2   A   024.0   00:00:00:00", (0, 48)),
        ("00:00:01:00", "M2   A   012.0   00:00:00:00", (0, 24)),
        ("00:00:04:00", "", (0, 96)),  # the adapter rejects the whole list
        ("00:00:02:00", "M2   A   -024.0   00:00:00:00", (0, 48)),
        ("00:00:02:00", "M2   A   000.0   00:00:00:00", (0, 1)),
        ("00:00:00:01", "* * FREEZE FRAME", (0, 1)),
        ("00:00:02:00", "M2   OTHER   048.0   00:00:00:00\nM2   A   024.0   00:00:00:00", (0, 48)),
    ],
)
def test_a_retime_changes_the_source_and_never_the_record(tmp_path, source_out, lines, source):
    cut = edl(tmp_path, f"001  A V C 00:00:00:00 {source_out} 01:00:00:00 01:00:02:00\n{lines}\n")
    assert rows(cut) == [("", 0, 48, source)]


def test_events_that_overlap_are_all_kept_on_tracks_above_each_other(tmp_path):
    """The adapter rejects the whole list."""
    cut = edl(
        tmp_path,
        """001  A V C 00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
002  B V C 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
003  C V K B 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
""",
    )
    assert [tuple(c.record) for c in cut.clips] == [(0, 96), (48, 72), (48, 72)]
    assert cut.clips[0].occluded == (FrameRange(48, 72),)


def test_tracks_of_a_list_keep_their_different_offsets(tmp_path):
    cut = edl(
        tmp_path,
        """001  A V    C 00:00:00:00 00:00:01:00 01:00:10:00 01:00:11:00
002  B A    C 00:00:00:00 00:00:01:00 01:00:09:00 01:00:10:00
003  C AA/V C 00:00:00:00 00:00:01:00 01:00:12:00 01:00:13:00
""",
    )
    assert [(c.kind.value, *c.record) for c in cut.clips] == [
        ("sound", 0, 24),
        ("picture", 24, 48),
        ("picture", 72, 96),
        ("sound", 72, 96),
        ("sound", 72, 96),
    ]


def test_nucoda_and_long_reels_and_odd_separators(tmp_path):
    cut = edl(
        tmp_path,
        "000001  N005_C020_11099E with spaces     V     C        06:32:34:01 06:32:40:09 06:00:00:00 06:00:06:08\r"
        "* FROM FILE: S:\\path\\HEL_010.take_1.[0001-0100].exr\r",
    )
    clip = cut.clips[0]
    assert clip.references[0].urls == ("S:\\path\\HEL_010.take_1.[0001-0100].exr",)
    assert clip.metadata["cmx_3600"]["reel"] == "N005_C020_11099E with spaces"


def test_the_file_that_a_comment_names_is_media_too(tmp_path):
    """Else a double that only an Avid list's SOURCE FILE shows would be nowhere."""
    text = "001  A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n* SOURCE FILE: /jobs/char/p1/a.mov\n"
    (clip,) = edl(tmp_path, text).clips
    assert [one.urls for one in clip.references] == [(), ("/jobs/char/p1/a.mov",)]
    assert clip.metadata["cmx_3600"]["comments"] == ["SOURCE FILE: /jobs/char/p1/a.mov"]


@pytest.mark.parametrize(
    ("reel", "comment", "path"),
    [
        ("AX", "* CLIP PATH: /jobs/char/p1/a.mov", "/jobs/char/p1/a.mov"),
        ("AX", "* MEDIA LOCATION: C:\\jobs\\char\\p1\\a.mov", "C:\\jobs\\char\\p1\\a.mov"),
        ("AX", "DLEDL: PATH: /jobs/char/p1/a.mov", "/jobs/char/p1/a.mov"),
        ("AX", "* FILE: file:///jobs/char/p1/a.mov", "file:///jobs/char/p1/a.mov"),
        ("AX", "* /jobs/char/p1/a.mov", "/jobs/char/p1/a.mov"),
        ("AX", "* FROM CLIP NAME: /jobs/char/p1/a.mov", "/jobs/char/p1/a.mov"),
        ("AX", "* TO CLIP NAME:  C:/jobs/char/p1/a.mov", "C:/jobs/char/p1/a.mov"),
        ("BL", "* FROM FILE: /jobs/char/p1/a.mov", "/jobs/char/p1/a.mov"),
    ],
)
def test_whatever_comment_holds_a_path_its_file_is_media(tmp_path, reel, comment, path):
    text = f"TITLE: X\n001  {reel} V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n{comment}\n"
    clip = edl(tmp_path, text).clips[0]
    assert [url for one in clip.references for url in one.urls] == [path]


def test_a_note_is_no_path(tmp_path):
    text = "TITLE: X\n001  AX V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n* NOTE: fade in/out 24/48\n* LEVEL: 1:2\n"
    clip = edl(tmp_path, text).clips[0]
    assert [url for one in clip.references for url in one.urls] == []


def test_a_list_of_one_event_that_cannot_be_read_is_refused_with_its_line(tmp_path):
    with pytest.raises(EditError, match="an event that cannot be read") as caught:
        edl(tmp_path, "TITLE: X\n001  V C 1:2 00:00:02:00 01:00:00:00 01:00:02:00\n")
    assert "line 2" in str(caught.value)


def test_a_record_out_before_its_in_lasts_as_long_as_its_source(tmp_path):
    assert edl(tmp_path, "001  BL V C 00:00:00:00 00:00:00:08 01:24:11:01 00:59:50:00\n").duration == 8


def test_what_follows_an_event_over_midnight_follows_it(tmp_path):
    """Read as its clock says, the second event would lie a day before the first."""
    text = (
        "TITLE: X\n001  A V C 00:00:00:15 00:00:07:23 23:59:59:01 00:00:06:09\n"
        "002  A V C 00:00:01:21 00:00:04:04 00:00:06:09 00:00:08:16\n"
    )
    assert [tuple(clip.record) for clip in edl(tmp_path, text).clips] == [(0, 176), (176, 231)]
    until = text.replace("00:00:06:09\n", "00:00:00:00\n").replace(
        "00:00:06:09 00:00:08:16", "00:00:00:00 00:00:01:00"
    )
    assert [tuple(clip.record) for clip in edl(tmp_path, until).clips] == [(0, 23), (23, 47)]


def test_a_day_that_drops_frames_is_shorter(tmp_path):
    text = "FCM: DROP FRAME\n001  A V C 00:00:00;00 00:00:02;00 23:59:59;00 00:00:01;00\n"
    assert edl(tmp_path, text, NTSC).duration == 60


@pytest.mark.parametrize(
    ("behind", "kind"),
    [("AUD   3    4\n", ClipKind.SOUND), ("AUD  5", ClipKind.SOUND), ("", ClipKind.PICTURE)],
)
def test_an_event_of_no_channel_is_heard_where_the_list_says_so_and_else_seen(tmp_path, behind, kind):
    """NONE with an AUD line is sound on channels without a name; Final Cut writes NONE of dissolves of pictures, too."""
    text = f"TITLE: X\n001  AX NONE C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: line\n{behind}"
    assert [(clip.name, clip.kind) for clip in edl(tmp_path, text).clips] == [("line", kind)]


def test_a_dissolve_whose_letter_is_missing_is_known_by_its_length(tmp_path):
    text = (
        "TITLE: X\n001  A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
        "002  A V C 00:00:01:00 00:00:01:00 01:00:01:00 01:00:01:00\n"
        "002  B V 008 00:00:09:00 00:00:10:00 01:00:01:00 01:00:02:00\n"
    )
    assert [tuple(clip.record) for clip in edl(tmp_path, text).clips] == [(0, 32), (24, 48)]


def test_a_comment_that_goes_on_in_the_next_line_is_one_comment(tmp_path):
    """Avid breaks what follows the asterisk after 80 characters, wherever that is."""
    path = "/jobs/helios/plates/" + "long_folder_name/" * 7 + "char/p1_digidouble/a.mov"
    body = f"SOURCE FILE: {path}"
    broken = " \n".join("* " + body[at : at + 80] for at in range(0, len(body), 80))
    name = "FROM CLIP NAME:  " + "N" * 63
    text = (
        f"TITLE: X\n001  A V C 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n* {name} \n*  (TAKE 2).MOV\n{broken}\n"
        f"* {'C' * 80} \n* COMMENT: of its own\n"
    )
    clip = edl(tmp_path, text).clips[0]
    assert clip.name == "N" * 63 + " (TAKE 2).MOV"
    assert path in [url for reference in clip.references for url in reference.urls]
    assert clip.metadata["cmx_3600"]["comments"][-1] == "COMMENT: of its own"


def test_a_list_that_runs_past_midnight_goes_on(tmp_path):
    assert edl(tmp_path, "001  A V C 00:00:00:00 00:00:02:00 23:59:59:00 00:00:01:00\n").duration == 48


@pytest.mark.parametrize(
    "code", ["latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_lists_in_any_code_keep_their_names(tmp_path, code):
    text = "001  A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n* FROM CLIP NAME: Zoë_é\n"
    assert edl(tmp_path, text.encode(code)).clips[0].name == "Zoë_é"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"", "no event"),
        (b"\x00\x01\xff\xfe" * 50, "no event"),
        (b"TITLE: empty\nFCM: NON-DROP FRAME\n", "no event"),
        (
            b"001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002 A V C 00:00:00:00 00:00:01:00 01:0",
            "line 2",
        ),
        (b"001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002 A V C 00:00:00:00 00:0", "line 2"),
        (b"001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002  AX       V     C", "line 2"),
        (b"001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002  AX       V", "line 2"),
        (
            b"001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\nX2 A V C 0:00:00:00 0:00:01:00 1:00:00:00 1:00:01:00\n",
            "line 2",
        ),
        (b"001 A V C 00:99:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n", "not a timecode"),
        (b"001 A V C 00:00:09:00 00:00:01:00 01:00:02:00 01:00:01:00\n", "end before they begin"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path, text, match):
    with pytest.raises(EditError, match=match) as caught:
        edl(tmp_path, text)
    assert caught.value.code == "cut-unreadable"


@pytest.mark.parametrize(
    "note", ["3 CAMERA B", "100 frames of V1 plate", "2nd unit", "079_HA_0030", "1: see C"]
)
def test_a_bare_note_that_begins_with_a_number_is_no_event(tmp_path, note):
    cut = edl(tmp_path, f"{AVID}{note}\n")
    assert cut.clips[-1].metadata["cmx_3600"]["comments"] == [note]


def test_ordinary_lists_are_read_as_the_adapter_reads_them(tmp_path):
    adapter = pytest.importorskip("otio_cmx3600_adapter.cmx_3600")
    text = (
        AVID
        + "004  A001C009 V     C        10:00:00:00 10:00:03:00 01:00:04:00 01:00:07:00\n* FROM CLIP NAME: z\n"
    )
    theirs = adapter.read_from_string(text, rate=24)
    ours = edl(tmp_path, text)
    track = theirs.tracks[0]
    spans = track.range_of_all_children()
    expected = [
        (
            int(spans[c].start_time.value),
            int(spans[c].end_time_exclusive().value),
            int(c.source_range.start_time.value),
        )
        for c in theirs.find_clips()
    ]
    assert [(*c.record, c.source.first) for c in ours.clips] == expected


@pytest.mark.parametrize("filler", [" ", "a ", "C ", "1 ", "C 1 ", "* ", "M2 ", "00:00:00:00 "])
@pytest.mark.parametrize("start", ["1 ", "M2 ", "* LOC: ", "* FREEZE", "FPS "])
def test_no_line_however_long_takes_long(tmp_path, start, filler):
    good = "001  A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
    begun = time.perf_counter()
    with contextlib.suppress(EditError):
        edl(tmp_path, good + start + filler * 2000 + "x\n")
    assert time.perf_counter() - begun < 30
