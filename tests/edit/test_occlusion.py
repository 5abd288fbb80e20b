"""Covered time against a model that looks at every tick."""

import time

from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.timing import FrameRange, total
from clearcut.edit.occlusion import Layer, covered

ranges = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: FrameRange(pair[0], sum(pair)))


@st.composite
def layers(draw):
    record = draw(ranges)
    first = draw(st.integers(record.first, record.end - 1))
    part = FrameRange(first, draw(st.integers(first + 1, record.end)))
    picture = draw(st.booleans())
    return Layer(record, draw(st.sampled_from([None, part, record])) if picture else None, picture)


@given(st.lists(layers(), max_size=8))
def test_each_tick_under_a_later_layer_is_covered_and_no_other(many):
    for index, found in enumerate(covered(many)):
        hidden = {
            t for above in many[index + 1 :] if above.picture and above.opaque for t in range(*above.opaque)
        }
        expected = set(range(*many[index].record)) & hidden if many[index].picture else set()
        assert {t for piece in found for t in range(*piece)} == expected
        assert total(found) == len(expected)


def test_a_hundred_thousand_clips_on_many_tracks_take_no_quadratic_time():
    many = [
        Layer(FrameRange(start, start + 9), FrameRange(start, start + 9), picture=True)
        for lane in range(50)
        for start in range(lane, 20_000 + lane, 10)
    ]
    assert len(many) == 100_000
    begun = time.perf_counter()
    found = covered(many)
    assert time.perf_counter() - begun < 60
    assert found[-1] == ()
    assert found[0] != ()
