"""What changed between two cuts, change by change."""

from fractions import Fraction

import pytest

from clearcut.core.cut import Cut
from clearcut.core.diff import ChangeKind, diff_cuts
from clearcut.core.rules import ShotNaming
from clearcut.core.shots import name_shots
from clearcut.core.timing import FrameRange, Timebase
from fakes.cuts import clip, cut

PLATE = "/jobs/plates/a.exr"


def shot(name, first, length, start=1001, *, source=None, url=PLATE, **more):
    used = FrameRange(start, start + length) if source is None else source
    return clip(name, first, length, source=used or None, urls=[url], where=f"{name}@{first}", **more)


def row(*lengths, names="ABCDEFGH", **more):
    """Shots one after the other."""
    clips, at = [], 0
    for name, length in zip(names, lengths, strict=False):
        clips.append(shot(name, at, length, **more))
        at += length
    return cut(*clips)


def diff(old: Cut, new: Cut):
    return diff_cuts(old, new, *(name_shots(one, ShotNaming()) for one in (old, new)))


def told(difference):
    return [(c.shot, [kind.value for kind in c.kinds], int(c.frames)) for c in difference.changes]


def test_the_same_cut_has_no_changes():
    difference = diff(row(10, 20, 30), row(10, 20, 30))
    assert (difference.changes, difference.slid, difference.rates) == ((), 0, None)
    assert difference.frames == (60, 60)


def test_a_trimmed_tail_is_told_once_and_what_follows_only_slid():
    difference = diff(row(288, 192, 408, 336), row(288, 222, 408, 336))
    (change,) = difference.changes
    assert (change.shot, change.kinds, change.frames) == ("B", (ChangeKind.TRIMMED,), 30)
    assert (change.head, change.tail) == (0, 30)
    assert (change.old, change.new) == ((288, 480), (288, 510))
    assert difference.slid == 2


@pytest.mark.parametrize(
    ("start", "length", "head", "tail"),
    [
        (1001, 110, 0, 10),
        (1001, 90, 0, -10),
        (991, 110, 10, 0),
        (1011, 90, -10, 0),
        (996, 110, 5, 5),
        (1006, 100, -5, 5),
    ],
)
def test_head_and_tail_are_told_apart(start, length, head, tail):
    (change,) = diff(cut(shot("A", 0, 100)), cut(shot("A", 0, length, start))).changes
    assert (change.kinds, change.head, change.tail, change.frames) == (
        (ChangeKind.TRIMMED,),
        head,
        tail,
        head + tail,
    )


def test_a_trim_of_a_retimed_clip_is_in_record_frames():
    old = cut(shot("A", 0, 100, source=FrameRange(1001, 1201)))
    new = cut(shot("A", 0, 110, source=FrameRange(1001, 1221)))
    (change,) = diff(old, new).changes
    assert (change.kinds, change.head, change.tail) == ((ChangeKind.TRIMMED,), 0, 10)


def test_added_and_removed_shots():
    assert told(diff(row(10, 10), row(10, 10, 24))) == [("C", ["added"], 24)]
    assert told(diff(row(10, 10, 24), row(10, 10))) == [("C", ["removed"], -24)]
    inserted = cut(shot("A", 0, 10), shot("X", 10, 5), shot("B", 15, 10))
    difference = diff(row(10, 10), inserted)
    assert (told(difference), difference.slid) == ([("X", ["added"], 5)], 1)


def test_one_more_flashback_is_one_more_and_no_change_of_the_others():
    old = cut(shot("A", 0, 48), shot("B", 48, 10), shot("A", 58, 48, 2001))
    new = cut(shot("A", 0, 48), shot("A", 48, 12, 3001), shot("B", 60, 10), shot("A", 70, 48, 2001))
    assert told(diff(old, new)) == [("A", ["added"], 12)]


def test_a_shot_that_changed_places_moved_and_the_others_did_not():
    old = row(10, 20, 30, 40)
    new = cut(shot("B", 0, 20), shot("C", 20, 30), shot("D", 50, 40), shot("A", 90, 10))
    difference = diff(old, new)
    assert (told(difference), difference.slid) == ([("A", ["moved"], 0)], 3)


def test_a_retime_is_not_a_trim():
    old = cut(shot("A", 0, 100, source=FrameRange(1001, 1101)))
    new = cut(shot("A", 0, 100, source=FrameRange(1001, 1201)))
    (change,) = diff(old, new).changes
    assert (change.kinds, change.speeds, change.head) == ((ChangeKind.RETIMED,), (1, 2), None)
    shorter = cut(shot("A", 0, 50, source=FrameRange(1001, 1101)))
    (change,) = diff(old, shorter).changes
    assert set(change.kinds) == {ChangeKind.RETIMED, ChangeKind.TRIMMED}
    assert change.frames == -50


def test_a_source_that_is_not_known_any_more_is_a_retime():
    old = cut(shot("A", 0, 100))
    new = cut(clip("A", 0, 100, source=None, urls=[PLATE], where="A@0"))
    (change,) = diff(old, new).changes
    assert (change.kinds, change.speeds) == ((ChangeKind.RETIMED,), (1, None))


def test_other_media_is_told_and_another_spelling_of_the_same_is_not():
    (change,) = diff(row(10), row(10, url="/jobs/comp/a.exr")).changes
    assert change.kinds == (ChangeKind.MEDIA_REPLACED,)
    assert change.media == (("/jobs/plates/a.exr",), ("/jobs/comp/a.exr",))
    assert diff(row(10), row(10, url="file:///Jobs//plates/a.exr")).changes == ()


def test_sound_is_compared_with_sound():
    old = cut(shot("A", 0, 10), shot("A", 0, 10, sound=True))
    new = cut(shot("A", 0, 10), shot("A", 0, 25, sound=True))
    (change,) = diff(old, new).changes
    assert (change.sound, change.frames) == (True, 15)


def test_another_rate_is_told_and_clips_are_not_changes_for_it():
    fast = Timebase(Fraction(24), 2)
    new = cut(clip("A", 0, 96, urls=[PLATE], where="A@0"), timebase=fast)
    old = cut(clip("A", 0, 48, urls=[PLATE], where="A@0"))
    difference = diff(old, new)
    assert (difference.changes, difference.rates) == ((), None)
    ntsc = cut(clip("A", 0, 48, urls=[PLATE], where="A@0"), timebase=Timebase(Fraction(24000, 1001)))
    assert diff(old, ntsc).rates == (Fraction(24), Fraction(24000, 1001))


def test_unnamed_clips_are_compared_too():
    assert told(diff(cut(shot("", 0, 10)), cut(shot("", 0, 10), shot("", 10, 5)))) == [
        ("unnamed", ["added"], 5)
    ]


def test_a_shot_whose_name_is_spelled_in_another_case_is_the_same_shot():
    """EDLs shout: a cut that comes as an EDL after an OTIO is not all new."""
    (change,) = diff(cut(shot("hel_010", 0, 100)), cut(shot("HEL_010", 0, 90))).changes
    assert told(diff(cut(shot("hel_010", 0, 100)), cut(shot("HEL_010", 0, 100)))) == []
    assert (change.shot, change.kinds, change.tail) == ("HEL_010", (ChangeKind.TRIMMED,), -10)
