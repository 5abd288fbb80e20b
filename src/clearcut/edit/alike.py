"""JSON objects that are written alike: what one said, and where the next ones differ, is enough to read them.

The clips of a cut differ in a few texts and numbers; everything between these is the same to the letter, line breaks
included. An object that was read the plain way is kept as *variants* of its members: literal text around scalars. An
object whose members each match a variant has the same keys and the same shape, so it holds no doubled key and nests no
deeper, and only the scalars that differ have to be read. What stays the same becomes one object in memory: nobody
may change what comes back. Whatever does not match is nobody's loss: it is read the plain way.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # what `json` itself reads a text with
from typing import Any, NamedTuple

from clearcut.edit.alike_members import Member, Path, members_of

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[-+.0-9A-Za-z]*")
# Longer numbers are rare and left to the plain way, whose limits hold for them.
_MAX_DIGITS = 40
_MAX_VARIANTS = 32
_MAX_KNOWN = 20_000
# Learning from a character costs as much as reading so many alike saves; so much is advanced.
_PRICE = 32
_ADVANCE = 3_000_000
# A file that becomes regular later on is noticed: one in so many characters read the plain way is earned, too.
_EARNED_PLAIN = 64

# Scalars that are no texts, by what is written.
Words = dict[str, "int | float | bool | None"]
_CONSTANTS: Words = {"true": True, "false": False, "null": None}


class _Hole(NamedTuple):
    """A scalar that differs: a text, or a number before the character `stop`; then the literal `tail`.

    `stop` is "" where what comes after may be written in several ways.
    """

    is_text: bool
    stop: str
    tail: str
    size: int


class _Place(NamedTuple):
    """Where in a value the scalar of a hole stands."""

    path: Path
    hole: int
    is_text: bool


class _Part:
    """A container in which scalars differ: the sample it is copied from, and what is set in the copy.

    Equal copies are one object, as long as there are enough of them to be worth remembering.
    """

    __slots__ = ("_holes", "_inner", "_known", "_met", "_sample", "_single")

    def __init__(self, sample: Any, places: list[_Place]) -> None:
        self._sample = sample
        self._holes = [(place.path[0], place.hole, place.is_text) for place in places if len(place.path) == 1]
        deeper: dict[Any, list[_Place]] = {}
        for place in places:
            if len(place.path) > 1:
                deeper.setdefault(place.path[0], []).append(place._replace(path=place.path[1:]))
        self._inner = [(key, _Part(sample[key], inner)) for key, inner in deeper.items()]
        self._single = tuple(sorted(place.hole for place in places))
        self._known: dict[Any, Any] | None = {}
        self._met = 0

    def copy(self, found: list[str], words: Words) -> Any:
        """A container with what was found in its holes, nobody else's."""
        made = self._sample.copy()
        for key, hole, is_text in self._holes:
            made[key] = found[hole] if is_text else words[found[hole]]
        for key, part in self._inner:
            made[key] = part.shared(found, words)
        return made

    def shared(self, found: list[str], words: Words) -> Any:
        """The same, perhaps one that others have, too."""
        known = self._known
        if known is None:
            return self.copy(found, words)
        # By what is written: 1, 1.0 and true are equal.
        holes = self._single
        key = found[holes[0]] if len(holes) == 1 else tuple([found[hole] for hole in holes])
        made = known.get(key)
        if made is not None:
            self._met += 1
            return made
        made = known[key] = self.copy(found, words)
        if len(known) >= _MAX_KNOWN:
            self._known = {} if self._met > _MAX_KNOWN else None
            self._met = 0
        return made


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
        self._after: dict[str, _State] = {}
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
        state = None if member.key is None else self._after.setdefault(member.key, _State())
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

    __slots__ = ("_holes", "_part", "after", "head", "size")

    def __init__(self, variant: _Variant) -> None:
        literals = [""]
        places: list[_Place] = []
        sample: dict[str, Any] = {}
        run: _Variant | None = variant
        while run is not None:
            member = run.first
            literals[-1] += member.literals[0]
            for index, scalar in enumerate(member.scalars):
                after = member.literals[index + 1]
                if index in run.open:
                    places.append(_Place((member.key, *scalar.path), len(places), scalar.is_text))
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
        self._part = _Part(sample, places)

    def read(self, text: str, at: int, words: Words) -> tuple[dict[str, Any], int] | None:
        """The members whose first open scalar stands at `at`, and where they end. None when they are not alike.

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
        return self._part.copy(found, words), at


class Alike:
    """Everything learnt from the objects of one file. `height` is how many levels the highest of them has."""

    __slots__ = ("_credit", "_first", "_words", "height")

    def __init__(self) -> None:
        self.height = 0
        self._first = _State()
        self._words: Words = dict(_CONSTANTS)
        self._credit = _ADVANCE

    def read(self, text: str, at: int) -> tuple[dict[str, Any], int] | None:
        """The object at `at` and where it ends. None when it is like none that was learnt."""
        state: _State | None = self._first
        made: dict[str, Any] | None = None
        begin = at
        if len(self._words) > _MAX_KNOWN:
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
                members, at = found
                if made is None:
                    made = members
                else:
                    made.update(members)
                state = edge.after
        except ValueError:  # not a text after all
            return None
        self._credit += at - begin
        return made or {}, at

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
