"""Regular expressions from the rule file: compiled once, and refused when a name could keep them busy for hours.

Python's engine backtracks. Two things make it blow up: a repeat inside a repeat where both can take the same text
(`(a+)+`), and many open repeats side by side. Both are found in the parsed pattern. What stays is at worst a small
power of the name's length, and names longer than `core.rules.MAX_NAME_CHARS` are not matched at all.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as _codes  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
else:  # pragma: no cover - Python 3.10
    import sre_constants as _codes
    import sre_parse as _parser

_MAX_PATTERN_CHARS = 500
# 0.4 s on the worst name of `MAX_NAME_CHARS`, measured; four would be 15 s.
_MAX_CHAIN = 3
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
    elif _chain(parsed) > _MAX_CHAIN:
        faults.append(
            f"could take very long on some names: more than {_MAX_CHAIN} open repeats (*, +) that can take each "
            "other's text; say what each may not hold, as in [^_]+, or how many characters it takes"
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


def _chain(items: _Items) -> int:
    """How many open repeats stand in a row so that text can wander from each to the next: the cost's power."""
    longest = length = 0
    last: frozenset[int] | None = None
    between: list[frozenset[int]] = []
    for code, argument, needed in _flat(items):
        if _is_repeat(code) and _many(argument[1]):
            takes = _taken(argument[2])
            wanders = last is not None and all(one & last and one & takes for one in between)
            length = length + 1 if wanders else 1
            last, between = takes, []
        elif code is _codes.BRANCH:
            length += max(_chain(way) for way in _bodies(code, argument))
            last, between = _ALPHABET if last is None else last, []
        elif needed and code is not _codes.AT:
            between.append(_taken(argument[2]) if _is_repeat(code) else _characters(code, argument))
        longest = max(longest, length)
    return longest


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
    """All characters that the items may take."""
    return frozenset().union(*(_characters(code, argument) for code, argument in items))


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
