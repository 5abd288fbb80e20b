"""The media a clip consumes: what is worked out once for many clips is what would be worked out for each."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.timing import timebase_for
from clearcut.edit.source import consumed
from clearcut.edit.times import Times

RATES = (24.0, 12.0, 23.976, 25.0, 30.0)


def a_range(start, length, rate):
    def time(value):
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value}

    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(length)}


@given(
    st.integers(-50, 50),
    st.integers(1, 20),
    st.sampled_from(RATES),
    st.integers(-3, 3),
    st.integers(-3, 3),
    st.sampled_from([1, Fraction(1), 0, -1, 2, Fraction(1, 3)]),
)
def test_a_whole_clip_consumes_what_is_worked_out_for_a_part_of_that_size(
    start, length, rate, head, tail, speed
):
    timebase = timebase_for(Fraction(24), {Fraction(12), Fraction(24000, 1001), Fraction(25), Fraction(30)})
    for times in (Times(timebase), Times(timebase_for(Fraction(24)))):
        if rate != 24.0 and times.timebase.ticks_per_frame == 1:
            continue
        span = times.span(a_range(float(start), float(length), rate), "")
        part = (head, span.length + tail)
        if part[0] < part[1]:
            plain = consumed(span._replace(whole=None), part, speed, times.timebase)
            assert consumed(span, part, speed, times.timebase) == plain


def test_it_is_shared_where_a_frame_is_a_tick():
    times = Times(timebase_for(Fraction(24)))
    span = times.span(a_range(1001.0, 5.0, 24.0), "")
    assert consumed(span, (0, 5), 1, times.timebase) is span.whole
    assert span.whole == (1001, 1006)
