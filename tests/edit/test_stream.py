"""A file that comes part by part reads as one text, and knows where in it the reader is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.edit import stream as stream_module
from clearcut.edit.stream import Stream
from clearcut.errors import EditError

_TEXTS = st.text(st.sampled_from("ab\n {é\u2028\U0001f600"), max_size=40)


def all_of(stream):
    """Everything that is left, three characters at a time."""
    found = []
    while True:
        stream.ahead(3)
        piece = stream.text[stream.at : stream.at + 3]
        if not piece:
            return "".join(found)
        found.append(piece)
        stream.at += len(piece)


@given(_TEXTS, st.integers(1, 9), st.booleans())
def test_wherever_a_file_is_parted_its_text_is_the_same(text, size, marked):
    raw = (b"\xef\xbb\xbf" if marked else b"") + text.encode()
    parts = [raw[first : first + size] for first in range(0, len(raw), size)]
    assert all_of(Stream(parts)) == text
    assert all_of(Stream([b"", *parts, b""])) == text


@pytest.mark.parametrize(
    ("raw", "place"), [(b'{"a": "\xff"}', "byte 7"), (b"abc\xf0\x9f", "byte 3"), (b"\xff\xfe", "byte 0")]
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_bytes_that_are_no_text_are_named(raw, place, size):
    with pytest.raises(EditError, match="not UTF-8") as caught:
        all_of(Stream(raw[first : first + size] for first in range(0, len(raw), size)))
    assert caught.value.where == place


@given(_TEXTS, st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
def test_however_little_is_kept_or_made_text_at_once_the_text_is_the_same(text, size, kept, piece):
    raw = text.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_module, "_KEPT", kept)
        patch.setattr(stream_module, "_SLICE", piece)
        assert all_of(Stream(raw[first : first + size] for first in range(0, len(raw), size))) == text


def test_a_place_is_a_line_until_the_beginning_is_gone(monkeypatch):
    monkeypatch.setattr(stream_module, "_KEPT", 8)
    stream = Stream([b"one\ntwo\n", "thr\u00e9e\nfour".encode()])
    stream.ahead(6)
    assert stream.where(5) == "line 2"
    stream.at = 4
    stream.ahead(5)
    assert stream.where(stream.text.index("\u00e9")) == "line 3"
    stream.at += 4
    stream.ahead(20)
    assert stream.text[stream.at :] == "thr\u00e9e\nfour"
    assert stream.where(stream.text.index("four")) == "byte 15"


def test_blanks_are_passed_over_across_parts():
    stream = Stream([b" \n", b"\t", b"  x", b" "])
    assert stream.skip() == "x"
    stream.at += 1
    assert stream.skip() == ""
