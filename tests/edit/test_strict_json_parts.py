"""Bytes that come in parts are looked at as if they came in one."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.edit.strict_json import MAX_LEVELS, checked, checked_parts, load
from clearcut.errors import EditError

_TEXTS = st.text(
    st.sampled_from(['"', "\\", "{", "}", "[", "]", ":", "a", "\u00e9", "\U0001f600", " "]), max_size=8
)
_TREES = st.recursive(
    _TEXTS | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner),
    max_leaves=6,
)


def outcome(parts):
    try:
        return checked_parts(parts)
    except EditError as error:
        return str(error)


@given(_TREES, st.booleans(), st.lists(st.integers(0, 200), max_size=4))
def test_wherever_a_file_is_parted_the_same_is_found(tree, ascii_only, cuts):
    raw = json.dumps(tree, ensure_ascii=ascii_only).encode()
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    parts = [raw[one:other] for one, other in itertools.pairwise(edges)]
    assert checked_parts(parts) == checked(raw)
    assert load(checked_parts(parts)) == tree


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": "\\\\\\"{[:", "b": "\\\\"}',
        b'{"a\\\\": {"\\"": [1, "\\\\\\\\"]}}',
        '{"\u00e9": "\U0001f600"}'.encode(),
        b'{"a": "\xff"}',
        b'{"a": "\xf0\x9f"',
        b" \n\t ",
        b"",
        b"\xef\xbb\xbf[1]",
        b'["' + b"\\" * 7,
        b"[" * (MAX_LEVELS + 1) + b"]" * (MAX_LEVELS + 1),
    ],
)
def test_every_byte_alone_gives_what_the_whole_gives(raw):
    assert outcome([raw[n : n + 1] for n in range(len(raw))]) == outcome([raw])


def test_without_minding_escapes_at_the_edge_a_string_would_pass_for_brackets(monkeypatch):
    """The twin: a quote whose backslash came in the part before would end its string, and hide a key."""
    raw = b'{"a": "\\": {", "b": 1}'
    parts = [raw[:8], raw[8:]]
    assert parts[0].endswith(b"\\")
    assert checked_parts(parts).keys == 2
    monkeypatch.setattr("clearcut.edit.strict_json._leads", lambda _: False)
    assert checked_parts(parts).keys != 2
