"""Reading JSON records strictly: each field typed, each fault kept with its path, none hiding another.

A `Sheet` goes with one file. Its methods take the record, the record's path and the key, and give the field's value;
where something is wrong they note a fault and give a stand-in, so that reading goes on and finds the rest. A key
that is missing is reported once, by `fields`. Values that recur (dates, scopes) are read once and shared, which is
most of the speed and half of the memory of a large registry.
"""

from __future__ import annotations

import marshal
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta, timezone
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from clearcut.core.timing import parse_seconds
from clearcut.errors import Fault

E = TypeVar("E", bound=Enum)
R = TypeVar("R")
V = TypeVar("V")
Check = Callable[[str], "str | None"]

STAR = ("*",)
_ABSENT: Any = object()
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_NO_REFERENCES = 2  # a form of marshal in which equal rows have equal bytes, and different ones never
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class Twice(dict[str, Any]):
    """A JSON object in which a key stands twice: never a plain dict, so that no reader takes it for one."""

    keys_twice: tuple[str, ...] = ()


class NotANumber:
    """What stands where a file says NaN or Infinity: of no type that any field takes."""


def kind_of(value: object) -> str:
    """What a value is, in the words of JSON."""
    return "null" if value is None else _KINDS.get(type(value), "NaN or Infinity")


