"""What an edit itself says about shots and replicas: `metadata["clearcut"]`, read strictly.

Nothing that stands there vanishes: what cannot be understood is a `Fault` that names its place, and whoever
reads it makes the shot unknown. What can be understood beside a fault is still returned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from clearcut.core.use import Declaration
from clearcut.core.words import ALTERATIONS, DEPICTIONS, MODALITIES, USES, unknown_word
from clearcut.errors import Fault

_KEY = "clearcut"
_KNOWN = ("shot", "version", "sequence", "episode", "replicas")
_TEXTS = ("shot", "version", "sequence", "episode")
_WORDS = {
    "uses": ("use", USES),
    "alterations": ("alteration", ALTERATIONS),
    "depictions": ("depiction", DEPICTIONS),
    "modalities": ("modality", MODALITIES),
}
_OPTIONAL_TEXTS = ("language", "character", "exemption")
_ENTRY_KEYS = ("replica", *_WORDS, *_OPTIONAL_TEXTS)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|x(-[A-Za-z0-9]{1,8})+", re.ASCII)
_NO_DECLARATION = Declaration()


class DeclaredUse(NamedTuple):
    """One entry of `replicas`: `where` is its place in the edit."""

    replica: str
    declaration: Declaration
    where: str


class Declared(NamedTuple):
    """What one object of the edit says. Texts are None where it says nothing; names are never blank.

    `lost`: a fault hides which replica is meant, or whether one is.
    """

    where: str
    shot: str | None = None
    version: str | None = None
    sequence: str | None = None
    episode: str | None = None
    uses: tuple[DeclaredUse, ...] = ()
    faults: tuple[Fault, ...] = ()
    lost: bool = False


def clean_name(text: str) -> str | None:
    """A name without blanks around it and with composed letters; None when nothing is left."""
    name = text.strip()
    if not name.isascii():
        # Names that look the same are the same; zero-width and control characters alone are no name.
        name = unicodedata.normalize("NFC", name).strip("\u200b\u200c\u200d\u2060\ufeff\x00 \t\r\n")
    return name.strip("\x00") or None


def read_declared(metadata: Mapping[str, Any], where: str) -> Declared | None:
    """What `metadata` of the object at `where` says; None when it says nothing to Clearcut.

    `{}` and `replicas: []` say nothing either, and so switch nothing off.
    """
    said = metadata.get(_KEY)
    if said is None:
        return _misspelled(metadata, where) if metadata else None
    place = f"{where}.metadata.clearcut"
    beside = _misspelled(metadata, where) if len(metadata) > 1 else None
    faults: list[Fault] = list(beside.faults) if beside is not None else []
    if not isinstance(said, Mapping):
        return Declared(place, faults=(*faults, Fault(place, f"is {_kind(said)}, not an object")), lost=True)
    for key in said:
        if key not in _KNOWN:
            _check_key(key, place, faults)
    lost = bool(faults)
    texts = {key: _text(said.get(key), f"{place}.{key}", faults) for key in _TEXTS if key in said}
    uses: tuple[DeclaredUse, ...] = ()
    if "replicas" in said:
        uses = _uses(said["replicas"], place, faults)
        entries = said["replicas"]
        lost = lost or not isinstance(entries, (list, tuple)) or len(uses) < len(entries)
    return Declared(place, **texts, uses=uses, faults=tuple(faults), lost=lost)


def _misspelled(metadata: Mapping[str, Any], where: str) -> Declared | None:
    # `null` under the right key says nothing; "Clearcut" would be a declaration that nobody reads.
    for key in metadata:
        if key != _KEY and len(key) >= len(_KEY) and _means_clearcut(key):
            place = f"{where}.metadata.{key}"
            fault = Fault(place, f"unknown key {key!r} (did you mean 'clearcut'?)")
            return Declared(place, faults=(fault,), lost=True)
    return None


@lru_cache(maxsize=4096)  # the metadata of one program's clips all have the same keys
def _means_clearcut(key: str) -> bool:
    """The word in another case, with signs or blanks in it, or with dots for what lies below it."""
    word = key.partition(".")[0]
    return len(word) <= len(_KEY) + 4 and "".join(filter(str.isalnum, word)).lower() == _KEY


def _check_key(key: str, place: str, faults: list[Fault]) -> None:
    """An unknown key is a fault where it may be a misspelled known one; studios' own notes are let be."""
    near = get_close_matches(key.lower(), _KNOWN, n=1, cutoff=0.7)
    if not near and "replica" in key.lower():
        near = ["replicas"]
    if near:
        faults.append(Fault(f"{place}.{key}", f"unknown key {key!r} (did you mean {near[0]!r}?)"))


