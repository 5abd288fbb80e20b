"""JSON objects that are written alike: what one said, and where the next ones differ, is enough to read them.

The clips of a cut differ in a few texts and numbers; everything between these is the same to the letter, line breaks
included. An object that was read the plain way is kept as *variants* of its members: literal text around scalars. An
object whose members each match a variant has the same keys and the same shape, so it holds no doubled key and nests no
deeper, and only the scalars that differ have to be read. What is read so is a `Copy`: the object itself is made when somebody asks
for it, and what stays the same is then one object in memory, so nobody may change what comes back. Whatever does not
match is nobody's loss: it is read the plain way.
"""

from __future__ import annotations

import re
from itertools import repeat
from json.decoder import scanstring  # type: ignore[attr-defined]  # what `json` itself reads a text with
from typing import Any, NamedTuple

from clearcut.core.freezing import new
from clearcut.edit.alike_members import SCHEMA, Member, members_of
from clearcut.edit.copies import Copy, Part, Place, Words

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[-+.0-9A-Za-z]*")
# Longer numbers are rare and left to the plain way, whose limits hold for them.
_MAX_DIGITS = 40
_MAX_VARIANTS = 32
_MAX_WORDS = 20_000
# Learning from a character costs as much as reading so many alike saves; so much is advanced.
_PRICE = 32
_ADVANCE = 3_000_000
# A file that becomes regular later on is noticed: one in so many characters read the plain way is earned, too.
_EARNED_PLAIN = 64

_CONSTANTS: Words = {"true": True, "false": False, "null": None}


class _Hole(NamedTuple):
    """A scalar that differs: a text, or a number before the character `stop`; then the literal `tail`.

    `stop` is "" where what comes after may be written in several ways.
    """

    is_text: bool
    stop: str
    tail: str
    size: int


class _Variant:
    """One way in which a member is written: scalars that are `open` may differ from the first one that was met."""

    __slots__ = ("edge", "first", "open", "state", "value")

    def __init__(self, first: Member, value: Any, state: _State | None) -> None:
        self.first = first
        self.value = value
        self.state = state
        self.open: set[int] = set()
        self.edge: _Edge | None = None

    def widen(self, member: Member) -> None:
        """Lets the scalars differ in which this one differs from the first."""
        pairs = zip(self.first.scalars, member.scalars, strict=True)
        self.open.update(index for index, (one, other) in enumerate(pairs) if one.raw != other.raw)


class _State:
    """What may come after certain keys: the variants of the next member."""

    __slots__ = ("_after", "_by_literals", "_edges", "variants")

    def __init__(self) -> None:
        self.variants: list[_Variant] = []
        self._by_literals: dict[tuple[str, ...], _Variant] = {}
        self._after: dict[str | tuple[str, ...], _State] = {}
        self._edges: list[_Edge] | None = None

    @property
    def full(self) -> bool:
        """Whether no further variant may be learnt here."""
        return len(self.variants) >= _MAX_VARIANTS

    def learn(self, member: Member, value: Any) -> _State | None:
        """Takes a member over; gives what comes after it, None after the last."""
        self._edges = None
        known = self._by_literals.get(member.literals)
        if known is not None:
            known.widen(member)
            return known.state
        state = None
        if member.key is not None:
            # Objects of another kind go on otherwise.
            after = member.literals if member.key == SCHEMA else member.key
            state = self._after.setdefault(after, _State())
        made = self._by_literals[member.literals] = _Variant(member, value, state)
        self.variants.append(made)
        return state

    def edges(self) -> list[_Edge]:
        """The variants, each with what always follows it."""
        if self._edges is None:
            self._edges = [_Edge(variant) for variant in self.variants]
        return self._edges


class _Edge:
    """A variant and those after it, as far as there is only one way to go on: `head` up to the first open scalar."""

    __slots__ = ("_holes", "after", "alone", "head", "part", "places", "size")

    def __init__(self, variant: _Variant) -> None:
        literals = [""]
        places: list[Place] = []
        sample: dict[str, Any] = {}
        run: _Variant | None = variant
        while run is not None:
            member = run.first
            literals[-1] += member.literals[0]
            for index, scalar in enumerate(member.scalars):
                after = member.literals[index + 1]
                if index in run.open:
                    places.append(Place((member.key, *scalar.path), len(places), scalar.is_text))
                    # The reader of texts takes the closing quote with it.
                    literals.append(after[1:] if scalar.is_text else after)
                else:
                    literals[-1] += scalar.raw + after
            if member.key is not None:
                sample[member.key] = run.value
            self.after = run.state
            run = self.after.variants[0] if self.after is not None and len(self.after.variants) == 1 else None
        self.head, *tails = literals
        self.size = len(self.head)
        self._holes = [
            _Hole(place.is_text, tail[:1], tail, len(tail)) for place, tail in zip(places, tails, strict=True)
        ]
        self.places = tuple(places)
        self.part = Part(sample, places)
        self.alone = (self,)

    def read(self, text: str, at: int, words: Words) -> tuple[list[str], int] | None:
        """The open scalars, of which the first stands at `at`, and where the members end. None when they are not alike.

        Raises ValueError when a text is none.
        """
        found = []
        for is_text, stop, tail, size in self._holes:
            if is_text:
                raw, end = scanstring(text, at, True)
                if end - at - 1 != len(raw):
                    # Escapes may spell half a character: the plain way looks.
                    return None
            else:
                end = text.find(stop, at, at + _MAX_DIGITS) if stop else _end_of_word(text, at)
                if end < 0:
                    return None
                raw = text[at:end]
                if raw not in words and not _is_number(raw, words):
                    return None
            if not text.startswith(tail, end):
                return None
            found.append(raw)
            at = end + size
        return found, at


