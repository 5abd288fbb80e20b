"""Every key of the rule file: what it is for, what it may say, and when a value is looser than another.

The reader, the JSON Schema and `clearcut rules explain` all come from this table. Severities, one key for each reason
code, are beside it (`severity.<code>`), because their order is that of `core.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from clearcut.core.reasons import CATALOGUE
from clearcut.core.rules import EXTRACTORS, ShotNaming, floor_of
from clearcut.core.verdict import Severity
from clearcut.core.words import unknown_word
from clearcut.settings.patterns import faults_of_pattern

_MAX_TEXT = 1000
_MAX_LIST = 1000


class Kind(Enum):
    """What kind of value a key takes."""

    TEXT = "text"
    TEXTS = "list of texts"
    CHOICE = "one word"
    CHOICES = "list of words"
    WHOLE = "whole number"
    FLAG = "true or false"
    PATTERN = "regular expression"
    PATTERNS = "list of regular expressions"
    URL = "address"


Loosens = Callable[[Any, Any], bool]

# Families of AYON, OpenPype and Pyblish's own examples that carry picture or sound by their very name. Silencing one
# would switch the gate off for what it is there for.
_PICTURE_OR_SOUND = frozenset(
    (
        "audio", "clip", "frames", "image", "imagesequence", "img", "imgseq", "mov", "movie", "plate",
        "prerender", "render", "renderlayer", "renders", "review", "sound", "trailer", "video", "write",
    )
)  # fmt: skip


def _never(_new: Any, _old: Any) -> bool:
    return False


def _differs(new: Any, old: Any) -> bool:
    """For what has no strict end: see `Key.pinned`."""
    return bool(new != old)


def _smaller(new: Any, old: Any) -> bool:
    return bool(new < old)


def _larger(new: Any, old: Any) -> bool:
    return bool(new > old)


def _turned_off(new: Any, old: Any) -> bool:
    return bool(old and not new)


def _opened(new: Any, old: Any) -> bool:
    return (old, new) == ("counted", "opaque")


def _grows(new: Any, old: Any) -> bool:
    return not set(new) <= set(old)


class Key(NamedTuple):
    """One key. `loosens(new, old)` says whether `new` is looser than `old`.

    `pinned` names what has no strict end, such as how shots are named: the first file that sets a key of that pin
    has decided it, and a lower one needs leave to say otherwise. "" for what has a strict end.
    `adds` is True for a list to which each layer adds. `least` and `most` bound a whole number, `choices` the words
    of a choice, `group` is what a pattern must have, `never` words that a list must not hold, in any spelling.
    """

    name: str
    kind: Kind
    meaning: str
    default: Any
    loosens: Loosens
    adds: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    group: str = ""
    never: frozenset[str] = frozenset()
    pinned: str = ""


_NAMING = ShotNaming()

KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key(
            "production.id",
            Kind.TEXT,
            "the production, where the edit does not say it",
            None,
            _differs,
            pinned="production.id",
        ),
        Key(
            "production.facility",
            Kind.TEXT,
            "who works here, as licences name licensees",
            None,
            _differs,
            pinned="production.facility",
        ),
        Key(
            "shots.extractors",
            Kind.CHOICES,
            "where a shot's name may stand, in order",
            list(_NAMING.extractors),
            _differs,
            pinned="shots",
            choices=EXTRACTORS,
        ),
        Key(
            "shots.metadata_paths",
            Kind.TEXTS,
            "dotted metadata keys that hold a shot's name",
            [],
            _differs,
            pinned="shots",
        ),
        Key(
            "shots.patterns",
            Kind.PATTERNS,
            "regular expressions on the clip's name, with the group `shot`",
            [],
            _differs,
            pinned="shots",
            group="shot",
        ),
        Key(
            "shots.sequence_pattern",
            Kind.PATTERN,
            "finds the sequence in a shot's name, as the group `sequence`",
            _NAMING.sequence_pattern,
            _differs,
            pinned="shots",
            group="sequence",
        ),
        Key(
            "replicas.suspects.paths",
            Kind.TEXTS,
            "path globs of what looks like a replica; each layer adds to them",
            [],
            _never,
            adds=True,
        ),
        Key(
            "expiry.soon_days",
            Kind.WHOLE,
            "warn when a licence ends within so many days",
            30,
            _smaller,
            least=0,
            most=3650,
        ),
        Key(
            "expiry.near_cap_percent",
            Kind.WHOLE,
            "warn from this part of a screen time cap on",
            90,
            _larger,
            least=1,
            most=100,
        ),
        Key(
            "authority.must_hold_now",
            Kind.FLAG,
            "a licensor's mandate must hold today too, not only at signing",
            True,
            _turned_off,
        ),
        Key(
            "occlusion",
            Kind.CHOICE,
            "whether time under an opaque clip counts as screen time",
            "counted",
            _opened,
            choices=("counted", "opaque"),
        ),
        Key(
            "families.silent",
            Kind.TEXTS,
            "Pyblish families that carry neither picture nor sound",
            [],
            _grows,
            never=_PICTURE_OR_SOUND,
        ),
        Key(
            "edit.path",
            Kind.TEXT,
            "the edit, where nobody names one; relative to this file",
            None,
            _differs,
            pinned="edit",
        ),
        Key(
            "scene.gizmo_paths",
            Kind.TEXTS,
            "folders where the sources of gizmos lie; relative to this file",
            [],
            _differs,
            pinned="scene",
        ),
        Key(
            "scene.trusted_classes",
            Kind.TEXTS,
            "classes of Nuke plug-ins that read no file but what their knobs name; the studio vouches for them",
            [],
            _grows,
        ),
        Key("backend.server", Kind.URL, "the clearance server's address", None, _differs, pinned="backend"),
        Key(
            "backend.registry",
            Kind.TEXT,
            "a registry file or database; relative to this file",
            None,
            _differs,
            pinned="backend",
        ),
    )
}

SEVERITY = "severity."
SEVERITIES = {f"{SEVERITY}{code}": code for code in CATALOGUE}
ALL_NAMES = (*KEYS, *SEVERITIES)

# What a show may loosen where no studio has spoken: what domain.md says the rule file may.
BUILT_IN_ALLOWS = frozenset(
    {
        "authority.must_hold_now",
        "expiry.near_cap_percent",
        "expiry.soon_days",
        "families.silent",
        "occlusion",
        "severity.compensation-outstanding",
        "severity.licence-expires-soon",
        "severity.screen-time-near-cap",
    }
)


def can_be_loosened(name: str) -> bool:
    """Whether anybody may ever allow it: floors hold for all, and what cannot be loosened needs no leave."""
    if name in SEVERITIES:
        code = SEVERITIES[name]
        return floor_of(code) is not CATALOGUE[code].severity
    return KEYS[name].loosens is not _never


STUDIO_MAY_LOOSEN = frozenset(name for name in ALL_NAMES if can_be_loosened(name))


Problem = tuple[tuple[int, ...], str]  # the element of a list it is about, if any, and what is wrong


def problems_of(key: Key, value: Any) -> list[Problem]:
    """Everything wrong with a value."""
    if key.kind in (Kind.TEXTS, Kind.CHOICES, Kind.PATTERNS):
        if not isinstance(value, list):
            return [((), f"not a list: {value!r}")]
        if len(value) > _MAX_LIST:
            return [((), f"more than {_MAX_LIST} entries")]
        found: list[Problem] = [((at,), said) for at, one in enumerate(value) if (said := _problem(key, one))]
        if len(set(map(repr, value))) != len(value):
            found.append(((), "says the same twice"))
        return found
    said = _problem(key, value)
    return [((), said)] if said else []


def _problem(key: Key, value: Any) -> str:
    if key.kind is Kind.FLAG:
        return "" if isinstance(value, bool) else f"not true or false: {value!r}"
    if key.kind is Kind.WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and key.least <= value <= key.most:
            return ""
        return f"not a whole number from {key.least} to {key.most}: {value!r}"
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT or "\x00" in value:
        return f"not a text of 1 to {_MAX_TEXT} characters: {value!r:.80}"
    if key.never and any(word in key.never for word in re.split(r"[^a-z]+", value.lower())):
        return f"{value!r} carries picture or sound, and what does can never be silent"
    if key.choices:
        return unknown_word("word", value, key.choices) or ""
    if key.kind in (Kind.PATTERN, Kind.PATTERNS):
        return "; ".join(faults_of_pattern(value, key.group))
    return _url_problem(value) if key.kind is Kind.URL else ""


def _url_problem(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        return f"not an http or https address: {value!r:.80}"
    if parts.username is not None or parts.password is not None:
        return "an address must not hold a password: use CLEARCUT_TOKEN or CLEARCUT_TOKEN_FILE"
    return ""


def severity_problem(code: str, value: Any) -> str:
    """What is wrong with a severity for a code; "" when nothing is."""
    try:
        severity = Severity(value)
    except ValueError:
        return unknown_word("severity", value, tuple(s.value for s in Severity)) or ""
    floor = floor_of(code)
    if severity.rank < floor.rank:
        return (
            f"{code} cannot be milder than {floor.value!r}, whoever allows it (see `clearcut explain {code}`)"
        )
    return ""
