"""The index of cuts already read: it saves the walk, and is never believed where it is odd."""

import hashlib
import json
import os
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.cut import Clip, ClipKind, Cut, Enclosure, Marker, MediaReference
from clearcut.core.timing import FrameRange, Timebase
from clearcut.edit import EditFile, index
from clearcut.edit.index import WORTH_BYTES, CutIndex
from clearcut.edit.index_columns import cut_from_columns, cut_to_columns
from fakes.otio_json import clip, external, gap, stack, timeline, track, transition, warp


def an_edit(url="/jobs/a.exr"):
    """Something of everything: nested, dissolved, retimed, heard, hidden, marked, of two rates, without media."""
    marker = {"OTIO_SCHEMA": "Marker.2", "name": "m", "comment": "c", "metadata": {"a": [1, 2.5, None]}}
    two = {"DEFAULT_MEDIA": external(url), "proxy": external("/p.mov", name="p", metadata={"k": {"n": 1}})}
    low = track(
        clip("a", media_references=two, markers=[marker]),
        transition(4, 4),
        clip("b", effects=[warp(0.5)]),
        gap(3),
        stack(track(clip("c", media_references={})), name="nest", metadata={"clearcut": {"shot": "N"}}),
        clip("d", rate=30, metadata={"clearcut": {"replicas": [{"replica": "r"}]}, "x": "\u00e9\u2028"}),
    )
    top = track(gap(10), clip("e", effects=[{"OTIO_SCHEMA": "TimeEffect.1"}]))
    sound = track(clip("f"), kind="Audio")
    tree = timeline(low, top, sound, metadata={"clearcut": {"production": "P", "version": "v1"}})
    tree["padding"] = "x" * WORTH_BYTES
    return tree


