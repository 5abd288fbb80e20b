"""Days and moments in UTC: their ends, ages and anniversaries, and how people read them."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

import pytest

from clearcut.core.moments import age_on, day_of, days_after, end_of_day, last_second_of, on, years_after

UTC = timezone.utc
LAST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 20, tzinfo=UTC), "2026-11-20"),
        (datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC), "2026-11-20"),
        (datetime(2026, 11, 20, 23, 59, 58, tzinfo=UTC), "2026-11-20 23:59 UTC"),
        (datetime(2026, 11, 20, 0, 0, 1, tzinfo=UTC), "2026-11-20 00:00 UTC"),
        (datetime(2026, 11, 21, 1, 30, tzinfo=timezone(timedelta(hours=2))), "2026-11-20 23:30 UTC"),
    ],
)
def test_a_moment_is_shown_in_utc_and_as_its_day_where_it_begins_or_ends_one(moment, shown):
    assert on(moment) == shown
    assert day_of(moment) == date(2026, 11, 20)


def test_a_moment_is_shown_in_utc_wherever_the_machine_stands(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert on(datetime(2026, 11, 20, 20, tzinfo=UTC)) == "2026-11-20 20:00 UTC"
        abroad = datetime(2026, 11, 20, 22, tzinfo=timezone(timedelta(hours=2)))
        assert day_of(abroad) == date(2026, 11, 20)  # the 21st in Tokyo
    finally:
        monkeypatch.undo()
        time.tzset()


def test_so_many_days_later_is_never_beyond_the_last_moment_there_is():
    assert days_after(datetime(2026, 11, 20, tzinfo=UTC), 30) == datetime(2026, 12, 20, tzinfo=UTC)
    assert days_after(datetime(9999, 12, 1, tzinfo=UTC), 31) == LAST


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (date(9999, 12, 30), datetime(9999, 12, 31, tzinfo=UTC)),
        (date.max, LAST),
    ],
)
def test_a_day_ends_where_the_next_begins(day, end):
    assert end_of_day(day) == end
    assert last_second_of(day) == end - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "years", "later"),
    [
        (datetime(2026, 3, 1, 8, tzinfo=UTC), 10, datetime(2036, 3, 1, 8, tzinfo=UTC)),
        (datetime(2024, 2, 29, 8, tzinfo=UTC), 4, datetime(2028, 2, 29, 8, tzinfo=UTC)),
        (datetime(2024, 2, 29, 8, tzinfo=UTC), 5, datetime(2029, 3, 1, 8, tzinfo=UTC)),
        (datetime(9996, 2, 29, 8, tzinfo=UTC), 3, datetime(9999, 3, 1, 8, tzinfo=UTC)),
        (datetime(9996, 2, 29, 8, tzinfo=UTC), 4, LAST),
        (datetime(9995, 6, 1, tzinfo=UTC), 4, datetime(9999, 6, 1, tzinfo=UTC)),
        (datetime(9995, 6, 1, tzinfo=UTC), 5, LAST),
    ],
)
def test_years_after_a_moment(moment, years, later):
    assert years_after(moment, years) == later


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 2, 28), 17), (date(2026, 3, 1), 18), (date(2024, 2, 28), 15), (date(2024, 2, 29), 16)],
)
def test_whoever_was_born_on_a_leap_day_is_a_year_older_on_1_march(day, age):
    assert age_on(date(2008, 2, 29), day) == age
