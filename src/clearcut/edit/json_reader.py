"""Reads the JSON of an edit, part by part, with everything that may not stand in one refused at its place.

Stacks and tracks that are larger than one glance are taken apart here; what lies in them is read alike (`alike`) where
it is written alike, and else by `json` under guards (`strict_json`). Either way the same tree comes out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from clearcut.core.collector import collector_off
from clearcut.edit.alike import Alike
from clearcut.edit.copies import Children
from clearcut.edit.faults import unreadable
from clearcut.edit.schema import child_place
from clearcut.edit.stream import Stream
from clearcut.edit.strict_json import MAX_LEVELS, FaultError, Path, Values
from clearcut.errors import EditError

# Looked at as a whole, however it is made; what is longer and holds children is taken apart.
_GLANCE = 1 << 16
_LEAST = 1 << 12
# How many children the plain way takes at once where they are not alike, in characters.
_MOST_AT_ONCE = 1 << 18
_AHEAD = 1 << 16
_BETWEEN = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
# A number at the end of what was looked at may go on: `1` before `.5`, `e+3`.
_MAY_GO_ON = 4
# So much of a child tells it from what else may follow a closing bracket.
_OPENING = 24
# Longer ones are seldom alike, and dear to take apart.
_MOST_LEARNT = 1 << 14
_PARTS = 1 << 21
# What one value makes in memory is told by its brackets and commas: at most 120 bytes for each, half a gigabyte. All
# the markers of a cut of 100,000 clips have 3 million; what is shorter than _WORTH_COUNTING is not counted.
_MOST_SIGNS = 1 << 22
_WORTH_COUNTING = 1 << 20
# One value has at most so many characters: a single text of two gigabytes would take twenty in memory.
_MOST_CHARACTERS = 1 << 28
# All values together may take so many pieces of memory, some five gigabytes: 700,000 clips of which no two are alike.
# Counted after so many bytes, because counting looks at every page.
_MOST_PIECES = 1 << 26
_COUNTED_EACH = 1 << 26


def parse(raw: bytes) -> Any:
    """The value that the text holds. Raises EditError (cut-unreadable) on anything not allowed."""
    return parse_parts(raw[first : first + _PARTS] for first in range(0, len(raw), _PARTS))


def parse_parts(parts: Iterable[bytes]) -> Any:
    """The same for bytes that come part by part. Equal parts are one object: nobody may change what comes back."""
    with collector_off():
        return _Reader(Stream(_bounded(parts))).whole()


def _bounded(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts, as long as what was made of them fits into memory."""
    before, passed = sys.getallocatedblocks(), 0
    for part in parts:
        yield part
        passed += len(part)
        if passed >= _COUNTED_EACH:
            passed = 0
            if sys.getallocatedblocks() - before > _MOST_PIECES:
                raise unreadable(
                    "",
                    f"a cut of more than {_MOST_PIECES} pieces is not read: it takes gigabytes of memory",
                    remedy="export the edit in parts, a reel each",
                )


class _TooLargeError(Exception):
    """The value does not end within one glance."""


