"""Days and moments in UTC: ages, anniversaries, the end of a day, and how they are shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache


def day_of(moment: datetime) -> date:
    """Its day in UTC."""
    return (moment if moment.tzinfo is timezone.utc else moment.astimezone(timezone.utc)).date()


def on(moment: datetime) -> str:
    """A moment as people read it: the day, and the minute where it is neither the day's first nor its last second."""
    utc = moment.astimezone(timezone.utc)
    whole = (utc.hour, utc.minute, utc.second) in ((0, 0, 0), (23, 59, 59))
    return utc.date().isoformat() if whole else f"{utc.date().isoformat()} {utc:%H:%M} UTC"


def end_of_day(day: date) -> datetime:
    """The first moment after it, UTC; of the last day that can be written, the last moment."""
    start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    return start + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=timezone.utc)


@lru_cache(maxsize=256)
def last_second_of(day: date) -> datetime:
    """What ends there or later lasts through the day: people write the end of a day as its last second."""
    return end_of_day(day) - timedelta(seconds=1)


@lru_cache(maxsize=64)
def hours(number: int) -> timedelta:
    """So many hours. Raises OverflowError where no two moments lie so far apart."""
    return timedelta(hours=number)


def age_on(born: date, day: date) -> int:
    """Full years of age. Born on 29 February, one is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def days_after(moment: datetime, days: int) -> datetime:
    """So many days later, or the last moment there is."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.utc)


def years_after(moment: datetime, years: int) -> datetime:
    """The same day and time so many years later; of 29 February, 1 March. Never beyond what can be written."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        if moment.year + years > date.max.year:
            return datetime.max.replace(tzinfo=timezone.utc)
        return moment.replace(year=moment.year + years, month=3, day=1)
