"""What is remembered of one path for others must not depend on which was seen first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core import matching
from clearcut.core.globs import GlobIndex, levelled, skeleton
from clearcut.core.matching import NOTHING, Recogniser
from clearcut.core.registry import Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind

_GLOBS = ("*/char/p7_double/*", "*$d.exr", "*/a 1.exr", "*/p42.onnx", "/x/[0-3]/*", "*_12", "*/v1/q?z/*")
_PIECES = (
    "/",
    "char",
    "p7_double",
    "p1_double",
    "%04d",
    "%24d",
    "%20",
    "%00",
    ".exr",
    ".onnx",
    "$d",
    " ",
    "1",
    "12",
)
_MORE = (
    "\t",
    "?",
    "file:///",
    "FILE:",
    "s3://",
    "x",
    "v1",
    "q2z",
    "a",
    ".",
    "\\",
    "_",
    "p42",
    ":",
    "2",
    "\u00b2",
    "\u0661",
    "/CHAR/",
    "C:\\",
    "\\char\\",
    "%0A",
    "\u212a",
)


def a_recogniser(globs=_GLOBS):
    assets = tuple(
        Asset(f"r{n}", AssetKind.ASSET, Match(MatchKind.PATH, glob)) for n, glob in enumerate(globs)
    )
    return Recogniser(Recognition(replicas=(), assets=assets, not_replicas=()), ("*digidouble*",))


@given(st.lists(st.lists(st.sampled_from(_PIECES + _MORE), max_size=7).map("".join), min_size=2, max_size=6))
def test_a_path_is_the_same_whatever_was_looked_at_before(written):
    remembering = a_recogniser()
    for path in written:
        assert remembering.path(path) == a_recogniser().path(path), path


@pytest.mark.parametrize(
    ("dull", "registered"),
    [
        ("/jobs/char/p1_double/x.exr", "/jobs/char/p7_double/x.exr"),
        ("file:///x/%04d.exr", "file:///x/%24d.exr"),
        ("file:///x/a%30%31.exr", "file:///x/a%20%31.exr"),
        ("s3://x/p42.onnx%11d", "s3://x/p42.onnx%00d"),
        ("/x/9/a", "/x/3/a"),
        ("C:\\char\\p1_double\\x.%04d.exr", "C:\\char\\p7_double\\x.%04d.exr"),
        ("C:/x/p42.onnx%01d", "C:/x/p42.onnx%00d"),
        ("/x/a_77", "/x/a_12"),
    ],
)
def test_a_path_that_is_nothing_does_not_hide_one_that_differs_in_digits(dull, registered):
    recogniser = a_recogniser()
    assert recogniser.path(dull) is NOTHING
    assert recogniser.path(registered).found


def test_were_the_places_of_keys_those_of_another_path_its_replica_would_be_lost():
    """The twin of knowing in which segments of a path a glob's key may stand."""
    path = "/jobs/char/p7_double/x.exr"
    index = GlobIndex(["*/char/p7_double/*"])
    assert index.matching(path) == (0,)
    index._places[levelled(path)] = index._places_in("/x/y/z/x.exr")
    assert index.matching(path) == ()


def test_paths_that_differ_in_digits_alone_are_looked_at_once():
    looked = []

    class Counting(Recogniser):
        def _look_at(self, written, forms, *, model):
            looked.append(written)
            return super()._look_at(written, forms, model=model)

    recogniser = Counting(Recognition(replicas=(), assets=(), not_replicas=()), ("*digidouble*",))
    for number in range(100, 200):
        assert recogniser.path(f"/plates/sh{number}.%04d.exr") is NOTHING
    assert looked == ["/plates/sh100.%04d.exr"]


def test_a_path_that_is_meant_as_it_is_written_is_known_by_one_that_differs_in_digits():
    recogniser = a_recogniser()
    assert recogniser.path("/Jobs/CHAR/p1_double/x.exr") is NOTHING
    assert recogniser._straight
    assert recogniser.path("/Jobs/CHAR/p7_double/x.exr").found


def test_a_model_is_one_whatever_its_digits():
    recogniser = a_recogniser()
    assert [recogniser.path(f"/net/face_{n}.onnx").model for n in (1, 2, 30)] == [True] * 3
    assert levelled("/net/face_9.onnx") in recogniser._straight


def test_were_an_escaped_url_taken_as_it_is_written_its_replica_would_be_lost():
    """The twin of knowing how a path is meant by one that differs in digits."""
    hidden = "file:///x/a%20%31.exr"
    assert a_recogniser().path(hidden).found
    recogniser = a_recogniser()
    recogniser._straight[matching._alike(hidden)] = False
    assert not recogniser.path(hidden).found


def test_were_other_escapes_taken_for_alike_what_they_spell_would_be_lost(monkeypatch):
    """The twin of keeping the digits of escapes apart."""
    dull, registered = "file:///x/a%30%31.exr", "file:///x/a%20%31.exr"
    assert a_recogniser(["*/a 1.exr"]).path(registered).found
    monkeypatch.setattr(matching, "_alike", levelled)
    recogniser = a_recogniser(["*/a 1.exr"])
    assert recogniser.path(dull) is NOTHING
    assert not recogniser.path(registered).found


@pytest.mark.parametrize(
    "path", ["C:\\jobs\\s_{}\\x.%04d.exr", "z:/jobs/s_{}/x.%04d.exr", "file:///jobs/s_{}%20a.exr"]
)
def test_a_path_of_windows_or_with_escapes_is_known_by_one_that_differs_in_digits(path):
    recogniser = a_recogniser(["*/char/p7_double/*"])
    assert recogniser.path(path.format(1)) is NOTHING
    assert matching._alike(path.format(2)) in recogniser.dull


@given(st.text(st.characters(), max_size=12) | st.text("0123456789é\ud800/a", max_size=12))
def test_a_skeleton_has_a_zero_for_every_ascii_digit_and_all_else_as_it_was(text):
    assert skeleton(text) == "".join("0" if char in "123456789" else char for char in text)


TEXTS = st.sampled_from(
    ["", "a", "took /x out", "/x/p1.onnx", "\\\\srv\\p1.onnx", "C:\\p1.onnx", "s3://b/p1.onnx", "p1"]
)
NESTED = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, NESTED, max_size=4))
def test_metadata_without_slashes_name_no_path(metadata):
    recogniser = Recogniser(Recognition((), (), ()), ["*"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_has_slashes", lambda _: True)
        plainly = recogniser.paths_in(metadata)
    assert recogniser.paths_in(metadata) == plainly


def test_blind_to_slashes_a_model_would_go_unseen(monkeypatch):
    """The twin of the look for slashes."""
    recogniser, said = Recogniser(Recognition((), (), ())), {"a": [{"b": ("x", "/jobs/p1.onnx")}]}
    assert [text for _, text, _ in recogniser.paths_in(said)] == ["/jobs/p1.onnx"]
    monkeypatch.setattr(matching, "_has_slashes", lambda _: False)
    assert recogniser.paths_in(said) == []


def test_no_path_can_be_written_like_what_is_remembered_of_another():
    """A clip's paths are first looked up without their escapes: a line break and letters would pass for these."""
    recogniser = a_recogniser(("/x/\u00bebe",))
    assert recogniser.path("file:///x/%be") is NOTHING
    assert recogniser.dull
    replica = "file:///x/%be\nbe"
    assert recogniser.path(replica).found
    assert levelled(replica) not in recogniser.dull
