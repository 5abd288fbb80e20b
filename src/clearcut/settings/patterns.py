"""Regular expressions from the rule file: compiled once, and refused when a name could keep them busy for hours.

Python's engine backtracks. Two things make it blow up: a repeat inside a repeat where both can take the same text
(`(a+)+`), and many open repeats side by side. Both are found in the parsed pattern. What stays is at worst a small
power of the name's length, and names longer than `core.rules.MAX_NAME_CHARS` are not matched at all.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from clearcut.core.rules import MAX_NAME_CHARS

if sys.version_info >= (3, 11):
    from re import _constants as _codes  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
else:  # pragma: no cover - Python 3.10
    import sre_constants as _codes
    import sre_parse as _parser

_MAX_PATTERN_CHARS = 500
# Three open repeats in a row: 0.4 s on the worst name of `MAX_NAME_CHARS`, measured; four would be 15 s.
_MAX_COST = 2.0
_MAX_TOKENS = 2000
_MANY_TIMES = 1000
# A bounded repeat of so many is as bad as an open one.
_MANY = 20
_ALPHABET = frozenset(range(256))
_Items = list[tuple[Any, Any]]


def faults_of_pattern(pattern: str, group: str) -> list[str]:
    """What is wrong with a pattern that must have the named `group`; empty when nothing is."""
    if len(pattern) > _MAX_PATTERN_CHARS:
        return [f"longer than {_MAX_PATTERN_CHARS} characters"]
    try:
        compiled = re.compile(pattern)
        parsed: _Items = list(_parser.parse(pattern))  # type: ignore[call-overload]
    except (re.error, RecursionError, OverflowError) as error:
        return [f"not a regular expression: {error}"]
    faults = []
    if group not in compiled.groupindex:
        faults.append(f"lacks the group (?P<{group}>…)")
    known = {"shot", "sequence", "episode", "version"}
    strange = sorted(set(compiled.groupindex) - known)
    if strange:
        faults.append(f"unknown group {strange[0]!r} (known: {', '.join(sorted(known))})")
    nested = next(_nested(parsed), None)
    if nested:
        faults.append(f"could take hours on some names: {nested}")
    elif _cost(parsed) > _MAX_COST:
        faults.append(
            "could take very long on some names: too many repeats (*, +, {2,9}) that can take each other's text; say "
            "what each may not hold, as in [^_]+, or exactly how many characters it takes"
        )
    return faults


def _nested(items: _Items) -> Iterator[str]:
    """A sentence for each repeat whose body can repeat in more ways than one."""
    for code, argument in items:
        if _is_repeat(code):
            _, most, body = argument
            inner = list(body)
            if _many(most) and (_has_branch(inner) or (_holds_repeat(inner) and not _separated(inner))):
                yield "a repeat inside a repeat, or a choice inside one, where both can take the same text"
        if code is getattr(_codes, "GROUPREF", None):
            yield "a reference back to a group"
        for below in _bodies(code, argument):
            yield from _nested(below)


class _Token(NamedTuple):
    """What one part of a pattern may take. `weight` is 1 for an open repeat, 0 for what must be there just once."""

    takes: frozenset[int]
    weight: float


def _cost(items: _Items) -> float:
    """The power of the name's length that matching can cost beyond the first, judged from above.

    Within a stretch of the pattern in which text can wander from one repeat to the next, all repeats that can take
    one and the same character multiply. A part that must be there, and that no repeat on one side of it can take,
    ends a stretch.
    """
    tokens = list(islice(_tokens(items), _MAX_TOKENS + 1))
    if len(tokens) > _MAX_TOKENS:
        return math.inf
    after = [frozenset[int]()]
    for token in reversed(tokens):
        after.append(after[-1] | token.takes if token.weight else after[-1])
    cost, stretch = 0.0, list[_Token]()
    for number, token in enumerate(tokens):
        if token.weight:
            stretch.append(token)
            continue
        before = frozenset().union(*(one.takes for one in stretch))
        if not token.takes & before or not token.takes & after[len(tokens) - number - 1]:
            cost += _stretch_cost(stretch)
            stretch = []
    return cost + _stretch_cost(stretch)


def _stretch_cost(stretch: list[_Token]) -> float:
    most = 0.0
    for character in frozenset().union(*(token.takes for token in stretch)):
        weights = [token.weight for token in stretch if character in token.takes]
        most = max(most, sum(weights) - max(weights))
    return most


def _tokens(items: _Items, *, needed: bool = True) -> Iterator[_Token]:
    """The pattern as a row of tokens: groups opened, small repeats written out, choices one after the other."""
    for code, argument in items:
        if _is_repeat(code):
            least, most, body = argument
            inner = list(body)
            if most > _MANY or (least != most and len(inner) == 1 and not _bodies_of(inner)):
                yield _Token(_taken(inner), _weight(_MANY_TIMES if most > _MANY else most - least + 1))
                continue
            for copy in range(most):
                yield from _tokens(inner, needed=needed and copy < least)
            if least != most:
                yield _Token(_taken(inner), _weight(most - least + 1))
        elif code is _codes.BRANCH:
            ways = list(_bodies(code, argument))
            for way in ways:
                yield from _tokens(way, needed=False)
            # Which way was taken can matter to all that follows, even where no way takes a character.
            yield _Token(frozenset().union(*map(_taken, ways)) or _ALPHABET, _weight(len(ways)))
        elif bodies := list(_bodies(code, argument)):
            for inner in bodies:
                yield from _tokens(inner, needed=needed and code is _codes.SUBPATTERN)
        elif needed and code is not _codes.AT:
            yield _Token(_characters(code, argument), 0)


def _weight(ways: int) -> float:
    """How much of an open repeat so many ways are."""
    return min(1.0, math.log(ways) / math.log(MAX_NAME_CHARS))


def _bodies_of(items: _Items) -> bool:
    return any(True for code, argument in items for _ in _bodies(code, argument))


def _is_repeat(code: Any) -> bool:
    return str(code) in {"MAX_REPEAT", "MIN_REPEAT"}


def _many(most: Any) -> bool:
    return most is _codes.MAXREPEAT or most > _MANY


def _bodies(code: Any, argument: Any) -> Iterator[_Items]:
    """The items inside one item."""
    if code is _codes.SUBPATTERN:
        yield list(argument[3])
    elif code is _codes.BRANCH:
        yield from (list(way) for way in argument[1])
    elif code in (_codes.ASSERT, _codes.ASSERT_NOT):
        yield list(argument[1])
    elif str(code) in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        yield list(argument[2])
    elif str(code) == "ATOMIC_GROUP":
        yield list(argument)
    elif str(code) == "GROUPREF_EXISTS":
        yield list(argument[1])
        yield list(argument[2] or [])


def _holds_repeat(items: _Items) -> bool:
    return any(
        (_is_repeat(code) and argument[0] != argument[1]) or any(map(_holds_repeat, _bodies(code, argument)))
        for code, argument in items
    )


def _has_branch(items: _Items) -> bool:
    return any(
        code is _codes.BRANCH or any(map(_has_branch, _bodies(code, argument))) for code, argument in items
    )


def _separated(items: _Items) -> bool:
    """Whether a body with one repeat has a character at an end that the repeat can never take: `(_[A-Z]+)*`."""
    flat = list(_flat(items))
    repeats = [argument for code, argument, _ in flat if _is_repeat(code)]
    if len(repeats) != 1 or _holds_repeat(list(repeats[0][2])):
        return False
    taken = _taken(repeats[0][2])
    ends = [
        (code, argument) for code, argument, needed in (flat[0], flat[-1]) if needed and not _is_repeat(code)
    ]
    return any(not (_characters(*item) & taken) for item in ends)


def _flat(items: _Items, *, needed: bool = True) -> Iterator[tuple[Any, Any, bool]]:
    """The items with groups and optional parts opened, and whether each must be there."""
    for code, argument in items:
        if code is _codes.SUBPATTERN:
            yield from _flat(list(argument[3]), needed=needed)
        elif _is_repeat(code) and argument[1] == 1:
            yield from _flat(list(argument[2]), needed=False)
        else:
            yield code, argument, needed and not (_is_repeat(code) and argument[0] == 0)


def _taken(items: Any) -> frozenset[int]:
    """All characters that the items may take, whatever is inside them included."""
    found: frozenset[int] = frozenset()
    for code, argument in items:
        bodies = list(_bodies(code, argument))
        found |= frozenset().union(*map(_taken, bodies)) if bodies else _characters(code, argument)
    return found


def _characters(code: Any, argument: Any) -> frozenset[int]:
    """The characters below 256 that one item may take; all of them where that is not plain."""
    if code is _codes.LITERAL:
        return frozenset({argument})
    if code is _codes.NOT_LITERAL:
        return _ALPHABET - {argument}
    if code is _codes.IN:
        found: frozenset[int] = frozenset().union(*(_in_set(*part) for part in argument))
        negated = argument[0][0] is _codes.NEGATE
        return _ALPHABET - found if negated else found
    return _ALPHABET


def _in_set(code: Any, argument: Any) -> frozenset[int]:
    if code is _codes.LITERAL:
        return frozenset({argument})
    if code is _codes.RANGE:
        return frozenset(range(argument[0], min(argument[1], 255) + 1))
    if code is _codes.NEGATE:
        return frozenset()
    letter = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}.get(str(argument))
    letter = letter or {
        "CATEGORY_NOT_DIGIT": r"\D",
        "CATEGORY_NOT_WORD": r"\W",
        "CATEGORY_NOT_SPACE": r"\S",
    }.get(str(argument))
    return frozenset(c for c in _ALPHABET if letter is None or re.match(letter, chr(c)))
