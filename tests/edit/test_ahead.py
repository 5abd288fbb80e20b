"""Parts that are read and told beside the parsing come whole, in order, and once."""

import threading

import pytest

from clearcut.edit import ahead
from clearcut.edit.ahead import told_ahead
from clearcut.errors import EditError


@pytest.fixture(params=[1, 4, 1 << 22])
def part_bytes(request, monkeypatch):
    """Parts that are long enough for a thread, some of them, or none."""
    monkeypatch.setattr(ahead, "PART_BYTES", request.param)


@pytest.mark.parametrize("parts", [[], [b"a"], [b"abcd", b"efgh", b"i"], [b"ab", b"cdefg", b"h"]])
@pytest.mark.usefixtures("part_bytes")
def test_what_is_told_is_what_is_given(parts):
    told = []
    given = list(told_ahead(iter(parts), told.append))
    assert given == told == parts


@pytest.mark.usefixtures("part_bytes")
def test_what_goes_wrong_beside_is_raised_where_the_part_is_wanted():
    def parts():
        yield b"abcd"
        raise EditError("gone", code="cut-unreadable")

    reader = told_ahead(parts(), len)
    assert next(reader) == b"abcd"
    with pytest.raises(EditError, match="gone"):
        next(reader)


@pytest.mark.usefixtures("part_bytes")
def test_whoever_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    reader = told_ahead(iter([b"abcd"] * 9), len)
    next(reader)
    reader.close()
    assert threading.active_count() == before