class _Reader:
    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._values = Values()
        self._alike = Alike()
        self._size = _LEAST
        # What stood between the last two children (there is a comma in it), and how much is taken at once.
        self._between = ","
        self._at_once = 0

    def whole(self) -> Any:
        """The one value of the file."""
        if not self._stream.skip():
            raise unreadable("", "the file is empty")
        try:
            value = self._any("", 0, held=True)
        except RecursionError as error:
            raise unreadable("", "nested too deep to be read here") from error
        if self._stream.skip():
            self._refuse("Extra data")
        return value

    def _any(self, place: str, level: int, *, key: str = "", held: bool = False) -> Any:
        """Any value, `level` brackets around it, under `key`; `held` where it may hold a part of the cut."""
        stream = self._stream
        if stream.skip() != "{" or not held:
            return self._plain(place, level, key)
        try:
            return self._plain(place, level, most=_GLANCE)
        except _TooLargeError:
            return self._object(place, level)

    def _plain(self, place: str, level: int, key: str = "", most: int | None = None) -> Any:
        """A value in one piece. The piece grows until the value fits; _TooLargeError when it is longer than `most`.

        What would need far more memory than its text is refused before it is made.
        """
        stream = self._stream
        limit = most or _MOST_CHARACTERS
        size = min(self._size, limit)
        while True:
            stream.ahead(size)
            piece = stream.text[stream.at : stream.at + size]
            last = stream.ended and stream.at + size >= len(stream.text)
            allowed = _allowed(piece) if len(piece) > _WORTH_COUNTING else len(piece)
            crowded = allowed < len(piece)
            if crowded:
                piece, last = piece[:allowed], False
            try:
                value, end = self._values.first(piece, level, key)
                if last or end + _MAY_GO_ON < len(piece):
                    break
            except json.JSONDecodeError as error:
                if last:
                    self._refuse(error.msg, error.pos)
            except FaultError as fault:
                raise _at(place, fault) from fault
            if crowded:
                raise _at(
                    place, FaultError(f"a value of more than {_MOST_SIGNS} brackets and commas is not read")
                )
            if size == most:
                raise _TooLargeError
            if size == limit:
                raise _at(place, FaultError(f"a value of more than {size} characters is not read"))
            size = min(4 * size, limit)
        self._size = max(_LEAST, 2 * end)
        stream.at += end
        return value

    def _object(self, place: str, level: int) -> dict[str, Any]:
        """An object, member by member: its children and tracks are taken apart, too."""
        stream = self._stream
        if level >= MAX_LEVELS:
            raise _at(place, FaultError(f"nested deeper than {MAX_LEVELS} levels"))
        made: dict[str, Any] = {}
        stream.at += 1
        if stream.skip() == "}":
            stream.at += 1
            return made
        while True:
            if stream.skip() != '"':
                self._refuse("Expecting property name enclosed in double quotes")
            key = self._plain(place, level + 1)
            if stream.skip() != ":":
                self._refuse("Expecting ':' delimiter")
            stream.at += 1
            if key in made:
                raise _at(place, FaultError(f"the key {key!r} stands twice in one object"))
            spot = f"{place}.{key}" if place else key
            if key == "children" and stream.skip() == "[":
                made[key] = self._children(place, level + 1)
            else:
                made[key] = self._any(spot, level + 1, key=key, held=key == "tracks")
            if stream.skip() == "}":
                stream.at += 1
                return made
            if stream.skip() != ",":
                self._refuse("Expecting ',' delimiter")
            stream.at += 1

    def _children(self, place: str, level: int) -> list[Any]:
        """The list of children of what stands at `place`."""
        stream = self._stream
        if level >= MAX_LEVELS:
            raise _at(place, FaultError(f"nested deeper than {MAX_LEVELS} levels"))
        made = Children()
        stream.at += 1
        if stream.skip() == "]":
            stream.at += 1
            return made
        while True:
            if not self._alike_ones(made, level + 1):
                self._others(made, place, level + 1)
            stream.ahead(_AHEAD)
            between = _BETWEEN.match(stream.text, stream.at)
            if between:
                self._between = between[0]
                stream.at = between.end()
            elif stream.skip() == "]":
                stream.at += 1
                return made
            else:
                self._refuse("Expecting ',' delimiter")

    def _alike_ones(self, made: list[Any], level: int) -> bool:
        """Adds as many children as are like those before. Ends behind a child; False when there was none."""
        stream = self._stream
        if level + self._alike.height > MAX_LEVELS:
            return False
        stream.ahead(_AHEAD)
        room = len(stream.text) - (0 if stream.ended else _AHEAD // 2)
        copies, stream.at = self._alike.run(stream.text, stream.at, room, self._between)
        made += copies
        self._at_once >>= len(copies)
        return bool(copies)

    def _others(self, made: list[Any], place: str, level: int) -> None:
        """Adds one child or several by the plain way."""
        stream = self._stream
        ready = self._alike.wants_more
        if not ready and self._several(made, place, level):
            return
        stream.skip()
        stream.ahead(_GLANCE)
        spot = child_place(place, len(made))
        begin, text = stream.at, stream.text
        value = self._any(spot, level, held=True)
        made.append(value)
        if text is stream.text and stream.at - begin <= _MOST_LEARNT and isinstance(value, dict):
            self._alike.learn(text[begin : stream.at], value)
        self._at_once = min(_MOST_AT_ONCE, max(_LEAST, self._at_once * 2))

    def _several(self, made: list[Any], place: str, level: int) -> bool:
        """Parses a run of children as one list, because `json` shares the keys of what it reads at once.

        Where the run ends is guessed from how children are parted. What `json` takes for a list is one.
        """
        stream = self._stream
        text, at = stream.text, stream.at
        end = text.rfind("}" + self._between + text[at : at + _OPENING], at, at + self._at_once) + 1
        if not end:
            return False
        piece = f"[{text[at:end]}]"
        try:
            value, size = self._values.first(piece, level - 1)
        except json.JSONDecodeError:
            self._at_once //= 4
            return False
        except FaultError as fault:
            first, *rest = fault.path or (0,)
            spot = child_place(place, len(made) + int(first))
            raise _at(spot, FaultError(fault.message, tuple(rest))) from fault
        if size != len(piece):
            self._at_once //= 4
            return False
        made += value
        stream.at = end
        self._alike.passed(size)
        self._at_once = min(_MOST_AT_ONCE, self._at_once * 2)
        return True

    def _refuse(self, message: str, ahead: int = 0) -> NoReturn:
        raise unreadable(self._stream.where(self._stream.at + ahead), f"not JSON: {message}")


def _allowed(text: str) -> int:
    """Up to where the text may be one value: it may end there, or all of it is allowed."""
    signs = 0
    for first in range(0, len(text), _WORTH_COUNTING):
        signs += sum(text.count(sign, first, first + _WORTH_COUNTING) for sign in "{[,")
        if signs > _MOST_SIGNS:
            return first
    return len(text)


def _at(place: str, fault: FaultError) -> EditError:
    """What is said of a fault that lies so deep in what stands at `place`."""
    path: Path = fault.path
    while path:
        key, *rest = path
        index = rest[0] if rest else None
        if key == "children" and isinstance(index, int):
            place = child_place(place, index)
            del rest[0]
        else:
            place = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}" if place else key
        path = tuple(rest)
    return unreadable(place, fault.message)