def _text(value: Any, place: str, faults: list[Fault]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        faults.append(Fault(place, f"is {_kind(value)}, not a text"))
        return None
    name = clean_name(value)
    if name is not None and "\x00" in name:
        faults.append(Fault(place, "holds a NUL: some programs read only what stands before it"))
        return None
    return name


def _uses(value: Any, place: str, faults: list[Fault]) -> tuple[DeclaredUse, ...]:
    where = f"{place}.replicas"
    if not isinstance(value, (list, tuple)):
        faults.append(Fault(where, f"is {_kind(value)}, not a list"))
        return ()
    read = (_entry(entry, f"{where}[{number}]", faults) for number, entry in enumerate(value))
    return tuple(use for use in read if use is not None)


def _entry(entry: Any, where: str, faults: list[Fault]) -> DeclaredUse | None:
    if not isinstance(entry, Mapping):
        faults.append(Fault(where, f"is {_kind(entry)}, not an object with a 'replica'"))
        # A bare id is a fault of form; that it names a replica is beyond doubt.
        name = clean_name(entry) if isinstance(entry, str) else None
        return DeclaredUse(name, _NO_DECLARATION, where) if name else None
    for key in entry:
        if key not in _ENTRY_KEYS:
            near = get_close_matches(str(key).lower(), _ENTRY_KEYS, n=1)
            hint = f" (did you mean {near[0]!r}?)" if near else f" (known: {', '.join(_ENTRY_KEYS)})"
            faults.append(Fault(f"{where}.{key}", f"unknown key {key!r}{hint}"))
    declaration = _declaration(entry, where, faults)
    replica = entry.get("replica")
    if isinstance(replica, str) and (name := clean_name(replica)):
        return DeclaredUse(name, declaration, where)
    if "replica" not in entry:
        faults.append(Fault(where, "names no replica"))
    else:
        faults.append(Fault(f"{where}.replica", f"is {_kind(replica)}, not a replica's id"))
    return None


def _declaration(entry: Mapping[str, Any], where: str, faults: list[Fault]) -> Declaration:
    words = {key: _words(entry[key], key, where, faults) for key in _WORDS if entry.get(key) is not None}
    texts = {
        key: _text(entry[key], f"{where}.{key}", faults)
        for key in _OPTIONAL_TEXTS
        if entry.get(key) is not None
    }
    language = texts.get("language")
    if language is not None and not _LANGUAGE.fullmatch(language):
        faults.append(Fault(f"{where}.language", f"not a BCP 47 language: {language!r}"))
        texts["language"] = None
    return Declaration(**words, **texts) if words or texts else _NO_DECLARATION  # type: ignore[arg-type]


def _words(value: Any, key: str, where: str, faults: list[Fault]) -> tuple[str, ...]:
    kind, known = _WORDS[key]
    if not isinstance(value, (list, tuple)):
        faults.append(Fault(f"{where}.{key}", f"is {_kind(value)}, not a list of words"))
        return ()
    for number, word in enumerate(value):
        wrong = unknown_word(kind, word, known)
        if wrong is not None:
            faults.append(Fault(f"{where}.{key}[{number}]", wrong))
    # In the vocabulary's order and once each, so that the same demand is the same value.
    return tuple(word for word in known if word in value)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= 40 else "a text"
    if isinstance(value, (int, float)):
        return f"the number {value!r}"
    return "a list" if isinstance(value, (list, tuple)) else "an object"
