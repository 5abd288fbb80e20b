"""How long an answer stays the same: a moment that notes every question put to it.

Who judges with a `Watched` moment judges as with the plain one. Each comparison narrows the `Span` to the moments at
which it would have come out the same; a day narrows it to that day; whatever else is asked (an hour, a text, a
difference) narrows it to this one moment, because nobody can say what was made of it. A program that is asked nothing
else takes the same way at every moment of the span, and so gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

_UTC = timezone.utc
_TICK = timedelta(microseconds=1)  # the smallest step of a datetime
_DAY = timedelta(days=1)
_FIRST = datetime.min.replace(tzinfo=timezone.utc)
_LAST = datetime.max.replace(tzinfo=timezone.utc)


class Span:
    """The moments `[from_, until)` at which everything asked so far is answered the same. UTC."""

    __slots__ = ("from_", "until")

    def __init__(self) -> None:
        self.from_ = _FIRST
        self.until = _LAST

    def narrow(self, from_: datetime = _FIRST, until: datetime = _LAST) -> None:
        """Keeps only what lies in `[from_, until)`."""
        self.from_ = max(self.from_, from_)
        self.until = min(self.until, until)


class Watched(datetime):
    """A moment in UTC that notes in `span` what is asked of it. Made by `watch`.

    `origin` is the moment that is watched; the value itself may lie `ahead` of it ("in thirty days"). It is known to
    lie in `[from_, before)` from what it was asked itself.
    """

    span: Span
    plain: datetime
    ahead: timedelta
    from_: datetime
    before: datetime

    def _settle(self) -> None:
        """Somebody asked what cannot be accounted for: only this very moment is sure to give the same."""
        origin = self.plain - self.ahead
        self.span.narrow(origin, _moved(origin, _TICK))

    def __lt__(self, other: Any) -> bool:
        """Whether it lies before the bound; the span keeps to the side on which it lies."""
        before: bool = self.plain < other
        if type(other) is not datetime or other.tzinfo is not _UTC:
            self._settle()
        # Nearly every bound lies beyond one that was asked before, and narrows nothing.
        elif before:
            if other < self.before:
                self.before = other
                self.span.narrow(until=_moved(other, -self.ahead))
        elif other > self.from_:
            self.from_ = other
            self.span.narrow(from_=_moved(other, -self.ahead))
        return before

    def __le__(self, other: Any) -> bool:
        before: bool = self.plain <= other
        if type(other) is not datetime or other.tzinfo is not _UTC:
            self._settle()
            return before
        limit = _moved(_moved(other, -self.ahead), _TICK)
        if before:
            self.span.narrow(until=limit)
        else:
            self.span.narrow(from_=limit)
        return before

    def __gt__(self, other: Any) -> bool:
        return not self <= other

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __add__(self, other: timedelta) -> Watched:
        """A moment that is watched too; the span keeps to the moments for which it is in the calendar."""
        ahead = self.ahead + other
        self.span.narrow(_moved(_FIRST, -ahead), _moved(_LAST, -ahead))
        return _watched(self.plain + other, ahead, self.span)

    def date(self) -> date:
        """Its day, the same until midnight."""
        first = datetime.combine(self.plain.date(), time(), timezone.utc)
        self.span.narrow(_moved(first, -self.ahead), _moved(first, _DAY - self.ahead))
        return self.plain.date()

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Itself in UTC; for any other zone a plain moment."""
        if tz is timezone.utc:
            return self
        self._settle()
        return self.plain.astimezone(tz)

    @property
    def tzinfo(self) -> tzinfo:
        """UTC, at every moment."""
        return timezone.utc


def watch(moment: datetime) -> Watched:
    """The moment, watched from now on; `.span` says for which others all that was asked holds too.

    Raises ValueError on one without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return _watched(moment.astimezone(timezone.utc), timedelta(0), Span())


def _watched(plain: datetime, ahead: timedelta, span: Span) -> Watched:
    made = Watched(
        plain.year,
        plain.month,
        plain.day,
        plain.hour,
        plain.minute,
        plain.second,
        plain.microsecond,
        timezone.utc,
        fold=plain.fold,
    )
    made.plain, made.ahead, made.span = plain, ahead, span
    made.from_, made.before = _FIRST, _LAST
    return made


def _moved(moment: datetime, by: timedelta) -> datetime:
    """So much later or earlier, as far as the calendar goes."""
    try:
        return moment + by
    except OverflowError:
        return _LAST if by > timedelta(0) else _FIRST


# What Python itself needs to make, keep and look at an object, and what says nothing of this moment.
_SAYS_NOTHING = frozenset(
    {
        *("__class__", "__delattr__", "__dir__", "__doc__", "__getattribute__", "__getstate__", "__init__"),
        *("__init_subclass__", "__new__", "__setattr__", "__sizeof__", "__subclasshook__"),
        *("combine", "fromisocalendar", "fromisoformat", "fromordinal", "fromtimestamp", "max", "min", "now"),
        *("resolution", "strptime", "today", "utcfromtimestamp", "utcnow"),
    }
)


def _settling(name: str) -> Callable[..., Any]:
    """The method as the plain moment has it, for the price of the span."""

    def told(self: Watched, *args: Any, **named: Any) -> Any:
        self._settle()
        return getattr(self.plain, name)(*args, **named)

    return told


def _settling_value(name: str) -> Any:
    def told(self: Watched) -> Any:
        self._settle()
        return getattr(self.plain, name)

    return property(told)


# All that a datetime can be asked and that is not accounted for above, also in Pythons to come.
for _name in dir(datetime):
    if _name not in _SAYS_NOTHING and _name not in vars(Watched):
        _made = _settling(_name) if callable(getattr(datetime, _name)) else _settling_value(_name)
        setattr(Watched, _name, _made)
