"""Many globs held against many paths, in time that does not grow with globs times paths.

Each glob is filed under the rarest piece of literal text it cannot match without: a whole path segment
(`p1_digidouble`) or a run of letters inside one (a gram). A path is looked up by its segments, and only the few globs found
so are really tried. Most paths are not even looked up: what leads nowhere is remembered for all paths that differ
in their digits alone.

Globs that share every literal with all the others (`*/char/*`, written 5,000 times) are tried one by one: nothing
tells them apart. Texts are compared as they are; spelling is the business of `paths`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from clearcut.core.freezing import new

_GRAM_SIZES = (8, 5, 3, 2, 1)


class _Piece(NamedTuple):
    """What stands between two stars: a text, or a pattern of so many characters where it has wildcards."""

    text: str
    pattern: re.Pattern[str] | None
    length: int


class Glob:
    """One glob: `*` is any text, `/` included; `?` any character; `[ab]`, `[a-z]`, `[!a]` as in a shell.

    It also matches the text that is spelled like itself, so that `shot.[1001-1099].exr` finds the file of that
    name. Time is linear in the path for each star; it cannot blow up.
    """

    __slots__ = ("_pieces", "literals", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        if "?" in text or "[" in text:
            stars = _split_at_stars(text)
            self._pieces = tuple(_piece(tokens) for tokens in stars)
            self.literals = tuple(_literal_runs(stars))
        else:
            # Nearly all globs have stars only, and a registry has thousands.
            parts = text.split("*")
            self._pieces = tuple([new(_Piece, (part, None, len(part))) for part in parts])
            last = len(parts) - 1
            self.literals = tuple([(part, n == 0, n == last) for n, part in enumerate(parts) if part])

    def matches(self, path: str) -> bool:
        """Whether the whole path is meant."""
        return path == self.text or self._fits(path)

    def _fits(self, path: str) -> bool:
        pieces = self._pieces
        first, last = pieces[0], pieces[-1]
        if first.length and not _at(
            first, path, 0
        ):  # a glob that begins with a star begins with an empty piece
            return False
        if len(pieces) == 1:
            return len(path) == first.length
        position = first.length
        for text, pattern, length in pieces[1:-1]:
            found = path.find(text, position) if pattern is None else _found(pattern, path, position)
            if found < 0:
                return False
            position = found + length
        start = len(path) - last.length
        return start >= position and (not last.length or _at(last, path, start))


_Token = tuple[str, str]  # (the text if literal else "", the regular expression)


def _split_at_stars(text: str) -> list[list[_Token]]:
    pieces: list[list[_Token]] = [[]]
    index = 0
    while index < len(text):
        char = text[index]
        if char == "*":
            pieces.append([])
        elif char == "?":
            pieces[-1].append(("", "."))
        elif char == "[" and (end := _class_end(text, index)) > 0:
            pieces[-1].append(("", _character_class(text[index + 1 : end])))
            index = end
        else:
            pieces[-1].append((char, re.escape(char)))
        index += 1
    return pieces


def _class_end(text: str, start: int) -> int:
    """Where the class that opens at `start` closes; -1 when it does not, and the bracket is itself meant."""
    # The first character after `[` or `[!` belongs to the class even when it is a bracket.
    return text.find("]", start + (3 if text[start + 1 : start + 2] == "!" else 2))


def _character_class(body: str) -> str:
    negated = body.startswith("!")
    chars = body[1:] if negated else body
    parts: list[str] = []
    index = 0
    while index < len(chars):
        if chars[index + 1 : index + 2] == "-" and index + 2 < len(chars):
            low, high = chars[index], chars[index + 2]
            if low <= high:
                parts.append(f"{re.escape(low)}-{re.escape(high)}")
            index += 3
        else:
            parts.append(re.escape(chars[index]))
            index += 1
    if not parts:
        return "." if negated else "(?!)."
    return f"[{'^' if negated else ''}{''.join(parts)}]"


def _piece(tokens: list[_Token]) -> _Piece:
    if all(literal for literal, _ in tokens):
        return _Piece("".join(literal for literal, _ in tokens), None, len(tokens))
    return _Piece("", re.compile("".join(regex for _, regex in tokens), re.DOTALL), len(tokens))


def _literal_runs(pieces: list[list[_Token]]) -> Iterable[tuple[str, bool, bool]]:
    """(text, begins the whole glob, ends it) for each stretch without wildcards."""
    for number, tokens in enumerate(pieces):
        run = ""
        began = number == 0
        for position, (literal, _) in enumerate(tokens):
            if literal:
                if not run:
                    began = number == 0 and position == 0
                run += literal
            elif run:
                yield run, began, False
                run = ""
        if run:
            yield run, began, number == len(pieces) - 1


def _at(piece: _Piece, path: str, start: int) -> bool:
    if piece.pattern is None:
        return path.startswith(piece.text, start)
    return piece.pattern.match(path, start) is not None


def _found(pattern: re.Pattern[str], path: str, start: int) -> int:
    found = pattern.search(path, start)
    return found.start() if found else -1


# Paths of one show differ in their digits and little else: what is known of one skeleton holds for thousands.
_SAME_DIGIT = bytes.maketrans(b"123456789", b"000000000")
_MOST_REMEMBERED = 100_000


def levelled(text: str) -> bytes:
    """The text with every digit as a zero, to be remembered: equal for texts that differ in digits alone."""
    # As bytes: `str.translate` takes ten times as long, and this runs for every path of a cut.
    return text.encode("utf-8", "surrogatepass").translate(_SAME_DIGIT)


def skeleton(text: str) -> str:
    """The text with every digit as a zero."""
    return levelled(text).decode("utf-8", "surrogatepass")


class GlobIndex:
    """Globs by number, in the order given; equal globs keep their own numbers."""

    def __init__(self, globs: Iterable[str]) -> None:
        self._globs = tuple(Glob(text) for text in globs)
        self._always: tuple[int, ...] = ()
        self._segments: dict[str, tuple[int, ...]] = {}
        self._grams: dict[int, dict[str, tuple[int, ...]]] = {}
        self._skeletons: frozenset[str] = frozenset()
        self._gram_skeletons: dict[int, frozenset[str]] = {}
        self._places: dict[bytes, tuple[int, ...]] = {}
        self._file()

    def _file(self) -> None:
        keys = [_keys(glob) for glob in self._globs]
        count = Counter(chain.from_iterable(keys))
        filed: dict[tuple[int, str], list[int]] = {}
        always: list[int] = []
        for number, several in enumerate(keys):
            if several:
                # The rarest; of those a whole segment (size 0) before a gram, a long one before a short one.
                best = min(several, key=lambda key: (count[key], key[0] != 0, -len(key[1]), key[1]))
                filed.setdefault(best, []).append(number)
            else:
                always.append(number)
        self._always = tuple(always)
        for (size, text), numbers in filed.items():
            shelf = self._segments if size == 0 else self._grams.setdefault(size, {})
            shelf[text] = tuple(numbers)
        self._skeletons = frozenset(map(skeleton, self._segments))
        self._gram_skeletons = {size: frozenset(map(skeleton, shelf)) for size, shelf in self._grams.items()}

    def leads_nowhere(self, path: str) -> bool:
        """Whether no glob can match the path, nor any other that differs from it in digits alone."""
        return not self._always and not self._places_in(path)

    def matching(self, path: str) -> tuple[int, ...]:
        """The numbers of the globs that match, ascending."""
        candidates = self._always
        places = self._places_in(path)
        if places:
            segments = path.split("/")
            for place in places:
                candidates += self._segments.get(segments[place], ())
                if self._grams:
                    candidates += self._by_grams(segments[place])
        if not candidates:
            return ()
        globs = self._globs
        found = [number for number in candidates if globs[number].matches(path)]
        return tuple(found) if len(found) < 2 else tuple(sorted(set(found)))

    def _places_in(self, path: str) -> tuple[int, ...]:
        """Which segments of the path may hold a key, in it or in one that differs in digits alone, by position.

        Looked up like a path, not key by key.
        """
        alike = levelled(path)
        places = self._places.get(alike)
        if places is None:
            segments = skeleton(path).split("/")
            places = tuple([place for place, segment in enumerate(segments) if self._may_hold(segment)])
            if len(self._places) < _MOST_REMEMBERED:
                self._places[alike] = places
        return places

    def _may_hold(self, segment: str) -> bool:
        """Whether a segment of this skeleton may be a key, or hold one."""
        return segment in self._skeletons or any(
            not shelf.isdisjoint(_grams(segment, size)) for size, shelf in self._gram_skeletons.items()
        )

    def _by_grams(self, segment: str) -> tuple[int, ...]:
        found: tuple[int, ...] = ()
        for size, shelf in self._grams.items():
            for gram in shelf.keys() & set(_grams(segment, size)):
                found += shelf[gram]
        return found


def _grams(segment: str, size: int) -> list[str]:
    return [segment[at : at + size] for at in range(len(segment) - size + 1)]


def _keys(glob: Glob) -> set[tuple[int, str]]:
    """What a path must hold to be matched: (0, whole segment) or (size, gram inside a segment)."""
    keys: set[tuple[int, str]] = set()
    partial: list[str] = []
    for run, begins, ends in glob.literals:
        parts = run.split("/")
        last = len(parts) - 1
        for position, part in enumerate(parts):
            if not part:
                continue
            if (position > 0 or begins) and (position < last or ends):
                keys.add((0, part))
            else:
                partial.append(part)
    if partial:
        longest = max(map(len, partial))
        size = next(size for size in _GRAM_SIZES if size <= longest)
        for part in partial:
            keys.update([(size, gram) for gram in _grams(part, size)])
    return keys