class Alike:
    """Everything learnt from the objects of one file. `height` is how many levels the highest of them has."""

    __slots__ = ("_credit", "_first", "_words", "height")

    def __init__(self) -> None:
        self.height = 0
        self._first = _State()
        self._words: Words = dict(_CONSTANTS)
        self._credit = _ADVANCE

    def read(self, text: str, at: int) -> tuple[Copy, int] | None:
        """The object at `at` and where it ends. None when it is like none that was learnt."""
        state: _State | None = self._first
        edges: tuple[_Edge, ...] = ()
        several: tuple[list[str], ...] = ()
        begin = at
        if len(self._words) > _MAX_WORDS:
            self._words = dict(_CONSTANTS)
        try:
            while state is not None:
                for edge in state.edges():
                    if text.startswith(edge.head, at):
                        found = edge.read(text, at + edge.size, self._words)
                        if found is not None:
                            break
                else:
                    return None
                scalars, at = found
                # Mostly one is all there is, and then it is the same for all.
                edges = (*edges, edge) if edges else edge.alone
                several += (scalars,)
                state = edge.after
        except ValueError:  # not a text after all
            return None
        self._credit += at - begin
        return new(Copy, (edges, several, self._words)), at

    def run(self, text: str, at: int, room: int, between: str) -> tuple[list[Copy], int]:
        """As many objects as are like those before, from `at` on, each but the last followed by `between`.

        None begins at `room` or later. Gives where the last one ends; where there is none, `at`.
        """
        if len(self._words) <= _MAX_WORDS:
            for edge in self._first.edges():
                if edge.after is None and text.startswith(edge.head, at):
                    run = self._run_of(edge, text, at, room, between)
                    if run[0]:
                        return run
        made: list[Copy] = []
        end, step = at, len(between)
        while at < room:
            found = self.read(text, at)
            if found is None:
                break
            one, end = found
            made.append(one)
            if not text.startswith(between, end):
                break
            at = end + step
        return made, end

    def _run_of(self, edge: _Edge, text: str, at: int, room: int, between: str) -> tuple[list[Copy], int]:
        """The same of what matches one edge that goes to the end."""
        several: list[list[str]] = []
        head, size, read, words, step = edge.head, edge.size, edge.read, self._words, len(between)
        begin = end = at
        try:
            while at < room and text.startswith(head, at):
                found = read(text, at + size, words)
                if found is None:
                    break
                scalars, end = found
                several.append(scalars)
                if not text.startswith(between, end):
                    break
                at = end + step
        except ValueError:  # not a text after all
            pass
        self._credit += end - begin
        copies = zip(repeat(edge.alone), zip(several), repeat(words), strict=False)
        return list(map(new, repeat(Copy), copies)), end

    @property
    def wants_more(self) -> bool:
        """Whether it pays to show more objects."""
        return self._credit > 0

    def passed(self, size: int) -> None:
        """So many characters were read the plain way without being shown."""
        self._credit += size // _EARNED_PLAIN

    def learn(self, text: str, value: dict[str, Any]) -> None:
        """Remembers an object that was read the plain way from exactly this text."""
        if self._credit <= 0:
            return
        self._credit -= len(text) * _PRICE
        members, height = members_of(text)
        self.height = max(self.height, height)
        state: _State | None = self._first
        for member in members:
            if state is None:
                break
            if state.full:
                # Begins anew, for what the file is like now.
                self._first = _State()
                break
            state = state.learn(member, None if member.key is None else value[member.key])


def _end_of_word(text: str, at: int) -> int:
    match = _WORD.match(text, at, at + _MAX_DIGITS)
    return match.end() if match else at


def _is_number(raw: str, words: Words) -> bool:
    """Whether the text is a number as JSON has them; remembers what it is worth."""
    match = _NUMBER.fullmatch(raw)
    if match is None:
        return False
    words[raw] = int(raw) if match[1] is None and match[2] is None else float(raw)
    return True