@pytest.fixture
def edit(tmp_path):
    path = tmp_path / "cut.otio"
    path.write_text(json.dumps(an_edit()), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache" / "cuts"


def read(edit, folder):
    return EditFile(edit, index_folder=folder).read()


def entry_of(folder):
    (entry,) = folder.glob("*.cut")
    return entry


def test_a_cut_comes_back_as_it_was_read(edit, folder):
    plain = EditFile(edit).read()
    assert read(edit, folder) == plain
    assert CutIndex(folder).find(edit, None) == plain
    assert read(edit, folder) == plain


def test_an_entry_is_for_the_user_alone(edit, folder):
    read(edit, folder)
    assert entry_of(folder).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_content_of_the_same_size_and_time_is_read_anew(edit, folder):
    read(edit, folder)
    before = edit.stat()
    edit.write_text(json.dumps(an_edit("/jobs/b.exr")), encoding="utf-8")
    os.utime(edit, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert edit.stat().st_size == before.st_size
    assert CutIndex(folder).find(edit, None) is None
    assert read(edit, folder).clips[0].references[0].urls == ("/jobs/b.exr",)


def test_a_copy_at_another_place_has_its_own_entry(edit, folder, tmp_path):
    read(edit, folder)
    copy = tmp_path / "copy.otio"
    copy.write_bytes(edit.read_bytes())
    assert CutIndex(folder).find(copy, None) is None
    assert CutIndex(folder).find(edit, Fraction(25)) is None


@pytest.mark.parametrize(
    "damage", ["flip", "cut", "empty", "head", "no seal", "head of another kind", "deep"]
)
def test_a_damaged_entry_is_dropped_and_the_edit_is_read(edit, folder, damage):
    plain = read(edit, folder)
    entry = entry_of(folder)
    raw = entry.read_bytes()
    middle = len(raw) - 40
    entry.write_bytes(
        {
            "flip": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
            "cut": raw[:-1],
            "empty": b"",
            "head": raw[:70] + bytes([raw[70] ^ 1]) + raw[71:],
            "no seal": raw.partition(b"\n")[2],
            "head of another kind": b"\n[]\n" + raw,
            "deep": b"\n" + b"[" * 4000 + b"\n" + raw,
        }[damage]
    )
    assert CutIndex(folder).find(edit, None) is None
    assert not entry.exists()
    assert read(edit, folder) == plain
    assert CutIndex(folder).find(edit, None) == plain


def forged(entry, change):
    """An entry whose content somebody changed, with the digests that belong to it."""
    _, head, body = entry.read_bytes().split(b"\n", 2)
    about, row = json.loads(head), json.loads(body)
    change(about, row)
    body = json.dumps(row).encode()
    rest = json.dumps({**about, "parts": [len(body)]}).encode() + b"\n" + body
    entry.write_bytes(hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)


def test_what_is_trusted_is_that_only_the_user_writes_here(edit, folder):
    """The twin of the guards: an entry that is whole, and the user's own, is believed."""
    read(edit, folder)
    forged(entry_of(folder), lambda _, row: row["names"].__setitem__(0, "forged"))
    assert read(edit, folder).clips[0].name == "forged"


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_that_others_may_write_is_not_looked_at(edit, folder, mode):
    plain = read(edit, folder)
    forged(entry_of(folder), lambda _, row: row["names"].__setitem__(0, "forged"))
    entry_of(folder).chmod(mode)
    assert read(edit, folder) == plain


def test_an_entry_under_the_name_of_another_is_not_looked_at(edit, folder, tmp_path):
    read(edit, folder)
    copy = tmp_path / "copy.otio"
    copy.write_bytes(edit.read_bytes())
    entry = entry_of(folder)
    read(copy, folder)
    other = next(one for one in folder.glob("*.cut") if one != entry)
    entry.replace(other)
    assert CutIndex(folder).find(copy, None) is None


def test_an_entry_of_another_reader_is_not_looked_at(edit, folder, monkeypatch):
    plain = read(edit, folder)
    forged(entry_of(folder), lambda _, row: row["names"].__setitem__(0, "forged"))
    monkeypatch.setattr(index, "reader_digest", lambda: "a newer one")
    assert read(edit, folder) == plain


@pytest.mark.parametrize(
    "column", ["names", "end", "references", "about", "about_of", "rates", "reference_about"]
)
def test_columns_of_different_lengths_are_dropped(edit, folder, column):
    plain = read(edit, folder)
    forged(entry_of(folder), lambda _, row: row[column].pop())
    assert read(edit, folder) == plain


def test_where_nothing_can_be_written_the_edit_is_read_all_the_same(edit, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert read(edit, in_the_way / "cuts") == EditFile(edit).read()


def test_nothing_is_made_ready_where_it_cannot_be_written(edit, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(index, "cut_to_columns", lambda cut: made.append(cut) or cut_to_columns(cut))
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    read(edit, in_the_way / "cuts")
    assert made == []
    read(edit, tmp_path / "cuts")
    assert len(made) == 1


def test_what_clips_share_is_written_once_and_shared_again():
    rate, same = Fraction(24), {"studio": {"task": "comp"}}
    one = Clip("w", "n", ClipKind.PICTURE, FrameRange(0, 1), None, rate, (), same, (), None)
    cut = Cut("n", "/p", "0" * 64, Timebase(rate), 1, (one, one, one._replace(metadata={"a": 1})), {})
    row = cut_to_columns(cut)
    assert (row["about"], row["about_of"]) == ([same, {"a": 1}], [0, 0, 1])
    assert (row["rates"], row["rate_of"]) == (["24"], [0, 0, 0])
    back = cut_from_columns(row, path="/p")
    assert back == cut
    assert back.clips[0].metadata is back.clips[1].metadata


def test_small_edits_are_not_kept(tmp_path, folder):
    small = tmp_path / "small.otio"
    small.write_text(json.dumps(timeline(track(clip()))), encoding="utf-8")
    read(small, folder)
    assert not folder.exists()


def test_the_oldest_entries_go(edit, folder, monkeypatch, tmp_path):
    monkeypatch.setattr(index, "_MOST_ENTRIES", 2)
    for name in "abcd":
        copy = tmp_path / f"{name}.otio"
        copy.write_bytes(edit.read_bytes())
        read(copy, folder)
    assert len(list(folder.glob("*.cut"))) == 2
    assert CutIndex(folder).find(tmp_path / "d.otio", None) is not None


texts = st.text(max_size=4)
metadata = st.dictionaries(
    texts, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
)
ranges = st.builds(
    lambda first, length: FrameRange(first, first + length), st.integers(0, 99), st.integers(1, 9)
)
markers = st.lists(st.builds(Marker, texts, texts, metadata), max_size=2).map(tuple)
enclosures = st.recursive(
    st.builds(Enclosure, texts, texts, texts, metadata, markers, st.none()),
    lambda inner: st.builds(Enclosure, texts, texts, texts, metadata, markers, inner),
    max_leaves=3,
)
clips = st.builds(
    Clip,
    where=texts,
    name=texts,
    kind=st.sampled_from(ClipKind),
    record=ranges,
    source=st.none() | ranges,
    source_rate=st.sampled_from([Fraction(24), Fraction(24000, 1001)]),
    references=st.lists(
        st.builds(MediaReference, texts, st.lists(texts, max_size=2).map(tuple), texts, metadata), max_size=2
    ).map(tuple),
    metadata=metadata,
    markers=markers,
    enclosure=st.none() | enclosures,
    nested=st.booleans(),
    occluded=st.lists(ranges, max_size=2).map(tuple),
)


@given(st.lists(clips, max_size=4), metadata, st.none() | texts)
def test_every_cut_comes_back_from_its_columns(some, about, word):
    cut = Cut("n", "/p", "0" * 64, Timebase(Fraction(25), 3), 99, tuple(some), about, word, word, ("note",))
    back = cut_from_columns(json.loads(json.dumps(cut_to_columns(cut))), path="/p")
    assert back == cut
    assert replace(back, path="/q") == cut_from_columns(cut_to_columns(cut), path="/q")