class Sheet:
    """Faults of one file, in the order in which it is read, and the values that recur in it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._moments: dict[str, datetime] = {}
        self._dates: dict[str, date] = {}
        self._tuples: defaultdict[str, dict[tuple[Any, ...], tuple[str, ...]]] = defaultdict(dict)
        self._seconds: dict[str, Fraction] = {}
        self._alike: dict[tuple[object, bytes], object] = {}

    def fault(self, path: str, message: str) -> None:
        """Notes one fault."""
        self.faults.append(Fault(path, message))

    # -- records ---------------------------------------------------------------------------------------------

    def fields(
        self, record: object, path: str, every: frozenset[str], optional: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """The record as a dict with keys of `every`, of which `optional` ones may be missing.

        Unknown, missing and doubled keys are faults.
        """
        if type(record) is dict:
            keys = record.keys()
            if keys == every or (keys <= every and every - optional <= keys):
                return record
        elif isinstance(record, Twice):
            for key in record.keys_twice:
                self.fault(f"{path}.{key}" if path else key, "this key stands twice")
        else:
            self.fault(path, f"expected an object, found {kind_of(record)}")
            return {}
        for key in record:
            if key not in every:
                near = get_close_matches(key, sorted(every), n=1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                self.fault(f"{path}.{key}" if path else key, f"unknown key {key!r}{hint}")
        for key in sorted(every - optional - record.keys()):
            self.fault(path, f"missing key {key!r}")
        return record

    def rows(self, record: Mapping[str, Any], key: str, path: str = "") -> list[Any]:
        """A list of records; absent is empty."""
        value = record.get(key, _ABSENT)
        if value is _ABSENT:
            return []
        if type(value) is not list:
            self.fault(f"{path}.{key}" if path else key, f"expected a list, found {kind_of(value)}")
            return []
        return value

    def alike(
        self,
        row: R,
        path: str,
        read: Callable[[Sheet, str, R], V],
        of: Callable[[R], object] | None = None,
    ) -> V:
        """What `read` makes of the row; rows that are alike to the letter, types included, are read once.

        `of` gives all that `read` looks at, where that is not the whole row. Only what was read without a fault is
        remembered.
        """
        try:
            seen = row if of is None else of(row)
            mark = read, marshal.dumps(seen, _NO_REFERENCES)  # type: ignore[arg-type]  # else ValueError
        except (KeyError, ValueError):  # a key missing or doubled, NaN, or nested too deeply
            return read(self, path, row)
        known = self._alike.get(mark)
        if known is not None:
            return known  # type: ignore[return-value]  # kept under the reader that made it
        before = len(self.faults)
        value = read(self, path, row)
        if len(self.faults) == before:
            self._alike[mark] = value
        return value

    # -- single values ---------------------------------------------------------------------------------------

    def text(self, record: Mapping[str, Any], path: str, key: str, default: str = "") -> str:
        """Any text."""
        value = record.get(key, default)
        if type(value) is str:
            return value
        self.fault(f"{path}.{key}", f"expected text, found {kind_of(value)}")
        return default

    def name(self, record: Mapping[str, Any], path: str, key: str) -> str:
        """Text that names something: not empty, no space around it, no control character in it."""
        value = record.get(key, _ABSENT)
        if value is _ABSENT:
            return ""
        if type(value) is str and value.isprintable() and value and value == value.strip():
            return value  # nothing is wrong: see `bad_name`
        self.fault(f"{path}.{key}", bad_name(value) or "")
        return ""

    def name_or_null(self, record: Mapping[str, Any], path: str, key: str) -> str | None:
        """A name, or null."""
        return None if record.get(key) is None else self.name(record, path, key)

    def truth(self, record: Mapping[str, Any], path: str, key: str) -> bool:
        """True or false."""
        value = record.get(key, False)
        if type(value) is bool:
            return value
        self.fault(f"{path}.{key}", f"expected true or false, found {kind_of(value)}")
        return False

    def count(self, record: Mapping[str, Any], path: str, key: str) -> int:
        """A whole number, not negative."""
        value = record.get(key, 0)
        if type(value) is int and value >= 0:
            return value
        what = "a negative number" if type(value) is int else kind_of(value)
        what = "a number that is not whole" if type(value) is float else what
        self.fault(f"{path}.{key}", f"expected a whole number from 0 on, found {what}")
        return 0

    def count_or_null(self, record: Mapping[str, Any], path: str, key: str) -> int | None:
        """A whole number, not negative, or null."""
        return None if record.get(key) is None else self.count(record, path, key)

    def seconds_or_null(self, record: Mapping[str, Any], path: str, key: str) -> Fraction | None:
        """Exact seconds, or null."""
        value = record.get(key)
        if value is None:
            return None
        known = self._seconds.get(value) if type(value) is str else None
        if known is not None:
            return known
        try:
            found = parse_seconds(value)
        except ValueError as error:
            odd = type(value) not in (str, int, float)
            told = f"expected seconds, found {kind_of(value)}" if odd else str(error)
            self.fault(f"{path}.{key}", told)
            return None
        self._seconds[str(value)] = found
        return found

    def word(self, record: Mapping[str, Any], path: str, key: str, words: type[E]) -> E:
        """A word of a closed vocabulary."""
        value = record.get(key, _ABSENT)
        found = words._value2member_map_.get(value) if type(value) is str else None
        if found is not None:
            return found  # type: ignore[return-value]  # a member of words by construction
        members = tuple(words)
        if value is not _ABSENT:
            self.fault(f"{path}.{key}", unknown(key, value, [member.value for member in members]))
        return members[0]

    def choice(self, record: Mapping[str, Any], path: str, key: str, known: tuple[str, ...]) -> str:
        """A word of a closed list that has no enum."""
        value = record.get(key, _ABSENT)
        if type(value) is str and value in known:
            return value
        if value is not _ABSENT:
            self.fault(f"{path}.{key}", unknown(key, value, known))
        return known[0]

    def sha256(self, record: Mapping[str, Any], path: str, key: str, default: str = "") -> str:
        """64 hex digits, as lower case; the default when the key is absent or equal to it."""
        value = record.get(key, default)
        if type(value) is str and (_SHA256.fullmatch(value) or (value == "" and default == "")):
            return value.lower()
        self.fault(f"{path}.{key}", "expected 64 hexadecimal digits")
        return ""

    # -- days and moments ------------------------------------------------------------------------------------

    def day_or_null(self, record: Mapping[str, Any], path: str, key: str) -> date | None:
        """A date, or null."""
        value = record.get(key)
        if value is None:
            return None
        known = self._dates.get(value) if type(value) is str else None
        if known is not None:
            return known
        found = _day(value)
        if found is None:
            self.fault(f"{path}.{key}", f"expected a date like 2026-11-20, found {_shown(value)}")
            return None
        self._dates[value] = found
        return found

    def moment_or_null(self, record: Mapping[str, Any], path: str, key: str) -> datetime | None:
        """A moment with a zone, as UTC, or null."""
        value = record.get(key)
        if value is None:
            return None
        known = self._moments.get(value) if type(value) is str else None
        return known if known is not None else self.moment(record, path, key)

    def moment(self, record: Mapping[str, Any], path: str, key: str) -> datetime:
        """A moment with a zone, as UTC."""
        value = record.get(key, _ABSENT)
        known = self._moments.get(value) if type(value) is str else None
        if known is not None:
            return known
        if value is _ABSENT:
            return _EPOCH
        try:
            found = parse_moment(value)
        except ValueError as error:
            self.fault(f"{path}.{key}", str(error))
            return _EPOCH
        self._moments[value] = found
        return found

    def moment_or_day(self, record: Mapping[str, Any], path: str, key: str, *, ends: bool) -> datetime | None:
        """A moment, or a date that stands for its first moment, or when it `ends` a range for the end of its day."""
        value = record.get(key)
        day = _day(value)
        if day is None:
            return self.moment_or_null(record, path, key)
        start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
        return start + timedelta(days=1) if ends and day < date.max else start

    # -- lists -----------------------------------------------------------------------------------------------

    def words(
        self, record: Mapping[str, Any], path: str, key: str, kind: str, check: Check, *, star: bool = False
    ) -> tuple[str, ...]:
        """A list of texts, each held against `check`; with `star`, `*` alone is all. Absent is empty.

        `kind` names the check: lists that were found right once are not looked at again.
        """
        value = record.get(key, _ABSENT)
        if type(value) is list:
            seen = self._tuples[kind]
            try:
                known = seen.get(tuple(value))
            except TypeError:  # something in it is a list or an object
                known = None
            if known is not None:
                return known
            found = self._checked(value, f"{path}.{key}", check, star=star)
            if found is not None:
                return seen.setdefault(found, found)
        elif value is not _ABSENT:
            self.fault(f"{path}.{key}", f"expected a list, found {kind_of(value)}")
        return ()

    def _checked(self, value: list[Any], path: str, check: Check, *, star: bool) -> tuple[str, ...] | None:
        before = len(self.faults)
        if star and value == ["*"]:
            return STAR
        for index, item in enumerate(value):
            if type(item) is not str:
                self.fault(f"{path}[{index}]", f"expected text, found {kind_of(item)}")
            elif item == "*" and star:
                self.fault(f"{path}[{index}]", "'*' means all and stands alone, not beside others")
            else:
                wrong = check(item)
                if wrong:
                    self.fault(f"{path}[{index}]", wrong)
        return tuple(value) if len(self.faults) == before else None


def bad_name(value: object) -> str | None:
    """What is wrong with `value` as a name or id; None when nothing is."""
    if type(value) is not str:
        return f"expected text, found {kind_of(value)}"
    if not value or value != value.strip():
        return "expected a name, found nothing" if not value.strip() else "there is space around this name"
    return None if value.isprintable() else "there is a control character in this name"


def unknown(key: str, value: object, known: Collection[str]) -> str:
    """The message for a word that is not in a closed list, with a suggestion."""
    near = get_close_matches(value, known, n=1) if type(value) is str else []
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return f"unknown {key} {_shown(value)} ({hint})"


def parse_moment(value: object) -> datetime:
    """An RFC 3339 moment as UTC. Raises ValueError: not text, no zone, no such day or hour."""
    parts = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise ValueError(f"expected a time like 2026-11-20T12:00:00Z, found {_shown(value)}")
    day, clock, fraction, zone = parts.groups()
    if zone is None:
        raise ValueError(f"this time has no zone: {value!r} (end it with Z or +01:00)")
    try:
        local = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}")
        if zone in "Zz":
            return local.replace(tzinfo=timezone.utc)
        return local.replace(tzinfo=_zone(zone)).astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no such time: {value!r}") from error


def _zone(text: str) -> timezone:
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else kind_of(value)
